// The old application's script and file reader against the new worker.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CollectionStore, fileName } from './collection_store.mjs';
import { domains } from './domains.mjs';
import { Gate } from './gate.mjs';
import { environment, packages, Redis, startGleaner, startRedis, startSimulator } from './harness.mjs';
import { runToEnd, temporaryFolder, until } from './processes.mjs';

const script = fileURLToPath(new URL('legacy_client.mjs', import.meta.url));
let redis, simulator, gate, worker;

before(async () => {
  [redis, simulator] = await Promise.all([startRedis(), startSimulator()]);
  gate = await Gate.before(simulator);
  worker = await startGleaner({ redis, simulator: gate });
});
after(async () => {
  await worker?.stop();
  await gate?.close();
  for (const part of [simulator, redis]) await part?.stop();
});

/// A folder in which `import 'bullmq'` means that version; the script is copied as it is.
function application(alias) {
  const folder = temporaryFolder();
  const packageFolder = (name) => {
    const entry = packages.resolve(name);
    return entry.slice(0, entry.indexOf(`node_modules/${name}`)) + `node_modules/${name}`;
  };
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(packageFolder(alias), join(folder, 'node_modules/bullmq'));
  symlinkSync(packageFolder('ioredis'), join(folder, 'node_modules/ioredis'));
  copyFileSync(script, join(folder, 'legacy_client.mjs'));
  return folder;
}

/// Runs the script for a domain. Another one goes first and is held: QueueEvents hears only what comes after
/// its first read, which it sends some time after waitUntilReady(), and our worker is faster than that.
async function runScript(alias, domain) {
  const first = 'c5-first.test';
  gate.hold(first);
  const folder = application(alias);
  const running = runToEnd(process.execPath, [join(folder, 'legacy_client.mjs'), first, domain], {
    env: environment({ redis: redis.url, folder }), cwd: folder,
  });
  const db = new Redis(redis.url);
  await until('a listener that reads', async () => (await db.client('LIST')).includes('cmd=xread'));
  db.disconnect();
  gate.release();
  const done = await running;
  assert.equal(done.code, 0, done.stdout + done.stderr);
  const lines = done.stdout.trim().split('\n').map((line) => JSON.parse(line));
  const at = lines.findIndex((line) => line.added && line.domain === domain);
  // Events may be told before queue.add() has returned.
  return [lines[at], ...lines.filter((line, i) => (line.jobId ? line.jobId === lines[at].added : i > at))];
}

for (const [alias, version] of [['bullmq5', '5.64.1'], ['bullmq6', '6.7.0']]) {
  test(`the old script gets progress, state and result with BullMQ ${version}`, async () => {
    const lines = await runScript(alias, domains.contacts250);
    const { returnvalue, ...job } = lines.find((line) => line.job);
    assert.equal(job.state, 'completed');
    assert.equal(job.attemptsMade, 1);
    assert.equal(job.failedReason, undefined);
    const { success, domain, itemsCollected, total, collectedAt } = returnvalue;
    assert.deepEqual([success, domain, itemsCollected, total],
      [true, domains.contacts250, 250, 250]);
    assert.match(collectedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(
      { status: job.progress.status, itemsSaved: job.progress.itemsSaved, total: job.progress.total },
      { status: 'completed', itemsSaved: 250, total: 250 });
    assert.deepEqual(lines.find((line) => line.event === 'completed').returnvalue, returnvalue);
    const progress = lines.filter((line) => line.event === 'progress').map((line) => line.data.status);
    assert.equal(progress[0], 'starting');
    assert.equal(progress.at(-1), 'completed');
    assert.ok(progress.includes('fetching'), String(progress));
  });

  test(`the old reader opens what a job of BullMQ ${version} stored`, async () => {
    const [added] = await runScript(alias, domains.contacts5);
    const store = new CollectionStore(worker.collections);
    const stored = store.load(domains.contacts5);
    assert.equal(stored.domain, domains.contacts5);
    assert.equal(stored.items.length, 5);
    assert.equal(stored.total, 5);
    assert.equal(stored.metadata.jobId, added.added);
    assert.ok(Date.parse(stored.metadata.processedAt) > 0);
    for (const person of stored.items) {
      assert.match(person.email, /^[^@\s]+@[^@\s]+$/);
      for (const key of ['name', 'title', 'source']) assert.equal(typeof person[key], 'string', key);
      assert.ok(person.confidence >= 0 && person.confidence <= 1, String(person.confidence));
    }
    const distinct = new Set(stored.items.map((person) => person.email.toLowerCase()));
    assert.equal(distinct.size, 5);
    assert.ok(store.list().includes(domains.contacts5));
  });

  test(`the old script sees why a job failed with BullMQ ${version}`, async () => {
    const lines = await runScript(alias, domains.forbidden);
    const job = lines.find((line) => line.job);
    assert.equal(job.state, 'failed');
    assert.ok(job.failedReason.length > 10, job.failedReason);
    assert.equal(job.progress.status, 'failed');
    assert.equal(lines.find((line) => line.event === 'failed').failedReason, job.failedReason);
  });
}

test('upper case in a domain changes neither file nor contacts', async () => {
  const shouted = domains.contacts5.toUpperCase();
  const lines = await runScript('bullmq6', shouted);
  assert.equal(lines.find((line) => line.job).returnvalue.domain, shouted);
  assert.equal(fileName(shouted), fileName(domains.contacts5));
  assert.equal(new CollectionStore(worker.collections).load(shouted).items.length, 5);
});
