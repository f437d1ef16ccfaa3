// Nodes on another network than their coordinator, and a cable between them that is cut, cut one way, or bad.
// Needs root for the namespaces.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../system/processes.mjs';
import { apiBehind } from './api_behind.mjs';
import { ClusterCertificates } from './cluster_certificates.mjs';
import { ClusterStage, startNode } from './cluster_stage.mjs';
import { Chance, figures, size } from './figures.mjs';
import { enterOwnNetwork, findLinkProblem, Network, skipped } from './network.mjs';

const impossible = enterOwnNetwork(import.meta.url) ?? findLinkProblem();
if (impossible) skipped(impossible);

const lostWithinMs = 10_000;

/// The nodes reach the API by another way than the cable.
class FarStage extends ClusterStage {
  static async across(settings = {}) {
    const network = await Network.open();
    try {
      const certificates = await ClusterCertificates.make(network.near);
      const stage = await this.open({ ...settings, nodes: [], certificates, host: network.near });
      stage.network = network;
      stage.relay = await apiBehind(stage.simulator, network.server.prefix);
      for (const name of ['a', 'b']) await stage.join(name);
      return stage;
    } catch (error) {
      await network.close();
      throw error;
    }
  }

  async startNode(name, settings) {
    return startNode(name, [this.address], this.relay.url, { ...this.nodeSettings, ...settings },
      this.network.server.prefix);
  }

  async close() {
    await super.close();
    await this.relay?.close();
    await this.network?.close();
  }
}

async function across(settings, use) {
  const stage = await FarStage.across(settings);
  try {
    await use(stage);
  } finally {
    await stage.close();
  }
}

test('a cable that is cut, also one way only, is noticed within ten seconds, and the nodes are back when it is whole',
  { timeout: size(180_000, 3_600_000), skip: impossible }, async () => {
    await across({}, async (stage) => {
      const chance = new Chance();
      const { near, far } = stage.network;
      const took = [];
      for (let round = 0; round < size(1, 10); round++) {
        for (const lost of [[near, far], [near], [far]]) {
          await stage.busy();
          const cut = Date.now();
          await stage.during(() => stage.network.lose(...lost), async () => {
            await until('the nodes to be given up', async () => (await stage.slots()) === 0);
            took.push(Date.now() - cut);
            await sleep(chance.between(0, size(1000, 10_000))); // how long it stays cut
            stage.network.heal();
            await until('the nodes to be back', async () => (await stage.slots()) === 128);
          });
        }
      }
      stage.expectDescriptors();
      const found = await stage.settled();
      figures('cluster_network', { cuts: took.length, noticed_ms: Math.max(...took), ...found });
      assert.ok(Math.min(...took) >= 4000, `given up after ${Math.min(...took)} ms`); // a bad link is not a dead one
      console.log(`promised ms until a cut cable is noticed: ${Math.max(...took)}, ${lostWithinMs} at most are promised`);
    });
  });

test('a link that loses packets or carries little loses no node, and nothing is fetched twice',
  { timeout: size(180_000, 900_000), skip: impossible }, async () => {
    await across({ GLEANER_QUEUE__LOCK_DURATION: '30s' }, async (stage) => {
      const links = { loss_5_percent: (network) => network.losePercent(5), at_256_kbit: (network) => network.slowDown(256) };
      for (const [link, spoil] of Object.entries(links)) {
        await stage.busy(size(2, 24));
        spoil(stage.network);
        const found = await stage.finish();
        stage.network.restore();
        figures('cluster_network', { link, ...found });
      }
      const lost = stage.worker.program.lines.filter((line) => line.includes('cluster.node_lost'));
      assert.deepEqual(lost, [], 'a link that still carries something costs no node');
    });
  });
