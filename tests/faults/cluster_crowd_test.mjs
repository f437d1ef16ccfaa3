// A crowd of slow fetchers: what a coordinator keeps for them in memory is bounded by what it granted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../system/processes.mjs';
import { ClusterStage, startNode } from './cluster_stage.mjs';
import { figures, size } from './figures.mjs';
import { residentOf } from './memory.mjs';
import { unanswered } from './watched_stage.mjs';

const crowd = size(10, 100);
const room = 8; // pages at once of each
// Bytes: a connection and its actors, and for what was granted a page with its job.
const perNode = 128 * 1024 + room * 100 * 1024;
const settings = { GLEANER_CONCURRENCY: 2 * crowd * room, GLEANER_API__MAX_FETCHERS: room };

test(`${crowd} slow fetchers cost a coordinator a bounded part of memory, and get no more than was granted`,
  { timeout: size(240_000, 900_000) }, async () => {
    const stage = await ClusterStage.open({ nodes: [], ...settings, GLEANER_QUEUE__LOCK_DURATION: '60s' });
    try {
      await stage.join('first', settings);
      await stage.load(4 * crowd * room, 100);
      await stage.finish(); // all is warm: jobs, pages, files
      const before = residentOf(stage.worker.pid);
      await stage.switchApi({ delay_ms: 1500 });
      const joining = Array.from({ length: crowd - 1 }, async (_, index) => (
        startNode(`slow-${index}`, [stage.address], stage.simulator, { ...stage.nodeSettings, ...settings })));
      stage.nodes.push(...await Promise.all(joining));
      await until('all to have joined', async () => (await stage.slots()) === crowd * room);
      stage.expectDescriptors();
      await stage.load(size(4, 20) * crowd * room, 100);
      let most = 0;
      let granted = 0;
      await until('all jobs to end', async () => {
        most = Math.max(most, residentOf(stage.worker.pid));
        granted = Math.max(granted, unanswered(await stage.simulator.stats()));
        const { completed, failed } = await stage.counts();
        return completed + failed >= stage.added;
      });
      const grown = most - before;
      const found = await stage.finish();
      figures('cluster_crowd', { nodes: crowd, before_mb: Math.round(before / 2 ** 20),
        grown_kb: Math.round(grown / 1024), at_once: granted, ...found });
      assert.ok(granted > 0.8 * crowd * room && granted <= crowd * room, `${granted} pages at once`);
      assert.ok(grown <= crowd * perNode, `${grown} bytes more for ${crowd} nodes`);
    } finally {
      await stage.close();
    }
  });
