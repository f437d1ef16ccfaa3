// As partition_test, by a network that really loses packets. Needs root for the namespaces.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from 'node:path';
import { Program } from '../system/processes.mjs';
import { figures, size } from './figures.mjs';
import { enterOwnNetwork, findLinkProblem, Network, skipped } from './network.mjs';
import { cutSettings, PartitionStage } from './partition.mjs';

const impossible = enterOwnNetwork(import.meta.url) ?? findLinkProblem();
if (impossible) skipped(impossible);

/// Redis is on the other side of a router; queue and oracle reach it by its unix socket.
class NetworkStage extends PartitionStage {
  async openRedis() {
    this.network = await Network.open();
    const path = join(this.folder, 'redis.sock');
    const [command, ...rest] = this.network.server.prefix;
    const program = new Program(command, [...rest, 'redis-server', '--port', '6379', '--bind', this.network.far,
      '--unixsocket', path, '--dir', this.folder, '--save', '', '--appendonly', 'yes', '--protected-mode', 'no']);
    await program.line(/Ready to accept connections/);
    return { url: `redis://${this.network.far}:6379`, connection: { path }, stop: async () => program.stop() };
  }

  async close() {
    await super.close();
    await this.network?.close();
  }
}

test('cut off from Redis by the network', { timeout: size(120_000, 1_800_000), skip: impossible }, async () => {
  const stage = await NetworkStage.open(cutSettings);
  try {
    const { near, far } = stage.network;
    const ways = [[near, far], [near], [far]].map((lost) => [
      () => stage.network.lose(...lost), () => stage.network.heal()]);
    const found = await stage.cutOffEach(ways, size(1, 17));
    figures('partition', { by: 'network', ...found, ...await stage.settled() });
    assert.equal(found.stray_requests, 0);
  } finally {
    await stage.close();
  }
});

test('a bad link to Redis', { timeout: size(180_000, 900_000), skip: impossible }, async () => {
  const stage = await NetworkStage.open({ GLEANER_QUEUE__LOCK_DURATION: '30s' });
  try {
    const links = { loss_10_percent: (network) => network.losePercent(10), at_64_kbit: (network) => network.slowDown() };
    for (const [link, spoil] of Object.entries(links)) {
      await stage.busy(size(2, 24));
      await stage.rememberLedgers(); // and none of their pages may be asked for again
      spoil(stage.network);
      const found = await stage.settled();
      stage.network.restore();
      figures('partition', { link, ...found });
    }
    const lost = stage.worker.program.lines.filter((line) => line.includes('job.lock_lost'));
    assert.deepEqual(lost, [], 'a link that still carries something costs no lock');
  } finally {
    await stage.close();
  }
});
