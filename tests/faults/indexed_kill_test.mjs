// kill -9 at every single call that leaves a trace: a worker from its start over one job of three pages to
// its end, killed at call 1, 2, 3 ..., before the call or when half of it is done.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runDoomed } from './doomed.mjs';
import { Chance, size, soak } from './figures.mjs';
import { Scene } from './scene.mjs';

const some = 100; // points of the short form
const rounds = size(1, 3); // threads take turns differently
const parallel = 2; // pages of a job that may be on their way at once
const kinds = ['open', 'write', 'fsync', 'rename', 'send', 'close'];
let scene;
let node;

before(async () => {
  scene = await Scene.open({ delayMs: 1, tempLife: 0, GLEANER_API__PAGES_PER_JOB: parallel });
  node = scene.node('aa');
});
after(async () => scene?.close());

const finished = (id) => async () => scene.db.hexists(scene.key(id), 'finishedOn');

/// How often the pages of a domain were served beyond the first time.
async function refetched(domain) {
  const served = (await scene.calls.since(0)).filter((call) => call.domain === domain);
  return served.length - new Set(served.map(({ offset }) => offset)).size;
}

/// Kills at one point, starts again, and looks at what that cost: the name of the call, if it was reached.
async function point(at, halfway, round) {
  const domain = `c250-at${at}-${halfway ? 'half' : 'before'}${round}.test`;
  const { id } = await scene.add(domain, { attempts: 3 });
  const { killed, calls } = await runDoomed(node, { at, halfway, over: finished(id) });
  if (!killed) return undefined;
  const open = (await node.unacknowledged()).length;
  scene.oracle.killed(open);
  await node.start();
  await scene.ended(id);
  await node.worker.kill(); // it has nothing left to do, and a gentle end takes its time
  const again = await refetched(domain);
  const where = `killed at call ${at} (${calls.at(-1)}${halfway ? ', halfway' : ''})`;
  assert.ok(open <= parallel, `${where}: ${open} pages were not acknowledged`);
  assert.ok(again <= open, `${where}: ${again} pages fetched again, ${open} were in flight`);
  const left = scene.store.files().filter((name) => !name.endsWith('.json'));
  assert.deepEqual(left, [], where);
  return calls.at(-1);
}

test('a kill at any call leaves a job that ends well', { timeout: size(390, 3600) * 1000 }, async () => {
  const chance = new Chance();
  const { id } = await scene.add('c250-counted.test', { attempts: 3 });
  const whole = await runDoomed(node, { at: 0, over: finished(id) });
  assert.deepEqual(kinds.filter((kind) => !whole.calls.includes(kind)), [], 'kinds of calls never seen');
  const all = whole.calls.flatMap((_, index) => [[index + 1, false], [index + 1, true]]);
  const hit = {};
  for (let round = 0; round < rounds; round++) {
    for (const [at, halfway] of soak ? all : chance.sample(all, some)) {
      const kind = await point(at, halfway, round);
      if (kind) hit[kind] = (hit[kind] ?? 0) + 1;
    }
  }
  await scene.oracle.report('indexed_kill', {}, {
    seed: chance.seed, calls: whole.calls.length, points: Object.values(hit).reduce((a, b) => a + b, 0), ...hit,
  });
});
