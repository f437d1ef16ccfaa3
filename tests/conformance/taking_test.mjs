// Section "Taking" and "Pause": the whole worker against stock producers.
import assert from 'node:assert/strict';
import { domains } from '../system/domains.mjs';
import { until } from '../system/processes.mjs';
import { promised } from '../system/promised.mjs';
import { longBeforeItLooks, seldomLooks } from '../system/settings.mjs';
import { conforms } from './scene.mjs';

async function orderOfTaking(scene) {
  return (await scene.events('active')).map(({ jobId }) => jobId);
}

async function allCompleted(scene, jobs) {
  for (const { id } of jobs) await scene.event('completed', id);
}

/// The job was taken `least` ms after `from` or later, and not because the worker looked for work.
async function takenByItself(scene, { id }, from, least = 0) {
  const waited = Number((await scene.hash(id)).processedOn) - from;
  assert.ok(waited >= least && waited < longBeforeItLooks, `started after ${waited} ms`);
  promised('ms until it starts', waited - least, 100);
}

/// Our worker blocks on the marker: whatever was there has been looked at.
async function idle(scene) {
  await until('an idle worker', async () => (await blockedCalls(scene)) > 0);
}

async function blockedCalls(scene) {
  const clients = (await scene.redis.client('LIST')).split('\n');
  const name = `name=bull:${Buffer.from(scene.name).toString('base64')}`;
  return clients.filter((line) => line.includes(name) && line.includes('cmd=bzpopmin')).length;
}

conforms(1, async (scene) => {
  const jobs = [await scene.add(), await scene.add()];
  await scene.gleaner({ GLEANER_CONCURRENCY: 1 });
  await allCompleted(scene, jobs);
  assert.deepEqual(await orderOfTaking(scene), jobs.map(({ id }) => id));
  assert.equal(await scene.redis.exists(scene.key('wait'), scene.key('active')), 0);
});

conforms(2, async (scene) => {
  const a = await scene.add();
  const b = await scene.add();
  const c = await scene.add({ domain: domains.contacts5 }, { lifo: true });
  await scene.gleaner({ GLEANER_CONCURRENCY: 1 });
  await allCompleted(scene, [a, b, c]);
  assert.deepEqual(await orderOfTaking(scene), [c.id, a.id, b.id]);
});

conforms(5, async (scene) => {
  await scene.gatedGleaner({ GLEANER_QUEUE__WORKER_NAME: 'w-five', GLEANER_QUEUE__LOCK_DURATION: '5s' });
  const job = await scene.addHeld();
  await scene.event('active', job.id);
  assert.deepEqual(await scene.active(), [job.id]);
  const left = await scene.redis.pttl(scene.key(`${job.id}:lock`));
  assert.ok(left > 0 && left <= 5000, `lock for ${left} ms`);
  assert.ok((await scene.redis.get(scene.key(`${job.id}:lock`))).length > 8);
  const hash = await scene.hash(job.id);
  assert.ok(Number(hash.processedOn) >= job.timestamp - 1000);
  assert.deepEqual({ ats: hash.ats, pb: hash.pb }, { ats: '1', pb: 'w-five' });
  assert.equal(await scene.state(job.id), 'active');
  scene.gate.release();
  await scene.event('completed', job.id);
});

conforms(6, async (scene) => {
  const jobs = [await scene.add(), await scene.add(undefined, { priority: 3 }),
    await scene.add(undefined, { priority: 2 }), await scene.add()];
  await scene.gleaner();
  await allCompleted(scene, jobs);
  for (const { id } of jobs) {
    const taken = (await scene.events('active')).filter(({ jobId }) => jobId === id);
    assert.deepEqual(taken, [{ event: 'active', jobId: id, prev: 'waiting' }]);
  }
});

conforms(7, async (scene) => {
  await scene.gleaner(seldomLooks);
  for (let round = 0; round < 5; round++) {
    await idle(scene);
    const job = await scene.add();
    await scene.event('completed', job.id);
    await takenByItself(scene, job, job.timestamp);
  }
});

conforms(8, async (scene) => {
  await scene.gleaner({ GLEANER_QUEUE__DRAIN_DELAY: '2s' });
  await idle(scene);
  // A client adds without a marker while the queue is paused, which is then undone by hand.
  await scene.redis.hset(scene.key('meta'), 'paused', 1);
  const job = await scene.add();
  const rename = await scene.redis.exists(scene.key('paused'));
  if (rename) await scene.redis.rename(scene.key('paused'), scene.key('wait'));
  await scene.redis.del(scene.key('marker'));
  await scene.redis.hdel(scene.key('meta'), 'paused');
  await scene.event('completed', job.id);
  const waited = Number((await scene.hash(job.id)).processedOn) - job.timestamp;
  promised('ms until it starts, with 2 s between looks', waited, 3000);
});

conforms(9, async (scene) => {
  await scene.gleaner(seldomLooks);
  await idle(scene);
  const job = await scene.add(undefined, { delay: 700 });
  await scene.event('completed', job.id);
  await takenByItself(scene, job, job.timestamp, 700);
  assert.equal((await scene.hash(job.id)).delay, '0');
  const events = (await scene.events()).filter(({ jobId }) => jobId === job.id)
    .filter(({ event }) => /delayed|waiting|active/.test(event));
  assert.deepEqual(events, [
    { event: 'delayed', jobId: job.id, delay: String(job.timestamp + 700) },
    { event: 'waiting', jobId: job.id, prev: 'delayed' },
    { event: 'active', jobId: job.id, prev: 'waiting' },
  ]);
});

conforms(13, async (scene) => {
  const jobs = [];
  for (let index = 0; index < 9; index++) jobs.push(await scene.add({ domain: domains.brisk(index) }));
  await scene.gleaner({ GLEANER_CONCURRENCY: 3 });
  let blocked = 0;
  await until('the end of all jobs', async () => {
    blocked = Math.max(blocked, await blockedCalls(scene));
    return (await scene.events('completed')).length === jobs.length;
  });
  await idle(scene);
  assert.equal(await blockedCalls(scene), 1);
  assert.ok(blocked <= 1, `${blocked} blocking calls at once`);
  let active = 0;
  let most = 0;
  for (const { event } of await scene.events('active', 'completed')) {
    active += event === 'active' ? 1 : -1;
    most = Math.max(most, active);
  }
  assert.equal(most, 3);
});

conforms(15, async (scene) => {
  const before = await scene.add();
  await scene.redis.lpush(scene.key('wait'), 'ghost');
  const after = await scene.add();
  await scene.gleaner({ GLEANER_CONCURRENCY: 1 });
  await allCompleted(scene, [before, after]);
  await until('an empty queue',
    async () => (await scene.redis.exists(scene.key('active'), scene.key('wait'))) === 0);
  assert.equal(await scene.redis.exists(scene.key('ghost'), scene.key('ghost:lock')), 0);
});

conforms(17, async (scene) => {
  await scene.gatedGleaner({ GLEANER_CONCURRENCY: 1, ...seldomLooks });
  const running = await scene.addHeld();
  await scene.event('active', running.id);
  await scene.queue.pause();
  const paused = [await scene.add(), await scene.add()];
  scene.gate.release();
  await scene.event('completed', running.id);
  await idle(scene);
  assert.deepEqual(await orderOfTaking(scene), [running.id]);
  assert.deepEqual(await scene.active(), []);

  const resumed = Date.now();
  await scene.queue.resume();
  await allCompleted(scene, paused);
  await takenByItself(scene, paused[0], resumed);
});
