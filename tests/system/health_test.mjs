// What operators see over HTTP.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { answers, gleaner } from './harness.mjs';
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

/// Names of the families in a text of Prometheus.
const familiesOf = (text) => [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name).sort();

test('all series are there before the first job, as `gleaner metrics` lists them', async () => {
  await answers(`${stage.worker.http}/readyz`, 200); // the first take connects
  const text = await metrics();
  const { metrics: listed } = JSON.parse((await gleaner(['metrics', '--json'])).stdout);
  assert.deepEqual(familiesOf(text), listed.map(({ name }) => name).sort());
  const series = text.split('\n').filter((line) => line && !line.startsWith('#'));
  assert.ok(series.length > 300 && series.length <= 400, `${series.length} series`);
  assert.equal(sum(text, 'gleaner_ready'), 1);
  assert.equal(sum(text, 'gleaner_jobs_started_total'), 0);
  assert.equal(sum(text, 'gleaner_actors', 'JobCoordinator'), 1);
});

test('with BullMQ\'s names too, they say what BullMQ says', async () => {
  const named = await Stage.open({ GLEANER_HTTP__BULLMQ_METRICS: 'on', GLEANER_QUEUE__METRICS_POINTS: '60' });
  try {
    for (const domain of [domains.contacts5, domains.contacts250]) await named.collect(domain);
    await named.add('no domain');
    await named.add(domains.contacts5, { delay: 600_000 });
    const figures = (text) => text.split('\n').filter((line) => line.startsWith('bullmq_'))
      .map((line) => line.replaceAll(', ', ',')).sort();
    await until('the same figures', async () => {
      const own = figures(await (await named.worker.get('/metrics')).text());
      const theirs = figures(await named.queue.exportPrometheusMetrics());
      return own.includes('bullmq_job_failed_total{queue="domain-collection"} 1') &&
        theirs.every((line) => own.includes(line)) ? own : undefined;
    });
  } finally {
    await named.close();
  }
});

test('a scrape is answered while Redis hangs, and tells how many messages wait', async () => {
  await stage.collect(domains.contacts5);
  process.kill(stage.redis.program.pid, 'SIGSTOP');
  try {
    const text = await metrics();
    assert.ok(sum(text, 'gleaner_actor_mailbox_messages') >= 0);
  } finally {
    process.kill(stage.redis.program.pid, 'SIGCONT');
  }
  await answers(`${stage.worker.http}/readyz`, 200);
});

test('promtool finds nothing to object to in /metrics', async () => {
  const done = await runToEnd('promtool', ['check', 'metrics'], { input: await metrics() });
  assert.equal(done.code, 0, done.stdout + done.stderr);
});

test('a scraper that would rather have another format gets text', async () => {
  for (const accept of ['application/openmetrics-text;version=1.0.0', 'application/vnd.google.protobuf;encoding=delimited',
    'image/png', '*/*;q=0', 'a'.repeat(1000)]) {
    const answer = await fetch(`${stage.worker.http}/metrics`, { headers: { accept } });
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'text/plain; version=0.0.4; charset=utf-8']);
    assert.match(await answer.text(), /^gleaner_ready 1$/m);
  }
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
  assert.equal(await (await stage.worker.get('/readyz?verbose')).text(), 'ok redis\nok store\nok key\nok worker\n');
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
