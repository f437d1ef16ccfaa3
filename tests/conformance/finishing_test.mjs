// Section "Finishing": what a completed job leaves behind, read by stock clients.
import assert from 'node:assert/strict';
import { domains } from '../system/domains.mjs';
import { patience, until, within } from '../system/processes.mjs';
import { conforms } from './scene.mjs';

const one = { GLEANER_CONCURRENCY: 1 };

conforms(25, async (scene) => {
  await scene.gleaner();
  const { id } = await scene.add({ domain: domains.contacts5 });
  const event = await scene.event('completed', id);
  const hash = await scene.hash(id);
  assert.equal(event.returnvalue, hash.returnvalue);
  assert.equal(event.prev, 'active');
  const job = await scene.queue.getJob(id);
  assert.deepEqual(job.returnvalue, JSON.parse(hash.returnvalue));
  assert.deepEqual({ success: job.returnvalue.success, domain: job.returnvalue.domain },
    { success: true, domain: domains.contacts5 });
  assert.equal(hash.finishedOn, await scene.redis.zscore(scene.key('completed'), id));
  assert.equal(hash.atm, '1');
  assert.equal(await scene.redis.exists(scene.key(`${id}:lock`)), 0);
  assert.equal(await scene.redis.sismember(scene.key('stalled'), id), 0);
  assert.equal(await job.getState(), 'completed');
});

conforms(27, async (scene) => {
  const queueEvents = await scene.queueEvents();
  await scene.gleaner();
  const good = await scene.add({ domain: domains.contacts5 });
  const value = await within(patience, 'the result', good.waitUntilFinished(queueEvents));
  assert.equal(value.domain, domains.contacts5);
  const bad = await scene.add({ domain: 'no domain' });
  const reason = await within(patience, 'the failure',
    bad.waitUntilFinished(queueEvents).then(() => assert.fail('resolved'), (error) => error.message));
  assert.equal(reason, (await scene.queue.getJob(bad.id)).failedReason);
  assert.ok(reason.length > 5);
});

conforms(28, async (scene) => {
  await scene.gleaner();
  for (const removeOnComplete of [true, 0, { count: 0 }]) {
    const { id } = await scene.add(undefined, { removeOnComplete });
    const event = await scene.event('completed', id);
    assert.equal(typeof JSON.parse(event.returnvalue), 'object');
    assert.deepEqual(await scene.redis.keys(scene.key(`${id}*`)), [], JSON.stringify(removeOnComplete));
    assert.equal(await scene.redis.zcard(scene.key('completed')), 0);
  }
});

conforms(31, async (scene) => {
  const first = await scene.add();
  const second = await scene.add();
  await scene.gleaner(one);
  await scene.event('completed', second.id);
  await until('the end', async () => (await scene.active()).length === 0);
  const order = (await scene.events('completed', 'drained')).map(({ event }) => event);
  assert.deepEqual(order, ['completed', 'completed', 'drained'], first.id);

  const delayed = await scene.add(undefined, { delay: 600_000 });
  const third = await scene.add();
  await scene.event('completed', third.id);
  assert.equal((await scene.events('drained')).length, 1, 'not while a delayed job remains');
  await (await scene.queue.getJob(delayed.id)).promote();
  await scene.event('completed', delayed.id);
  assert.equal((await scene.events('drained')).length, 2);
});

conforms(33, async (scene) => {
  await scene.gleaner(one);
  for (let count = 1; count <= 3; count++) {
    const { id } = await scene.add();
    await scene.event('completed', id);
    assert.equal(await scene.redis.hget(scene.key('metrics:completed'), 'count'), String(count));
  }
  // As if the first three had completed three minutes ago.
  const last = Number(await scene.redis.hget(scene.key('metrics:completed'), 'prevTS'));
  await scene.redis.hset(scene.key('metrics:completed'), 'prevTS', last - 3 * 60_000, 'prevCount', 0);
  await scene.redis.del(scene.key('metrics:completed:data'));
  const { id } = await scene.add();
  await scene.event('completed', id);
  const data = await scene.redis.lrange(scene.key('metrics:completed:data'), 0, -1);
  // Three minutes, or four if one has begun since the third job.
  const now = Number(await scene.redis.hget(scene.key('metrics:completed'), 'prevTS'));
  const passed = Math.floor(now / 60_000) - Math.floor(last / 60_000) + 3;
  assert.ok(passed === 3 || passed === 4, `${passed} minutes`);
  assert.deepEqual(data, [...Array(passed - 1).fill('0'), '3']);
  const metrics = await scene.queue.getMetrics('completed');
  assert.equal(Number(metrics.meta.count), 4);
  if (scene.major >= 6) {
    const text = await scene.queue.exportPrometheusMetrics();
    assert.match(text, /^bullmq_job_completed_total\{[^}]*\} 4$/m);
  }
});
