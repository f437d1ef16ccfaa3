// A worker is cut off from Redis or from the API: it asks for nothing once another may have its jobs.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until, temporaryFolder } from '../system/processes.mjs';
import { startGleaner } from '../system/harness.mjs';
import { Chance, figures, promised, size } from './figures.mjs';
import { cutLengths, cutSettings, fencedAt, PartitionStage } from './partition.mjs';
import { Proxy } from '../system/proxy.mjs';

const recoveryMs = 5000 + 5000; // and the longest pause between two connects
const open = [];
after(async () => {
  for (const part of open.reverse()) await part.close();
});

async function opened(opening) {
  const part = await opening;
  open.push(part);
  return part;
}

// The directions in which nothing arrives: both, answers, commands.
const cuts = [['up', 'down'], ['down'], ['up']];

test('cut off from Redis by a proxy', { timeout: size(300_000, 1_200_000) }, async () => {
  const stage = await opened(PartitionStage.open({ ...cutSettings, proxied: true }));
  const ways = cuts.map((directions) => [() => stage.proxy.hold(...directions), () => stage.proxy.release()]);
  const found = await stage.cutOffEach(ways, size(1, 10));
  figures('partition', { by: 'proxy', ...found, ...await stage.settled() });
  promised('ms from the end of a cut to work', found.slowest_recovery_ms, recoveryMs);
  assert.equal(found.stray_requests, 0);
});

test('another worker does the jobs of one that is cut off', { timeout: 300_000 }, async () => {
  const stage = await opened(PartitionStage.open({ ...cutSettings, proxied: true }));
  const ids = await stage.load(8, 2000);
  await until('pages in all ledgers', async () => (
    new Set((await stage.ledgerPages()).map((page) => page.split(' ')[0])).size === ids.length));
  const first = stage.worker;
  await stage.during(() => stage.proxy.hold('up', 'down'), async () => {});
  const cut = Date.now();
  const other = await startGleaner({ ...stage.settings, redis: stage.redis, simulator: stage.simulator,
    folder: temporaryFolder(), HUNTER_API_KEY: 'sim-key-b', NH_COLLECTIONS_DIR: first.collections });
  await until('the end of all jobs', async () => (await stage.counts()).completed === ids.length);
  stage.oracle.watch(other);
  open.push({ close: async () => other.stop() });
  stage.inFlight += (await stage.requestsBetween(cut, Infinity)).length; // until it was fenced
  stage.proxy.release();
  await until('the first worker to be back', async () => (await first.get('/readyz')).status === 200);
  await stage.load(1);
  const found = await stage.settled();
  const stray = (await stage.requestsBetween(fencedAt(cut), Infinity))
    .filter(({ domain }) => domain.startsWith('c2000-'));
  figures('partition', { by: 'proxy', taken_over: ids.length, stray_requests: stray.length, ...found });
  assert.equal(stray.length, 0);
});

test('cut off from the API', { timeout: size(300_000, 1_200_000) }, async () => {
  const stage = await opened(PartitionStage.open({ ...cutSettings, worker: false, GLEANER_API__TIMEOUT: '1s',
    GLEANER_QUEUE__LOCK_DURATION: '4s' }));
  const proxy = await opened(Proxy.to(new URL(stage.simulator.base).port));
  await stage.startWorker({ simulator: `http://127.0.0.1:${proxy.port}/v2` });
  const lengths = cutLengths(new Chance(), cuts.length * size(1, 10));
  for (const [index, length] of lengths.entries()) {
    await stage.load(8, 1000);
    await stage.underWay();
    await stage.during(() => proxy.hold(...cuts[index % cuts.length]), async () => {
      await sleep(length); // how long it is cut off is the fault itself
      proxy.reset(); // what was on its way is lost
      proxy.release();
    });
  }
  const found = await stage.settled();
  const lost = stage.worker.program.lines.filter((line) => line.includes('job.lock_lost'));
  figures('partition', { from: 'api', cuts: lengths.length, locks_lost: lost.length, ...found });
  assert.equal(lost.length, 0, 'the lock is kept while the API is away');
});
