// The store's disk fails at every single call of a save. No file is torn, the jobs wait without using an
// attempt, and go on by themselves.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { binary } from '../system/harness.mjs';
import { until } from '../system/processes.mjs';
import { promised, size, soak } from './figures.mjs';
import { Scene } from './scene.mjs';

const { ENOSPC, EDQUOT, EIO, EROFS, EMFILE } = constants.errno;
const resumeMs = 30_000;
const atOnce = 18; // workers, each with its own failure
const opts = { attempts: 3, backoff: { type: 'fixed', delay: 100 } };
let scene;
let made = 0;

before(async () => (scene = await Scene.open({ delayMs: 300, tempLife: 0, GLEANER_CONCURRENCY: 1 })));
after(async () => scene?.close());

/// A worker whose calls on the store can be told to fail.
class FailingNode {
  static async start(name) {
    const failing = new this();
    failing.order = join(scene.folder, `order-${name}`);
    failing.report = join(scene.folder, `report-${name}`);
    failing.node = scene.node(name, {
      LD_PRELOAD: binary('fail_store.so'),
      GLEANER_FAIL_FOLDER: join(scene.folder, 'collections'),
      GLEANER_FAIL_ORDER: failing.order,
      GLEANER_FAIL_REPORT: failing.report,
    });
    const worker = await failing.node.start();
    // It has looked through the folder by then; from here on only saves come.
    await until('the free space', async () => /^gleaner_storage_free_bytes\{.*\} [1-9]/m
      .test(await worker.get('/metrics').then((answer) => answer.text()).catch(() => ''))); // many start at once
    return failing;
  }

  /// From its next call on the store on: calls `first` and the `times - 1` after it fail.
  arm({ first, times, errno }) {
    rmSync(this.report, { force: true });
    writeFileSync(`${this.order}.new`, `${first} ${times} ${errno}`);
    renameSync(`${this.order}.new`, this.order);
  }

  /// The calls since the order was taken, in their order.
  calls() {
    return existsSync(this.report) ? readFileSync(this.report, 'utf8').trim().split('\n') : [];
  }

  failed() {
    return this.calls().filter((call) => call.endsWith('failed'));
  }
}

/// A job of two pages.
async function addJob() {
  return scene.add(`c150-d${made++}.test`, opts);
}

/// Failed operations of all nodes by their kind.
async function countedFailures(nodes) {
  const counted = {};
  for (const { node } of nodes) {
    const text = await (await node.worker.get('/metrics')).text();
    for (const [, op, count] of text.matchAll(/^gleaner_storage_errors_total\{.*op="(\w+)".*\} (\d+)$/gm)) {
      counted[op] = (counted[op] ?? 0) + Number(count);
    }
  }
  return counted;
}

/// Adds jobs until each node has met its failure and all jobs have ended: ms from the last failure on.
async function meetFailures(nodes, cases) {
  nodes.forEach((failing, index) => failing.arm(cases[index]));
  const unmet = () => nodes.filter((failing) => failing.failed().length === 0);
  const jobs = [];
  while (unmet().length) {
    const { waiting, active } = await scene.counts();
    if (waiting + active < nodes.length) jobs.push(await addJob());
    await until('a failure or room', async () => unmet().length === 0
      || (await scene.counts()).waiting === 0);
  }
  const met = Date.now();
  for (const { id } of jobs) await scene.ended(id);
  return Date.now() - met;
}

/// The calls on the store of one job's save.
async function callsOfSave(failing) {
  failing.arm({ first: 0, times: 0, errno: 0 });
  const { id } = await addJob();
  await scene.ended(id);
  await until('a look at the free space', () => failing.calls().at(-1) === 'open' && failing.calls().includes('rename'));
  return failing.calls();
}

test('whichever call of a save fails, the job waits and goes on by itself', { timeout: size(380, 1800) * 1000 }, async () => {
  const nodes = [await FailingNode.start('n0')];
  const calls = await callsOfSave(nodes[0]);
  assert.deepEqual(['create', 'fchmod', 'write', 'fsync', 'rename', 'open'].filter((name) => !calls.includes(name)), []);
  const errors = soak ? [ENOSPC, EDQUOT, EIO, EROFS, EMFILE] : [ENOSPC, EIO];
  const cases = errors.flatMap((errno) => size([1], [1, 2, 5])
    .flatMap((times) => calls.map((_, index) => ({ first: index + 1, times, errno }))));
  // A file that can't be written anew either.
  cases.push(...['write', 'fsync'].map((name) => ({ first: calls.indexOf(name) + 1, times: 20, errno: EIO })));
  nodes.push(...await Promise.all(Array.from(
    { length: Math.min(atOnce, cases.length) - 1 }, async (_, index) => FailingNode.start(`n${index + 1}`))));
  let slowest = 0;
  for (let begin = 0; begin < cases.length; begin += atOnce) {
    const batch = cases.slice(begin, begin + atOnce);
    slowest = Math.max(slowest, await meetFailures(nodes.slice(0, batch.length), batch));
  }
  const counted = await countedFailures(nodes);
  assert.equal(counted.read, 0);
  for (const op of ['folder', 'write', 'fsync', 'rename']) {
    assert.ok(counted[op] >= errors.length, `${counted[op]} failures of ${op} are counted`);
  }
  await Promise.all(nodes.map(async ({ node }) => node.worker.stop()));
  await scene.oracle.report('disk_calls', {}, { calls: calls.length, points: cases.length, slowest_ms: slowest });
  promised('ms to go on', slowest, resumeMs);
});
