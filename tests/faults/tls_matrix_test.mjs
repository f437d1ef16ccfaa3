// Servers whose TLS can't be trusted, for the API and for Redis: not a byte of a request goes to them.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { freePort, gleaner } from '../system/harness.mjs';
import { Program, temporaryFolder, until } from '../system/processes.mjs';
import { Certificates } from './certificates.mjs';
import { figures } from './figures.mjs';
import { enterOwnNetwork, run } from './network.mjs';
import { Proxy } from '../system/proxy.mjs';
import { WatchedStage } from './watched_stage.mjs';
import { linesOf } from './worker_log.mjs';

const withoutTrust = enterOwnNetwork(import.meta.url); // then no CA of ours counts as the system's
const bundle = '/etc/ssl/certs/ca-certificates.crt';
const weakest = ['-cipher', 'ALL@SECLEVEL=0'];
const rsa = (bits) => ['-newkey', `rsa:${bits}`];
const certificates = new Certificates(temporaryFolder());
let front; // the address of all servers in turn
let stage;

/// `openssl s_server` with a certificate; `received()` is what a client said to it inside TLS.
async function openServer(name, options = []) {
  const port = await freePort();
  const identity = name ? ['-cert', certificates.path(`${name}.pem`), '-key', certificates.path(`${name}.key`)]
    : ['-nocert'];
  const program = new Program('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-quiet', ...identity,
    ...options], { input: 'pipe' });
  const listening = async () => run('ss', '-Hltn', `sport = :${port}`).length > 0;
  await until('a listening server', () => listening());
  return { port, received: () => program.out.join('\n'), stop: async () => program.stop('SIGKILL') };
}

/// A server that answers whatever comes with `bytes` and goes; what it got is no request if it is no text.
async function openPlainServer(bytes) {
  let text = '';
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => {
      text += /GET|Bearer|PING|HELLO|AUTH/i.exec(data.toString('latin1'))?.[0] ?? '';
      socket.end(bytes);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return { port, received: () => text, stop: async () => new Promise((resolve) => server.close(resolve)) };
}

/// The beginning of a ServerHello, and then nothing.
const cutHello = Buffer.from('160303007a0200007603030102030405060708', 'hex');

const matrix = [
  ['an expired certificate', () => openServer('expired')],
  ['one that is not valid yet', () => openServer('future')],
  ['one for another name', () => openServer('elsewhere')],
  ['one signed by itself', () => openServer('own')],
  ['one of an unknown CA', () => openServer('unknown')],
  ['one signed by what is no CA', () => openServer('leafsigned', ['-cert_chain', certificates.path('leaf.pem')])],
  ['one for clients only', () => openServer('clientonly')],
  ['a key of 1,024 bits', () => openServer('short', weakest)],
  ['a signature by SHA-1', () => openServer('sha1', weakest)],
  ['no certificate', () => openServer(undefined, ['-tls1_2', '-cipher', 'aNULL@SECLEVEL=0'])],
  ['TLS 1.0', () => openServer('good', ['-tls1', ...weakest])],
  ['TLS 1.1', () => openServer('good', ['-tls1_1', ...weakest])],
  ['a handshake that breaks off', () => openPlainServer(cutHello)],
  ['no TLS at all', () => openPlainServer('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}')],
];

function makeCertificates() {
  certificates.signed('good');
  certificates.signed('expired', { madeAt: -10 });
  certificates.signed('future', { madeAt: 10 });
  certificates.signed('elsewhere', { host: 'elsewhere.test' });
  certificates.selfSigned('own', '/CN=localhost', ['-addext', 'subjectAltName=DNS:localhost']);
  certificates.signed('unknown', { by: 'stranger' });
  certificates.signed('leaf', { extra: 'basicConstraints=CA:FALSE' });
  certificates.signed('leafsigned', { by: 'leaf' });
  certificates.signed('clientonly', { extra: 'extendedKeyUsage=clientAuth' });
  certificates.signed('short', { key: rsa(1024) });
  certificates.signed('sha1', { digest: '-sha1' });
}

before(async () => {
  makeCertificates();
  if (!withoutTrust) run('mount', '--bind', certificates.path('ca.pem'), bundle);
  front = await Proxy.to(1);
  stage = await WatchedStage.open({ simulator: { url: `https://localhost:${front.port}/v2`, calls: async () => [] },
    GLEANER_API__MAX_TRIES: 1, GLEANER_API__TIMEOUT: '5s' });
});
after(async () => {
  await stage?.close();
  await front?.close();
});

/// Starts the server of a row, lets `client` meet it, and gives back what it then heard.
async function heardBy(open, client) {
  const server = await open();
  front.switchTo(server.port);
  try {
    await client(server);
    return server.received();
  } finally {
    await server.stop();
  }
}

let apiBytes = 0;
for (const [index, [what, open]] of matrix.entries()) {
  test(`the API has ${what}`, { timeout: 300_000 }, async () => {
    const since = stage.worker.program.lines.length;
    const heard = await heardBy(open, async () => {
      front.accepted = 0;
      const job = await stage.collect(`c5-x${index}.test`, { attempts: 2 });
      assert.equal(await job.getState(), 'failed');
      assert.match(job.failedReason, /SSL|TLS|certificate|connection|Recv|wrong version/i);
      assert.equal(front.accepted, 2, 'a failure of TLS may pass, so each attempt tries it');
      console.log(`${what}: ${job.failedReason}`);
    });
    assert.equal(heard, '');
    apiBytes += heard.length;
    const told = linesOf(stage.worker.program, since).map(({ code }) => code);
    assert.deepEqual(told, ['api.tls', 'job.retried', 'api.tls', 'job.failed'], 'what it was, and what became of each attempt');
  });
}

/// A configuration of OpenSSL that allows everything.
function laxOpenssl() {
  const path = certificates.path('lax.cnf');
  writeFileSync(path, ['openssl_conf = all', '[all]', 'ssl_conf = ssl', '[ssl]', 'system_default = lax', '[lax]',
    'MinProtocol = TLSv1', 'CipherString = ALL@SECLEVEL=0', ''].join('\n'));
  return path;
}

test('an old TLS is refused also where the system would allow it', { skip: withoutTrust, timeout: 300_000 }, async () => {
  await stage.worker.stop();
  await stage.startWorker({ OPENSSL_CONF: laxOpenssl() });
  for (const version of ['-tls1', '-tls1_1']) {
    const heard = await heardBy(() => openServer('good', [version, ...weakest]), async (server) => {
      const job = await stage.add(`c5-old${version}.test`, { attempts: 1 });
      await until('an end or a request', async () => (
        server.received() || (await stage.queue.getJob(job.id)).finishedOn));
    });
    assert.equal(heard, '', version);
  }
});

test('an API that can be trusted is asked', { skip: withoutTrust, timeout: 300_000 }, async () => {
  const heard = await heardBy(() => openServer('good'), async (server) => {
    const job = await stage.add('c5-trusted.test', { attempts: 1 });
    await until('a request', () => server.received().includes('GET /v2/domain-search'));
    await server.stop(); // it would not answer
    await stage.ended(job.id);
  });
  assert.match(heard, /Bearer sim-key/);
});

test('none of these jobs was collected', { timeout: 300_000 }, async () => {
  await stage.allEnded();
  await stage.oracle.report('tls_jobs', { failed: [...stage.oracle.jobs.keys()] });
});

let redisBytes = 0;
for (const [what, open] of matrix) {
  test(`Redis has ${what}`, { timeout: 300_000 }, async () => {
    const heard = await heardBy(open, async () => {
      const { code, stderr } = await gleaner(['jobs', 'ls'], { redis: `rediss://:secret@localhost:${front.port}`,
        GLEANER_REDIS__TLS_CA: certificates.path('ca.pem'), GLEANER_REDIS__CONNECT_TIMEOUT: '2s' });
      assert.equal(code, 6, stderr);
      assert.ok(!stderr.includes('secret'));
      console.log(`${what}: ${stderr.trim()}`);
    });
    assert.equal(heard, '');
    redisBytes += heard.length;
  });
}

test('a Redis that can be trusted gets the login', { timeout: 300_000 }, async () => {
  const heard = await heardBy(() => openServer('good'), async () => gleaner(['jobs', 'ls'], {
    redis: `rediss://:secret@localhost:${front.port}`, GLEANER_REDIS__TLS_CA: certificates.path('ca.pem'),
    GLEANER_REDIS__COMMAND_TIMEOUT: '300ms', GLEANER_REDIS__CONNECT_TIMEOUT: '1m' }));
  assert.match(heard, /secret/);
  figures('tls_matrix', { api_cases: matrix.length, api_request_bytes: apiBytes, redis_cases: matrix.length,
    redis_request_bytes: redisBytes, system_ca: withoutTrust ? 'skipped' : 'replaced' });
});
