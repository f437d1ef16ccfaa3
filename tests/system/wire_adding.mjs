// What must have come of the recipes of WIRE.md that add jobs.
import assert from 'node:assert/strict';
import { domains } from './domains.mjs';
import { until } from './processes.mjs';
import { longBeforeItLooks } from './settings.mjs';

/// A job added to a queue that a client of that generation has paused runs after its resume, as do
/// those that waited before.
async function survivesPause(scene, queue) {
  await queue.pause();
  const early = await queue.add('collect-domain', { domain: domains.contacts5 });
  const job = await scene.added('add-delayed', (code) => code.replace(/^delay=\d+/, 'delay=0'));
  await until('its place beside the others', async () => await scene.state(job) === 'waiting');
  assert.equal((await scene.queue.getJob(job.id)).processedOn, undefined);
  await queue.resume();
  for (const each of [early, job]) await scene.completes(each);
}

export const adding = {
  'add-delayed': async (scene) => {
    const late = await scene.added('add-delayed');
    assert.deepEqual([await late.getState(), late.delay, late.opts.delay], ['delayed', 60_000, 60_000]);
    const stock = await scene.add('example.com', { delay: 60_000 });
    assert.deepEqual(await scene.traceOf(late), await scene.traceOf(stock));
    await stock.remove();
    const job = await scene.added('add-delayed', (code) => code.replace(/^delay=\d+/, 'delay=400'));
    const { processedOn, timestamp } = await scene.completes(job);
    assert.ok(processedOn - timestamp >= 399 && processedOn - timestamp < longBeforeItLooks, `${processedOn - timestamp}`);
    await survivesPause(scene, scene.queue);
    await survivesPause(scene, scene.queue5);
    await late.remove();
  },
  'add-prioritized': async (scene) => {
    await scene.queue.pause();
    const last = await scene.add(domains.contacts5, { priority: 6 });
    const second = await scene.added('add-prioritized');
    assert.deepEqual([await second.getState(), second.priority], ['prioritized', 5]);
    const first = await scene.add(domains.contacts5, { priority: 4 });
    assert.deepEqual(await scene.traceOf(second), await scene.traceOf(first));
    assert.deepEqual((await scene.queue.getPrioritized()).map(({ id }) => id), [first.id, second.id, last.id]);
    await scene.queue.resume();
    for (const job of [last, second, first]) await scene.completes(job);
    await scene.idle();
    const job = await scene.added('add-prioritized');
    await scene.completesSoon(job.timestamp, job);
  },
  'add-new': async (scene) => {
    await scene.idle();
    const from = Date.now();
    assert.equal(await scene.run('add-new'), '1');
    await scene.completesSoon(from, { id: 'example.com' });
    const { finishedOn, timestamp } = await scene.queue.getJob('example.com');
    assert.ok(timestamp >= from && timestamp <= finishedOn);
    assert.equal(await scene.run('add-new'), '0');
    await scene.collect(domains.contacts5);
    assert.equal((await scene.queue.getJob('example.com')).finishedOn, finishedOn);
    const { events: [added] } = await scene.traceOf({ id: 'example.com' });
    assert.deepEqual(added, ['added', ['event', 'jobId', 'name']]);
  },
};
