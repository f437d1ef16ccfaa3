// kill -9 at random moments, of two workers on one queue.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../system/processes.mjs';
import { Chance, size } from './figures.mjs';
import { Scene } from './scene.mjs';

const kills = size(250, 1000);
const most = { jobs: 2, pages: 2 }; // at once on a node; pages of a job under way
const waiting = 6; // jobs that are always there beside those that run
const settings = {
  GLEANER_CONCURRENCY: most.jobs,
  GLEANER_API__PAGES_PER_JOB: most.pages,
  GLEANER_API__MAX_FETCHERS: 4,
  // Long enough not to run out while this machine is busy; most jobs come back by their own node's restart.
  GLEANER_QUEUE__LOCK_DURATION: '10s',
  GLEANER_QUEUE__STALLED_INTERVAL: '1s',
};
const opts = { attempts: 3, backoff: { type: 'exponential', delay: 2000 } };
let scene;

before(async () => (scene = await Scene.open({ delayMs: 40, tempLife: 0, ...settings })));
after(async () => scene?.close());

/// Adds a job of 1 to 12 pages for each kill, and more when the workers would run dry.
async function feed(chance) {
  const { completed, failed } = await scene.counts();
  const open = scene.oracle.jobs.size - completed - failed;
  for (let add = Math.max(1, waiting - open); add > 0; add--) {
    const index = scene.oracle.jobs.size;
    await scene.add(`c${chance.between(1, 1200)}-k${index}.test`, opts);
  }
}

/// Starts a node and kills it when it has asked for pages for a while, until all kills are done. Now and
/// then what comes back is a new machine, so that the jobs of the dead one are found by their locks.
async function killing(node, chance, state) {
  while (state.left > 0) {
    state.left--;
    await node.start();
    await until('a page asked for', async () => (await node.ownCalls()).length > 0);
    await sleep(chance.between(20, 480)); // the moment is what is being tested
    await node.stopFairly();
    const open = await node.kill();
    state.most = Math.max(state.most, open.length);
    if (chance.between(1, 10) === 1) node.replace();
    await feed(chance);
  }
  await node.start();
}

test(`${kills} times kill -9 lose, double and tear nothing`, { timeout: size(390, 1500) * 1000 }, async () => {
  const chance = new Chance();
  const state = { left: kills, most: 0 };
  const begin = Date.now();
  await feed(chance);
  await Promise.all(['aa', 'bb'].map(async (name) => killing(scene.node(name), chance, state)));
  await scene.allEnded();
  const seconds = Math.round((Date.now() - begin) / 1000);
  await scene.oracle.report('kill', {}, { seed: chance.seed, seconds, most_in_flight: state.most });
  assert.ok(state.most <= most.jobs * most.pages, `${state.most} pages in flight at one kill`);
});
