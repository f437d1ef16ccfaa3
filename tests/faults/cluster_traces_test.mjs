// A job's trace in a cluster: the node that gets a page tells of it below the coordinator's order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { domains } from '../system/domains.mjs';
import { packages } from '../system/harness.mjs';
import { OtlpCollector } from '../system/otlp_collector.mjs';
import { until } from '../system/processes.mjs';
import { telemetry, within } from '../system/traced_producer.mjs';
import { ClusterStage, metric } from './cluster_stage.mjs';

/// A coordinator and one node, both with traces.
async function staged(settings, use) {
  const collector = await OtlpCollector.open();
  const traces = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '20' };
  let stage;
  try {
    stage = await ClusterStage.open({ nodes: [], ...traces, ...settings });
    await stage.join('a', traces);
    await use(stage, collector);
  } finally {
    await stage?.close();
    await collector.close();
  }
}

/// A job of a stock producer: {traceId, job}.
async function produce(stage, domain) {
  const queue = new (packages('bullmq6').Queue)('domain-collection', { connection: stage.connection, telemetry });
  const { traceId, result } = await within('order', async () => queue.add('collect-domain', { domain }));
  await queue.close();
  return { traceId, job: result };
}

test('pages that a node gets are spans of the node below those of the orders', async () => {
  await staged({}, async (stage, collector) => {
    const { traceId, job } = await produce(stage, domains.contacts250);
    await stage.ended(job.id);
    const trace = await collector.trace(traceId, 13);
    const count = Object.fromEntries([...trace].map(([name, spans]) => [name, spans.length]));
    assert.deepEqual(count, { 'receive domain-collection': 1, 'process domain-collection': 1, 'order page': 3, GET: 3,
      normalize: 3, store: 1, 'settle domain-collection': 1 });
    const [work] = trace.get('process domain-collection');
    const orders = trace.get('order page');
    for (const order of orders) {
      assert.equal(order.parentSpanId, work.spanId);
      assert.equal(order.attributes['gleaner.node'], 'a');
      assert.notEqual(order.resource['service.instance.id'], 'a');
    }
    for (const name of ['GET', 'normalize']) {
      assert.deepEqual(trace.get(name).map(({ parentSpanId }) => parentSpanId).sort(),
        orders.map(({ spanId }) => spanId).sort());
      for (const span of trace.get(name)) assert.equal(span.resource['service.instance.id'], 'a');
    }
  });
});

test('the order of a page whose node dies fails, and another follows', async () => {
  await staged({}, async (stage, collector) => {
    const { traceId, job } = await produce(stage, domains.sevenSeconds);
    await until('the page to be on its way', async () => (
      await metric(stage.worker, 'gleaner_api_requests_in_flight')) > 0);
    await stage.nodes.splice(0, 1)[0].kill();
    await stage.join('b');
    await stage.ended(job.id);
    const orders = (await collector.trace(traceId, 6)).get('order page').sort((x, y) => x.startMs - y.startMs);
    assert.deepEqual(orders.map(({ attributes }) => [attributes['gleaner.node'], attributes['error.type']]),
      [['a', 'node_lost'], ['b', undefined]]);
  });
});
