// One job of 200 pages whose worker is killed again and again, at calls taken at random: it goes on with
// the very pages that its ledger lacks.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runDoomed } from './doomed.mjs';
import { Chance, size } from './figures.mjs';
import { Scene } from './scene.mjs';

const rounds = size(1, 10);
const pages = 200;
let scene;
let node;

before(async () => {
  scene = await Scene.open({ delayMs: 2, tempLife: 0, GLEANER_API__MAX_COLLECT: pages * 100 });
  node = scene.node('aa');
});
after(async () => scene?.close());

/// Offsets that this process asked for.
async function asked() {
  return (await node.ownCalls()).map(({ offset }) => offset ?? 0);
}

/// Kills the worker at random calls until the job is through; the kills that found pages in the ledger.
async function killOften(id, chance) {
  let resumed = 0;
  for (let kept = new Set(); ;) {
    // A start makes some 60 calls before its first page, and then two or three a page.
    const { killed } = await runDoomed(node, {
      at: chance.between(80, 120), halfway: chance.between(0, 1) === 1,
      over: async () => scene.db.hexists(scene.key(id), 'finishedOn'),
    });
    const again = (await asked()).filter((offset) => kept.has(offset));
    assert.deepEqual(again, [], 'pages of the ledger asked for again');
    if (!killed) return resumed;
    scene.oracle.killed((await node.unacknowledged()).length);
    kept = await node.acknowledgedOf(id) ?? new Set();
    resumed += kept.size > 0 ? 1 : 0;
  }
}

test('a job of 200 pages goes on where its ledger ends, whenever its worker dies', {
  timeout: size(380, 900) * 1000,
}, async () => {
  const chance = new Chance();
  let resumed = 0;
  for (let round = 0; round < rounds; round++) {
    const { id } = await scene.add(`c${pages * 100}-p${round}.test`, { attempts: 3 });
    resumed += await killOften(id, chance);
  }
  await node.start();
  await scene.allEnded();
  await scene.oracle.report('checkpoint', {}, { seed: chance.seed, resumed });
  assert.ok(resumed > 0, 'no kill found a page in the ledger: the test shows nothing');
});
