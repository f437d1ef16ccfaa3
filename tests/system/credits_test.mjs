// Credits: reserved, counted, capped; planned before they are spent; not spent twice.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { ApiCalls } from '../faults/api_calls.mjs';
import { gleaner } from './harness.mjs';
import { temporaryFolder, until } from './processes.mjs';
import { Stage } from './stage.mjs';

const patience = { timeout: 120_000 };
let stage;
let calls;
let first;
before(async () => (stage = await Stage.open({ worker: false, GLEANER_LIMITS: '1000/s', GLEANER_API__QUOTA_PROBE: '2s' })));
after(async () => stage?.close());
beforeEach(async () => {
  await stage.db.flushall();
  await fetch(`${stage.simulator.base}/admin/reset`, { method: 'POST' });
  calls = new ApiCalls(stage.simulator.base);
  first = await calls.next();
});
afterEach(async () => stage.worker?.kill());

async function account(options, key = 'sim-key') {
  const answer = await fetch(`${stage.simulator.base}/admin/account`, { method: 'POST', body: JSON.stringify({ key, ...options }) });
  assert.equal(answer.status, 200, await answer.text());
}

const command = async (args, settings = {}) => gleaner(args, { ...stage.settings, redis: stage.redis, simulator: stage.simulator,
  folder: stage.folder, ...settings });
const metric = async (name) => {
  const text = await (await stage.worker.get('/metrics')).text();
  return Number(new RegExp(`^gleaner_${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
};
const add = async (domain, data = {}) => stage.queue.add('collect-domain', { domain, ...data }, { attempts: 1 });
const delayed = async (id) => until(`job ${id} to be delayed`, async () => (await stage.db.zscore(stage.key('delayed'), id)) !== null);
const searches = async (domain) => (await calls.since(first)).filter((call) => call.domain === domain).length;

test('a day\'s cap is never passed, and jobs wait with their pages for the next day', patience, async () => {
  await stage.startWorker({ GLEANER_API__CREDITS_PER_DAY: 25, GLEANER_API__PAGES_PER_JOB: 1 });
  const job = await add('c400-cap.test');
  await delayed(job.id);
  await stage.worker.program.line(/the cap of 25 credits a day is reached/);
  const [progress] = (await stage.progressOf(job.id)).slice(-1);
  assert.equal(progress.status, 'rate_limited');
  const midnight = 86_400_000 - Date.now() % 86_400_000;
  assert.ok(Math.abs(progress.backoffMs - midnight) < 60_000, `${progress.backoffMs} ms, midnight is in ${midnight}`);
  assert.equal(await searches('c400-cap.test'), 2); // ten credits each
  assert.equal(await metric('quota_spent_credits_total'), 20);
  const { stdout } = await command(['quota', 'show', '--json']);
  const [key] = JSON.parse(stdout).keys;
  assert.deepEqual([key.name, key.state, key.spentToday, key.spentThisMonth, key.reserved], ['default', 'ok', 20, 20, 0]);
  const capped = await command(['quota', 'show', '--json'], { GLEANER_API__CREDITS_PER_DAY: 25 });
  assert.equal(JSON.parse(capped.stdout).keys[0].state, 'exhausted'); // five are less than a page may cost
  await stage.worker.kill();
  await stage.startWorker({ GLEANER_API__CREDITS_PER_DAY: 100 });
  assert.equal(await (await stage.ended(job.id)).isCompleted(), true);
  assert.equal(await searches('c400-cap.test'), 4);
});

test('a cap holds without limits too', patience, async () => {
  await stage.startWorker({ GLEANER_LIMITS: 'off', GLEANER_API__CREDITS_PER_DAY: 25, GLEANER_API__PAGES_PER_JOB: 1 });
  const job = await add('c400-off.test');
  await delayed(job.id);
  assert.equal(await searches('c400-off.test'), 2);
  const drain = async (limits, cap) => command(['keys', 'drain', 'default'], { GLEANER_LIMITS: limits,
    GLEANER_API__CREDITS_PER_DAY: cap });
  assert.equal((await drain('off', '25')).stderr, '');
  const refused = await drain('off', 'off');
  assert.deepEqual([refused.code, refused.stdout], [2, '']);
  assert.match(refused.stderr, /'default' has neither limits nor caps, .*set api\.limits or a cap/);
  const unnamed = await command(['keys', 'drain', '']);
  assert.equal(unnamed.code, 2, unnamed.stderr);
});

test('pages on the wire are kept when their job is put back', patience, async () => {
  await fetch(`${stage.simulator.base}/admin/switches`, { method: 'POST', body: '{"delay_ms":700}' });
  await stage.startWorker({ GLEANER_API__PAGES_PER_JOB: 4 });
  const job = await add('c800-wire.test');
  await until('four pages on the wire', async () => (await stage.simulator.stats()).requests >= 6);
  assert.equal((await command(['keys', 'drain', 'default'])).code, 0);
  await delayed(job.id);
  assert.equal((await command(['keys', 'resume', 'default'])).code, 0);
  assert.equal(await (await stage.ended(job.id)).isCompleted(), true);
  assert.equal(await searches('c800-wire.test'), 8);
});

test('a plan without Redis goes by its own pace and says so', patience, async () => {
  const plan = await command(['quota', 'plan', 'c5-a.test'], { REDIS_URL: 'redis://127.0.0.1:1' });
  assert.equal(plan.code, 0, plan.stderr);
  assert.match(plan.stderr, /Redis does not answer/);
});

test('a count that fails does not hold up the search', patience, async () => {
  await stage.startWorker({ GLEANER_API__COUNT_FIRST: 'on', HUNTER_API_URL: stage.simulator.url });
  await fetch(`${stage.simulator.base}/admin/switches`, { method: 'POST', body: '{"email_count_needs_key":true}' });
  const jobs = [];
  for (let n = 0; n < 20; n++) jobs.push(await add(`c5-count${n}.test`));
  for (const { id } of jobs) assert.equal(await (await stage.ended(id)).isCompleted(), true);
});

test('two workers share a cap', patience, async () => {
  const settings = { GLEANER_API__CREDITS_PER_DAY: 60, GLEANER_API__PAGES_PER_JOB: 2 };
  const one = await stage.startWorker(settings);
  await stage.startWorker({ ...settings, GLEANER_STATE_FOLDER: join(temporaryFolder(), 'state') });
  for (let n = 0; n < 10; n++) await add(`c200-two${n}.test`);
  await until('six pages', async () => (await calls.since(first)).length >= 6);
  await stage.worker.program.line(/the cap of 60 credits a day is reached/);
  await one.program.line(/the cap of 60 credits a day is reached/);
  assert.equal((await calls.since(first)).length, 6);
  await one.kill();
});

test('a job\'s cap cuts its collection and says so', patience, async () => {
  await stage.startWorker({ GLEANER_API__CREDITS_PER_JOB: 15 });
  const job = await stage.ended((await add('c400-own.test')).id);
  assert.equal(job.returnvalue.truncated, 'credit_cap');
  assert.equal(job.returnvalue.total, 400);
  assert.equal(await searches('c400-own.test'), 2); // 100 and 50 rows
});

test('the account keeps its floor', patience, async () => {
  await account({ available: 1000, used: 900 });
  await stage.startWorker({ GLEANER_API__CREDIT_FLOOR: 75, GLEANER_API__PAGES_PER_JOB: 1 });
  const job = await add('c400-floor.test');
  await delayed(job.id);
  await stage.worker.program.line(/at its floor of 75 credits/);
  assert.equal(await searches('c400-floor.test'), 2);
  await account({ available: 2000, used: 900 });
  assert.equal(await (await stage.ended(job.id)).isCompleted(), true);
});

test('a plan says what domains cost and where the credits run out', patience, async () => {
  await account({ available: 100, used: 60, reset: '2027-01-15' });
  const file = join(stage.folder, 'domains.txt');
  writeFileSync(file, 'c5-a.test\nc250-b.test\n\nc100-c.test\nc250-d.test\n');
  const planned = await command(['quota', 'plan', '--file', file, '--json']);
  assert.equal(planned.code, 5, planned.stderr);
  const plan = JSON.parse(planned.stdout);
  assert.equal(plan.schema, 'gleaner.quota_plan/1');
  assert.equal(plan.domains, 4);
  assert.equal(plan.creditsRemaining, 40);
  assert.equal(plan.resetDate, '2027-01-15');
  assert.ok(plan.credits >= 61, `${plan.credits} credits`); // the count is more than a search finds
  assert.equal(plan.runsOutAtLine, 5);
  assert.equal((await calls.since(first)).length, 0, 'no search');
  const text = await command(['quota', 'plan', 'c5-a.test']);
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /^1 domain, \d+ contacts\ncredits +1 at most, of 40 left until 2027-01-15\nrequests +1, /);
});

test('a plan of what is no domain, and with a key that is none', patience, async () => {
  const some = await command(['quota', 'plan', 'c5-a.test', 'not a domain']);
  assert.equal(some.code, 4);
  assert.match(some.stderr, /domain 2: .*not a domain/);
  const none = await command(['quota', 'plan', '--key', 'nobody', 'c5-a.test']);
  assert.equal(none.code, 2);
  assert.match(none.stderr, /no API key is called 'nobody'; there are default/);
  const without = await command(['quota', 'plan', 'c5-a.test'], { HUNTER_API_KEY: undefined });
  assert.equal(without.code, 7);
  const shown = await command(['quota', 'show'], { HUNTER_API_KEY: undefined });
  assert.equal(shown.code, 7);
  assert.match(shown.stderr, /HUNTER_API_KEY missing/);
});

test('a plan for a frozen account says so', patience, async () => {
  await account({ frozen: 'hard', level: 2, buckets: 'two' });
  const plan = await command(['quota', 'plan', 'c250-a.test']);
  assert.equal(plan.code, 5, plan.stderr);
  assert.match(plan.stderr, /the account is frozen/);
});

test('a dry run queues nothing', patience, async () => {
  const dry = await command(['enqueue', '--dry-run', '--json', 'c5-a.test', 'c5-a.test', 'c5-b.test', 'no domain']);
  assert.equal(dry.code, 4);
  assert.deepEqual(JSON.parse(dry.stdout), { schema: 'gleaner.enqueue_dry_run/1', wouldQueue: 2, duplicates: 1, rejectedCount: 1 });
  assert.equal(await stage.db.dbsize(), 0);
});

test('a recent collection is returned without a request, unless the job wants it anew', patience, async () => {
  await stage.startWorker({ GLEANER_API__FRESH_FOR: '1h' });
  const made = await stage.ended((await add('c250-fresh.test')).id);
  const asked = await searches('c250-fresh.test');
  const job = await stage.ended((await add('c250-fresh.test')).id);
  assert.deepEqual(job.returnvalue, { ...made.returnvalue, fresh: true });
  assert.equal(job.progress.fresh, true);
  assert.equal(await searches('c250-fresh.test'), asked);
  assert.equal(await metric('quota_saved_credits_total\\{key="default",reason="fresh"\\}'), 25);
  assert.equal(await metric('api_saved_requests_total\\{key="default",reason="fresh"\\}'), 3);
  const anew = await command(['enqueue', '--refresh', '--wait', 'c250-fresh.test']);
  assert.equal(anew.code, 0, anew.stderr);
  assert.equal(await searches('c250-fresh.test'), 2 * asked);
  const [name] = readdirSync(stage.worker.collections).filter((file) => file.startsWith('c250-fresh'));
  writeFileSync(join(stage.worker.collections, name), readFileSync(join(stage.worker.collections, name), 'utf8').slice(0, -9));
  assert.equal((await stage.ended((await add('c250-fresh.test')).id)).returnvalue.fresh, undefined, 'a torn file is none');
});

test('many jobs for one domain on two workers cost its pages once', patience, async () => {
  await fetch(`${stage.simulator.base}/admin/switches`, { method: 'POST', body: '{"delay_ms":150}' });
  const settings = { GLEANER_API__FRESH_FOR: '1h' };
  const one = await stage.startWorker(settings);
  await stage.startWorker({ ...settings, GLEANER_STATE_FOLDER: join(temporaryFolder(), 'state') });
  const jobs = [];
  for (let n = 0; n < 40; n++) jobs.push(await add('c250-same.test'));
  const ended = await Promise.all(jobs.map(async ({ id }) => stage.ended(id)));
  assert.equal(ended.filter(({ returnvalue }) => returnvalue.fresh).length, 39);
  assert.equal(await searches('c250-same.test'), 3);
  await one.kill();
});

test('a job of a collector that died is taken over by the next', patience, async () => {
  await fetch(`${stage.simulator.base}/admin/switches`, { method: 'POST', body: '{"delay_ms":300}' });
  const settings = { GLEANER_API__FRESH_FOR: '1h', GLEANER_QUEUE__LOCK_DURATION: '1s', GLEANER_QUEUE__STALLED_INTERVAL: '500ms',
    GLEANER_API__PAGES_PER_JOB: 1 };
  const dying = await stage.startWorker(settings);
  const jobs = [await add('c250-dies.test')];
  await until('a request', async () => await searches('c250-dies.test') > 0);
  await stage.startWorker({ ...settings, GLEANER_STATE_FOLDER: join(temporaryFolder(), 'state') });
  jobs.push(await add('c250-dies.test'));
  await dying.kill();
  const ended = await Promise.all(jobs.map(async ({ id }) => stage.ended(id)));
  assert.deepEqual(await Promise.all(ended.map(async (job) => job.isCompleted())), [true, true]);
});

test('a count of nobody saves the search', patience, async () => {
  await stage.startWorker({ GLEANER_API__COUNT_FIRST: 'on' });
  const nobody = await stage.ended((await add('c0-nobody.test')).id);
  assert.equal(nobody.returnvalue.itemsCollected, 0);
  assert.equal(await searches('c0-nobody.test'), 0);
  assert.equal(await metric('api_saved_requests_total\\{key="default",reason="count"\\}'), 1);
  assert.equal((await stage.ended((await add('c5-some.test')).id)).returnvalue.itemsCollected, 5);
});
