// What SIGTERM puts in order: nothing is taken any more, and what is given back runs where a worker is left.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../system/processes.mjs';
import { seldomLooks } from '../system/settings.mjs';
import { eventsById, lastEvent } from '../system/stock_queue.mjs';
import { promised } from './figures.mjs';
import { Scene } from './scene.mjs';

let scene;
before(async () => (scene = await Scene.open({ gated: true, GLEANER_CONCURRENCY: 4, GLEANER_API__PAGES_PER_JOB: 1 })));
after(async () => scene?.close());

/// A worker whose requests pass the gate.
const gatedNode = (name, settings) => scene.node(name, { simulator: scene.gate, ...seldomLooks, ...settings });

/// How many workers wait for the queue's marker.
const waiting = async () => ((await scene.db.client('LIST')).match(/ flags=b .* cmd=bzpopmin /g) ?? []).length;

/// The names of a job's events, without those of its progress.
const stepsOf = (events) => events.map(({ event }) => event).filter((name) => name !== 'progress');

test('a worker with free places takes nothing after SIGTERM, whatever wakes it', { timeout: 300_000 }, async () => {
  const node = gatedNode('aa');
  await node.start();
  scene.gate.hold('c50-held');
  const held = [await scene.add('c50-held-a.test'), await scene.add('c50-held-b.test')];
  await scene.gate.holding(held.length);
  await until('a wait for more', async () => (await waiting()) === 1);
  node.signal('SIGTERM');
  await node.worker.program.line(/shutdown\.begin/);
  await until('the end of the wait', async () => (await waiting()) === 0);
  const end = await lastEvent(scene);
  const later = [];
  for (let count = 0; count < 8; count++) later.push(await scene.add(`c50-later-${count}.test`));
  scene.gate.release(); // each job that ends leaves a place
  assert.deepEqual(await node.worker.program.exit(), { code: 0, signal: null });
  const events = await eventsById(scene, end);
  for (const { id } of held) assert.deepEqual(stepsOf(events.get(id)), ['completed']);
  for (const { id } of later) assert.deepEqual(stepsOf(events.get(id)), ['added', 'waiting']);
  await node.start();
  await scene.allEnded();
  await node.worker.stop();
  await scene.oracle.report('drain_order', { refetches: 0 }, { taken_after_sigterm: 0, waiting: later.length });
});

test('a job that is given back is run by the worker that is left, from where it was', { timeout: 300_000 }, async () => {
  const leaving = gatedNode('bb', { GLEANER_SHUTDOWN_GRACE: '1s' });
  await leaving.start();
  scene.gate.hold('c250-given', 100);
  const { id } = await scene.add('c250-given-back.test', { attempts: 3 });
  await scene.gate.holding();
  await until('its first page', async () => (await scene.pagesKept(id)) === 1);
  const staying = scene.node('cc', seldomLooks);
  await staying.start();
  await until('a second worker that waits', async () => (await waiting()) === 2);
  const begin = await lastEvent(scene);
  const { code, signal } = await leaving.worker.stop();
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  await scene.ended(id);
  const events = (await eventsById(scene, begin)).get(id);
  assert.deepEqual(stepsOf(events), ['waiting', 'active', 'completed'], 'given back, not found as stalled');
  const pages = (await staying.ownCalls()).map(({ offset }) => offset ?? 0);
  assert.deepEqual(pages, [100, 200], 'the pages that were missing');
  const [back, taken] = ['waiting', 'active'].map((name) => events.find(({ event }) => event === name).at);
  promised('ms until a job that was given back runs elsewhere', taken - back, 2000);
  scene.gate.release();
  await staying.worker.stop();
  await scene.oracle.report('drain_order', { refetches: 0 }, { given_back: 1 });
});
