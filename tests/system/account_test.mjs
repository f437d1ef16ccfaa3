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
  await accountAnswers({ status: 200, body: { data: { plan_name: 'Starter', plan_level: 1, requests } } });
}
async function accountAnswers(given) {
  await fetch(`${stage.simulator.base}/admin/faults`, { method: 'DELETE' });
  const answer = await fetch(`${stage.simulator.base}/admin/faults`, { method: 'POST', body: JSON.stringify({
    match: { path: '/v2/account' }, times: 0, answer: given,
  }) });
  assert.equal(answer.status, 200, await answer.text());
}
const command = async (args, settings = {}) => gleaner(args, { ...stage.settings, redis: stage.redis, simulator: stage.simulator,
  folder: stage.folder, ...settings });
const shown = async (settings) => {
  const { code, stdout } = await command(['quota', 'show', '--json'], settings);
  const [key] = JSON.parse(stdout).keys;
  return [key.state, key.creditsRemaining, code];
};
const keyState = async () => {
  const text = await (await stage.worker.get('/metrics')).text();
  return /^gleaner_api_key_state\{key="default",state="(\w+)"\} 1$/m.exec(text)?.[1];
};
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

for (const [what, credits, floor, state, left] of [
  ['nothing left', { used: 100, available: 100, remaining: 0 }, 'off', 'exhausted', 0],
  ['all used of what is available', { used: 100, available: 100 }, 'off', 'exhausted', 0],
  ['some used of what is available', { used: 60, available: 100 }, 'off', 'ok', 40],
  ['no more than the floor', { used: 95, available: 100, remaining: 5 }, '5', 'exhausted', 5],
  ['no more than the floor, as used and available say', { used: 95, available: 100 }, '5', 'exhausted', 5],
]) {
  test(`plan and show agree about an account with ${what}`, patience, async () => {
    await accountSays({ credits });
    const settings = { GLEANER_API__CREDIT_FLOOR: floor };
    assert.deepEqual(await shown(settings), [state, left, 0]);
    const plan = await command(['quota', 'plan', 'c5-a.test', '--json'], settings);
    assert.equal(plan.code, state === 'exhausted' ? 5 : 0, plan.stderr);
    const { creditsRemaining, runsOutAtLine } = JSON.parse(plan.stdout);
    assert.deepEqual([creditsRemaining, runsOutAtLine], [left, state === 'exhausted' ? 1 : null]);
    if (floor === 'off') return;
    await stage.startWorker(settings);
    await until('the same state of the worker', async () => await keyState() === state);
  });
}

const restricted = { kind: 'restricted' };
test('used-up credits, and a drained key, are no reason to be unready', patience, async () => {
  await accountSays({ credits: { used: 100, available: 100, remaining: 0 } });
  await stage.startWorker();
  const ready = async (pattern) => until(`${pattern} of /readyz`, async () => {
    const answer = await stage.worker.get('/readyz?verbose');
    return pattern.test(await answer.text()) && answer.status === 200;
  });
  await ready(/^ok worker: no jobs are taken: quota$/m);
  await accountSays({ credits: { used: 0, available: 100, remaining: 100 } });
  await ready(/^ok worker$/m);
  await command(['keys', 'drain', 'default']);
  await stage.add('c5-drained.test');
  await ready(/^ok worker: no jobs are taken: drained$/m);
  await command(['keys', 'resume', 'default']);
});

test('a restricted account is told as such by the start and by show', patience, async () => {
  await accountAnswers(restricted);
  const run = await command(['run']);
  assert.equal(run.code, 7);
  assert.match(run.stderr, /auth\.account_restricted.*the account of the key 'default'.*see to it at the provider's site/);
  assert.doesNotMatch(run.stderr, /auth\.key_rejected/);
  assert.deepEqual(await shown(), ['invalid', null, 7]);
});

test('what is wrong with one of several keys names it, and where it comes from', patience, async () => {
  const settings = { GLEANER_API__KEY_NAMES: 'team-a,team-b', HUNTER_API_KEY_TEAM_A: 'bad-a', HUNTER_API_KEY_TEAM_B: 'team-b' };
  const show = await command(['quota', 'show'], settings);
  assert.equal(show.code, 7);
  assert.match(show.stderr, /^gleaner: key 'team-a' \(HUNTER_API_KEY_TEAM_A\): HTTP 401/);
  const plan = await command(['quota', 'plan', '--key', 'team-a', 'c5-a.test'], settings);
  assert.match(plan.stderr, /^gleaner: key 'team-a' \(HUNTER_API_KEY_TEAM_A\): HTTP 401/);
});

test('a plan never says more time than the limits make it take', patience, async () => {
  const limits = { GLEANER_LIMITS: '5/s' };
  const minutes = async (...domains) => JSON.parse((await command(['quota', 'plan', '--json', ...domains], limits)).stdout).minutes;
  const said = async (...domains) => (await command(['quota', 'plan', ...domains], limits)).stdout;
  const ten = Array.from({ length: 10 }, (_, n) => `c5-${n}.test`);
  assert.equal(await minutes(...ten), 1 / 60);
  assert.match(await said(...ten), /requests +10, which take at least 1 second at the API's limits\n/);
  assert.match(await said('c5-a.test'), /requests +1, which the API's limits let go out at once\n/);
});

test('an account that can\'t be read at the start is not one without credits', patience, async () => {
  await accountAnswers({ status: 503, body: 'down' });
  await stage.startWorker();
  const text = await (await stage.worker.get('/metrics')).text();
  for (const name of ['remaining_credits', 'limit_credits', 'reset_timestamp_seconds'])
    assert.match(text, new RegExp(`^gleaner_quota_${name}\\{[^}]*\\} nan$`, 'im'));
});

test('a plan asks no more counts for as long as the API wants none', patience, async () => {
  const throttled = { status: 429, headers: { 'Content-Type': 'application/json', 'Retry-After': '3' },
    body: '{"errors":[{"id":"too_many_requests","code":429,"details":"Too many requests per second."}]}' };
  await fetch(`${stage.simulator.base}/admin/faults`, { method: 'POST', body: JSON.stringify({
    match: { path: '/v2/email-count', domain: 'c5-refused.test' }, times: 1, answer: throttled }) });
  // Redis is away: nobody but this process keeps the pace.
  const plan = await command(['quota', 'plan', 'c5-refused.test'], { REDIS_URL: 'redis://127.0.0.1:1' });
  assert.equal(plan.code, 0, plan.stderr);
  const [refused, again] = (await stage.simulator.calls()).filter(({ path }) => path === '/v2/email-count');
  assert.ok(again.time_ms - refused.time_ms >= 2900, `again after ${again.time_ms - refused.time_ms} ms`);
});
