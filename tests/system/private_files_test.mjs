// What a worker leaves on the disk, all of it, is closed to others under any umask, the private Redis's too.
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { packages, Redis, startGleaner, startSimulator } from './harness.mjs';
import { temporaryFolder, until } from './processes.mjs';

const { Queue } = packages('bullmq6');
const folder = temporaryFolder();
let simulator, worker, db, queue;

before(async () => {
  simulator = await startSimulator();
  const old = process.umask(0);
  worker = await startGleaner({ simulator, folder }).finally(() => process.umask(old));
  const [, port] = await worker.program.line(/redis\.embedded.*redis:\/\/127\.0\.0\.1:(\d+)/);
  db = new Redis(Number(port), { maxRetriesPerRequest: null });
  queue = new Queue('domain-collection', { connection: { host: '127.0.0.1', port: Number(port) } });
});
after(async () => {
  await queue?.close();
  db?.disconnect();
  await worker?.stop();
  await simulator?.stop();
});

/// Everything below the folder, as paths from there.
const found = () => readdirSync(folder, { recursive: true });

function assertClosed() {
  for (const path of found()) {
    const { mode } = statSync(join(folder, path));
    assert.equal(mode & 0o77, 0, `${path} has mode ${(mode & 0o777).toString(8)}`);
  }
}

test('the state folder, the private Redis and the collections are closed to others', async () => {
  const { id } = await queue.add('collect-domain', { domain: domains.contacts5 });
  await until('a collection', async () => (await queue.getJob(id)).isCompleted());
  for (const name of ['state/node', 'state/redis/lock', 'state/redis/redis.sock', 'state/redis/redis.log',
    'state/redis/appendonlydir']) {
    assert.ok(found().includes(name), `${name} of ${found()}`);
  }
  assert.ok(found().some((path) => /^collections\/.*\.json$/.test(path)), String(found()));
  assertClosed();
});

test('so are the files that Redis writes anew', async () => {
  const files = () => found().filter((path) => path.endsWith('.aof')).sort().join();
  const before = files();
  await db.bgrewriteaof();
  await until('the rewritten append-only file', async () => (
    /aof_rewrite_in_progress:0/.test(await db.info('persistence')) && files() !== before));
  assertClosed();
});
