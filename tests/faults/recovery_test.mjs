// How soon the jobs of a killed worker run again.
import { after, before, test } from 'node:test';
import { patience, until } from '../system/processes.mjs';
import { promised, size, soak } from './figures.mjs';
import { Scene } from './scene.mjs';

const rounds = size(3, 20);
const jobs = 4;
const sameNodeMs = 5000;
const takeMs = 1000; // from the look that finds a job to the request for its next page
// A dead node's jobs: its lock, then two looks.
const brisk = { lockMs: 2000, checkMs: 1000 };
const usual = { lockMs: 30_000, checkMs: 30_000 }; // the defaults
const elsewhereMs = ({ lockMs, checkMs }) => lockMs + 2 * checkMs;
const settingsOf = ({ lockMs, checkMs }) => ({
  GLEANER_QUEUE__LOCK_DURATION: `${lockMs}ms`, GLEANER_QUEUE__STALLED_INTERVAL: `${checkMs}ms`,
});
let scene;
let added = 0;

before(async () => (scene = await Scene.open({ delayMs: 100, GLEANER_API__PAGES_PER_JOB: 1 })));
after(async () => scene?.close());

/// Jobs that `node` is working on, a page of each in the ledger and many to come.
async function underWay() {
  await scene.pace(100);
  const ids = [];
  for (let count = 0; count < jobs; count++) {
    ids.push((await scene.add(`c6000-r${added++}.test`, { attempts: 3 })).id);
  }
  await until('a page of each job', async () => {
    const kept = await Promise.all(ids.map(async (id) => scene.pagesKept(id)));
    return kept.every((pages) => pages > 0);
  });
  return ids;
}

/// Waits until `node` asks for pages of all of them; ms since `begin`.
async function runningAgain(node, ids, begin) {
  const wanted = ids.map((id) => scene.oracle.jobs.get(id));
  await until('all jobs running again', async () => {
    const asked = new Set((await node.ownCalls()).map(({ domain }) => domain));
    return wanted.every((domain) => asked.has(domain));
  }, 2 * patience); // the locks of production take as long as one
  const took = Date.now() - begin;
  await scene.pace(0); // the rest shows nothing
  return took;
}

test('back on its machine, a worker has its jobs running again in 5 s, whatever the lock', {
  timeout: size(380, 600) * 1000,
}, async () => {
  const node = scene.node('aa'); // with the locks of production: 30 s
  let slowest = 0;
  for (let round = 0; round < rounds; round++) {
    await node.start();
    const ids = await underWay();
    await node.kill();
    const begin = Date.now();
    await node.start();
    slowest = Math.max(slowest, await runningAgain(node, ids, begin));
    await scene.allEnded();
    await node.worker.stop();
  }
  await scene.oracle.report('recovery_same_node', {}, { rounds, slowest_ms: slowest });
  promised('ms until they run again', slowest, sameNodeMs);
});

/// One worker dies for good, another is there: ms until that one works on all of the dead one's jobs.
async function takenOver(locks, machine) {
  await scene.db.del(scene.key('stalled-check')); // of workers with other looks
  const dead = scene.node('cc', settingsOf(locks));
  dead.machine = machine;
  await dead.start();
  const ids = await underWay();
  const other = scene.node('dd', settingsOf(locks));
  await other.start();
  const begin = Date.now();
  await dead.kill();
  const took = await runningAgain(other, ids, begin);
  await scene.allEnded();
  await other.worker.stop();
  return took;
}

test("a dead worker's jobs run elsewhere after its lock and two looks", {
  timeout: size(380, 600) * 1000,
}, async () => {
  let slowest = 0;
  for (let round = 0; round < rounds; round++) slowest = Math.max(slowest, await takenOver(brisk, round));
  await scene.oracle.report('recovery_other_node', {}, { rounds, slowest_ms: slowest });
  promised('ms until they run elsewhere', slowest, elsewhereMs(brisk) + takeMs);
});

test('so they do with the locks and looks of production', { timeout: 600_000, skip: !soak }, async () => {
  const took = await takenOver(usual, rounds);
  await scene.oracle.report('recovery_usual_locks', {}, { rounds: 1, slowest_ms: took });
  promised('ms until they run elsewhere', took, elsewhereMs(usual) + takeMs);
});
