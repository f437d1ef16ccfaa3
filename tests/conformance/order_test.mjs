// Section "Taking": the order in which jobs run, and what is promoted when.
import assert from 'node:assert/strict';
import { longBeforeItLooks, seldomLooks } from '../system/settings.mjs';
import { conforms } from './scene.mjs';

const one = { GLEANER_CONCURRENCY: 1 };

async function order(scene, count) {
  await scene.event('completed', undefined, { nth: count });
  return (await scene.events('active')).map(({ jobId }) => jobId);
}

conforms(3, async (scene) => {
  const jobs = [];
  for (const priority of [5, 1, 1, 0]) jobs.push(await scene.add(undefined, { priority }));
  const [five, first, second, plain] = jobs.map(({ id }) => id);
  const scores = await Promise.all([five, first, second]
    .map(async (id) => Number(await scene.redis.zscore(scene.key('prioritized'), id))));
  assert.deepEqual(scores, [5 * 2 ** 32 + 1, 2 ** 32 + 2, 2 ** 32 + 3]);
  await scene.gleaner(one);
  assert.deepEqual(await order(scene, 4), [plain, first, second, five]);
});

conforms(4, async (scene) => {
  await scene.add(undefined, { priority: 5 });
  const driver = await scene.driver();
  const [held] = await driver.take();
  assert.equal(await scene.redis.exists(scene.key('pc')), 1);
  assert.deepEqual(await driver.take(), []);
  assert.equal(await scene.redis.exists(scene.key('pc')), 0);
  await driver.complete(held, null);
});

conforms(10, async (scene) => {
  await scene.gleaner(seldomLooks);
  const { id } = await scene.add(undefined, { delay: 0 });
  await scene.event('completed', id);
  const names = (await scene.events()).filter(({ jobId }) => jobId === id).map(({ event }) => event);
  assert.equal(names.includes('delayed'), scene.version === '5.28.2', names.join());
  const { processedOn, timestamp } = await scene.hash(id);
  assert.ok(processedOn - timestamp < longBeforeItLooks, `started after ${processedOn - timestamp} ms`);
});

conforms(11, async (scene) => {
  const timestamp = Date.now();
  const jobs = [];
  for (let i = 0; i < 3; i++) jobs.push(await scene.add(undefined, { timestamp, delay: 500 }));
  const scores = await Promise.all(jobs.map(({ id }) => scene.redis.zscore(scene.key('delayed'), id)));
  assert.deepEqual(scores.map(Number), [0, 1, 2].map((place) => (timestamp + 500) * 4096 + place));
  await scene.gleaner(one);
  assert.deepEqual(await order(scene, 3), jobs.map(({ id }) => id));
});

conforms(12, async (scene) => {
  await scene.gatedGleaner(one);
  const running = await scene.addHeld();
  await scene.event('active', running.id);
  const seven = await scene.add(undefined, { priority: 7 });
  const five = await scene.add(undefined, { priority: 5, delay: 300 });
  await scene.clockShows(five.timestamp + five.delay);
  scene.gate.release();
  assert.deepEqual(await order(scene, 3), [running.id, five.id, seven.id]);
});

conforms(14, async (scene) => {
  const driver = await scene.driver();
  const due = Date.now() - 1000;
  const pipeline = scene.redis.pipeline();
  for (let i = 0; i < 1500; i++) {
    pipeline.hset(scene.key(`d${i}`), { name: 'n', data: '{}', opts: '{}', timestamp: 1, delay: 5, priority: 0 });
    pipeline.zadd(scene.key('delayed'), due * 4096 + (i % 4096), `d${i}`);
  }
  await pipeline.exec();
  await driver.take();
  await driver.take();
  assert.equal(await scene.redis.zcard(scene.key('delayed')), 0);
  assert.equal(await scene.redis.llen(scene.key('wait')), 1498);
  assert.equal((await scene.active()).length, 2);
});

conforms(16, async (scene) => {
  const first = await scene.add();
  await scene.redis.lpush(scene.key('wait'), '0:0', '0:123');
  const last = await scene.add();
  await scene.gleaner(one);
  assert.deepEqual(await order(scene, 2), [first.id, last.id]);
  assert.equal(await scene.redis.exists(scene.key('active'), scene.key('wait')), 0);
});

conforms(41, async (scene) => {
  const driver = await scene.driver();
  const back = async (opts) => {
    const { id } = await scene.add(undefined, { attempts: 3, ...opts });
    const [held] = await driver.take();
    assert.equal(held.id, id);
    const older = await scene.add();
    await driver.retry(held, 'broken', 0);
    const [next] = await driver.take();
    await driver.complete(next, null);
    const [rest] = await driver.take();
    await driver.complete(rest, null);
    return { id, older: older.id, next: next.id };
  };
  const lifo = await back({ lifo: true });
  assert.equal(lifo.next, lifo.id);
  const plain = await back({});
  assert.equal(plain.next, plain.older);
});

conforms(42, async (scene) => {
  const { id } = await scene.add(undefined, { attempts: 3, priority: 4 });
  const driver = await scene.driver();
  const [held] = await driver.take();
  await driver.retry(held, 'broken', 0);
  assert.deepEqual(await scene.redis.zrange(scene.key('prioritized'), 0, -1), [id]);
  assert.equal(await scene.state(id), 'prioritized');
});
