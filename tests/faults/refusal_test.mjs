// Redis says no, each way it can: when it says yes again, all jobs finish.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../system/harness.mjs';
import { until } from '../system/processes.mjs';
import { figures, size } from './figures.mjs';
import { OutageStage } from './outage.mjs';
import { densest, linesOf } from './worker_log.mjs';

const refusedFor = size(1500, 10_000);
const options = ['--enable-protected-configs', 'yes', '--busy-reply-threshold', '100',
  '--user', 'worker', 'on', '>first', '~*', '&*', '+@all'];
let stage;
let db;
before(async () => {
  stage = await OutageStage.open({ worker: false, redisOptions: options });
  db = stage.db;
  await stage.startWorker({ redis: `redis://worker:first@127.0.0.1:${stage.redis.port}` });
});
after(async () => stage?.close());

const configure = async (...pairs) => db.config('SET', ...pairs);
const badFolder = () => join(stage.redis.folder, 'gone');

/// Closes the worker's connections, so that it has to log in again.
async function disconnectWorker() {
  const clients = (await db.client('LIST')).split('\n').filter((line) => line.includes('user=worker'));
  for (const client of clients) await db.client('KILL', 'ID', client.match(/^id=(\d+)/)[1]);
}

/// Keeps Redis busy until the script is killed.
async function runEndlessScript() {
  const busy = db.duplicate();
  busy.eval('while true do end', 0).catch(() => busy.disconnect()); // killed, as it must be
  await until('a busy Redis', async () => db.ping().then(() => false, (error) => /^BUSY/.test(error.message)));
}

/// Snapshots that fail: Redis then refuses writes.
async function failSnapshots() {
  mkdirSync(badFolder());
  await configure('dir', badFolder(), 'save', '3600 1');
  rmSync(badFolder(), { recursive: true });
  await db.bgsave();
  await until('a failed snapshot', async () => /rdb_last_bgsave_status:err/.test(await db.info('persistence')));
}

/// A restart that reads its file slowly.
async function loadSlowly() {
  options.push('--key-load-delay', '300'); // microseconds
  await stage.redis.stop();
  await stage.redis.start();
}

async function replicaOfNobody(...settings) {
  if (settings.length) await configure(...settings);
  await db.replicaof('127.0.0.1', await freePort());
}

const master = async () => db.replicaof('NO', 'ONE');

// [what Redis says, what brings it about, what ends it]
const table = [
  ['OOM', () => configure('maxmemory', '1'), () => configure('maxmemory', '0')],
  ['MISCONF', failSnapshots, () => configure('dir', stage.redis.folder, 'save', '')],
  ['READONLY', () => replicaOfNobody(), master],
  ['MASTERDOWN', () => replicaOfNobody('replica-serve-stale-data', 'no'), master],
  ['BUSY', runEndlessScript, () => db.script('KILL')],
  ['NOPERM', () => db.acl('SETUSER', 'worker', '-@write'), () => db.acl('SETUSER', 'worker', '+@all')],
  ['WRONGPASS', async () => {
    await db.acl('SETUSER', 'worker', 'resetpass', '>second');
    await disconnectWorker();
  }, () => db.acl('SETUSER', 'worker', 'resetpass', '>first')],
  ['LOADING', loadSlowly, () => options.splice(-2)],
  ['nothing: CLIENT PAUSE', () => db.client('PAUSE', refusedFor), async () => {}],
  ['nothing: CLIENT PAUSE WRITE', () => db.client('PAUSE', refusedFor, 'WRITE'), async () => {}],
];

for (const [says, begin, end] of table) {
  test(`Redis says ${says}`, { timeout: size(60_000, 180_000) }, async () => {
    await stage.busy();
    const since = stage.worker.program.lines.length;
    await stage.during(begin, async () => {
      await sleep(refusedFor); // how long it refuses is the fault itself
      await end();
    });
    const over = Date.now();
    await until('the worker to be back', async () => (await stage.worker.get('/readyz')).status === 200, 40_000);
    const found = await stage.settled();
    const most = densest(linesOf(stage.worker.program, since));
    figures('refusal', { says: says.replaceAll(' ', '_'), ...found, recovered_ms: Date.now() - over,
      most_log_lines_a_second: most.lines });
    assert.ok(most.lines <= 1, `${most.lines} lines of ${most.code} within a second`);
  });
}
