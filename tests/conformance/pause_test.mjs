// Section "Pause, limits": what stock clients hold back stays back, and nothing of it is lost.
import assert from 'node:assert/strict';
import { domains } from '../system/domains.mjs';
import { hasty, shortLocks } from '../system/settings.mjs';
import { until } from '../system/processes.mjs';
import { conforms } from './scene.mjs';

async function allCompleted(scene, jobs) {
  for (const { id } of jobs) await scene.event('completed', id);
}

/// A pause with three jobs waiting and one running that then fails and is to be tried again.
async function retryDuringPause(scene) {
  await scene.gatedGleaner({ ...hasty, GLEANER_CONCURRENCY: 1, GLEANER_API__TIMEOUT: '5m' });
  const failing = await scene.addHeld({ attempts: 2 }, domains.serverErrors);
  await scene.event('active', failing.id);
  const waiting = [await scene.add(), await scene.add(), await scene.add()];
  await scene.queue.pause();
  assert.deepEqual(await scene.active(), [failing.id]);
  scene.gate.release();
  await until('the end of the running try', async () => (await scene.active()).length === 0);
  return { failing, waiting };
}

async function pausedAndResumed(scene) {
  const { failing, waiting } = await retryDuringPause(scene);
  const states = await Promise.all([failing, ...waiting].map(({ id }) => scene.state(id)));
  assert.deepEqual(states, Array(4).fill('waiting'));
  await scene.queue.resume();
  await allCompleted(scene, waiting);
  await scene.event('failed', failing.id);
  assert.equal((await scene.events('active')).filter(({ jobId }) => jobId === failing.id).length, 2);
}

conforms(18, pausedAndResumed);

/// During the pause: a stalled job goes back, a delayed one is promoted, a parent released.
async function returnsDuringPause(scene) {
  const driver = await scene.driver({ stalledInterval: 1, lockDuration: 300_000 });
  const stalled = await scene.add();
  await driver.take();
  await scene.redis.del(scene.key(`${stalled.id}:lock`));
  const flow = scene.open(new scene.bullmq.FlowProducer({ connection: scene.connection }));
  const { job: parent } = await flow.add({
    name: 'collect-domain', queueName: scene.name, data: { domain: domains.contacts5 },
    children: [{ name: 'collect-domain', queueName: scene.name, data: { domain: domains.contacts5 } }],
  });
  const [child] = await driver.take();
  const waiting = await scene.add();
  const delayed = await scene.add(undefined, { delay: 100 });
  await scene.queue.pause();
  await driver.call('stalled');
  await until('the next look', async () => !await scene.redis.exists(scene.key('stalled-check')));
  const { requeued } = await driver.call('stalled');
  assert.deepEqual(requeued, [stalled.id]);
  await driver.complete(child, { ok: true });
  await scene.clockShows(delayed.timestamp + delayed.delay);
  assert.deepEqual(await driver.take(), []);
  return [stalled, parent, waiting, delayed];
}

async function nothingLost(scene) {
  const jobs = await returnsDuringPause(scene);
  if (scene.major >= 6) assert.equal((await scene.queue.getJobCounts()).waiting, 4);
  for (const { id } of jobs) assert.equal(await scene.state(id), 'waiting');
  await scene.queue.resume();
  const worker = await scene.gleaner(shortLocks);
  await allCompleted(scene, jobs);
  await worker.stop();
  assert.equal(await scene.redis.exists(scene.key('paused')), 0);
}

conforms(19, nothingLost);

conforms(20, async (scene) => {
  await nothingLost(scene);
  await scene.redis.del(scene.key('events'));
  await pausedAndResumed(scene);
});
