// Three ways to queue a domain, each started at once by an idle worker, which would not look for them for a minute.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { domains } from './domains.mjs';
import { gleaner, root } from './harness.mjs';
import { runToEnd, temporaryFolder } from './processes.mjs';
import { promised } from './promised.mjs';
import { longBeforeItLooks, seldomLooks } from './settings.mjs';
import { Stage } from './stage.mjs';

let stage;

before(async () => (stage = await Stage.open(seldomLooks)));
after(async () => stage?.close());

async function startedSoon(id, domain) {
  const job = await stage.ended(id);
  assert.equal(await job.getState(), 'completed', job.failedReason);
  assert.equal(job.data.domain, domain);
  assert.ok(stage.store.exists(domain));
  const waited = job.processedOn - job.timestamp;
  assert.ok(waited >= -1 && waited < longBeforeItLooks, `started after ${waited} ms`);
  promised('ms until a job starts', waited, 100);
}

/// Redis commands of the README's recipe: the fenced block that adds to the waiting list.
function recipe() {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const blocks = [...text.matchAll(/```[a-z]*\n([\s\S]*?)```/g)].map((match) => match[1]);
  const found = blocks.find((block) => /redis-cli/.test(block) && /domain-collection:wait/.test(block));
  assert.ok(found, 'README.md has a recipe for redis-cli');
  return found;
}

/// An environment in which a bare redis-cli speaks to the Redis of this test.
function withOurRedis() {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'redis-cli'),
    '#!/bin/sh\nPATH=${PATH#*:} exec redis-cli -u "$REDIS_URL" "$@"\n');
  chmodSync(join(folder, 'redis-cli'), 0o755);
  return { PATH: `${folder}:${process.env.PATH}`, REDIS_URL: stage.redis.url };
}

test('a job of a Node client starts at once', async () => {
  await stage.idle();
  const job = await stage.add(domains.contacts5);
  await startedSoon(job.id, domains.contacts5);
});

test('a job of the plain redis-cli recipe starts at once', async () => {
  await stage.idle();
  const script = recipe();
  const [, domain] = script.match(/([a-z0-9-]+\.(?:test|com|org|example))/) ?? [];
  assert.ok(domain, 'the recipe names a domain');
  const before = Number(await stage.db.get(stage.key('id')));
  const done = await runToEnd('bash', ['-eu', '-c', script], { env: withOurRedis() });
  assert.equal(done.code, 0, done.stderr);
  const id = Number(await stage.db.get(stage.key('id')));
  assert.equal(id, before + 1);
  await startedSoon(String(id), domain);
});

test('a job of gleaner enqueue starts at once', async () => {
  await stage.idle();
  const done = await gleaner(['enqueue', domains.contacts250], { redis: stage.redis });
  assert.equal(done.code, 0, done.stderr);
  await startedSoon(String(await stage.db.get(stage.key('id'))), domains.contacts250);
});

test('gleaner enqueue --wait ends with the job', async () => {
  const done = await gleaner(['enqueue', '--wait', domains.contacts5], { redis: stage.redis });
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stderr, /(^|\n)1 of 1 jobs\n$/);
  const job = await stage.queue.getJob(String(await stage.db.get(stage.key('id'))));
  assert.equal(await job.getState(), 'completed');
});

test('gleaner enqueue sets priority, delay and attempts like a Node client', async () => {
  const done = await gleaner(
    ['enqueue', '--priority', '3', '--delay', '60s', '--attempts', '5', domains.contacts5],
    { redis: stage.redis });
  assert.equal(done.code, 0, done.stderr);
  const job = await stage.queue.getJob(String(await stage.db.get(stage.key('id'))));
  assert.equal(await job.getState(), 'delayed');
  assert.equal(job.opts.attempts, 5);
  assert.equal(job.opts.priority, 3);
  assert.equal(job.delay, 60_000);
  assert.equal(job.name, 'collect-domain');
  assert.deepEqual(job.opts.backoff, { type: 'exponential', delay: 2000 });
});

test('gleaner enqueue cleans and merges what people paste', async () => {
  const before = Number(await stage.db.get(stage.key('id')));
  const done = await gleaner(['enqueue', '--file', '-'], {
    redis: stage.redis,
    input: 'https://www.five-a.test/about?x=1\nFIVE-A.test\nann@five-b.test\nfive-c.test:8080\n',
  });
  assert.equal(done.code, 0, done.stderr);
  const added = [];
  for (let id = before + 1; id <= Number(await stage.db.get(stage.key('id'))); id++) {
    added.push((await stage.queue.getJob(String(id))).data.domain);
  }
  assert.deepEqual(added, ['five-a.test', 'five-b.test', 'five-c.test']);
});
