// SIGTERM at random moments: nothing is paid twice, no attempt is used.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../system/processes.mjs';
import { eventsById, lastEvent } from '../system/stock_queue.mjs';
import { Chance, promised, size } from './figures.mjs';
import { Scene } from './scene.mjs';

const drains = size(20, 100);
const graceMs = 1000;
const atOnce = 4;
const ahead = 24; // so many that a worker which went on taking would have taken far more than it held
let scene;

before(async () => (scene = await Scene.open({
  delayMs: 50, tempLife: 0, GLEANER_SHUTDOWN_GRACE: `${graceMs}ms`, GLEANER_CONCURRENCY: atOnce,
  GLEANER_API__PAGES_PER_JOB: 2,
})));
after(async () => scene?.close());

/// Keeps jobs ahead: short ones, and some of 40 pages that outlast the grace.
async function feed(chance) {
  const { completed, failed } = await scene.counts();
  for (let open = scene.oracle.jobs.size - completed - failed; open < ahead; open++) {
    const contacts = chance.between(1, 8) === 1 ? 4000 : chance.between(1, 200);
    await scene.add(`c${contacts}-d${scene.oracle.jobs.size}.test`, { attempts: 3 });
  }
}

/// How many jobs Redis gave to the worker after `end`, the last event when it had said that it ends. Their takes
/// were on the wire by then, one at most for each place, and the next that happens to such a job is its return.
async function takenOnTheWire(end) {
  let taken = 0;
  for (const [id, events] of await eventsById(scene, end)) {
    const names = events.map(({ event }) => event);
    const take = names.indexOf('active');
    if (take < 0) continue;
    assert.deepEqual(names.slice(take), ['active', 'waiting'], `job ${id}, taken after SIGTERM`);
    taken++;
  }
  assert.ok(taken <= atOnce, `${taken} jobs taken after SIGTERM: more than the worker has places`);
  return taken;
}

async function drain(node, state) {
  const asked = Date.now();
  node.signal('SIGTERM');
  await node.worker.program.line(/shutdown\.begin/);
  const end = await lastEvent(scene);
  const { code, signal } = await node.worker.program.exit();
  state.slowest = Math.max(state.slowest, Date.now() - asked);
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  state.late += await takenOnTheWire(end);
  assert.equal(await scene.db.llen(scene.key('active')), 0);
  for (const id of await scene.db.lrange(scene.key('wait'), 0, -1)) {
    const used = Number(await scene.db.hget(scene.key(id), 'atm') ?? 0);
    assert.equal(used, 0, `attempts of job ${id}`);
    state.returned += Number(await scene.db.exists(scene.key(`${id}:ledger`)));
  }
}

test(`${drains} times SIGTERM: no page twice, no attempt used, exit 0 in time`, {
  timeout: size(380, 1800) * 1000,
}, async () => {
  const chance = new Chance();
  const state = { slowest: 0, late: 0, returned: 0 };
  const node = scene.node('aa');
  for (let count = 0; count < drains; count++) {
    await feed(chance);
    await node.start();
    await until('a page asked for', async () => (await node.ownCalls()).length > 0);
    await sleep(chance.between(0, 400)); // the moment is what is being tested
    await drain(node, state);
  }
  await node.start();
  await scene.allEnded();
  await scene.oracle.report('drain', { refetches: 0 }, {
    seed: chance.seed, drains, returned_with_pages: state.returned, late_takes_returned: state.late,
    slowest_ms: state.slowest,
  });
  assert.ok(state.returned > 0, 'no job was put back in its middle: the test shows nothing');
  promised(`ms to the end, with a grace of ${graceMs}`, state.slowest, graceMs + 1000);
});
