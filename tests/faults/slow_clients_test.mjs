// Connections to the listener that say nothing, or a byte at a time: pages stay within reach, jobs go on.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { domains } from '../system/domains.mjs';
import { until } from '../system/processes.mjs';
import { figures, promised, size } from './figures.mjs';
import { WatchedStage } from './watched_stage.mjs';

const attackers = 200;
let stage;
before(async () => (stage = await WatchedStage.open()));
after(async () => stage?.close());

/// Begins a request and goes on with `text`, a byte every 100 ms; comes again when it is cut off.
class SlowClient {
  constructor(port, text, start) {
    Object.assign(this, { port, text, start, cuts: 0, sent: 0 });
    if (text) this.timer = setInterval(() => this.socket.write(text[this.sent++ % text.length]), 100);
    this.open();
  }

  open() {
    this.socket = connect(this.port, '127.0.0.1').on('error', () => {}).resume();
    this.socket.on('close', () => {
      this.cuts++;
      if (!this.ended) this.open();
    });
    this.socket.on('connect', () => (this.connected = true));
    this.socket.write(this.start);
  }

  end() {
    this.ended = true;
    clearInterval(this.timer);
    this.socket.destroy();
  }
}

async function secondsOf(page) {
  const begun = performance.now();
  const answer = await stage.worker.get(page);
  await answer.text();
  return { status: answer.status, seconds: (performance.now() - begun) / 1000 };
}

const begun = 'GET /metrics HTTP/1.1\r\n';
const withBody = (header) => `POST /metrics HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`;
for (const [what, text, start] of [
  ['half a request and no more', '', begun], ['headers without end', 'X-Slow: 1\r\n', begun],
  ['bodies without end', 'x', withBody('Content-Length: 100000000')],
  ['chunks without end', '1\r\nx\r\n', withBody('Transfer-Encoding: chunked')],
]) {
  test(`${attackers} connections with ${what}: pages are answered, jobs go on`, { timeout: 300_000 }, async () => {
    const port = Number(new URL(stage.worker.http).port);
    const clients = Array.from({ length: attackers }, () => new SlowClient(port, text, start));
    try {
      await until('all connections', () => clients.every((client) => client.connected));
      const times = [];
      for (let scrape = 0; scrape < size(12, 100); scrape++) {
        const { status, seconds } = await secondsOf(['/metrics', '/livez', '/readyz'][scrape % 3]);
        assert.equal(status, 200);
        times.push(seconds);
      }
      const job = await stage.collect(domains.contacts250);
      assert.equal(await job.getState(), 'completed');
      times.sort((a, b) => a - b);
      const p99 = times[Math.ceil(times.length * 0.99) - 1];
      figures('slow_clients', { what: what.split(' ')[0], attackers, scrapes: times.length, p99_s: p99.toFixed(2),
        cut: clients.reduce((sum, { cuts }) => sum + cuts, 0) });
      promised('s to a page (p99)', p99, 2);
    } finally {
      for (const client of clients) client.end();
    }
  });
}

test('the jobs meanwhile, and what the connections left', { timeout: 300_000 }, async () => (
  stage.oracle.report('slow_clients_jobs')));
