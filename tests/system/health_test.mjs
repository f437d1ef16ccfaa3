// What operators see over HTTP.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { answers } from './harness.mjs';
import { runToEnd, until } from './processes.mjs';
import { Stage } from './stage.mjs';

let stage;
before(async () => (stage = await Stage.open()));
after(async () => stage?.close());

async function metrics() {
  const answer = await stage.worker.get('/metrics');
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^text\/plain/);
  return answer.text();
}

/// Sum of all series of a family, whatever their labels; undefined when there is none.
function sum(text, family, labels = '') {
  const lines = text.split('\n')
    .filter((line) => line.startsWith(`${family}{`) || line.startsWith(`${family} `))
    .filter((line) => line.includes(labels));
  if (!lines.length) return undefined;
  return lines.reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
}

const families = [
  'gleaner_build_info', 'gleaner_start_time_seconds', 'gleaner_ready', 'gleaner_queue_jobs',
  'gleaner_jobs_started_total', 'gleaner_jobs_retried_total', 'gleaner_jobs_stalled_total',
  'gleaner_jobs_total', 'gleaner_jobs_active', 'gleaner_job_duration_seconds_count',
  'gleaner_job_wait_seconds_count', 'gleaner_job_pages_count', 'gleaner_pages_total',
  'gleaner_api_requests_total', 'gleaner_api_request_duration_seconds_count',
  'gleaner_api_requests_in_flight', 'gleaner_api_throttled_total', 'gleaner_api_retries_total',
  'gleaner_contacts_total', 'gleaner_normalization_rejects_total', 'gleaner_storage_writes_total',
  'gleaner_storage_errors_total', 'gleaner_storage_free_bytes', 'gleaner_redis_connected',
  'gleaner_redis_lock_lost_total', 'gleaner_jobs_poisoned_total', 'gleaner_reconciled_total',
  'gleaner_jobs_resumed_total', 'gleaner_jobs_parked_total', 'gleaner_worker_suspended',
  'gleaner_self_fenced_total', 'gleaner_clock_steps_total', 'gleaner_redis_refused_total',
  'gleaner_redis_reconnects_total', 'gleaner_redis_stale_sockets_total', 'gleaner_queue_damaged_total',
  'gleaner_job_failures_total', 'gleaner_orphans_total', 'gleaner_progress_dropped_total',
];

test('all series are there before the first job', async () => {
  await answers(`${stage.worker.http}/readyz`, 200); // the first take connects
  const text = await metrics();
  const absent = families.filter((family) => sum(text, family) === undefined);
  assert.deepEqual(absent, []);
  assert.equal(sum(text, 'gleaner_ready'), 1);
  assert.equal(sum(text, 'gleaner_jobs_started_total'), 0);
});

test('promtool finds nothing to object to in /metrics', async (t) => {
  const found = await runToEnd('sh', ['-c', 'command -v promtool']);
  if (found.code !== 0) return t.skip('promtool is not installed');
  const done = await runToEnd('promtool', ['check', 'metrics'], { input: await metrics() });
  assert.equal(done.code, 0, done.stdout + done.stderr);
});

test('a job moves the counters', async () => {
  const before = await metrics();
  await stage.collect(domains.contacts250);
  const after = await until('the counters of a job', async () => {
    const text = await metrics();
    return sum(text, 'gleaner_jobs_total') === sum(before, 'gleaner_jobs_total') + 1 ? text : undefined;
  });
  const gained = (family, labels) => sum(after, family, labels) - sum(before, family, labels);
  assert.equal(gained('gleaner_jobs_total', 'outcome="completed"'), 1);
  assert.equal(gained('gleaner_jobs_started_total'), 1);
  assert.equal(gained('gleaner_pages_total', 'fetched'), 3);
  assert.equal(gained('gleaner_contacts_total', 'outcome="stored"'), 250);
  assert.ok(gained('gleaner_api_requests_total') >= 3);
  assert.equal(gained('gleaner_job_duration_seconds_count'), 1);
});

test('no label names a job, a domain or the key', async () => {
  await stage.collect(domains.contacts5);
  const text = await metrics();
  assert.ok(!text.includes(domains.contacts5) && !text.includes('sim-key'));
});

test('/version tells version and commit', async () => {
  const answer = await stage.worker.get('/version');
  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /\d+\.\d+\.\d+/);
});

test('what does not exist is 404', async () => {
  assert.equal((await stage.worker.get('/nothing')).status, 404);
});

test('/readyz follows Redis, /livez and /healthz do not', { timeout: 300_000 }, async () => {
  const { http } = stage.worker;
  for (const path of ['/livez', '/healthz', '/readyz']) await answers(http + path, 200);
  await stage.redis.stop();
  await answers(http + '/readyz', 503);
  assert.equal((await stage.worker.get('/livez')).status, 200);
  assert.equal((await stage.worker.get('/healthz')).status, 200);
  assert.equal(sum(await metrics(), 'gleaner_ready'), 0);
  await stage.redis.start();
  await answers(http + '/readyz', 200);
  const job = await stage.collect(domains.contacts5);
  assert.equal(await job.getState(), 'completed', job.failedReason);
});
