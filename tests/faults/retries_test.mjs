// An API that fails all the time, or most of it: requests stay bounded, and work goes on when it is well again.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { until } from '../system/processes.mjs';
import { ApiCalls } from './api_calls.mjs';
import { size } from './figures.mjs';
import { OutageStage } from './outage.mjs';

const second = 1000;
const tries = 2;
const jobs = size(12, 40);
let stage;
let calls;
before(async () => (stage = await OutageStage.open({ worker: false, pageMs: 5, GLEANER_API__MAX_TRIES: tries, GLEANER_CONCURRENCY: 16 })));
after(async () => stage?.close());
beforeEach(async () => {
  await stage.beginAnew();
  await stage.switchApi({ delay_ms: 5 });
  calls = new ApiCalls(stage.simulator.base);
});
afterEach(async () => stage.worker?.kill());

const metric = async (name) => {
  const text = await (await stage.worker.get('/metrics')).text();
  return Number(new RegExp(`^gleaner_${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
};
const add = async (count, attempts) => stage.addAll(
  Array.from({ length: count }, (_, index) => `c5-retry${index}.test`), { attempts, backoff: 100 });
const failed = async () => (await stage.queue.getFailed()).map(({ id }) => id);

const limit = 4 * 60 * second;
for (const fault of size(['fail503'], ['fail503', 'reset', 'cut', 'fail520'])) {
  test(`every answer fails: ${fault}`, { timeout: 2 * limit }, async () => {
    await stage.switchApi({ fault_rates: { [fault]: 1 } });
    await stage.startWorker();
    await add(jobs, 2);
    await stage.worker.program.line(/api\.circuit_open/);
    assert.equal(await metric('api_circuit_open'), 1);
    // From then on one request finds out, after pauses that double: some in a minute, whatever waits.
    const begun = (await calls.since(0)).length;
    const from = Date.now();
    await until('three probes', async () => (await calls.since(0)).length >= begun + 3, 2 * 60 * second);
    const probes = (await calls.since(0)).slice(begun);
    const gaps = probes.slice(1).map(({ time_ms: at }, index) => at - probes[index].time_ms);
    assert.ok(gaps.slice(-1)[0] >= 5 * second, `probes ${gaps} ms apart`);
    await stage.switchApi({ fault_rates: {} });
    await until('all jobs to end', async () => {
      const { completed, failed } = await stage.counts();
      return completed + failed === jobs;
    }, limit);
    const all = (await calls.since(0)).length;
    await stage.oracle.report('retries', { failed: await failed(), attempts: 2 }, { fault, requests: all, most: jobs * 2 * tries, probes: probes.length, probe_ms: Math.round((Date.now() - from) / probes.length) });
    assert.ok(all <= jobs * 2 * tries, `${all} requests for ${jobs} pages of two attempts with ${tries} tries`);
    assert.equal(await metric('api_circuit_open'), 0);
  });
}

test('what no retry can mend is asked for once', { timeout: 120_000 }, async () => {
  await stage.startWorker();
  for (const fault of ['claimed', 'forbidden', 'redirect']) {
    await stage.switchApi({ fault_rates: { [fault]: 1 } });
    const first = await calls.next();
    const job = await stage.add(`c5-${fault}.test`, { attempts: 3, backoff: 100 });
    assert.equal(await (await stage.ended(job.id)).isFailed(), true);
    assert.equal((await calls.since(first)).length, 1, fault);
  }
  await stage.oracle.report('retries', { failed: await failed() }, { fault: 'unmendable' });
});
