// A real Prometheus with the shipped rules tells of real faults. What the rules wait for (`for`) is a second here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../system/processes.mjs';
import { startPrometheus } from '../system/prometheus.mjs';
import { ClusterStage } from './cluster_stage.mjs';
import { figures } from './figures.mjs';

async function setKey(stage, options) {
  const answer = await fetch(`${stage.simulator.base}/admin/account`, {
    method: 'POST', body: JSON.stringify({ key: 'sim-key', ...options }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

test('alerts of a node that is lost, a key that is refused, Redis that is away and a worker that is gone', async () => {
  const stage = await ClusterStage.open({ nodes: ['a'], GLEANER_QUEUE__STALLED_INTERVAL: '1s' });
  const prometheus = await startPrometheus([new URL(stage.worker.http).host], '500ms');
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
    await prometheus.stop();
    await stage.close();
  }
});
