// An API, an environment and a home folder that want to lead requests elsewhere: none goes there.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gleaner } from '../system/harness.mjs';
import { hasty } from '../system/settings.mjs';
import { temporaryFolder, until } from '../system/processes.mjs';
import { enterOwnNetwork, run } from './network.mjs';
import { WatchedStage } from './watched_stage.mjs';

const withoutNetwork = enterOwnNetwork(import.meta.url);
const metadata = '169.254.169.254'; // where clouds tell a machine its secrets

/// Where nothing must arrive: {port, connections, close()}.
async function openSink(port = 0, host = '127.0.0.1') {
  const sink = { connections: 0 };
  const server = createServer((socket) => {
    sink.connections++;
    socket.on('error', () => {}).destroy();
  });
  await new Promise((resolve) => server.listen(port, host, resolve));
  sink.port = server.address().port;
  sink.close = async () => new Promise((resolve) => server.close(resolve));
  return sink;
}

/// The API: what it is asked goes to `asked`; `r<status>-<target>.test` is answered by that redirect.
async function openApi(targets) {
  const api = { asked: [], contactsOf: async () => undefined };
  const server = createHttpServer((request, response) => {
    const { searchParams, pathname } = new URL(request.url, 'http://api');
    api.asked.push({ path: pathname, domain: searchParams.get('domain'), authorization: request.headers.authorization });
    const wanted = /^r(\d+)-(\d+)\.test$/.exec(searchParams.get('domain'));
    if (!wanted) return response.writeHead(503).end();
    return response.writeHead(Number(wanted[1]), { location: targets[wanted[2]] }).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  api.url = `http://127.0.0.1:${server.address().port}/v2`;
  api.calls = async () => api.asked;
  api.close = async () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return api;
}

const statuses = [301, 302, 303, 307, 308];
let sinks;
let targets;
let api;
let stage;
before(async () => {
  sinks = [await openSink()];
  if (!withoutNetwork) {
    run('ip', 'addr', 'add', `${metadata}/32`, 'dev', 'lo');
    sinks.push(await openSink(80, metadata));
  }
  const { port } = sinks[0];
  targets = [`http://127.0.0.1:${port}/v2/domain-search`, `https://127.0.0.1:${port}/`, `//127.0.0.1:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`, `http://0:${port}/`, `http://2130706433:${port}/`,
    `http://localhost:${port}/`, `http://${metadata}/latest/meta-data/`, 'file:///etc/passwd',
    `gopher://127.0.0.1:${port}/_x`, `ftp://127.0.0.1:${port}/`, `dict://127.0.0.1:${port}/d`];
  api = await openApi(targets);
  const proxy = `http://127.0.0.1:${port}`;
  const home = temporaryFolder();
  writeFileSync(join(home, '.netrc'), 'default login mallory password other\n', { mode: 0o600 });
  writeFileSync(join(home, '.curlrc'), `proxy = "${proxy}"\nlocation\n`);
  stage = await WatchedStage.open({ ...hasty, simulator: api, HOME: home, http_proxy: proxy, https_proxy: proxy,
    HTTPS_PROXY: proxy, all_proxy: proxy, ALL_PROXY: proxy });
});
after(async () => {
  await stage?.close();
  await api?.close();
  for (const sink of sinks ?? []) await sink.close();
});

test('no redirect is followed or asked for twice', { timeout: 300_000 }, async () => {
  const domains = statuses.flatMap((status) => targets.map((_, target) => `r${status}-${target}.test`));
  const jobs = await stage.addAll(domains, { attempts: 3 });
  for (const { id, data } of jobs) {
    const job = await stage.ended(id);
    assert.equal(await job.getState(), 'failed');
    assert.match(job.failedReason, /30\d.*redirect/);
    assert.equal(api.asked.filter(({ domain }) => domain === data.domain).length, 1, data.domain);
  }
  assert.ok(api.asked.every(({ authorization }) => authorization === 'Bearer sim-key'), 'nothing of .netrc');
  assert.deepEqual(sinks.map(({ connections }) => connections), sinks.map(() => 0));
  for (const [index, sink] of sinks.entries()) { // they would have seen it
    connect(sink.port, index ? metadata : '127.0.0.1').on('error', () => {});
    await until('a sink that sees a connection', () => sink.connections === 1);
  }
  await stage.oracle.report('redirect', { failed: jobs.map(({ id }) => id) }, { redirects: jobs.length,
    requests: api.asked.length, elsewhere: 0, link_local: withoutNetwork ? 'skipped' : 'watched' });
});

test('an address that is not the API\'s is refused as a setting', async () => {
  const { port } = sinks[0];
  const refused = [`http://127.0.0.1.evil.test:${port}`, `http://example.com`, `http://${metadata}/v2`,
    `http://[::ffff:127.0.0.1]:${port}`, `http://localhost:80@127.0.0.1:${port}`, `http://0:${port}`,
    `file:///etc/passwd`, `gopher://127.0.0.1:${port}`, `ftp://127.0.0.1:${port}`, 'https://', '//127.0.0.1',
    `https://user:password@127.0.0.1:${port}/v2`];
  for (const url of refused) {
    const { code, stderr } = await gleaner(['config', 'check'], { simulator: url });
    assert.equal(code, 2, `${url}: ${code} ${stderr}`);
  }
});
