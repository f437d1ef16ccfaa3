// A real Prometheus with the shipped rules tells of real faults. What the rules wait for (`for`) is a second here.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort, root } from '../system/harness.mjs';
import { Program, temporaryFolder, until } from '../system/processes.mjs';
import { ClusterStage } from './cluster_stage.mjs';
import { figures } from './figures.mjs';

const shipped = (name) => readFileSync(join(root, 'dashboards/prometheus', name), 'utf8');

/// Scrapes the targets each half second: {firing(), close()}.
async function startPrometheus(targets) {
  const folder = temporaryFolder();
  const port = await freePort();
  const config = shipped('prometheus.yml').replaceAll(/(_interval: )\d+s/g, '$1500ms')
    .replace(/targets: .*/, `targets: ${JSON.stringify(targets)}`);
  writeFileSync(join(folder, 'prometheus.yml'), config.replace('  scrape_interval', '  scrape_timeout: 500ms\n  scrape_interval'));
  writeFileSync(join(folder, 'gleaner.rules.yml'), shipped('gleaner.rules.yml').replaceAll(/for: \d+[mh]/g, 'for: 1s'));
  const program = new Program('prometheus', [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`]);
  await program.line(/Server is ready/);
  const firing = async () => {
    const { data } = await (await fetch(`http://127.0.0.1:${port}/api/v1/alerts`)).json();
    return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname).sort();
  };
  const scraped = async () => {
    const { data } = await (await fetch(`http://127.0.0.1:${port}/api/v1/targets`)).json();
    return data.activeTargets.filter(({ health }) => health === 'up').length;
  };
  return { firing, scraped, close: async () => program.stop() };
}

async function setKey(stage, options) {
  const answer = await fetch(`${stage.simulator.base}/admin/account`, {
    method: 'POST', body: JSON.stringify({ key: 'sim-key', ...options }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

test('alerts of a node that is lost, a key that is refused, Redis that is away and a worker that is gone', async () => {
  const stage = await ClusterStage.open({ nodes: ['a'], GLEANER_QUEUE__STALLED_INTERVAL: '1s' });
  const prometheus = await startPrometheus([new URL(stage.worker.http).host]);
  const fires = async (name) => until(`${name} to fire`, async () => (await prometheus.firing()).includes(name));
  try {
    await until('a scrape', async () => (await prometheus.scraped()) === 1);
    await stage.load(4);
    await stage.finish();
    assert.deepEqual(await prometheus.firing(), []);

    await stage.nodes.shift().kill();
    await fires('GleanerNodeLost');
    await stage.join('b');

    await setKey(stage, { valid: false });
    await stage.load(2);
    await fires('GleanerKeyInvalid');
    await setKey(stage, { valid: true });

    await stage.redis.stop('SIGKILL');
    await fires('GleanerRedisDown');
    await stage.redis.start();

    await stage.worker.kill();
    await fires('GleanerDown');
    const firing = await prometheus.firing();
    figures('alerts', { fired: 4, at_the_end: firing.join(',') });
    await stage.startWorker();
  } finally {
    await prometheus.close();
    await stage.close();
  }
});
