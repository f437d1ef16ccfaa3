// kill -9 at random moments of any node of a cluster: of the coordinator or of one of its two fetchers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../system/processes.mjs';
import { ClusterStage } from './cluster_stage.mjs';
import { Chance, figures, size } from './figures.mjs';

const kills = size(5, 250);
const jobs = size(25, 1000);

/// Kills one of the three, and waits until another is in its place.
async function killOne(stage, chance, names) {
  const victim = chance.pick(['coordinator', ...stage.nodes.map(({ name }) => name)]);
  if (victim === 'coordinator') {
    await stage.during(async () => stage.worker.kill(), async () => stage.startWorker());
  } else {
    const place = stage.nodes.findIndex(({ name }) => name === victim);
    const [node] = stage.nodes.splice(place, 1);
    await stage.during(async () => node.kill(), async () => {
      stage.nodes.push(await stage.startNode(names.next().value, {}));
    });
  }
  await until('three nodes', async () => (await stage.slots()) === 128);
  stage.expectDescriptors();
  return victim === 'coordinator' ? 'coordinator' : 'fetcher';
}

function* newNames() {
  for (let number = 1; ; number++) yield `n${number}`;
}

test(`${kills} random nodes of three are killed during ${jobs} jobs: none is lost, none stored twice`,
  { timeout: size(300_000, 3_600_000) }, async () => {
    const chance = new Chance();
    const names = newNames();
    const stage = await ClusterStage.open({ pageMs: 100, GLEANER_QUEUE__MAX_STALLED_COUNT: 100 });
    try {
      const killed = { coordinator: 0, fetcher: 0 };
      for (let kill = 0; kill < kills; kill++) {
        await stage.load(Math.floor((jobs * (kill + 1)) / kills) - Math.floor((jobs * kill) / kills));
        await stage.underWay();
        await sleep(chance.between(0, 200)); // the moment is what is being tested
        killed[await killOne(stage, chance, names)]++;
      }
      const found = await stage.settled({ kept: 0 });
      figures('cluster_kill', { ...killed, jobs: stage.added, ...found });
      assert.equal(stage.added, jobs);
    } finally {
      await stage.close();
    }
  });
