// Nodes that fetch for a coordinator come, stop, die and come back while jobs run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gleaner } from '../system/harness.mjs';
import { until } from '../system/processes.mjs';
import { ClusterStage, metric, startNode } from './cluster_stage.mjs';
import { figures, size } from './figures.mjs';

const lostWithinMs = 10_000;

async function staged(settings, use) {
  const stage = await ClusterStage.open(settings);
  try {
    await use(stage);
  } finally {
    await stage.close();
  }
}

const pagesOf = async (node) => metric(node, 'gleaner_pages_total');

test('pages of one large domain are spread over the nodes, and nothing is fetched twice', async () => {
  await staged({ pageMs: 20 }, async (stage) => {
    await stage.load(1, 5000);
    const found = await stage.finish();
    const served = await Promise.all(stage.nodes.map(pagesOf));
    figures('cluster', { spread: served.join('+'), ...found });
    assert.equal(served.reduce((sum, pages) => sum + pages, 0), 50);
    for (const pages of served) assert.ok(pages > 0, `a node got none: ${served}`);
  });
});

test('a killed node\'s pages go elsewhere, and only what was on the wire is asked for again', async () => {
  await staged({}, async (stage) => {
    const kills = size(2, 40);
    for (let kill = 0; kill < kills; kill++) {
      await stage.busy();
      const [victim] = stage.nodes.splice(0, 1);
      await stage.during(async () => victim.kill(), async () => (
        until('the node to be given up', async () => (await stage.slots()) === 64)));
      await stage.join(`n${kill}`);
    }
    const found = await stage.settled();
    figures('cluster', { node_kills: kills, ...found });
    assert.equal(await metric(stage.worker, 'gleaner_cluster_nodes_lost_total'), kills);
  });
});

test('a stopped node is given up within ten seconds, and what it does when it wakes harms nothing', async () => {
  await staged({ pageMs: 300 }, async (stage) => {
    await stage.busy();
    const [victim] = stage.nodes;
    const began = Date.now();
    await stage.during(() => victim.program.kill('SIGSTOP'), async () => (
      until('the node to be given up', async () => (await stage.slots()) === 64)));
    const took = Date.now() - began;
    await stage.busy();
    await stage.during(() => victim.program.kill('SIGCONT'), async () => (
      until('the node to be back', async () => (await stage.slots()) === 128)));
    const found = await stage.settled();
    figures('cluster', { given_up_ms: took, ...found });
    assert.ok(took >= 4000, `given up after ${took} ms`); // a node may be busy
    console.log(`promised ms until a stopped node is given up: ${took}, ${lostWithinMs} at most are promised`);
  });
});

test('a fetcher is ready while it has a coordinator, and alive also without one', async () => {
  await staged({ nodes: ['a'] }, async (stage) => {
    const [node] = stage.nodes;
    const says = async (page) => {
      const answer = await node.get(page);
      return [answer.status, await answer.text()];
    };
    assert.deepEqual(await says('/readyz?verbose'), [200, 'ok cluster\n']);
    const nodes = async () => JSON.parse((await gleaner(['top', '--json'], { redis: stage.redis.url })).stdout).nodes;
    await until('the node in gleaner top', async () => (
      (await nodes()).some(({ name, state, slots }) => name === 'a' && state === 'ready' && slots === 64)));
    await stage.worker.stop();
    await until('a fetcher without coordinator', async () => (await node.get('/readyz')).status === 503);
    assert.deepEqual(await says('/readyz'), [503, 'failed cluster: has joined no coordinator\n']);
    for (const page of ['/livez', '/healthz']) assert.deepEqual(await says(page), [200, 'ok\n']);
    assert.match((await says('/version'))[1], /"name":"gleaner"/);
  });
});

test('nodes are restarted one after the other without a page that is fetched twice', async () => {
  await staged({}, async (stage) => {
    for (const name of ['c', 'd']) {
      await stage.busy();
      await stage.join(name);
      const [leaving] = stage.nodes.splice(0, 1);
      assert.equal((await leaving.stop()).code, 0);
    }
    figures('cluster', { restarts: 2, ...await stage.finish() });
    assert.equal(await metric(stage.worker, 'gleaner_cluster_nodes_lost_total'), 0);
  });
});

test('a coordinator that is killed and started again finds its nodes again', async () => {
  await staged({}, async (stage) => {
    await stage.busy();
    await stage.during(async () => stage.worker.kill(), async () => stage.startWorker());
    await until('the nodes to be back', async () => (await stage.slots()) === 128);
    stage.expectDescriptors();
    figures('cluster', { coordinator_kills: 1, ...await stage.settled() });
  });
});

test('a node serves several coordinators, and shares its room among them', async () => {
  await staged({ nodes: [] }, async (first) => {
    await staged({ nodes: [] }, async (second) => {
      const node = await startNode('shared', [first.address, second.address], first.simulator);
      first.nodes.push(node);
      for (const stage of [first, second]) {
        await until('its share', async () => (await stage.slots()) === 32);
        stage.expectDescriptors();
        await stage.load(4);
        await stage.finish();
      }
    });
    await until('all its room', async () => (await first.slots()) === 64);
  });
});

test('a key that the API refuses a moment after it was good fails no job', async () => {
  await staged({ nodes: ['a'] }, async (stage) => {
    const account = async (options) => fetch(`${stage.simulator.base}/admin/account`, {
      method: 'POST', body: JSON.stringify({ key: 'sim-key', ...options }),
    });
    await account({ valid: false });
    await stage.load(2);
    await stage.worker.program.line(/"auth\.key_rejected"/);
    await account({ valid: true });
    await stage.worker.stop();
    await stage.startWorker();
    await until('the node to be back', async () => (await stage.slots()) === 64);
    stage.expectDescriptors();
    assert.equal((await stage.settled({ kept: 0 })).failed, 0);
  });
});

test('a node with another key gets no pages, and both sides say so', async () => {
  await staged({ nodes: [] }, async (stage) => {
    const node = await stage.startNode('odd', { HUNTER_API_KEY: 'other-key' });
    stage.nodes.push(node);
    await stage.worker.program.line(/"cluster\.other_keys"/);
    assert.equal(await stage.slots(), 0);
    await stage.join('fits');
    await stage.load(2);
    await stage.finish();
    assert.equal(await pagesOf(node), 0);
  });
});
