// What MIGRATION.md says, with real parts: a stock Node worker, Gleaner beside it, there and back in
// mid-traffic; the shared pace; and a change of generations.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { census } from '../conformance/census.mjs';
import { startNodeWorker } from '../conformance/node_program.mjs';
import { gleaner, root } from './harness.mjs';
import { until } from './processes.mjs';
import { promised } from './promised.mjs';
import { eventsById, openedBy } from './stock_queue.mjs';
import { Stage } from './stage.mjs';

const guide = readFileSync(join(root, 'MIGRATION.md'), 'utf8');
const jobCount = 300;
const steps = { cut: 150, back: 250 }; // no more jobs are added before
const held = 'c5-held';
const orderly = { code: 0, signal: null };

/// A stage without workers, the Node application's queue on it, and its workers.
async function migration(t, library, settings = {}) {
  const stage = await Stage.open({ worker: false, gated: true, ...settings });
  const closers = [];
  const onClose = (closer) => closers.push(closer);
  t.after(async () => {
    for (const closer of closers.reverse()) await closer();
    await stage.close();
  });
  await stage.queue.waitUntilReady();
  const queue = await openedBy(library, stage);
  onClose(async () => queue.close());
  const startNode = async (options = {}) => startNodeWorker({
    library, port: stage.redis.port, queue: 'domain-collection', simulator: stage.simulator.url,
    options: { concurrency: 8, ...options },
  }, (program) => onClose(async () => program.stop('SIGKILL')));
  return { stage, queue, startNode, onClose };
}

/// Adds the jobs at a steady pace, up to `most()` of them; some of Gleaner's stay at work while the gate holds.
async function traffic(queue, most) {
  for (let i = 0; i < jobCount; i++) {
    const domain = `${i > steps.cut && i % 15 === 0 ? held : 'c5-slow15'}-x${i}.test`;
    await queue.add('collect-domain', { domain }, { jobId: `job-${i}`, attempts: 3 });
    do await sleep(12); while (i >= most());
  }
}

const ended = async (queue, count) => until(`${count} ended jobs`, async () => {
  const { completed, failed } = await queue.getJobCounts();
  return completed + failed >= count;
});

/// All jobs are completed, each once, and nothing else is left: their hashes by id.
async function checkEnd(stage, queue, scene) {
  const { places, sizes, hashes, locks, stalled } = await census(scene, 'job-*');
  assert.deepEqual({ locks, stalled: stalled.filter((id) => !places.has(id)) }, { locks: [], stalled: [] });
  assert.equal(hashes.size, jobCount);
  assert.equal(sizes.completed, jobCount);
  assert.deepEqual([...places.values()].filter((place) => place.join() !== 'completed'), []);
  for (const client of [queue, stage.queue]) {
    const counts = Object.entries(await client.getJobCounts()).filter(([, count]) => count > 0);
    assert.deepEqual(counts, [['completed', jobCount]]);
  }
  const events = await eventsById(stage);
  for (const [id, { atm, finishedOn }] of hashes) {
    const times = (name) => events.get(id).filter(({ event }) => event === name).length;
    assert.deepEqual([times('completed'), times('failed'), atm], [1, 0, '1'], id);
    assert.ok(Number(finishedOn) > 0);
  }
  return { hashes, events };
}

for (const [library, version] of [['bullmq5', '5.64.1'], ['bullmq6', '6.7.0']]) {
  test(`from a worker of BullMQ ${version} to Gleaner and back in mid-traffic`, async (t) => {
    const { stage, queue, startNode } = await migration(t, library);
    const scene = { redis: stage.db, key: (suffix) => stage.key(suffix) };
    assert.equal(await stage.db.hget(stage.key('meta'), 'version'), `bullmq:${version}`);
    const node = await startNode();
    let most = steps.cut;
    const producing = traffic(queue, () => most);
    await ended(queue, 40);

    for (const command of [['config', 'check'], ['doctor']]) {
      const done = await gleaner(command, { redis: stage.redis, simulator: stage.simulator });
      assert.equal(done.code, 0, done.stdout + done.stderr);
    }
    const beside = await stage.startWorker();
    await ended(queue, 100);
    for (const part of [node, beside]) assert.deepEqual(await part.stop(), orderly); // cut over
    const alone = Date.now();
    stage.gate.hold(held);
    const worker = await stage.startWorker({ GLEANER_SHUTDOWN_GRACE: '100ms' });
    most = steps.back;
    await ended(queue, 180);

    await stage.gate.holding();
    const back = Date.now();
    assert.deepEqual(await worker.stop(), orderly); // roll back
    assert.equal(await queue.getActiveCount(), 0);
    assert.deepEqual((await census(scene, 'job-*')).locks, []);
    stage.gate.release();
    most = jobCount;
    await startNode();
    await producing;
    await ended(queue, jobCount);

    const { hashes, events } = await checkEnd(stage, queue, scene);
    const shares = { node: 0, gleaner: 0, returned: 0 };
    const calls = (await stage.simulator.calls()).filter(({ path }) => path.endsWith('/domain-search'));
    for (const [id, { data, returnvalue, processedOn }] of hashes) {
      const { domain } = JSON.parse(data);
      const byNode = JSON.parse(returnvalue).worker === library;
      const starts = events.get(id).filter(({ event }) => event === 'active').length;
      shares[byNode ? 'node' : 'gleaner'] += 1;
      // Not those that the instance beside Node took while it stopped: they go to its successor.
      const givenBack = events.get(id).some(({ event, prev, at }) => (
        event === 'waiting' && prev === 'active' && at >= back));
      if (givenBack) shares.returned += 1;
      assert.ok(!givenBack || byNode, `${id} went back to Node`);
      const requests = calls.filter((call) => call.domain === domain).length;
      assert.ok(requests <= starts, `${id}: ${requests} requests`);
      const meanwhile = Number(processedOn) > alone && Number(processedOn) < back;
      assert.ok(!(byNode && meanwhile), `${id} by Node after the cut`);
      if (!byNode) assert.equal(stage.store.load(domain).total, 5);
      else if (starts === 1) assert.ok(!stage.store.exists(domain));
    }
    assert.ok(shares.node >= 40 && shares.gleaner >= 30 && shares.returned > 0, JSON.stringify(shares));
  });
}

test('the pace is split as the guide says, and adds up to what the API allows', async (t) => {
  const [, second, minute] = guide.match(/GLEANER_LIMITS=(\d+)\/s,(\d+)\/min/).map(Number);
  const [, max, duration] = guide.match(/limiter: \{ max: (\d+), duration: (\d+) \}/).map(Number);
  assert.equal(max, 1);
  assert.equal(second + 1000 / duration + 1, 15); // starts at both ends of a second
  assert.equal(minute + 60_000 / duration, 500);

  const { stage, queue, startNode } = await migration(t, 'bullmq5',
    { GLEANER_LIMITS: `${second}/s,${minute}/min` });
  const switches = JSON.stringify({ limits: '15/s,500/min', throttle_style: '429' });
  await fetch(`${stage.simulator.base}/admin/switches`, { method: 'POST', body: switches });
  await queue.pause(); // so that both begin at once
  await queue.addBulk(Array.from({ length: 100 }, (_, i) => (
    { name: 'collect-domain', data: { domain: `c5-x${i}.test` }, opts: { attempts: 3 } })));
  await Promise.all([stage.startWorker(), startNode({ limiter: { max, duration } })]);
  await queue.resume();
  await ended(queue, 100);
  const done = await queue.getCompleted();
  assert.equal(done.length, 100);
  const byNode = done.filter(({ returnvalue }) => returnvalue.worker).length;
  assert.ok(byNode > 0 && byNode < 100, `Node did ${byNode}`);
  promised('jobs by Node, of a hundred', byNode, 50);
  // What was sent in time may reach a busy API late, and then at once with what was sent later.
  promised('requests beyond the pace', (await stage.simulator.stats()).limited, 0);
});

test('from generation 5 to 6 under one Gleaner, also with a paused queue', async (t) => {
  const { stage, queue, onClose } = await migration(t, 'bullmq5');
  await stage.startWorker();
  const add = async (client, jobId) => (
    client.add('collect-domain', { domain: `c5-${jobId}.test` }, { jobId }));
  await queue.upsertJobScheduler('often', { every: 1000 },
    { name: 'collect-domain', data: { domain: 'c5-often.test' } });
  await add(queue, 'a');
  await stage.ended('a');
  await queue.pause();
  await add(queue, 'b');
  const newer = await openedBy('bullmq6', stage);
  onClose(async () => newer.close());
  await add(newer, 'c');
  assert.equal((await gleaner(['queue', 'resume'], { redis: stage.redis })).code, 0);
  await add(queue, 'd');
  for (const id of 'abcd') assert.equal(await (await stage.ended(id)).getState(), 'completed');
  assert.deepEqual((await newer.getJobSchedulers()).map(({ key }) => key), ['often']);
  const since = Date.now();
  await until('jobs of the schedule', async () => (await newer.getCompleted())
    .filter(({ data, finishedOn }) => data.domain === 'c5-often.test' && finishedOn > since).length >= 2);
  assert.equal(await newer.getFailedCount(), 0);
});
