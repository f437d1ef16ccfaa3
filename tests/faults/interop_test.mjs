// Gleaner and stock Node workers of both generations on one queue, each killed at random: nobody sees
// anything odd of the others.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startNodeWorker } from '../conformance/node_program.mjs';
import { Chance, size } from './figures.mjs';
import { keysOf } from './queue_places.mjs';
import { Scene } from './scene.mjs';

const kills = size(30, 200);
const jobsPerKill = 10;
const libraries = ['bullmq5', 'bullmq6'];
// Many kills hit jobs that Node workers run without keeping a page: they must not count as poison.
const nodeOptions = { concurrency: 4, lockDuration: 1000, stalledInterval: 500, maxStalledCount: 1000 };
const settings = {
  GLEANER_CONCURRENCY: 4, GLEANER_QUEUE__LOCK_DURATION: '1s', GLEANER_QUEUE__STALLED_INTERVAL: '500ms',
  GLEANER_QUEUE__MAX_STALLED_COUNT: 1000,
};
// All that BullMQ 5 and 6 make of a queue, and Gleaner's last look for stalled jobs.
const known = new RegExp('^bull:domain-collection:(\\d+|id|meta|events|marker|active|wait|completed|stalled'
  + '|stalled-check|stalled-look|pc|metrics:(completed|failed)(:data)?)$');
let scene;

before(async () => (scene = await Scene.open({ delayMs: 15, ...settings })));
after(async () => scene?.close());

/// A Node worker with what the test asks of a Node: start(), kill(), stop().
function stockWorker(library) {
  const worker = {};
  worker.start = async () => {
    worker.program = await startNodeWorker({
      library, port: scene.redis.port, queue: 'domain-collection', simulator: scene.simulator.url,
      options: nodeOptions,
    });
  };
  worker.kill = async () => worker.program.stop('SIGKILL');
  worker.stop = async () => worker.program.stop();
  return worker;
}

async function addSome(chance) {
  for (let count = 0; count < jobsPerKill; count++) {
    const domain = `c${chance.between(1, 300)}-m${scene.oracle.jobs.size}.test`;
    await scene.add(domain, { attempts: 3, backoff: { type: 'exponential', delay: 100 } });
  }
}

/// The ids that Node workers completed: they sign what they return.
async function doneByNode() {
  const ids = [...scene.oracle.jobs.keys()];
  const values = await Promise.all(ids.map(async (id) => scene.db.hget(scene.key(id), 'returnvalue')));
  return ids.filter((_, index) => values[index]?.includes('"worker"'));
}

test(`${kills} kills among Gleaner and Node workers lose nothing`, { timeout: size(380, 1200) * 1000 }, async () => {
  const chance = new Chance();
  const gleaner = scene.node('aa');
  gleaner.stop = async () => gleaner.worker.stop();
  const workers = [gleaner, ...libraries.map(stockWorker)];
  for (const worker of workers) await worker.start();
  for (let count = 0; count < kills; count++) {
    await addSome(chance);
    await sleep(chance.between(20, 300)); // the moment is what is being tested
    const victim = chance.pick(workers);
    await victim.kill();
    await victim.start();
  }
  await scene.allEnded();
  for (const worker of workers) await worker.stop();
  const foreign = await doneByNode();
  // Node workers keep no pages, so what was killed under them is fetched again.
  await scene.oracle.report('interop', { foreign, refetches: Infinity }, {
    seed: chance.seed, all_kills: kills, by_node: foreign.length,
  });
  assert.ok(foreign.length > 0 && foreign.length < scene.oracle.jobs.size, 'the work was not shared');
  const odd = (await keysOf(scene.db, '*')).filter((key) => !known.test(key)
    && !foreign.some((id) => key === scene.key(`${id}:ledger`)));
  assert.deepEqual(odd, [], 'keys that BullMQ does not know');
});
