// 2,000 jobs of 250 contacts: none fails, memory stays flat.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { domains } from './domains.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const jobs = 2000;
const limit = 60 * 1024; // kB
let stage;

before(async () => (stage = await Stage.open()));
after(async () => stage?.close());

function residentKb(pid) {
  return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
}

test('2,000 jobs of 250 contacts end without a failure below 60 MB', { timeout: 300_000 }, async () => {
  const names = Array.from({ length: jobs }, (_, index) => domains.many250(index));
  const samples = [];
  let done = false;
  const sampling = (async () => {
    while (!done) {
      samples.push(residentKb(stage.worker.pid));
      await sleep(50);
    }
  })();
  const opts = { attempts: 3, backoff: { type: 'exponential', delay: 2000 } };
  await stage.queue.addBulk(names.map((domain) => ({ name: 'collect-domain', data: { domain }, opts })));
  await until('the end of all jobs', async () => {
    const { completed, failed } = await stage.counts();
    return completed + failed === jobs;
  }, 200_000).finally(() => (done = true));
  await sampling;

  const { failed, completed, waiting, active, delayed } = await stage.counts();
  assert.deepEqual({ failed, completed, waiting, active, delayed },
    { failed: 0, completed: jobs, waiting: 0, active: 0, delayed: 0 });
  const highest = Math.max(...samples);
  console.log(`resident memory: ${samples[0]} kB at first, ${highest} kB at most, ${samples.length} samples`);
  assert.ok(highest < limit, `${highest} kB of resident memory`);
  const half = samples.slice(samples.length >> 1);
  const growth = Math.max(...half) - Math.max(...samples.slice(0, samples.length >> 1));
  assert.ok(growth < 8 * 1024, `memory grew by ${growth} kB in the second half`);

  const files = stage.store.files();
  assert.equal(files.length, jobs);
  assert.ok(files.every((name) => name.endsWith('.json')), 'no temporary file is left');
  for (const domain of [names[0], names[jobs >> 1], names[jobs - 1]]) {
    assert.equal(stage.store.load(domain).items.length, 250);
  }
});
