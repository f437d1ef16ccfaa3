// A queue shared by Gleaner and Node workers of both generations, all of which are killed at times:
// 6.7.0 beside the version of the test.
import assert from 'node:assert/strict';
import { hasty } from '../system/settings.mjs';
import { packages } from '../system/harness.mjs';
import { temporaryFolder, until } from '../system/processes.mjs';
import { census } from './census.mjs';
import { startNodeWorker } from './node_program.mjs';
import { conforms } from './scene.mjs';

const libraries = { '5.28.2': 'bullmq5.28', '5.64.1': 'bullmq5' };
const jobCounts = { '5.28.2': 10_000, '5.64.1': 3000 };
const jobsBetweenKills = 380;
const locks = { lockDuration: 1000, stalledInterval: 500, maxStalledCount: 1000 };
// Kills must not fail a job: then the failures are a function of the data.
const ourLocks = {
  GLEANER_QUEUE__LOCK_DURATION: '1s',
  GLEANER_QUEUE__STALLED_INTERVAL: '500ms',
  GLEANER_QUEUE__MAX_STALLED_COUNT: '1000',
};

/// Numbers in [0, limit) that look random and are the same in every run.
function dice(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

// What a domain does to a worker, with the state and the attempts that its job ends with.
const kinds = [
  { domain: 'c5-slow15', state: 'completed', attempts: () => [1] },
  { domain: 'c5-slow15', state: 'completed', attempts: () => [1] },
  { domain: 'c5-slow60', state: 'completed', attempts: () => [1] },
  { domain: 'empty-slow15', state: 'completed', attempts: () => [1] },
  // The first request fails; it may have been that of a worker that was killed.
  { domain: 'c5-slow15-flaky1', state: 'completed', tries: 3, attempts: () => [1, 2] },
  // One domain: when only such jobs are left, the API must not seem to be in trouble.
  { domain: 'slow15-fail500', isOneDomain: true, state: 'failed', attempts: (tries) => [tries] },
  { domain: 'slow15-forbidden', state: 'failed', attempts: () => [1] },
];

/// Job `index` of the run: what to add and how it must end.
function plan(index, roll) {
  const kind = kinds[roll(kinds.length)];
  const tries = kind.tries ?? 1 + roll(3);
  const opts = { jobId: `job-${index}`, attempts: tries };
  const backoffs = [undefined, { type: 'fixed', delay: 50 }, { type: 'exponential', delay: 20 }];
  opts.backoff = backoffs[roll(3)];
  if (roll(4) === 0) opts.delay = 1 + roll(3000);
  if (roll(4) === 0) opts.priority = 1 + roll(9);
  if (roll(10) === 0) opts.lifo = true;
  const data = { domain: kind.isOneDomain ? `${kind.domain}.test` : `${kind.domain}-x${index}.test` };
  return { job: { name: 'collect-domain', data, opts }, state: kind.state, attempts: kind.attempts(tries) };
}

/// A worker that can be killed and started again: {name, program, start(), kill()}.
function restarting(name, launch) {
  const worker = { name, kills: 0 };
  worker.start = async () => { worker.program = await launch(); };
  worker.kill = async () => {
    worker.kills += 1;
    await worker.program.stop('SIGKILL');
  };
  return worker;
}

async function workersOf(scene) {
  const simulator = (await scene.simulator()).url;
  const folder = temporaryFolder();
  const node = (library) => restarting(library, async () => {
    const settings = {
      library, port: scene.port, queue: scene.name, simulator, options: { ...locks, concurrency: 8 },
    };
    return startNodeWorker(settings, (program) => scene.onClose(async () => program.stop('SIGKILL')));
  });
  const gleaner = restarting('gleaner', async () => (
    await scene.gleaner({ ...hasty, ...ourLocks, GLEANER_CONCURRENCY: 8, folder })).program);
  return [gleaner, node(libraries[scene.version]), node('bullmq6')];
}

/// Adds the jobs in bulks, in turn by a client of each generation.
async function addAll(scene, plans) {
  const { Queue } = packages('bullmq6');
  const newer = scene.open(new Queue(scene.name, { connection: scene.connection }));
  for (let first = 0; first < plans.length; first += 500) {
    const bulk = plans.slice(first, first + 500).map(({ job }) => job);
    await (first % 1000 ? newer : scene.queue).addBulk(bulk);
  }
}

async function finished(scene) {
  const counts = await Promise.all(['completed', 'failed'].map(async (set) => scene.redis.zcard(scene.key(set))));
  return counts[0] + counts[1];
}

/// Every job is where its data says, once, with its hash; nothing else is left.
async function checkEnd(scene, plans) {
  const { places, sizes, hashes, locks, stalled } = await census(scene, 'job-*');
  const wrong = [];
  for (const { job: { opts: { jobId }, data }, state, attempts } of plans) {
    const hash = hashes.get(jobId) ?? {};
    const found = { places: places.get(jobId), data: hash.data, atm: hash.atm };
    const right = found.places?.length === 1 && found.places[0] === state
      && found.data === JSON.stringify(data) && attempts.includes(Number(found.atm));
    if (!right) wrong.push({ jobId, domain: data.domain, state, attempts, ...found });
  }
  assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} jobs ended wrongly`);
  const failures = plans.filter(({ state }) => state === 'failed').length;
  const none = { wait: 0, paused: 0, active: 0, prioritized: 0, delayed: 0, 'waiting-children': 0 };
  assert.deepEqual(sizes, { ...none, completed: plans.length - failures, failed: failures });
  assert.equal(hashes.size, plans.length);
  assert.deepEqual({ locks, stalled }, { locks: [], stalled: [] });
  return [...hashes.values()];
}

/// The work was shared, and kills did hit running jobs.
function checkShares(hashes, workers) {
  const ends = hashes.map(({ returnvalue, failedReason }) => returnvalue || failedReason);
  const [gleaner, ...nodes] = workers;
  // The Node workers sign what they write.
  for (const node of nodes) node.share = ends.filter((end) => end.includes(node.name)).length;
  gleaner.share = nodes.reduce((rest, node) => rest - node.share, ends.length);
  for (const { name, share, kills } of workers) {
    assert.ok(share > 0, `${name} ended ${share} jobs`);
    assert.ok(kills > 0, `${name} was not killed`);
  }
  const kills = workers.reduce((sum, worker) => sum + worker.kills, 0);
  const stalls = hashes.filter(({ stc, stalledCounter }) => stc || stalledCounter).length;
  assert.ok(stalls >= kills, `${stalls} jobs ran again after ${kills} kills`);
}

conforms(76, async (scene) => {
  const roll = dice(76);
  const count = jobCounts[scene.version];
  const plans = Array.from({ length: count }, (_, index) => plan(index, roll));
  const workers = await workersOf(scene);
  await addAll(scene, plans);
  await Promise.all(workers.map(async (worker) => worker.start()));
  for (let due = jobsBetweenKills, kill = 0; due < count; due += jobsBetweenKills, kill++) {
    await until(`${due} finished jobs`, async () => (await finished(scene)) >= due);
    const worker = workers[kill < workers.length ? kill : roll(workers.length)];
    await worker.kill();
    await worker.start();
  }
  const all = until('the end of all jobs', async () => (await finished(scene)) >= count);
  await all.catch(() => {}); // what follows names the jobs that are missing
  checkShares(await checkEnd(scene, plans), workers);
  await all;
}, { timeout: 280_000 });
