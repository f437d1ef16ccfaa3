// Section "Schedulers, dedup": schedulers and deduplication ids made by stock clients.
import assert from 'node:assert/strict';
import { domains } from '../system/domains.mjs';
import { hasty } from '../system/settings.mjs';
import { until } from '../system/processes.mjs';
import { conforms } from './scene.mjs';

const good = { domain: domains.contacts5 };

/// Due times of a scheduler's jobs that were taken, in their order.
async function dueTimes(scene, id) {
  return (await scene.events('active')).map(({ jobId }) => jobId)
    .filter((jobId) => jobId.startsWith(`repeat:${id}:`)).map((jobId) => Number(jobId.split(':')[2]));
}

async function planned(scene, id) {
  const score = await scene.redis.zscore(scene.key('repeat'), id);
  return score === null ? null : Number(score);
}

async function taken(scene, id, count) {
  return until(`${count} jobs of ${id}`, async () => {
    const times = await dueTimes(scene, id);
    return times.length >= count && times;
  });
}

/// The times lie on a grid, where a busy machine may have missed some.
function onGrid(times, every) {
  const gaps = times.slice(1).map((time, index) => time - times[index]);
  assert.ok(gaps.every((gap) => gap > 0 && gap % every === 0), `${gaps}`);
}

/// Waits until another scheduler of the same rule has made three jobs: one that goes on in spite of
/// its end would have made some too.
async function outlasts(scene, rule) {
  await scene.queue.upsertJobScheduler('witness', rule, { name: 'collect-domain', data: good, opts: {} });
  await taken(scene, 'witness', 3);
  await scene.queue.removeJobScheduler('witness');
}

conforms(59, async (scene) => {
  await scene.gleaner();
  const every = 700;
  await scene.queue.upsertJobScheduler('grid', { every },
    { name: 'collect-domain', data: good, opts: { priority: 3, attempts: 2, custom: 'kept' } });
  const times = await taken(scene, 'grid', 4);
  onGrid(times, every);
  const [[, record], [, entries]] = await scene.redis.multi().hgetall(scene.key('repeat:grid'))
    .xrange(scene.key('events'), '-', '+').exec();
  const made = entries.filter(([, fields]) => fields.includes('added') && fields.some((text) => text.startsWith('repeat:grid:')));
  assert.ok(Math.abs(Number(record.ic) - made.length) <= 1, `ic ${record.ic}, ${made.length} made`);
  const next = await scene.queue.getJob(`repeat:grid:${await planned(scene, 'grid')}`);
  assert.deepEqual(next.data, good);
  assert.equal(next.name, 'collect-domain');
  assert.deepEqual([next.opts.priority, next.opts.attempts, next.opts.custom], [3, 2, 'kept']);
  assert.equal(next.opts.repeat.every, every);
  assert.equal((await scene.hash(next.id)).rjk, 'grid');
  assert.ok(next.opts.repeat.count >= 4);
});

conforms(60, async (scene) => {
  await scene.gleaner();
  await scene.queue.upsertJobScheduler('old', { every: 500 },
    { name: 'collect-domain', data: { ...good, note: 'kept' }, opts: {} });
  const times = await taken(scene, 'old', 3);
  const third = await scene.queue.getJob(`repeat:old:${times[2]}`);
  assert.deepEqual(third.data, { ...good, note: 'kept' });
  await scene.event('completed', third.id);
  assert.equal((await scene.redis.hget(scene.key('repeat:old'), 'ic')), null);
});

conforms(61, async (scene) => {
  await scene.gleaner();
  const everySecond = { pattern: '* * * * * *', tz: 'Europe/Berlin' };
  await scene.queue.upsertJobScheduler('two', { ...everySecond, limit: 2 },
    { name: 'collect-domain', data: good, opts: {} });
  const times = await taken(scene, 'two', 2);
  await outlasts(scene, everySecond);
  assert.equal((await dueTimes(scene, 'two')).length, 2);
  for (const time of times) assert.equal(time % 1000, 0);
  assert.equal(await scene.redis.exists(scene.key('repeat:two')), 1);
  assert.equal((await scene.queue.getJobCounts('delayed')).delayed, 0);
});

conforms(62, async (scene) => {
  await scene.gleaner(hasty);
  await scene.queue.upsertJobScheduler('fails', { every: 600_000 },
    { name: 'collect-domain', data: { domain: domains.serverErrors }, opts: { attempts: 3 } });
  const { jobId } = await scene.event('failed');
  assert.equal((await scene.events('active')).length, 3);
  const made = (await scene.events('added')).map((event) => event.jobId);
  assert.equal(made.length, 2);
  assert.equal(made[0], jobId);
  assert.deepEqual(await scene.redis.zrange(scene.key('delayed'), 0, -1), [made[1]]);
});

conforms(63, async (scene) => {
  await scene.gatedGleaner({ GLEANER_CONCURRENCY: 1 });
  scene.gate.hold('c5-held.test');
  await scene.queue.upsertJobScheduler('gone', { every: 1000 },
    { name: 'collect-domain', data: { domain: 'c5-held.test' }, opts: {} });
  const { jobId } = await scene.event('active');
  assert.equal(await scene.queue.removeJobScheduler('gone'), true);
  scene.gate.release();
  await scene.event('completed', jobId);
  await outlasts(scene, { every: 1000 });
  assert.equal((await dueTimes(scene, 'gone')).length, 1);
  assert.equal(await scene.redis.exists(scene.key('repeat'), scene.key('delayed')), 0);
});

conforms(64, async (scene) => {
  const every = 1000;
  await scene.queue.upsertJobScheduler('late', { every },
    { name: 'collect-domain', data: good, opts: {} });
  const first = await planned(scene, 'late');
  await scene.clockShows(first + 3.2 * every); // nobody works for three periods
  await scene.gleaner();
  const times = await taken(scene, 'late', 3);
  assert.equal(times[0], first);
  assert.ok(times[1] - times[0] > 2 * every, `${times}: what was missed is not made up for`);
  onGrid(times.slice(1), every);
  if (scene.version !== '5.28.2') assert.equal((times[1] - times[0]) % every, 0);
});

conforms(65, async (scene) => {
  await scene.gatedGleaner(hasty);
  const key = scene.key('de:only');
  const simple = { deduplication: { id: 'only' } };
  const completed = await scene.add(good, simple);
  await scene.event('completed', completed.id);
  assert.equal(await scene.redis.exists(key), 0);
  const failed = await scene.add({ domain: domains.forbidden }, simple);
  await scene.event('failed', failed.id);
  assert.equal(await scene.redis.exists(key), 0);

  const lasting = await scene.add(good, { deduplication: { id: 'only', ttl: 60_000 } });
  await scene.event('completed', lasting.id);
  assert.equal(await scene.redis.get(key), lasting.id);
  assert.equal((await scene.add(good, simple)).id, lasting.id);

  await scene.redis.del(key);
  const robbed = await scene.addHeld(simple);
  await scene.event('active', robbed.id);
  await scene.redis.set(key, 'another');
  scene.gate.release();
  await scene.event('completed', robbed.id);
  assert.equal(await scene.redis.get(key), 'another');
});

conforms(66, async (scene) => {
  await scene.gatedGleaner();
  const opts = { deduplication: { id: 'last', keepLastIfActive: true } };
  const running = await scene.addHeld(opts);
  await scene.event('active', running.id);
  await scene.add({ domain: domains.contacts250 }, opts);
  await scene.add(good, opts);
  scene.gate.release();
  await until('two completed jobs', async () => (await scene.events('completed')).length === 2);
  const [, second] = (await scene.events('completed')).map(({ jobId }) => jobId);
  assert.deepEqual((await scene.queue.getJob(second)).data, good);
  assert.equal((await scene.events('active')).length, 2);
  assert.equal(await scene.redis.exists(scene.key('dn:last'), scene.key('de:last')), 0);
});
