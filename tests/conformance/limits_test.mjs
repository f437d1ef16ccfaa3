// Section "Pause, limits": limits that all workers of a queue share.
import assert from 'node:assert/strict';
import { domains } from '../system/domains.mjs';
import { until } from '../system/processes.mjs';
import { conforms } from './scene.mjs';

async function starts(scene) {
  return (await scene.entries()).filter(({ event }) => event.event === 'active').map(({ ms }) => ms);
}

/// The most starts in any stretch of `window` ms that begins with one of them.
function densest(times, window) {
  return Math.max(...times.map((from) => times.filter((ms) => ms >= from && ms < from + window).length));
}

conforms(21, async (scene) => {
  await scene.queue.setGlobalConcurrency(1);
  const jobs = [];
  for (let i = 0; i < 6; i++) jobs.push(await scene.add({ domain: domains.brisk(i) }));
  await scene.gleaner({ GLEANER_QUEUE__DRAIN_DELAY: '300ms' });
  await scene.gleaner({ GLEANER_QUEUE__DRAIN_DELAY: '300ms' });
  let most = 0;
  await until('the end of all jobs', async () => {
    most = Math.max(most, (await scene.active()).length);
    return (await scene.events('completed')).length === jobs.length;
  });
  assert.equal(most, 1);
  let active = 0;
  for (const { event } of await scene.events('active', 'completed')) {
    active += event === 'active' ? 1 : -1;
    assert.ok(active <= 1, 'never two at once');
  }
});

conforms(22, async (scene) => {
  for (let i = 0; i < 7; i++) await scene.add();
  const first = await scene.gleaner({ GLEANER_QUEUE__LIMITER: '2/5m' });
  await scene.event('completed', undefined, { nth: 2 });
  assert.equal(await scene.redis.get(scene.key('limiter')), '2');
  const left = await scene.redis.pttl(scene.key('limiter'));
  assert.ok(left > 0 && left <= 300_000, `${left} ms`);
  assert.equal((await starts(scene)).length, 2);
  await first.stop();
  await scene.redis.del(scene.key('limiter'));
  const limited = { GLEANER_QUEUE__LIMITER: '2/1500ms' };
  await scene.gleaner(limited);
  await scene.gleaner(limited);
  await scene.event('completed', undefined, { nth: 7 });
  const times = (await starts(scene)).slice(2);
  assert.ok(times[2] - times[0] >= 1450, `${times.map((ms) => ms - times[0])}`);
  assert.ok(densest(times, 1400) <= 2, `${times.map((ms) => ms - times[0])}`);
});

conforms(23, async (scene) => {
  await scene.queue.setGlobalRateLimit(1, 2000);
  for (let i = 0; i < 3; i++) await scene.add();
  await scene.gleaner();
  await scene.event('completed', undefined, { nth: 3 });
  const times = await starts(scene);
  assert.ok(times[1] - times[0] >= 1950 && times[2] - times[1] >= 1950,
    `${times.map((ms) => ms - times[0])}`);
});

conforms(24, async (scene) => {
  const driver = await scene.driver({ limiter: { starts: 100, ms: 1000 } });
  const plain = await scene.add();
  const older = await scene.add();
  const [held] = await driver.take();
  await scene.queue.rateLimit(300_000);
  await driver.release(held);
  assert.deepEqual(await scene.redis.lrange(scene.key('wait'), 0, -1), [older.id, plain.id]);
  assert.equal((await scene.hash(plain.id)).atm ?? '0', '0');
  assert.deepEqual(await driver.take(), []);
  const urgent = await scene.add(undefined, { priority: 3 });
  const limitedAt = Date.now();
  await scene.queue.rateLimit(800);
  await scene.gleaner({ GLEANER_QUEUE__LIMITER: '100/1s', GLEANER_CONCURRENCY: 1 });
  await scene.event('completed', urgent.id);
  const first = Number((await scene.hash(plain.id)).processedOn);
  assert.ok(first - limitedAt >= 780, `again after ${first - limitedAt} ms`);
  assert.equal((await scene.hash(plain.id)).atm, '1');
});

conforms(46, async (scene) => {
  const { id } = await scene.add(undefined, { attempts: 5 });
  await scene.redis.hset(scene.key(id), 'defa', 'a child failed elsewhere');
  await scene.gleaner({ GLEANER_QUEUE__LIMITER: '100/60s' });
  await scene.event('failed', id);
  const hash = await scene.hash(id);
  assert.equal(hash.failedReason, 'a child failed elsewhere');
  assert.equal(hash.defa, undefined);
  assert.equal(hash.atm, '1');
  assert.equal(await scene.redis.exists(scene.key('limiter')), 0);
  assert.equal((await scene.events('progress')).filter(({ data }) => /fetching/.test(data)).length, 0);
});

conforms(48, async (scene) => {
  const settings = { GLEANER_QUEUE__STALLED_INTERVAL: '1s' };
  await scene.gleaner(settings);
  await scene.gleaner(settings);
  const checks = new Set();
  await until('four checks', async () => {
    const left = await scene.redis.pttl(scene.key('stalled-check'));
    assert.ok(left <= 1000, `${left} ms`);
    const begun = await scene.redis.get(scene.key('stalled-check'));
    if (begun) checks.add(Number(begun));
    return checks.size >= 4;
  });
  const times = [...checks].sort((a, b) => a - b);
  for (let i = 1; i < times.length; i++) assert.ok(times[i] - times[i - 1] >= 999, `${times}`);
});
