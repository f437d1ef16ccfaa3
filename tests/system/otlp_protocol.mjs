// Requests with spans held against OTLP as others have it: the protocol's own definition, as OpenTelemetry's
// package for Node is generated from it, and what the specification says of its form in JSON.
import assert from 'node:assert/strict';
import { packages } from './harness.mjs';

const { opentelemetry } = packages('@opentelemetry/otlp-transformer/build/src/generated/root.js');
const { ExportTraceServiceRequest } = opentelemetry.proto.collector.trace.v1;

const idDigits = { traceId: 32, spanId: 16, parentSpanId: 16 };
const noId = /^0*$/;

/// In protobuf's own JSON ids would be base64; OTLP wants hexadecimal digits.
function withBase64Ids(value) {
  if (Array.isArray(value)) return value.map(withBase64Ids);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => {
    if (!(name in idDigits)) return [name, withBase64Ids(inner)];
    assert.match(inner, new RegExp(`^[0-9a-f]{${idDigits[name]}}$`), `${name} is ${inner}`);
    assert.doesNotMatch(inner, noId, `${name} is all zeros`);
    return [name, Buffer.from(inner, 'hex').toString('base64')];
  }));
}

/// Fails unless the request is one of the protocol: what it says is read, and written again, without loss. So a
/// name that the protocol does not know, a number where a text belongs and the like are found.
export function checkRequest(request) {
  const json = withBase64Ids(request);
  const message = ExportTraceServiceRequest.fromObject(json);
  assert.equal(ExportTraceServiceRequest.verify(message), null);
  const bytes = ExportTraceServiceRequest.encode(message).finish();
  const again = ExportTraceServiceRequest.toObject(ExportTraceServiceRequest.decode(bytes),
    { longs: String, bytes: String });
  assert.deepEqual(again, json);
}

function valueOf({ stringValue, intValue }) {
  return stringValue ?? Number(intValue);
}

/// The spans of a request, each with its attributes as an object, those of its resource and its times in ms.
export function spansOf(request) {
  const object = (attributes) => Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
  return request.resourceSpans.flatMap(({ resource, scopeSpans }) => scopeSpans.flatMap(({ spans }) => (
    spans.map((span) => ({
      ...span,
      attributes: object(span.attributes),
      resource: object(resource.attributes),
      startMs: Number(span.startTimeUnixNano) / 1e6,
      endMs: Number(span.endTimeUnixNano) / 1e6,
    })))));
}
