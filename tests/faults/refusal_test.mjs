// Redis says no, each way it can: when it says yes again, all jobs finish.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../system/harness.mjs';
import { until } from '../system/processes.mjs';
import { figures, size } from './figures.mjs';
import { OutageStage } from './outage.mjs';
import { densest, linesOf } from './worker_log.mjs';

const refusedFor = size(1500, 10_000);
const patience = { timeout: 300_000 };

/// The worker logs in as a user of its own, so that only it can be refused.
class RefusalStage extends OutageStage {
  static async open() {
    const redisOptions = ['--enable-protected-configs', 'yes', '--busy-reply-threshold', '100',
      '--user', 'worker', 'on', '>first', '~*', '&*', '+@all'];
    const stage = await super.open({ worker: false, redisOptions });
    stage.redisOptions = redisOptions;
    await stage.startWorker({ redis: `redis://worker:first@127.0.0.1:${stage.redis.port}` });
    return stage;
  }

  async configure(...pairs) {
    await this.db.config('SET', ...pairs);
  }

  async allow(...rules) {
    await this.db.acl('SETUSER', 'worker', ...rules);
  }

  /// Closes the worker's connections, so that it has to log in again.
  async disconnectWorker() {
    const clients = (await this.db.client('LIST')).split('\n').filter((line) => line.includes('user=worker'));
    for (const client of clients) await this.db.client('KILL', 'ID', client.match(/^id=(\d+)/)[1]);
  }

  /// Keeps Redis busy until the script is killed.
  async runEndlessScript() {
    const busy = this.db.duplicate();
    busy.eval('while true do end', 0).catch(() => busy.disconnect()); // killed, as it must be
    await until('a busy Redis', async () => this.isBusy());
  }

  async killScript() {
    await this.db.script('KILL');
    await until('the end of the script', async () => !await this.isBusy());
  }

  async isBusy() {
    return this.db.ping().then(() => false, (error) => /^BUSY/.test(error.message));
  }

  /// Snapshots that fail: Redis then refuses writes.
  async failSnapshots() {
    const folder = join(this.redis.folder, 'gone');
    mkdirSync(folder);
    await this.configure('dir', folder, 'save', '3600 1');
    rmSync(folder, { recursive: true });
    await this.db.bgsave();
    await until('a failed snapshot', async () => (
      /rdb_last_bgsave_status:err/.test(await this.db.info('persistence'))));
  }

  /// A restart that reads its file slowly; Redis answers between a thousand commands.
  async loadSlowly() {
    const fill = this.db.pipeline();
    for (let time = 0; time < 40_000; time++) fill.set('filler', time);
    await fill.exec();
    this.redisOptions.push('--key-load-delay', '100'); // microseconds
    await this.redis.stop();
    await this.redis.start();
    this.redisOptions.splice(-2);
  }

  async followNobody() {
    await this.db.replicaof('127.0.0.1', await freePort());
  }

  async beMaster() {
    await this.db.replicaof('NO', 'ONE');
  }

  /// Refusals that the worker has counted.
  async counted(reason) {
    const text = await (await this.worker.get('/metrics')).text();
    return Number(text.match(new RegExp(`^gleaner_redis_refused_total\\{.*reason="${reason}".*\\} (\\d+)$`, 'm'))[1]);
  }

  /// One fault and its end; prints the figures of all there were. `reason` is what the worker calls it.
  async refuse(says, reason, begin, end) {
    await this.busy(4);
    const before = reason ? await this.counted(reason) : -1;
    const since = this.worker.program.lines.length;
    await this.during(begin, async () => {
      await sleep(refusedFor); // how long it refuses is the fault itself
      if (reason) await until(`${reason} to be counted`, async () => await this.counted(reason) > before);
      await end();
    });
    const over = Date.now();
    const found = await this.settled();
    const most = densest(linesOf(this.worker.program, since));
    figures('refusal', { says, ...found, recovered_ms: Date.now() - over, most_log_lines_a_second: most.lines });
    assert.ok(most.lines <= 1, `${most.lines} lines of ${most.code} within a second`);
    assert.equal((await this.worker.get('/readyz')).status, 200);
  }
}

let stage;
let denied; // stages of their own: what is denied is asked for again only after 30 s
before(async () => {
  stage = await RefusalStage.open();
  denied = await Promise.all([refuseLogin, refuseRights].map(async (refuse) => {
    const own = await RefusalStage.open();
    return { own, ended: refuse(own).then(() => undefined, (error) => error) };
  }));
});
after(async () => {
  await stage?.close();
  for (const { own } of denied ?? []) await own.close();
});

async function refuseLogin(on) {
  await on.refuse('WRONGPASS', 'acl', async () => {
    await on.allow('resetpass', '>second');
    await on.disconnectWorker();
  }, () => on.allow('resetpass', '>first'));
}

async function refuseRights(on) {
  await on.refuse('NOPERM', 'acl', () => on.allow('-@write'), () => on.allow('+@all'));
}

const nothing = async () => {};

// [what Redis says, the worker's name for it, what brings it about, what ends it]
const table = [
  ['OOM', 'oom', (on) => on.configure('maxmemory', '1'), (on) => on.configure('maxmemory', '0')],
  ['MISCONF', 'misconf', (on) => on.failSnapshots(), (on) => on.configure('dir', on.redis.folder, 'save', '')],
  ['READONLY', 'readonly', (on) => on.followNobody(), (on) => on.beMaster()],
  ['MASTERDOWN', 'masterdown', async (on) => {
    await on.configure('replica-serve-stale-data', 'no');
    await on.followNobody();
  }, (on) => on.beMaster()],
  ['BUSY', 'busy', (on) => on.runEndlessScript(), (on) => on.killScript()],
  ['LOADING', 'loading', (on) => on.loadSlowly(), nothing],
  ['nothing_to_all', undefined, (on) => on.db.client('PAUSE', refusedFor), nothing],
  ['nothing_to_writes', undefined, (on) => on.db.client('PAUSE', refusedFor, 'WRITE'), nothing],
];

for (const [says, reason, begin, end] of table) {
  test(`Redis says ${says}`, patience, async () => (
    stage.refuse(says, reason, () => begin(stage), () => end(stage))));
}

test('Redis says WRONGPASS and NOPERM', patience, async () => {
  for (const { ended } of denied) assert.ifError(await ended);
});
