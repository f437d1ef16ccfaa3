// The address of Redis leads to a replica that lags behind: what it does not know of is done again, without
// a request for the pages that it has.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis, startRedis } from '../system/harness.mjs';
import { until } from '../system/processes.mjs';
import { figures, size } from './figures.mjs';
import { bullmq, OutageStage } from './outage.mjs';
import { Proxy } from '../system/proxy.mjs';

const lagMs = 1000;

/// A primary that the worker reaches through a proxy, and a replica that gets its news through another.
class FailoverStage extends OutageStage {
  async follow() {
    this.replica = await startRedis();
    this.link = await Proxy.to(this.redis.port);
    const db = new Redis(this.replica.url);
    await db.replicaof('127.0.0.1', this.link.port);
    await until('a replica', async () => /master_link_status:up/.test(await db.info('replication')));
    db.disconnect();
  }

  async caughtUp() {
    await this.db.call('WAIT', 1, 0);
  }

  /// The primary is cut off, the replica takes its place and has a job done. Gives how many ends it did not
  /// know of.
  async promote() {
    const [old, link, { completed }] = [this.redis, this.link, await this.counts()];
    await this.queue.close();
    this.db.disconnect();
    this.redis = this.replica;
    this.db = new Redis(this.redis.url);
    this.connection = { host: '127.0.0.1', port: this.redis.port };
    await this.db.replicaof('NO', 'ONE');
    await this.rememberLedgers();
    const known = await this.db.zcard(this.key('completed'));
    this.proxy.switchTo(this.redis.port);
    this.queue = new bullmq.Queue('domain-collection', { connection: this.connection });
    await old.stop('SIGKILL');
    await link.close();
    // By then the worker has learnt which of its jobs the new primary never gave it.
    await until('an end', async () => (await this.counts()).completed > known);
    return completed - known;
  }
}

let stage;
before(async () => (stage = await FailoverStage.open({ proxied: true })));
after(async () => {
  await stage?.close();
  await stage?.link?.close();
  await stage?.replica?.stop();
});

test('a replica that lags behind is promoted', { timeout: size(300_000, 1_800_000) }, async () => {
  const failovers = size(3, 50);
  let redone = 0;
  for (let failover = 0; failover < failovers; failover++) {
    await stage.follow();
    await stage.busy();
    await stage.caughtUp();
    const lag = () => stage.link.hold('down');
    redone += await stage.during(lag, async () => {
      await sleep(lagMs); // how far the replica lags behind is the fault itself
      return stage.promote();
    });
  }
  const found = await stage.settled();
  figures('failover', { failovers, ...found, done_again: redone });
  assert.ok(redone > 0, 'the replica had seen all ends');
});
