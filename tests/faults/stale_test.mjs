// A worker that was stopped until its job became another's, and is then woken: it changes nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../system/processes.mjs';
import { Chance, size } from './figures.mjs';
import { Scene } from './scene.mjs';
import { stateOf } from './job_state.mjs';

const runs = size(20, 200);
const pages = 12;
const parallel = 2; // of them on their way at once
let scene;

before(async () => (scene = await Scene.open({
  delayMs: 30, GLEANER_API__PAGES_PER_JOB: parallel, GLEANER_CONCURRENCY: 1,
})));
after(async () => scene?.close());

async function askedFor(node, domain, atLeast) {
  return until(`${atLeast} pages asked for by ${node.name}`, async () => (
    (await node.ownCalls()).filter((call) => call.domain === domain).length >= atLeast));
}

/// Lets `stale` begin the job and stops it in the middle of it.
async function beginAndStop(stale, domain, chance) {
  const { id } = await scene.add(domain, { attempts: 3 });
  await askedFor(stale, domain, chance.between(1, pages - 4));
  await stale.halt();
  const open = (await stale.unacknowledged()).length;
  assert.ok(open <= parallel, `${open} pages were not acknowledged when it was stopped`);
  scene.oracle.killed(open);
  return id;
}

/// `other` takes the job over and runs it to some page, or to its end; it is stopped there.
async function takeOver(other, id, domain, chance) {
  await scene.db.del(scene.key('stalled-check')); // the stopped one has kept all from looking for an hour
  await other.start();
  await askedFor(other, domain, 1);
  if (chance.between(0, 1)) return scene.ended(id);
  await until('pages', async () => (await other.ownCalls()).length >= chance.between(1, 3)
    || scene.db.hexists(scene.key(id), 'finishedOn'));
  return other.halt();
}

/// Wakes the stale worker until it has let go of the job: the calls it made, before and after it knew.
async function wake(stale, domain) {
  const first = await scene.calls.next();
  const lines = stale.worker.program.lines.length;
  const calls = async () => (await scene.calls.since(first))
    .filter((call) => call.domain === domain && stale.key.endsWith(call.key.slice(-2))).length;
  stale.signal('SIGCONT');
  await until('the end of its hold on the job', () => (
    stale.worker.program.lines.slice(lines).some((line) => line.includes('job.lock_lost'))));
  const before = await calls();
  return { before, after: async () => await calls() - before };
}

async function run(stale, index, chance) {
  const domain = `c${pages * 100}-s${index}.test`;
  const id = await beginAndStop(stale, domain, chance);
  // Its own lock is long, so that it may be stopped for a while as well.
  const other = scene.node('bb', {
    GLEANER_QUEUE__LOCK_DURATION: '20s', GLEANER_QUEUE__STALLED_INTERVAL: '300ms',
  });
  await takeOver(other, id, domain, chance);
  const left = await stateOf(scene, id, domain);
  const calls = await wake(stale, domain);
  const found = await stateOf(scene, id, domain);
  other.signal('SIGCONT');
  await scene.ended(id);
  const after = await calls.after();
  await other.worker.stop();
  const changed = Object.keys(left).filter((part) => left[part] !== found[part]);
  return { changed, before: calls.before, after };
}

test(`woken ${runs} times, a stale worker changes nothing`, { timeout: size(380, 1800) * 1000 }, async () => {
  const chance = new Chance();
  const stale = scene.node('aa', {
    GLEANER_QUEUE__LOCK_DURATION: '2s', GLEANER_QUEUE__STALLED_INTERVAL: '1h',
  });
  await stale.start();
  const sum = { changed: [], before: 0, after: 0 };
  for (let index = 0; index < runs; index++) {
    const { changed, before: early, after: late } = await run(stale, index, chance);
    sum.changed.push(...changed);
    sum.before += early;
    sum.after += late;
  }
  // A request that was given to the socket's thread before the stop goes out when it wakes.
  await scene.oracle.report('stale', { refetches: scene.oracle.inFlight + sum.before }, {
    seed: chance.seed, runs, fields_changed: sum.changed.length, calls_before_check: sum.before,
    calls_after_check: sum.after,
  });
  assert.deepEqual(sum.changed, []);
  assert.equal(sum.after, 0, 'calls after it knew that the job is not its own');
});
