// What must have come of the recipes of WIRE.md that look at a queue.
import assert from 'node:assert/strict';
import { domains } from './domains.mjs';
import { until } from './processes.mjs';
import { lockMs } from './settings.mjs';
import { bullmq } from './stage.mjs';
import { hour } from './wire_scene.mjs';

export const looking = {
  job: async (scene) => {
    const { id, opts } = await scene.collect(domains.contacts5, { attempts: 2 });
    const lines = (await scene.run('job', { id })).split('\n');
    assert.deepEqual(JSON.parse(lines[lines.indexOf('data') + 1]), { domain: domains.contacts5 });
    assert.equal(JSON.parse(lines[lines.indexOf('opts') + 1]).attempts, opts.attempts);
  },
  progress: async (scene) => {
    const { id, progress } = await scene.collect(domains.contacts5);
    assert.deepEqual(JSON.parse(await scene.run('progress', { id })), progress);
  },
  outcome: async (scene) => {
    const { id, returnvalue, finishedOn } = await scene.collect(domains.contacts5);
    const [value, reason, ...numbers] = (await scene.run('outcome', { id })).split('\n');
    assert.deepEqual([JSON.parse(value), reason, numbers], [returnvalue, '', ['1', String(finishedOn)]]);
    const failed = await scene.collect('no domain');
    assert.equal((await scene.run('outcome', { id: failed.id })).split('\n')[1], failed.failedReason);
  },
  logs: async (scene) => {
    const job = await scene.collect(domains.contacts5);
    await job.log('a row');
    assert.deepEqual((await scene.run('logs', job)).split('\n'), (await scene.queue.getJobLogs(job.id)).logs);
  },
  state: async (scene) => {
    await scene.withAllStates(async (ids) => {
      for (const [name, id] of Object.entries(ids)) {
        assert.equal(await scene.run('state', { id }), name);
        assert.equal(await scene.state({ id }), name);
      }
      assert.equal(await scene.run('state', { id: 'nobody' }), 'unknown');
    });
    await scene.queue5.pause();
    const { id } = await scene.queue5.add('collect-domain', { domain: domains.contacts5 });
    assert.equal(await scene.run('state', { id }), 'waiting');
    await scene.queue5.resume();
    await scene.completes({ id });
  },
  counts: async (scene) => scene.withAllStates(async () => {
    const counts = (await scene.run('counts')).split('\n').map((line) => line.split(' '));
    const { waiting, ...others } = await scene.queue.getJobCounts();
    const expected = { wait: waiting, ...others, paused: 0 };
    assert.deepEqual(Object.fromEntries(counts.map(([name, count]) => [name, Number(count)])), expected);
  }),
  meta: async (scene) => {
    assert.deepEqual((await scene.run('meta')).split('\n')[0], 'bullmq:6.7.0');
    await scene.queue.setGlobalConcurrency(7);
    await scene.queue.setGlobalRateLimit(8, 9000);
    await scene.queue.pause();
    assert.deepEqual((await scene.run('meta')).split('\n').slice(1), ['1', '7', '8', '9000']);
    await scene.queue.removeGlobalConcurrency();
    await scene.queue.removeGlobalRateLimit();
    await scene.queue.resume();
  },
  next: async (scene) => {
    await scene.queue.pause();
    const jobs = [];
    for (let i = 0; i < 3; i++) jobs.unshift((await scene.add(domains.contacts5)).id);
    assert.deepEqual((await scene.run('next')).split('\n'), jobs);
    await scene.queue.resume();
    await scene.completes({ id: jobs[0] });
  },
  due: async (scene) => {
    const job = await scene.add(domains.contacts5, { delay: hour });
    assert.equal(await scene.run('due'), `${job.id} ${job.timestamp + hour}`);
    await job.remove();
  },
  failures: async (scene) => {
    const { id, failedReason } = await scene.collect('no domain');
    assert.equal((await scene.run('failures')).split('\n')[0], `${id} ${failedReason}`);
  },
  events: async (scene) => {
    const { id } = await scene.collect(domains.contacts5);
    const text = await scene.run('events');
    assert.match(text, new RegExp(`completed[\\s\\S]*jobId\\n${id}\\n`));
    assert.equal(text.match(/^event$/gm).length, 10);
  },
  follow: async (scene) => {
    const known = await scene.run('follow', { last: '0' });
    const all = await scene.db.xlen(scene.key('events'));
    assert.equal(known.match(/^event$/gm).length, Math.min(all, 100));
    const { entry: last } = await scene.newestEvent();
    assert.equal(await scene.run('follow', { last }), '');
    const { id } = await scene.collect(domains.contacts5);
    const fresh = await scene.run('follow', { last });
    assert.match(fresh, new RegExp(`added\\njobId\\n${id}\\n[\\s\\S]*completed\\njobId\\n${id}\\n`));
  },
  locks: async (scene) => {
    const { id } = await scene.addHeld();
    const [, left] = (await scene.run('locks')).split(' ');
    assert.ok(Number(left) > 0 && Number(left) <= lockMs, left);
    await scene.worker.kill();
    scene.gate.release();
    await until('the end of its lock', async () => await scene.run('locks') === `${id} -2`);
    await scene.startWorker();
    await scene.completes({ id });
    assert.equal(await scene.run('locks'), '');
  },
  stalls: async (scene) => {
    const { id } = await scene.collect(domains.contacts5);
    assert.deepEqual((await scene.run('stalls', { id })).split('\n'), ['', '', '1']);
    const held = await scene.addHeld();
    await scene.worker.kill();
    await scene.startWorker();
    await until('a stall that is counted', async () => await scene.run('stalls', held) === '1\n1\n2');
    scene.gate.release();
    await scene.completes(held);
    assert.deepEqual((await scene.run('stalls', held)).split('\n'), ['', '', '2']);
  },
  limiter: async (scene) => {
    assert.deepEqual((await scene.run('limiter')).split('\n'), ['', '-2']);
    await scene.queue.setGlobalRateLimit(100, 60_000);
    for (let i = 0; i < 2; i++) await scene.collect(domains.contacts5);
    const [starts, left] = (await scene.run('limiter')).split('\n').map(Number);
    assert.equal(starts, 2);
    assert.ok(left > 50_000 && left <= 60_000, String(left));
    await scene.queue.removeGlobalRateLimit();
    await scene.db.del(scene.key('limiter'));
  },
  workers: async (scene) => {
    const events = new bullmq.QueueEvents('domain-collection', { connection: scene.connection });
    await events.waitUntilReady();
    const seen = await scene.queue.getWorkers();
    assert.equal(seen.length, 1);
    assert.equal(await scene.run('workers'), `name=${seen[0].rawname}`);
    assert.match(seen[0].rawname, /:w:here$/);
    await events.close();
  },
};
