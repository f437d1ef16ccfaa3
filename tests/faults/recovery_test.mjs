// How soon the jobs of a killed worker run again.
import { after, before, test } from 'node:test';
import { until } from '../system/processes.mjs';
import { promised, size } from './figures.mjs';
import { Scene } from './scene.mjs';

const rounds = size(3, 20);
const jobs = 4;
const sameNodeMs = 5000;
// A dead node's jobs: its lock, then two looks; the rest is for a busy machine.
const short = { lockMs: 2000, checkMs: 1000, slackMs: 4000 };
const shortLocks = {
  GLEANER_QUEUE__LOCK_DURATION: `${short.lockMs}ms`, GLEANER_QUEUE__STALLED_INTERVAL: `${short.checkMs}ms`,
};
let scene;
let added = 0;

before(async () => (scene = await Scene.open({ delayMs: 100, GLEANER_API__PAGES_PER_JOB: 1 })));
after(async () => scene?.close());

/// Jobs that `node` is working on, a page of each in the ledger and many to come.
async function underWay() {
  await scene.pace(100);
  const ids = [];
  for (let count = 0; count < jobs; count++) {
    ids.push((await scene.oracle.add(`c6000-r${added++}.test`, { attempts: 3 })).id);
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
  });
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

test("a dead worker's jobs run elsewhere after its lock and two looks", {
  timeout: size(380, 600) * 1000,
}, async () => {
  let slowest = 0;
  await scene.db.del(scene.key('stalled-check')); // the 30 s of the workers before
  for (let round = 0; round < rounds; round++) {
    const dead = scene.node('cc', shortLocks);
    dead.machine = round;
    await dead.start();
    const ids = await underWay();
    const other = scene.node('dd', shortLocks);
    await other.start();
    await dead.kill();
    slowest = Math.max(slowest, await runningAgain(other, ids, Date.now()));
    await scene.allEnded();
    await other.worker.stop();
  }
  await scene.oracle.report('recovery_other_node', {}, { rounds, slowest_ms: slowest });
  promised('ms until they run elsewhere', slowest, short.lockMs + 2 * short.checkMs + short.slackMs);
});
