// The credits end in the middle of a job: nothing fails, nothing is paid for twice, and work goes on when there
// are credits again.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { until } from '../system/processes.mjs';
import { ApiCalls } from './api_calls.mjs';
import { OutageStage } from './outage.mjs';

let stage;
let calls;
before(async () => {
  stage = await OutageStage.open({ worker: false, pageMs: 20, GLEANER_API__QUOTA_PROBE: '2s', GLEANER_API__PAGES_PER_JOB: 1 });
});
after(async () => stage?.close());
beforeEach(async () => {
  calls = new ApiCalls(stage.simulator.base);
  await account({ available: 1_000_000, used: 0 });
});

async function account(options) {
  const answer = await fetch(`${stage.simulator.base}/admin/account`, {
    method: 'POST', body: JSON.stringify({ key: 'sim-key', ...options }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

const metric = async (name) => {
  const text = await (await stage.worker.get('/metrics')).text();
  return Number(new RegExp(`^gleaner_${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
};
const suspended = async () => metric('worker_suspended\\{reason="quota"\\}');
const parked = async (id) => until(`job ${id} to be delayed`, async () => (await stage.db.zscore(stage.key('delayed'), id)) !== null);
const pagesOf = async (domain, first) => (await calls.since(first)).filter((call) => call.domain === domain);

for (const style of ['429', '402']) {
  test(`credits that end in the middle of a job, told as ${style}`, { timeout: 300_000 }, async () => {
    await stage.switchApi({ quota_style: style });
    await account({ available: 20 }); // two pages of a hundred cost ten each
    await stage.startWorker();
    const first = await calls.next();
    const domain = `c400-q${style}.test`;
    const job = await stage.add(domain, { attempts: 1 });
    await parked(job.id);
    await until('the suspension', async () => (await suspended()) === 1);
    const others = await stage.addAll(Array.from({ length: 5 }, (_, index) => `c5-w${style}${index}.test`), { attempts: 1 });
    await stage.worker.program.line(/api\.quota_exhausted/);
    const asked = (await pagesOf(domain, first)).length;
    assert.equal(asked, 3, 'two pages, and the one that was refused');
    assert.equal((await stage.db.hkeys(stage.key(`${job.id}:ledger`))).filter((field) => /^\d+$/.test(field)).length, 2);
    const [progress] = (await stage.progressOf(job.id)).slice(-1);
    assert.deepEqual([progress.status, progress.backoffMs, progress.collected], ['rate_limited', 2000, 200]);
    await until('a look at the account', async () => (await stage.simulator.calls())
      .filter(({ path, n }) => path === '/v2/account' && n > first).length > 0);
    assert.equal((await pagesOf(domain, first)).length, asked, 'nothing is asked for meanwhile');
    await account({ available: 1_000_000 });
    const done = await stage.ended(job.id);
    assert.equal(await done.isCompleted(), true, done.failedReason);
    assert.equal(done.attemptsMade, 1);
    for (const { id } of others) assert.equal(await (await stage.ended(id)).isCompleted(), true);
    const pages = await pagesOf(domain, first);
    const again = pages.filter(({ status }) => status === 200).length - 4;
    await stage.oracle.report('quota', {}, { style, again, refused: pages.length - 4 - again });
    assert.equal(again, 0);
    await stage.worker.stop();
  });
}

test('a worker that starts without credits asks for nothing', { timeout: 300_000 }, async () => {
  await account({ available: 100, used: 100 });
  const first = await calls.next();
  const job = await stage.add('c5-none.test', { attempts: 1 });
  await stage.startWorker();
  await until('the suspension', async () => (await suspended()) === 1);
  assert.equal(await metric('quota_remaining_credits'), 0);
  assert.equal((await calls.since(first)).length, 0);
  await account({ available: 1_000_000 });
  assert.equal(await (await stage.ended(job.id)).isCompleted(), true);
  await stage.oracle.report('quota', {}, { style: 'none_at_start' });
  await stage.worker.stop();
});
