// The oracle sees what it is there for: each kind of damage is planted, found by name, and undone.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findExcess } from './descriptors.mjs';
import { Scene } from './scene.mjs';
import { findBadEnds } from './worker_ends.mjs';

const good = 'c250-good.test';
const bad = 'forbidden.test';
let scene;
let id;
let failed;

before(async () => {
  scene = await Scene.open();
  await scene.node('aa').start();
  ({ id } = await scene.add(good));
  ({ id: failed } = await scene.add(bad));
  await scene.allEnded();
});
after(async () => scene?.close());

const check = async (options = {}) => scene.oracle.check({ failed: [failed], ...options });

/// The oracle complains while `damage` is there, and no longer when it has been undone.
async function finds(complaint, damage, undo) {
  await damage();
  await assert.rejects(check(), complaint);
  await undo();
  await check();
}

/// As above, of the good collection; `change` gets it parsed.
async function findsInFile(complaint, change) {
  const path = scene.store.path(good);
  const text = readFileSync(path, 'utf8');
  const collection = JSON.parse(text);
  change(collection);
  await finds(complaint, () => writeFileSync(path, JSON.stringify(collection)), () => writeFileSync(path, text));
}

test('nothing is wrong with what went well', async () => {
  const found = await check();
  assert.deepEqual(found, {
    kills: 0, jobs: 2, completed: 1, failed: 1, pages: 3, refetched: 0, in_flight: 0, lost: 0, duplicated: 0,
    torn: 0,
  });
});

test('a failure that nobody expected, and one that did not come', async () => {
  await assert.rejects(check({ failed: [] }), /job \d is in failed/);
  await assert.rejects(check({ failed: [failed, id] }), /job \d is in completed/);
});

test('jobs in no list, in two, unfinished, or without a hash', async () => {
  const { db } = scene;
  const [completed, wait] = ['completed', 'wait'].map((name) => scene.key(name));
  const score = await db.zscore(completed, id);
  await finds(/is in \[\]/, () => db.zrem(completed, id), () => db.zadd(completed, score, id));
  await finds(/is in \[wait,completed\]/, () => db.lpush(wait, id), () => db.del(wait));
  await finds(/wait has ghost/, () => db.lpush(wait, 'ghost'), () => db.del(wait));
  scene.oracle.accepted('ghost', 'ghost.test');
  scene.oracle.deleted('ghost');
  await finds(/job ghost was deleted and is in wait/, async () => {
    await db.hset(scene.key('ghost'), 'name', 'x');
    await db.lpush(wait, 'ghost');
  }, () => db.del(wait, scene.key('ghost')));
  scene.oracle.accepted('nobody', 'nobody.test');
  await assert.rejects(check(), /job nobody is in \[\]/);
  scene.oracle.jobs.delete('nobody');
});

test('collections that are gone, torn, of another job or not what the API serves', async () => {
  const path = scene.store.path(good);
  const text = readFileSync(path, 'utf8');
  const restore = () => writeFileSync(path, text);
  await finds(/has no file/, () => rmSync(path), restore);
  await finds(/is no JSON/, () => writeFileSync(path, text.slice(0, -100)), restore);
  await findsInFile(/249 items/, ({ items }) => items.pop());
  await findsInFile(/not the 250/, ({ items }) => items.splice(1, 1, items[0]));
  await findsInFile(/not the 250/, ({ items }) => { items[7].confidence = 0; });
  await findsInFile(/is of job 77/, ({ metadata }) => { metadata.jobId = '77'; });
  await findsInFile(/collectedAt/, (collection) => { collection.collectedAt = '2026-01-01T00:00:00.000Z'; });
  const other = scene.store.path(bad);
  await finds(/is of no completed job/, () => copyFileSync(path, other), () => rmSync(other));
});

test('what should be gone with the job, and attempts that a crash used', async () => {
  const { db } = scene;
  const [ledger, lock] = ['ledger', 'lock'].map((name) => scene.key(`${id}:${name}`));
  await finds(/ledger is left/, () => db.hset(ledger, '0', 'x'), () => db.del(ledger));
  await finds(/lock is left/, () => db.set(lock, 'x'), () => db.del(lock));
  await finds(/2 attempts/, () => db.hset(scene.key(id), 'atm', 2), () => db.hset(scene.key(id), 'atm', 1));
  const temp = join(scene.store.folder, '.gleaner-1-1-1.tmp');
  const longAgo = new Date(Date.now() - 3_600_000);
  await finds(/tmp is left/, () => {
    writeFileSync(temp, '');
    utimesSync(temp, longAgo, longAgo);
  }, () => rmSync(temp));
});

test('a key or an address where none must be', async () => {
  const { lines } = scene.nodes[0].worker.program;
  const { key } = scene.nodes[0];
  await finds(/log of \d+: the API key/, () => lines.push(`key=${key}`), () => lines.pop());
  await finds(/log of \d+: ann@acme/, () => lines.push('for ann@acme.test'), () => lines.pop());
  await finds(/Redis: the API key/, () => scene.db.rpush('x', key), () => scene.db.del('x'));
  await finds(/x in Redis: .*ann@acme.test/, () => scene.db.rpush('x', 'ann@acme.test'), () => scene.db.del('x'));
});

test('descriptors that a worker had not when it was ready', () => {
  const [worker] = scene.oracle.workers;
  const { others } = worker.ready;
  assert.equal(findExcess(worker, { others }), undefined);
  assert.match(findExcess(worker, { others: [] }), /\d+ other descriptors/);
});

test('a worker that ended otherwise than it may', () => {
  const ended = (outcome, code) => findBadEnds([{
    program: { pid: 7, outcome, lines: [JSON.stringify({ code }), 'no log'], tail: () => '' },
  }]);
  assert.deepEqual(ended({ code: 0, signal: null }, 'shutdown.end'), []);
  assert.deepEqual(ended({ code: null, signal: 'SIGKILL' }, 'job.completed'), []);
  assert.match(ended({ code: 0, signal: null }, 'job.completed')[0], /the log of worker 7 does not tell its end/);
  assert.match(ended({ code: 1, signal: null }, 'shutdown.end')[0], /worker 7 ended by 1/);
  assert.match(ended({ code: null, signal: 'SIGSEGV' }, 'shutdown.end')[0], /worker 7 ended by SIGSEGV/);
});

test('a page that was fetched twice', async () => {
  const answer = await fetch(`${scene.simulator.url}/domain-search?domain=${good}&limit=100&offset=100`, {
    headers: { authorization: 'Bearer sim-key' },
  });
  assert.equal(answer.status, 200);
  await assert.rejects(check(), /1 pages were fetched again, 0 were in flight/);
  scene.oracle.killed(1);
  await check();
});
