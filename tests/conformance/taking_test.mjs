// Section "Taking" and "Pause": the whole worker against stock producers.
import assert from 'node:assert/strict';
import { domains } from '../system/domains.mjs';
import { until } from '../system/processes.mjs';
import { conforms } from './scene.mjs';

async function orderOfTaking(scene) {
  return (await scene.events('active')).map(({ jobId }) => jobId);
}

async function allCompleted(scene, jobs) {
  for (const { id } of jobs) await scene.event('completed', id);
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
  await scene.gleaner({ GLEANER_QUEUE__WORKER_NAME: 'w-five', GLEANER_QUEUE__LOCK_DURATION: '5s' });
  const job = await scene.add({ domain: domains.slow(5) });
  await scene.event('active', job.id);
  assert.deepEqual(await scene.active(), [job.id]);
  const left = await scene.redis.pttl(scene.key(`${job.id}:lock`));
  assert.ok(left > 0 && left <= 5000, `lock for ${left} ms`);
  assert.ok((await scene.redis.get(scene.key(`${job.id}:lock`))).length > 8);
  const hash = await scene.hash(job.id);
  assert.ok(Number(hash.processedOn) >= job.timestamp - 1000);
  assert.deepEqual({ ats: hash.ats, pb: hash.pb }, { ats: '1', pb: 'w-five' });
  assert.equal(await scene.state(job.id), 'active');
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
  await scene.gleaner();
  const waits = [];
  for (let round = 0; round < 5; round++) {
    await idle(scene);
    const job = await scene.add();
    await scene.event('completed', job.id);
    waits.push(Number((await scene.hash(job.id)).processedOn) - job.timestamp);
  }
  // A busy machine may delay one or the other; the drain delay (5 s) would show in all.
  assert.ok(Math.min(...waits) < 100, `started after ${waits} ms`);
  assert.ok(Math.max(...waits) < 1000, `started after ${waits} ms`);
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
  assert.ok(waited < 3000, `started after ${waited} ms`);
});

conforms(9, async (scene) => {
  await scene.gleaner();
  await idle(scene);
  const job = await scene.add(undefined, { delay: 700 });
  await scene.event('completed', job.id);
  const hash = await scene.hash(job.id);
  const waited = Number(hash.processedOn) - job.timestamp;
  assert.ok(waited >= 700 && waited < 1500, `started after ${waited} ms`);
  assert.equal(hash.delay, '0');
  const events = (await scene.events()).filter(({ jobId }) => jobId === job.id)
    .filter(({ event }) => /delayed|waiting|active/.test(event));
  assert.deepEqual(events, [
    { event: 'delayed', jobId: job.id, delay: String(job.timestamp + 700) },
    { event: 'waiting', jobId: job.id, prev: 'delayed' },
    { event: 'active', jobId: job.id, prev: 'waiting' },
  ]);
});

conforms(13, async (scene) => {
  await scene.gleaner({ GLEANER_CONCURRENCY: 3 });
  const jobs = [];
  for (let index = 0; index < 9; index++) jobs.push(await scene.add({ domain: domains.brisk(index) }));
  let blocked = 0;
  await until('the end of all jobs', async () => {
    blocked = Math.max(blocked, await blockedCalls(scene));
    return (await scene.events('completed')).length === jobs.length;
  }, 30_000);
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
  await scene.gleaner({ GLEANER_CONCURRENCY: 1 });
  const running = await scene.add({ domain: domains.brisk(17) });
  await scene.event('active', running.id);
  await scene.queue.pause();
  const paused = [await scene.add(), await scene.add()];
  await scene.event('completed', running.id);
  await idle(scene);
  assert.deepEqual(await orderOfTaking(scene), [running.id]);
  assert.deepEqual(await scene.active(), []);

  await scene.queue.resume();
  const resumed = Date.now();
  await allCompleted(scene, paused);
  const started = Number((await scene.hash(paused[0].id)).processedOn);
  assert.ok(started - resumed < 100 + 150, `started ${started - resumed} ms after the resume`);
});
