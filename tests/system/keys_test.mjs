// Several API keys: chosen by job and tenant, each with its own credits, replaced and drained while a worker works.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { gleaner } from './harness.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const patience = { timeout: 120_000 };
let stage;
let file;
before(async () => {
  stage = await Stage.open({ worker: false, GLEANER_LIMITS: '1000/s', GLEANER_API__QUOTA_PROBE: '2s' });
  file = join(stage.folder, 'team-a.key');
});
after(async () => stage?.close());
beforeEach(async () => {
  await stage.db.flushall();
  await fetch(`${stage.simulator.base}/admin/reset`, { method: 'POST' });
  writeFileSync(file, 'team-a-secret\n', { mode: 0o600 });
});
afterEach(async () => stage.worker?.kill());

const settings = (more = {}) => ({ GLEANER_API__KEY_NAMES: 'team-a', HUNTER_API_KEY_TEAM_A_FILE: file,
  GLEANER_API__KEYS__TEAM_A__TENANTS: 'acme,globex', ...more });
async function account(options, key) {
  const answer = await fetch(`${stage.simulator.base}/admin/account`, { method: 'POST', body: JSON.stringify({ key, ...options }) });
  assert.equal(answer.status, 200, await answer.text());
}
const command = async (args, more = {}) => gleaner(args, { ...stage.settings, redis: stage.redis, simulator: stage.simulator,
  folder: stage.folder, ...settings(), ...more });
const add = async (data, options = {}) => stage.queue.add('collect-domain', data, { attempts: 1, ...options });
const keysOf = async (domain) => (await stage.simulator.calls()).filter((call) => call.domain === domain).map(({ key }) => key);
const state = async (key) => {
  const text = await (await stage.worker.get('/metrics')).text();
  return new RegExp(`^gleaner_api_key_state\\{key="${key}",state="(\\w+)"\\} 1$`, 'm').exec(text)?.[1];
};

test('a job is fetched with the key that it names, its tenant\'s, or the first', patience, async () => {
  await stage.startWorker(settings());
  const jobs = [await add({ domain: 'c5-none.test' }), await add({ domain: 'c5-named.test', keyName: 'team-a' }),
    await add({ domain: 'c5-tenant.test', tenant: 'globex' })];
  for (const { id } of jobs) assert.equal(await (await stage.ended(id)).isCompleted(), true);
  const [first] = await keysOf('c5-none.test');
  const [second] = await keysOf('c5-named.test');
  assert.notEqual(first, second);
  assert.deepEqual(await keysOf('c5-tenant.test'), [second]);
});

test('names that nobody knows fail the job and say what to do', patience, async () => {
  await stage.startWorker(settings());
  const key = await stage.ended((await add({ domain: 'c5-x.test', keyName: 'team-b' })).id);
  assert.match(key.failedReason, /names the API key 'team-b', which this worker does not have; see api\.key_names/);
  const tenant = await stage.ended((await add({ domain: 'c5-x.test', tenant: 'initech' })).id);
  assert.match(tenant.failedReason, /names the tenant 'initech', which no API key of this worker is for/);
  const odd = await stage.ended((await add({ domain: 'c5-x.test', keyName: 7 })).id);
  assert.match(odd.failedReason, /has a keyName that names no API key/);
});

test('a key without credits holds up its own jobs only', patience, async () => {
  await account({ available: 10, used: 10 }, 'team-a-secret');
  await stage.startWorker(settings());
  await until('the state', async () => await state('team-a') === 'exhausted');
  const waiting = await add({ domain: 'c5-poor.test', keyName: 'team-a' });
  const rich = await stage.ended((await add({ domain: 'c5-rich.test' })).id);
  assert.equal(await rich.isCompleted(), true);
  assert.equal(await (await stage.queue.getJob(waiting.id)).getState(), 'delayed');
  await account({ available: 1000, used: 10 }, 'team-a-secret');
  assert.equal(await (await stage.ended(waiting.id)).isCompleted(), true);
  assert.equal(await state('team-a'), 'ok');
});

test('a key that is replaced in its file is used from then on', patience, async () => {
  await stage.startWorker(settings());
  await stage.ended((await add({ domain: 'c5-old.test', keyName: 'team-a' })).id);
  await account({ valid: false }, 'team-a-secret');
  const job = await add({ domain: 'c5-new.test', keyName: 'team-a' });
  await until('the state', async () => await state('team-a') === 'invalid');
  writeFileSync(file, 'team-a-other\n', { mode: 0o600 });
  await stage.worker.program.line(/auth\.key_replaced/);
  assert.equal(await (await stage.ended(job.id)).isCompleted(), true);
  assert.equal(await state('team-a'), 'ok');
  assert.ok(!stage.worker.program.tail().includes('team-a-other'), 'no log line has the key');
});

test('a drained key finishes what is under way and takes nothing more until it is resumed', patience, async () => {
  await stage.startWorker(settings());
  const drained = await command(['keys', 'drain', 'team-a']);
  assert.equal(drained.code, 0, drained.stderr);
  const job = await add({ domain: 'c5-later.test', keyName: 'team-a' });
  await stage.worker.program.line(/api\.key_drained/);
  assert.equal(await state('team-a'), 'drained');
  assert.deepEqual(await keysOf('c5-later.test'), []);
  assert.equal(await (await stage.ended((await add({ domain: 'c5-other.test' })).id)).isCompleted(), true);
  const shown = JSON.parse((await command(['quota', 'show', '--json'])).stdout);
  assert.deepEqual(shown.keys.map((key) => [key.name, key.state]), [['default', 'ok'], ['team-a', 'drained']]);
  assert.equal((await command(['keys', 'resume', 'team-a'])).code, 0);
  assert.equal(await (await stage.ended(job.id)).isCompleted(), true);
});

test('what the log says of one of several keys names it', patience, async () => {
  await fetch(`${stage.simulator.base}/admin/faults`, { method: 'POST', body: JSON.stringify({ match: { domain: 'c5-slow.test' },
    answer: { status: 429, headers: { 'Retry-After': '6' }, body: { errors: [{ id: 'too_many_requests', code: 429, details: 'x' }] } } }) });
  await stage.startWorker(settings({ GLEANER_LIMITS: '10/s' }));
  await add({ domain: 'c5-slow.test', keyName: 'team-a' });
  await stage.worker.program.line(/"api\.rate_limited".*"key":"team-a"/);
  await stage.worker.program.line(/"api\.pace_closed".*"key":"team-a","ms":/);
});

test('a pool spreads jobs over all keys', patience, async () => {
  await fetch(`${stage.simulator.base}/admin/switches`, { method: 'POST', body: '{"delay_ms":100}' });
  await stage.startWorker(settings({ GLEANER_API__POOL_KEYS: 'on' }));
  const jobs = await Promise.all(Array.from({ length: 10 }, async (_, n) => add({ domain: `c5-pool${n}.test` })));
  for (const { id } of jobs) await stage.ended(id);
  const used = (await stage.simulator.calls()).filter(({ domain }) => domain?.startsWith('c5-pool')).map(({ key }) => key);
  assert.equal(new Set(used).size, 2);
});

for (const [what, env, message] of [
  ['a name without a secret', { HUNTER_API_KEY_TEAM_A_FILE: undefined }, /API key 'team-a' has no secret; set HUNTER_API_KEY_TEAM_A, or/],
  ['the same secret twice', { HUNTER_API_KEY: 'team-a-secret' }, /'default' and 'team-a' have the same secret/],
  ['a tenant of two keys', { GLEANER_API__KEY_NAMES: 'team-a,team-b', HUNTER_API_KEY_TEAM_B: 'b-secret',
    GLEANER_API__KEYS__TEAM_B__TENANTS: 'acme' }, /the tenant 'acme' has two API keys/],
  ['a name that means something else', { GLEANER_API__KEY_NAMES: 'default' }, /api\.key_names is 'default': 'default' is the key of HUNTER_API_KEY/],
  ['a cap that is smaller than a page', { GLEANER_API__CREDITS_PER_DAY: 9 }, /credits_per_day \(9\) is less than a page of 100 contacts may cost/],
  ['caps that contradict', { GLEANER_API__CREDITS_PER_DAY: 100, GLEANER_API__CREDITS_PER_MONTH: 50 }, /credits_per_day \(100\) is more than credits_per_month \(50\)/],
  ['a negative cap', { GLEANER_API__CREDITS_PER_DAY: -1 }, /it takes a whole number of credits from 1 to 1000000000, or off/],
  ['an absurd cap', { GLEANER_API__CREDIT_FLOOR: '1e30' }, /api\.credit_floor is '1e30'; it takes a whole number of credits/],
]) {
  test(`the start refuses ${what}`, patience, async () => {
    const done = await command(['config', 'check'], env);
    assert.equal(done.code, 2, done.stdout);
    assert.match(done.stderr, message);
  });
}

test('a key of the file that is mistyped is named with a remedy', patience, async () => {
  const config = join(stage.folder, 'keys.toml');
  writeFileSync(config, '[api.keys.team-a]\ncredits_per_dya = 5\n');
  const done = await command(['config', 'check', '--config', config]);
  assert.equal(done.code, 2);
  assert.match(done.stderr, /keys\.toml:2:\d+: unknown setting api\.keys\.team-a\.credits_per_dya/);
});
