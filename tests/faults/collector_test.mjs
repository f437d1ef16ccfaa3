// A collector of traces that is down, slow, hostile or not to be trusted: jobs go on, and what is lost is counted.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { domains } from '../system/domains.mjs';
import { freePort, gleaner } from '../system/harness.mjs';
import { OtlpCollector } from '../system/otlp_collector.mjs';
import { temporaryFolder, until } from '../system/processes.mjs';
import { Stage } from '../system/stage.mjs';
import { Certificates } from './certificates.mjs';
import { metric } from './cluster_stage.mjs';

const soon = { OTEL_BSP_SCHEDULE_DELAY: '10', OTEL_BSP_EXPORT_TIMEOUT: '500' };
const exported = async (stage) => metric(stage.worker, 'gleaner_trace_spans_exported_total');
const dropped = async (stage) => metric(stage.worker, 'gleaner_trace_spans_dropped_total');
const toldOf = (stage) => stage.worker.program.lines.map((line) => JSON.parse(line))
  .filter(({ code }) => code === 'trace.export_failed');

async function staged(settings, use) {
  const stage = await Stage.open({ ...soon, ...settings });
  try {
    await use(stage);
  } finally {
    await stage.close();
  }
}

async function collect(stage, domain = domains.contacts5) {
  const job = await stage.collect(domain);
  assert.equal(await job.getState(), 'completed', job.failedReason);
}

/// With a collector that `answer`s so.
async function collecting(answer, settings, use) {
  const collector = await OtlpCollector.open();
  collector.answer = answer;
  try {
    await staged({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...settings }, async (stage) => use(stage, collector));
  } finally {
    await collector.close();
  }
}

test('a collector that is down costs spans alone, and is told of once', async () => {
  const port = await freePort();
  await staged({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` }, async (stage) => {
    for (let i = 0; i < 3; i++) {
      const before = await dropped(stage);
      await collect(stage);
      await until('spans to be dropped', async () => (await dropped(stage)) > before);
    }
    assert.equal(await exported(stage), 0);
    const [told, ...more] = toldOf(stage);
    assert.match(told.err, new RegExp(`127\\.0\\.0\\.1 port ${port}`));
    assert.equal(more.length, 0);
  });
});

test('a collector that hangs holds up neither jobs nor the end', async () => {
  const never = new Promise(() => {});
  await collecting(() => never, { OTEL_BSP_EXPORT_TIMEOUT: '300s', OTEL_BSP_MAX_QUEUE_SIZE: '8',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1' }, async (stage) => {
    for (let i = 0; i < 4; i++) await collect(stage);
    await until('the queue to be full', async () => (await dropped(stage)) > 0);
    assert.ok((await dropped(stage)) >= 4 * 6 - 9);
    const began = Date.now();
    assert.equal((await stage.worker.stop()).code, 0);
    const took = Date.now() - began;
    assert.ok(took < 10_000, `the end took ${took} ms`);
  });
});

test('a collector that is too busy gets the spans when it says', async () => {
  const busy = (number) => (number === 1 ? { status: 429, headers: { 'retry-after': '1' } } : {});
  await collecting(busy, { OTEL_BSP_EXPORT_TIMEOUT: '30s' }, async (stage, collector) => {
    await collect(stage);
    await until('all spans to be there', async () => (await exported(stage)) === 6);
    assert.equal(await dropped(stage), 0);
    assert.deepEqual(collector.faults, []);
    assert.deepEqual(toldOf(stage), []);
  });
});

test('what it refuses or leaves out is not sent again, and is told of with its reason', async () => {
  const answers = [{ status: 400 }, { body: '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}' }];
  await collecting((number) => answers[number - 1], { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '6',
    OTEL_BSP_SCHEDULE_DELAY: '2s' }, async (stage, collector) => {
    await collect(stage);
    await until('the first batch to be refused', async () => (await dropped(stage)) === 6);
    await collect(stage);
    await until('the second to be taken in part', async () => (await exported(stage)) === 4);
    assert.equal(await dropped(stage), 8);
    assert.equal(collector.requests.length, 2);
    assert.match(toldOf(stage)[0].err, /answers 400/);
  });
});

test('a collector is reached over TLS by a CA of one\'s own, and nothing goes to one that is not trusted', async () => {
  const certificates = new Certificates(temporaryFolder());
  certificates.signed('server');
  const read = (name) => readFileSync(certificates.path(name));
  const collector = await OtlpCollector.open({ tls: { key: read('server.key'), cert: read('server.pem') } });
  const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  try {
    await staged({ ...settings, OTEL_EXPORTER_OTLP_CERTIFICATE: certificates.path('ca.pem') }, async (stage) => {
      await collect(stage);
      await until('all spans to be there', async () => (await exported(stage)) === 6);
    });
    const came = collector.requests.length;
    await staged({ ...settings, OTEL_EXPORTER_OTLP_CERTIFICATE: certificates.path('stranger.pem') }, async (stage) => {
      await collect(stage);
      await until('all spans to be dropped', async () => (await dropped(stage)) === 6);
      assert.match(toldOf(stage)[0].err, /certificate/i);
    });
    assert.equal(collector.requests.length, came);
  } finally {
    await collector.close();
  }
});

test('settings that can\'t be are refused with the remedy, and variables that nobody knows are told of', async () => {
  const check = async (settings) => gleaner(['config', 'check'], { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', ...settings });
  const refused = await check({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
  assert.equal(refused.code, 2, refused.stderr);
  assert.match(refused.stderr, /OTEL_EXPORTER_OTLP_PROTOCOL=http\/json/);
  const usual = await check({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' });
  assert.equal(usual.code, 0, usual.stderr);
  assert.match(usual.stderr, /spans go as http\/json/);
  const { code, stderr } = await check({ OTEL_EXPORTER_OTLP_HEADERS: 'no-value' });
  assert.equal(code, 2);
  assert.match(stderr, /OTEL_EXPORTER_OTLP_HEADERS.*\(not shown\).*name=value/);
  const unused = await check({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_SDK_DISABLED: 'true' });
  assert.equal(unused.code, 0, unused.stderr);
  const stray = await check({ OTEL_SERVICE_NAMES: 'x', OTEL_METRICS_EXPORTER: 'none' });
  assert.equal(stray.code, 0, stray.stderr);
  assert.match(stray.stderr, /OTEL_SERVICE_NAMES is not used.*did you mean OTEL_SERVICE_NAME\?/);
  assert.match(stray.stderr, /OTEL_METRICS_EXPORTER is not used/);
});
