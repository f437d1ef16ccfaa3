// A collector of traces that keeps what it gets and holds it against the protocol.
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { until } from './processes.mjs';
import { checkRequest, spansOf } from './otlp_protocol.mjs';

export class OtlpCollector {
  spans = [];
  requests = []; // {path, headers}
  faults = []; // of requests that break the protocol
  /// What it says to the request with that number, from 1 on: {status, headers, body}; a promise of that, or of
  /// nothing, is waited for.
  answer = () => ({});

  /// `tls`: {key, cert} as node's https takes them.
  static async open({ tls } = {}) {
    const collector = new this();
    const listener = (request, response) => collector.serve(request, response);
    collector.server = tls ? createSecureServer(tls, listener) : createServer(listener);
    await new Promise((resolve) => collector.server.listen(0, '127.0.0.1', resolve));
    const { port } = collector.server.address();
    collector.url = tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
    return collector;
  }

  async serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    this.requests.push({ path: request.url, headers: request.headers });
    const { status = 200, headers = {}, body = '{}' } = (await this.answer(this.requests.length)) ?? {};
    if (status < 300) this.take(Buffer.concat(chunks).toString());
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  }

  take(text) {
    try {
      const request = JSON.parse(text);
      checkRequest(request);
      this.spans.push(...spansOf(request));
    } catch (error) {
      this.faults.push(error);
    }
  }

  /// The spans of one trace by their names, once `count` of them have come.
  async trace(traceId, count) {
    const found = () => this.spans.filter((span) => span.traceId === traceId);
    await until(`${count} spans of trace ${traceId}`, async () => this.faults.length > 0 || found().length >= count)
      .catch((error) => {
        throw new Error(`${error.message}; there are: ${found().map(({ name }) => name).join(', ')}`);
      });
    if (this.faults.length > 0) throw this.faults[0];
    const byName = new Map();
    for (const span of found()) byName.set(span.name, [...(byName.get(span.name) ?? []), span]);
    return byName;
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
