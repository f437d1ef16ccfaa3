// OpenTelemetry in this process, as a producer of jobs has it: the stock libraries and bullmq-otel.
import { packages } from './harness.mjs';

const { context, trace } = packages('@opentelemetry/api');
const { AsyncLocalStorageContextManager } = packages('@opentelemetry/context-async-hooks');
const { W3CTraceContextPropagator } = packages('@opentelemetry/core');
const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = packages('@opentelemetry/sdk-trace-base');
const { BullMQOtel } = packages('bullmq-otel');

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register({
  contextManager: new AsyncLocalStorageContextManager().enable(), propagator: new W3CTraceContextPropagator(),
});

/// For `telemetry` of a stock queue.
export const telemetry = new BullMQOtel({ tracerName: 'producer' });

/// Runs `work` within a span of ours: {traceId, result}.
export async function within(name, work) {
  const span = trace.getTracer('producer').startSpan(name);
  const result = await context.with(trace.setSpan(context.active(), span), work);
  span.end();
  return { traceId: span.spanContext().traceId, result };
}

/// The spans that this process has made in a trace: [{name, spanId}].
export function ownSpans(traceId) {
  return exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId)
    .map((span) => ({ name: span.name, spanId: span.spanContext().spanId }));
}
