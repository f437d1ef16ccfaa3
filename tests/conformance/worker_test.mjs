// Items about the process: long jobs, crashes, lost locks, shutdown, what others see of it.
import assert from 'node:assert/strict';
import { domains } from '../system/domains.mjs';
import { lockMs, shortLocks } from '../system/settings.mjs';
import { until } from '../system/processes.mjs';
import { promised } from '../system/promised.mjs';
import { conforms } from './scene.mjs';

async function isLocked(scene, id) {
  return (await scene.redis.exists(scene.key(`${id}:lock`))) === 1;
}

// The reference's 70 s job with a lock of 30 s, scaled by ten: 7 s, lock 3 s.
conforms(43, async (scene) => {
  const [lockMs, jobMs] = [3000, 7000];
  await scene.gatedGleaner({ GLEANER_QUEUE__LOCK_DURATION: `${lockMs}ms`, GLEANER_QUEUE__STALLED_INTERVAL: '1s' });
  const job = await scene.addHeld();
  await scene.event('active', job.id);
  const { processedOn } = await scene.hash(job.id);
  let least = lockMs;
  await until('the time of two locks', async () => {
    least = Math.min(least, await scene.redis.pttl(scene.key(`${job.id}:lock`)));
    return Date.now() > Number(processedOn) + jobMs;
  });
  assert.ok(least > 0, 'the lock never ran out');
  promised('ms of a lock that had passed', lockMs - least, 2000);
  scene.gate.release();
  await scene.event('completed', job.id);
  const hash = await scene.hash(job.id);
  assert.equal(hash.ats, '1');
  assert.deepEqual(await scene.events('stalled'), []);
  assert.equal((await scene.events('active')).length, 1);
});

conforms(44, async (scene) => {
  const first = await scene.gatedGleaner(shortLocks);
  const job = await scene.addHeld();
  await scene.event('active', job.id);
  await first.kill();
  const killed = Date.now();
  await scene.gleaner(shortLocks);
  await scene.event('active', job.id, { nth: 2 });
  promised('ms until it is taken again', Date.now() - killed, lockMs + 2 * 1000 + 1000);
  const counted = await scene.hash(job.id); // until the first page
  scene.gate.release();
  await scene.event('completed', job.id);
  const events = (await scene.events()).filter(({ jobId }) => jobId === job.id);
  assert.ok(events.some(({ event, prev }) => event === 'waiting' && prev === 'active'));
  assert.equal(events.filter(({ event }) => event === 'stalled').length, 1);
  // The bridge writes the counters of both generations.
  const { stc, stalledCounter } = counted;
  assert.deepEqual({ stc, stalledCounter }, { stc: '1', stalledCounter: '1' });
  assert.equal((await scene.hash(job.id)).stc, undefined, 'only stalls without a new page count');
});

conforms(45, async (scene) => {
  const settings = { ...shortLocks, GLEANER_QUEUE__MAX_STALLED_COUNT: '1' }; // BullMQ's default
  let job;
  for (let take = 1; take <= 2; take++) {
    const worker = await scene.gatedGleaner(settings);
    job ??= await scene.addHeld({ attempts: 3 });
    await scene.event('active', job.id, { nth: take });
    await worker.kill();
  }
  await scene.gleaner(settings);
  const failed = await scene.event('failed', job.id);
  assert.equal(failed.failedReason, 'job stalled more than allowable limit');
  assert.equal(await scene.state(job.id), 'failed');
  assert.equal((await scene.queue.getJob(job.id)).failedReason, failed.failedReason);
  assert.equal((await scene.events('active')).length, 2, 'not started a third time');
  assert.equal(await isLocked(scene, job.id), false);
  assert.deepEqual(await scene.active(), []);
});

conforms(47, async (scene) => {
  await scene.gatedGleaner({ GLEANER_QUEUE__LOCK_DURATION: '30s', GLEANER_QUEUE__STALLED_INTERVAL: '1s' });
  const job = await scene.addHeld();
  await scene.event('active', job.id);
  await scene.event('progress', job.id); // its next write would take the lock again, which is not until a page is here
  await scene.redis.del(scene.key(`${job.id}:lock`));
  await scene.event('active', job.id, { nth: 2 });
  scene.gate.release();
  await scene.event('completed', job.id);
  const events = (await scene.events('active', 'completed')).map(({ event }) => event);
  assert.deepEqual(events, ['active', 'active', 'completed']);
  assert.equal((await scene.hash(job.id)).atm, '1');
});

conforms(69, async (scene) => {
  const name = `bull:${Buffer.from(scene.name).toString('base64')}`;
  await scene.gleaner({ GLEANER_QUEUE__WORKER_NAME: 'harvest-1' });
  const listed = await until('the worker in the list', async () => {
    const workers = await scene.queue.getWorkers();
    return workers.length && workers;
  });
  assert.deepEqual(listed.map(({ rawname }) => rawname), [`${name}:w:harvest-1`]);
  await scene.gleaner({ GLEANER_QUEUE__WORKER_NAME: 'harvest-2' });
  const both = await until('both workers', async () => {
    const workers = await scene.queue.getWorkers();
    return workers.length >= 2 && workers;
  });
  assert.deepEqual(both.map(({ rawname }) => rawname).sort(), [`${name}:w:harvest-1`, `${name}:w:harvest-2`]);
});

conforms(73, async (scene) => {
  // Not through a Queue, which would write meta itself.
  await scene.redis.hset(scene.key('1'), 'name', 'collect-domain', 'data',
    JSON.stringify({ domain: domains.contacts5 }), 'opts', '{"attempts":0}', 'timestamp', Date.now(),
    'delay', 0, 'priority', 0);
  await scene.redis.lpush(scene.key('wait'), '1');
  const worker = await scene.gleaner();
  await scene.event('completed', '1');
  await worker.stop();
  const meta = await scene.redis.hgetall(scene.key('meta'));
  assert.deepEqual(Object.keys(meta).filter((field) => field !== 'opts.maxLenEvents'), []);
  // Nor does it touch what a client of this version wrote.
  await scene.queue.waitUntilReady();
  const before = await until('meta of the client', async () => {
    const now = await scene.redis.hgetall(scene.key('meta'));
    return now.version && now;
  });
  await scene.gleaner();
  const job = await scene.add();
  await scene.event('completed', job.id);
  assert.deepEqual(await scene.redis.hgetall(scene.key('meta')), before);
});

conforms(74, async (scene) => {
  const worker = await scene.gleaner({ GLEANER_CONCURRENCY: 2 });
  const jobs = [];
  for (let index = 0; index < 6; index++) jobs.push(await scene.add({ domain: domains.brisk(index) }));
  await until('two running jobs', async () => (await scene.active()).length === 2);
  const { code } = await worker.stop();
  assert.equal(code, 0);
  assert.deepEqual(await scene.active(), []);
  for (const { id } of jobs) assert.equal(await isLocked(scene, id), false, `lock of job ${id}`);
  const counts = await scene.queue.getJobCounts('completed', 'waiting', 'active', 'failed', 'delayed');
  assert.equal(counts.completed + counts.waiting, jobs.length, JSON.stringify(counts));
  for (const id of await scene.redis.lrange(scene.key('wait'), 0, -1)) {
    assert.equal((await scene.hash(id)).atm ?? '0', '0', 'no attempt was used up');
  }
});
