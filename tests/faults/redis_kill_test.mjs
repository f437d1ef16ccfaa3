// Redis dies or stops under load, again and again: no job is lost, none runs twice.
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from '../system/harness.mjs';
import { until } from '../system/processes.mjs';
import { Chance, figures, promised, size } from './figures.mjs';
import { OutageStage } from './outage.mjs';

const chance = new Chance();
let stage;
before(async () => (stage = await OutageStage.open()));
after(async () => stage?.close());

/// ms from the first PING that Redis answers to the worker being connected again.
async function reconnected() {
  const client = new Redis(stage.redis.url, { retryStrategy: () => 5 });
  client.on('error', () => {});
  await client.ping();
  client.disconnect();
  const answered = Date.now();
  await until('the worker to be back', async () => (await stage.worker.get('/readyz')).status === 200);
  return Date.now() - answered;
}

test('kill -9 of Redis with an append-only file, again and again', { timeout: size(300_000, 3_600_000) }, async () => {
  const kills = size(20, 200);
  let slowest = 0;
  for (let kill = 0; kill < kills; kill++) {
    await stage.busy();
    await sleep(chance.between(100, size(600, 3000))); // the moment of a kill is what the seed decides
    const took = await stage.during(() => stage.redis.stop('SIGKILL'), async () => {
      await stage.redis.start();
      return reconnected();
    });
    slowest = Math.max(slowest, took);
  }
  figures('redis_kill', { redis_kills: kills, ...await stage.settled(), slowest_reconnect_ms: slowest });
  promised('ms from an answered PING to a worker that is connected', slowest, 2000);
});

test('a Redis that stands still for seconds and goes on', { timeout: size(300_000, 1_800_000) }, async () => {
  const pauses = size([1000, 6000], Array.from({ length: 40 }, () => chance.between(1000, 10_000)));
  for (const pause of pauses) {
    await stage.busy();
    await stage.during(() => stage.redis.program.kill('SIGSTOP'), async () => {
      await sleep(pause); // how long it stands still is the fault itself
      stage.redis.program.kill('SIGCONT');
      return reconnected();
    });
  }
  figures('redis_pause', { pauses: pauses.length, ...await stage.settled() });
});
