// One trace from the producer's span to the end of its job, as a collector of traces gets it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { gleaner, packages } from './harness.mjs';
import { OtlpCollector } from './otlp_collector.mjs';
import { Stage } from './stage.mjs';
import { ownSpans, telemetry, within } from './traced_producer.mjs';

const queueName = 'domain-collection';
const soon = { OTEL_BSP_SCHEDULE_DELAY: '20' };
let collector;
let stage;

before(async () => {
  collector = await OtlpCollector.open();
  stage = await Stage.open({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: 'gleaner-of-tests',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=a%20test', OTEL_EXPORTER_OTLP_HEADERS: 'x-token=of-tests', ...soon });
});
after(async () => {
  await stage?.close();
  await collector?.close();
});

/// Adds a job as a stock producer with telemetry does: {traceId, job}.
async function produce(library, domain, options = {}) {
  const queue = new (packages(library).Queue)(queueName, { connection: stage.connection, telemetry });
  const { traceId, result } = await within('order', async () => queue.add('collect-domain', { domain }, options));
  await queue.close();
  return { traceId, job: result };
}

for (const library of ['bullmq5', 'bullmq6']) {
  test(`the trace of a producer on ${library} goes on to the job's end`, async () => {
    const { traceId, job } = await produce(library, domains.contacts250, { attempts: 3 });
    await stage.ended(job.id);
    const trace = await collector.trace(traceId, 10);
    const names = Object.fromEntries([...trace].map(([name, spans]) => [name, spans.length]));
    assert.deepEqual(names, {
      [`receive ${queueName}`]: 1, [`process ${queueName}`]: 1, GET: 3, normalize: 3, store: 1,
      [`settle ${queueName}`]: 1,
    });
    const producing = ownSpans(traceId).find(({ name }) => name.startsWith('add'));
    const [work] = trace.get(`process ${queueName}`);
    const [take] = trace.get(`receive ${queueName}`);
    assert.equal(work.parentSpanId, producing.spanId);
    assert.equal(take.parentSpanId, producing.spanId);
    for (const [name, spans] of trace) {
      for (const span of spans) {
        assert.equal(span.status.code, undefined, `${name} failed`);
        assert.ok(span.startMs <= span.endMs && Math.abs(Date.now() - span.endMs) < 120_000);
        assert.equal(span.resource['service.name'], 'gleaner-of-tests');
        assert.equal(span.resource['deployment.environment'], 'a test');
        if (span === work || span === take) continue;
        assert.equal(span.parentSpanId, work.spanId);
        assert.ok(span.startMs >= work.startMs - 1 && span.endMs <= work.endMs + 1, `${name} is outside of the work`);
      }
    }
    assert.equal(work.attributes['messaging.message.id'], job.id);
    assert.equal(work.attributes['gleaner.domain'], domains.contacts250);
    const offsets = trace.get('GET').map(({ attributes }) => attributes['gleaner.page.offset']);
    assert.deepEqual(offsets.sort((a, b) => a - b), [0, 100, 200]);
    for (const { attributes } of trace.get('GET')) {
      assert.equal(attributes['http.response.status_code'], 200);
      assert.equal(attributes['server.address'], '127.0.0.1');
      assert.equal(attributes['url.template'], '/v2/domain-search');
    }
  });
}

test('a producer that wants no trace to go on gets none', async () => {
  const { traceId, job } = await produce('bullmq6', domains.contacts5, { telemetry: { omitContext: true } });
  await stage.ended(job.id);
  const { traceId: next, job: other } = await produce('bullmq6', domains.contacts5);
  await stage.ended(other.id);
  await collector.trace(next, 6);
  assert.ok(!collector.spans.some((span) => span.traceId === traceId));
});

test('requests that are repeated are spans of their own', async () => {
  const { traceId, job } = await produce('bullmq6', domains.throttledOnce);
  await stage.ended(job.id);
  const gets = (await collector.trace(traceId, 7)).get('GET');
  assert.equal(gets.length, 2);
  const [first, second] = gets.sort((a, b) => a.startMs - b.startMs);
  assert.equal(first.attributes['http.response.status_code'], 403); // the API's way to say: too fast
  assert.equal(first.attributes['error.type'], '403');
  assert.equal(first.status.code, 2);
  assert.equal(second.attributes['http.request.resend_count'], 1);
});

test('a job that fails says so in its trace and in the log, which name each other', async () => {
  const { traceId, job } = await produce('bullmq6', 'no domain');
  await stage.ended(job.id);
  const trace = await collector.trace(traceId, 3);
  const [work] = trace.get(`process ${queueName}`);
  assert.equal(work.attributes['error.type'], 'domain_invalid');
  assert.equal(work.attributes['gleaner.domain'], undefined);
  const line = stage.worker.program.lines.map((text) => JSON.parse(text)).find(({ code }) => code === 'job.failed');
  assert.equal(line.trace_id, traceId);
  assert.equal(line.span_id, work.spanId);
});

test('what others have written into tm breaks nothing', async () => {
  const hostile = ['', 'null', '{', '[]', '1', '{"traceparent":7}', '{"traceparent":"00-00"}',
    `{"traceparent":"${'0'.repeat(5000)}"}`, '['.repeat(10_000), JSON.stringify({ traceparent: 'x'.repeat(60_000) })];
  for (const tm of hostile) {
    const job = await stage.add(domains.contacts5, { telemetry: { metadata: tm } });
    const ended = await stage.ended(job.id);
    assert.equal(await ended.getState(), 'completed', `${tm.slice(0, 40)}: ${ended.failedReason}`);
  }
});

test('gleaner enqueue begins a trace that goes on in the worker', async () => {
  const settings = { redis: stage.redis, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  const { code, stdout, stderr } = await gleaner(['enqueue', '--json', domains.contacts5], settings);
  assert.equal(code, 0, stderr);
  const [id] = JSON.parse(stdout).ids;
  const job = await stage.ended(id);
  const { traceparent } = JSON.parse(job.opts.telemetry.metadata);
  const [, traceId, spanId] = traceparent.split('-');
  const trace = await collector.trace(traceId, 7);
  const [sending] = trace.get(`send ${queueName}`);
  assert.equal(sending.spanId, spanId);
  assert.equal(sending.attributes['messaging.message.id'], id);
  assert.equal(trace.get(`process ${queueName}`)[0].parentSpanId, spanId);
});

test('the collector gets its headers, and neither they nor the key are found anywhere else', async () => {
  assert.ok(collector.requests.some(({ headers }) => headers['x-token'] === 'of-tests'));
  assert.ok(collector.requests.every(({ path }) => path === '/v1/traces'));
  const told = [...stage.worker.program.lines, JSON.stringify(collector.spans)].join('\n');
  assert.doesNotMatch(told, /sim-key|x-token/);
});
