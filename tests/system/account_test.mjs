// What the account page says, or no longer says, as workers and operators see it.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { gleaner } from './harness.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const patience = { timeout: 120_000 };
let stage;
before(async () => (stage = await Stage.open({ worker: false, GLEANER_LIMITS: '1000/s', GLEANER_API__QUOTA_PROBE: '1s',
  GLEANER_API__ACCOUNT_INTERVAL: '1s' })));
after(async () => stage?.close());
beforeEach(async () => {
  await stage.db.flushall();
  await fetch(`${stage.simulator.base}/admin/reset`, { method: 'POST' });
});
afterEach(async () => stage.worker?.kill());

async function accountSays(requests) {
  await fetch(`${stage.simulator.base}/admin/faults`, { method: 'DELETE' });
  const answer = await fetch(`${stage.simulator.base}/admin/faults`, { method: 'POST', body: JSON.stringify({
    match: { path: '/v2/account' }, times: 0, answer: { status: 200, body: { data: { plan_name: 'Starter', plan_level: 1, requests } } },
  }) });
  assert.equal(answer.status, 200, await answer.text());
}
const budget = async () => stage.db.hget((await stage.db.keys('gleaner:budget:*:credits'))[0] ?? 'none', 'remaining');

test('an account that no longer says what remains opens the floor', patience, async () => {
  await accountSays({ credits: { used: 98, available: 100, remaining: 2 } });
  await stage.startWorker({ GLEANER_API__CREDIT_FLOOR: 5 });
  await stage.worker.program.line(/at its floor of 5 credits/);
  await until('the figure in Redis', async () => await budget() === '2.000');
  const { id } = await stage.add('c5-floor.test');
  await accountSays(null);
  assert.equal(await (await stage.ended(id)).isCompleted(), true);
  assert.equal(await budget(), 'untold');
});
