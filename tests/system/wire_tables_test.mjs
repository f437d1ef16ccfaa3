// The tables of WIRE.md against a queue on which everything happens: what lies in Redis stands in
// them, and what stands in them is seen to lie in Redis.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { until } from './processes.mjs';
import { hour, page, WireScene } from './wire_scene.mjs';

const base = 'bull:domain-collection:';
const seen = { types: new Map(), fields: new Set(), events: new Map() };
let scene;

/// Rows of the table of keys: {names, type, matches(key)}.
const keyRows = page.rows('Keys').map(([first, type]) => {
  const names = [...first.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
  return { names, type: { string: 'string', list: 'list', set: 'set', 'sorted set': 'zset', hash: 'hash',
    stream: 'stream' }[type] };
});
const pattern = (name) => new RegExp(`^${name.split(/<[a-z]+>/).join('.+')}$`);
const literal = keyRows.flatMap(({ names }) => names).filter((name) => !name.includes('<'));

/// The name in the table that fits best: a literal one, else the longest. Ids of jobs that schedules
/// make begin like keys of schedules.
function nameOf(full) {
  const key = full.replace(/^repeat:[^:]+:\d{13}/, '1');
  if (literal.includes(key)) return key;
  return keyRows.flatMap(({ names }) => names).filter((name) => name.includes('<') && pattern(name).test(key))
    .filter((name) => name !== '<id>' || !/:(lock|logs|ledger|dependencies|processed|failed|unsuccessful)$/.test(key))
    .sort((a, b) => b.length - a.length)[0];
}

/// Looks at all keys of the queue, and at the fields of its jobs.
async function look() {
  const [, keys] = await scene.db.scan(0, 'MATCH', `${base}*`, 'COUNT', 10_000);
  for (const key of keys) {
    const short = key.slice(base.length);
    const type = await scene.db.type(key);
    if (type === 'none') continue;
    const name = nameOf(short) ?? `(not in the table) ${short}`;
    seen.types.set(name, type);
    if (name === '<id>') for (const field of await scene.db.hkeys(key)) seen.fields.add(field);
    if (name === 'meta') for (const field of await scene.db.hkeys(key)) seen.fields.add(`meta ${field}`);
  }
}

/// Looks again and again until the promise is settled.
async function watching(work) {
  let over = false;
  const looking = (async () => { while (!over) await look(); })();
  await work.finally(() => (over = true));
  await looking;
}

async function readEvents() {
  for (const [, fields] of await scene.db.xrange(`${base}events`, '-', '+')) {
    const names = fields.filter((_, index) => index % 2 === 0);
    const event = fields[fields.indexOf('event') + 1];
    const known = seen.events.get(event) ?? new Set();
    for (const name of names) known.add(name);
    seen.events.set(event, known);
  }
}

const collect = 'collect-domain';
const here = { name: collect, queueName: 'domain-collection' };

async function flows() {
  const data = { domain: domains.contacts5 };
  const bad = { domain: 'no domain' };
  for (const [childData, opts] of [[data, {}], [bad, { failParentOnFailure: true }],
    [bad, { ignoreDependencyOnFailure: true }]]) {
    const { job } = await scene.flows.add({ ...here, data, children: [{ ...here, data: childData, opts }] });
    await scene.ended(job.id);
  }
}

async function duplicates() {
  const data = { domain: domains.contacts5 };
  const deduplication = { id: 'twice' };
  const owner = await scene.queue.add(collect, data, { delay: hour, deduplication });
  await scene.queue.add(collect, data, { deduplication });
  await scene.queue5.add(collect, data, { deduplication });
  await owner.remove();
  for (let i = 0; i < 2; i++) await scene.queue.add(collect, data, { jobId: 'own-id', delay: hour });
  const last = { deduplication: { id: 'last', keepLastIfActive: true } };
  const first = await scene.addHeld(last);
  await scene.add(domains.contacts5, last);
  await look();
  scene.gate.release();
  await scene.ended(first.id);
}

async function pauses() {
  await scene.queue.setGlobalConcurrency(100);
  await scene.queue.setGlobalRateLimit(1000, 60_000);
  await scene.queue5.pause();
  const waiting = [await scene.queue5.add(collect, { domain: domains.contacts5 })];
  for (let i = 1; i < 4; i++) waiting.push(await scene.add(domains.contacts5, { priority: i }));
  await look();
  await scene.queue.resume();
  for (const { id } of waiting) await scene.ended(id);
}

async function everything() {
  await scene.collect('fail-once.test', { attempts: 2, backoff: { type: 'fixed', delay: 50 } });
  await (await scene.collect(domains.forbidden)).log('a row');
  await flows();
  await duplicates();
  await pauses();
  await scene.queue.upsertJobScheduler('often', { every: 1000 }, { name: collect, data: { domain: domains.contacts5 } });
  await until('its second job', async () => (await scene.db.hget(`${base}repeat:often`, 'ic')) >= 2);
  await look();
  await scene.queue.removeJobScheduler('often');
  for (const outcome of ['completed', 'failed']) { // as if it had been collecting for minutes
    await scene.db.hset(`${base}metrics:${outcome}`, 'prevTS', Date.now() - 120_000);
    await scene.collect(outcome === 'completed' ? domains.contacts5 : domains.forbidden);
  }
  const lost = await scene.hold('c250-lost.test', {}, 100);
  await scene.worker.kill();
  await scene.startWorker();
  await until('what only a stalled job at work has', () => (
    ['stalled', '<id>:ledger'].every((name) => seen.types.has(name)) && seen.fields.has('stc')));
  scene.gate.release();
  await scene.ended(lost.id);
  await scene.queue.clean(0, 1000, 'delayed');
  await scene.worker.stop();
  await scene.startWorker({ GLEANER_API__FRESH_FOR: '1h' });
  await scene.collect('c5-claimed.test');
  await scene.worker.stop();
  await scene.flows.add({ ...here, data: {}, children: [{ ...here, data: {} }] });
  await look();
}

before(async () => {
  scene = await WireScene.open();
  await watching(everything());
  await readEvents();
});
after(async () => scene?.close());

test('the table of keys holds all keys with their types, and no others', () => {
  const types = new Map(keyRows.flatMap(({ names, type }) => names.map((name) => [name, type])));
  assert.deepEqual(Object.fromEntries([...seen.types].sort()), Object.fromEntries([...types].sort()));
});

test('the table of a job and the row of meta hold all fields, and no others', () => {
  // `defa` is left by a worker of BullMQ 6 that goes between two steps.
  const named = page.names('Job').filter((name) => name !== 'defa');
  const [, , holds] = page.rows('Keys').find(([first]) => first === '`meta`');
  const ofMeta = [...holds.matchAll(/`([^`]+)`/g)].map((match) => `meta ${match[1]}`);
  assert.deepEqual([...seen.fields].sort(), [...named, ...ofMeta].sort());
});

test('the table of events holds all events with their fields, and no others', () => {
  const rows = page.rows('Events').map(([first, fields]) => ({
    events: [...first.matchAll(/`([^`]+)`/g)].map((match) => match[1]),
    fields: new Set([...fields.matchAll(/`([^`]+)`/g)].map((match) => match[1])),
  }));
  assert.deepEqual([...seen.events.keys()].sort(), rows.flatMap(({ events }) => events).sort());
  for (const { events, fields } of rows) {
    const found = new Set(events.flatMap((event) => [...seen.events.get(event)]));
    for (const common of ['event', 'jobId']) found.delete(common);
    assert.deepEqual([...found].sort(), [...fields].sort(), events.join());
  }
});
