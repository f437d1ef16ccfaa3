// Workers that end, gently or not, in the middle of their work.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { domains } from './domains.mjs';
import { linesOf } from '../faults/worker_log.mjs';
import { patience, until } from './processes.mjs';
import { promised } from './promised.mjs';
import { shortLocks } from './settings.mjs';
import { Stage } from './stage.mjs';

const graceMs = 25_000;
let stage;

before(async () => (stage = await Stage.open({ worker: false, gated: true, ...shortLocks })));
after(async () => stage?.close());
beforeEach(async () => stage.db.flushall());

async function addMany(count, domainOf) {
  const added = await stage.queue.addBulk(Array.from({ length: count }, (_, index) => ({
    name: 'collect-domain', data: { domain: domainOf(index) },
    opts: { attempts: 3, backoff: { type: 'exponential', delay: 2000 } },
  })));
  return added.map((job) => job.id);
}

/// Jobs of which the first `quick` are done at once and the others stay at work until the gate is opened.
async function addHeld(count, quick) {
  stage.gate.hold('c250-held');
  return addMany(count, (index) => `c250-${index < quick ? 'quick' : 'held'}-x${index}.test`);
}

/// In the middle: the quick jobs are done, some are running, some wait.
async function midway(quick) {
  await until('a run in its middle', async () => {
    const { completed, active, waiting } = await stage.counts();
    return completed === quick && active > 0 && waiting > 0;
  });
}

async function everyJobCompleted(ids) {
  await until('the end of all jobs', async () => {
    const { completed, failed } = await stage.counts();
    return completed + failed >= ids.length;
  }, 2 * patience);
  const { completed, failed, active, waiting, delayed } = await stage.counts();
  assert.deepEqual({ completed, failed, active, waiting, delayed },
    { completed: ids.length, failed: 0, active: 0, waiting: 0, delayed: 0 });
}

test('kill -9 in the middle of a run and a restart complete every job', { timeout: 300_000 }, async () => {
  const ids = await addHeld(120, 20);
  await stage.startWorker();
  for (let kills = 1; kills <= 2; kills++) {
    await midway(20);
    await stage.worker.kill();
    await stage.startWorker({ GLEANER_QUEUE__MAX_STALLED_COUNT: 5 });
  }
  await midway(20);
  stage.gate.release();
  await everyJobCompleted(ids);
  assert.ok(stage.store.files().every((name) => name.endsWith('.json')), String(stage.store.files()));
  for (const id of ids.slice(0, 20)) {
    const job = await stage.queue.getJob(id);
    assert.equal(stage.store.load(job.data.domain).items.length, job.returnvalue.itemsCollected);
  }
  await stage.worker.stop();
});

test('SIGTERM drains: exit 0, nothing active or locked, no attempt lost', { timeout: 300_000 }, async () => {
  const ids = await addHeld(80, 3);
  await stage.startWorker();
  await midway(3);
  const { active } = await stage.counts();
  await stage.gate.holding(active); // the worker knows of all: what it hears of later it puts back
  const asked = Date.now();
  stage.worker.program.kill('SIGTERM');
  await until('the begin of the end', () => linesOf(stage.worker.program).some(({ code }) => code === 'shutdown.begin'));
  stage.gate.release();
  const { code, signal } = await stage.worker.program.exit();
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  promised('ms to the end', Date.now() - asked, graceMs + 1000);

  assert.equal(await stage.db.llen(stage.key('active')), 0);
  assert.deepEqual((await stage.db.keys(stage.key('*:lock'))), []);
  const { completed, waiting, failed } = await stage.counts();
  assert.equal(completed, 3 + active, 'what was at hand was finished, and the rest left for the next worker');
  assert.deepEqual({ failed, all: completed + waiting }, { failed: 0, all: ids.length });
  for (const id of await stage.db.lrange(stage.key('wait'), 0, -1)) {
    assert.equal(await stage.db.hget(stage.key(id), 'atm') ?? '0', '0', `attempts of job ${id}`);
  }

  await stage.startWorker();
  await everyJobCompleted(ids);
  await stage.worker.stop();
});

test('SIGINT drains like SIGTERM', { timeout: 300_000 }, async () => {
  await addMany(20, (index) => domains.slow(2000 + index));
  await stage.startWorker();
  await until('running jobs', async () => (await stage.counts()).active > 0);
  const { code } = await stage.worker.stop('SIGINT');
  assert.equal(code, 0);
  assert.equal(await stage.db.llen(stage.key('active')), 0);
});

// The API holds a page back, so that the drain, whose grace is 25 s, has not come to its end.
for (const [name, expected] of [['SIGINT', 130], ['SIGTERM', 143]]) {
  test(`a second ${name} ends a worker that drains at once with ${expected}`, { timeout: 300_000 }, async () => {
    const [id] = await addHeld(1, 0);
    await stage.startWorker();
    await stage.gate.holding();
    stage.worker.program.kill(name);
    await stage.worker.program.line(/shutdown\.begin/);
    const { code, signal } = await stage.worker.stop(name);
    assert.deepEqual({ code, signal }, { code: expected, signal: null });
    assert.ok(!linesOf(stage.worker.program).some((line) => line.code === 'shutdown.end'));
    assert.deepEqual(await stage.db.lrange(stage.key('active'), 0, -1), [id], 'the job is left to the stalled check');
    stage.gate.release();
  });
}
