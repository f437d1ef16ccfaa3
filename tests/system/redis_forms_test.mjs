// A worker and a client on every form of Redis that the manual names, each with a real server.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { freePort, gleaner, packages, Redis, startGleaner, startRedis, startSimulator } from './harness.mjs';
import { Program, temporaryFolder, until } from './processes.mjs';

const folder = temporaryFolder();
const at = (name) => join(folder, name);
const closers = [];
let simulator;
let secure; // {port, url}: TLS with a certificate for redis.test that wants one of the client

function openssl(...args) {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
}

/// `name`.pem and `name`.key for `subject`, signed by ca.pem.
function certificate(name, subject) {
  writeFileSync(at(`${name}.ext`), `subjectAltName=${subject}\n`);
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`,
    '-out', `${name}.csr`, '-subj', '/CN=x');
  openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days',
    '2', '-extfile', `${name}.ext`, '-out', `${name}.pem`);
}

async function startSecureRedis() {
  for (const ca of ['ca', 'other']) {
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${ca}.key`,
      '-out', `${ca}.pem`, '-subj', `/CN=${ca}`, '-days', '2');
  }
  certificate('server', 'DNS:redis.test');
  certificate('client', 'DNS:worker.test');
  const port = await freePort();
  const program = new Program('redis-server', ['--port', '0', '--tls-port', String(port), '--bind', '127.0.0.1',
    '--dir', folder, '--save', '', '--requirepass', 'token', '--tls-cert-file', at('server.pem'),
    '--tls-key-file', at('server.key'), '--tls-ca-cert-file', at('ca.pem'), '--tls-auth-clients', 'yes']);
  await program.line(/Ready to accept connections/);
  return { port, program, url: `rediss://default:token@127.0.0.1:${port}` };
}

const tls = () => ({
  GLEANER_REDIS__TLS_CA: at('ca.pem'), GLEANER_REDIS__TLS_SERVER_NAME: 'redis.test',
  GLEANER_REDIS__TLS_CERT: at('client.pem'), GLEANER_REDIS__TLS_KEY: at('client.key'),
});

before(async () => {
  [simulator, secure] = await Promise.all([startSimulator(), startSecureRedis()]);
});
after(async () => {
  for (const close of closers) await close();
  await secure?.program.stop();
  await simulator?.stop();
});

/// Queues and collects with `settings`, and ends; `key` is where `db` must then have the job.
async function collects(settings, db, key) {
  const own = { simulator, folder: temporaryFolder(), ...settings };
  const worker = await startGleaner(own);
  try {
    const done = await gleaner(['enqueue', '--wait', '--timeout', '90s', domains.contacts5], own);
    assert.equal(done.code, 0, done.stderr);
    assert.equal(JSON.parse(await db.hget(key, 'returnvalue')).itemsCollected, 5);
    assert.equal((await worker.get('/readyz')).status, 200);
    assert.equal((await worker.stop()).code, 0);
  } finally { // or what runs would keep a failed test from ending
    db.disconnect();
    await worker.kill();
  }
}

test('TCP with a user, a password, a database number and a prefix', async () => {
  const redis = await startRedis(['--user', 'gleaner', 'on', '>p@ss/word', '~*', '+@all']);
  const db = new Redis(redis.url, { db: 3 });
  const url = `redis://gleaner:p%40ss%2Fword@127.0.0.1:${redis.port}/3`;
  await collects({ redis: url, GLEANER_PREFIX: 'mine', GLEANER_QUEUE: 'q' }, db, 'mine:q:1');
  await redis.stop();
});

test('a unix socket with a password and a database number', async () => {
  const redis = await startRedis(['--unixsocket', at('redis.sock'), '--requirepass', 'secret']);
  const db = new Redis(`redis://:secret@127.0.0.1:${redis.port}/2`);
  await collects({ redis: `unix://:secret@${at('redis.sock')}?db=2` }, db, 'bull:domain-collection:1');
  await redis.stop();
});

test('TLS with a CA, a server name, a client certificate and a token, as Upstash takes it', async () => {
  const db = new Redis({ host: '127.0.0.1', port: secure.port, password: 'token', tls: { rejectUnauthorized: false,
    cert: execFileSync('cat', [at('client.pem')]), key: execFileSync('cat', [at('client.key')]) } });
  await collects({ redis: secure.url, ...tls() }, db, 'bull:domain-collection:1');
});

test('what TLS can not trust is refused with a message and exit code', async () => {
  const refused = async (settings, code, words) => {
    const done = await gleaner(['jobs', 'ls'], { redis: secure.url, ...tls(), ...settings });
    assert.equal(done.code, code, done.stderr);
    assert.match(done.stderr, words);
    assert.ok(!done.stderr.includes('token@'));
  };
  await refused({ GLEANER_REDIS__TLS_CA: at('other.pem') }, 6, /certificate/);
  await refused({ GLEANER_REDIS__TLS_SERVER_NAME: 'elsewhere.test' }, 6, /elsewhere\.test|certificate/);
  await refused({ GLEANER_REDIS__TLS_CERT: undefined, GLEANER_REDIS__TLS_KEY: undefined }, 6, /certificate/);
  await refused({ GLEANER_REDIS__TLS_CA: at('none.pem') }, 2, /none\.pem/);
  await refused({ redis: `redis://127.0.0.1:${secure.port}` }, 6, /TLS|not Redis|rediss/);
});

test('a replica is refused for writing, and one that becomes a master is worked with', async () => {
  const [master, replica] = await Promise.all([startRedis(), startRedis()]);
  const db = new Redis(replica.url);
  await db.replicaof('127.0.0.1', master.port);
  await until('a replica', async () => /master_link_status:up/.test(await db.info('replication')));
  const refused = await gleaner(['enqueue', domains.contacts5], { redis: replica.url });
  assert.equal(refused.code, 6, refused.stderr);
  assert.match(refused.stderr, /replica/i);
  await db.replicaof('NO', 'ONE');
  await collects({ redis: replica.url }, db, 'bull:domain-collection:1');
  await Promise.all([master.stop(), replica.stop()]);
});

/// A server with these slots of a cluster that serves them.
async function startNode(...slots) {
  const node = await startRedis(['--cluster-enabled', 'yes']);
  node.db = new Redis(node.url);
  closers.push(async () => node.stop(), async () => node.db.disconnect());
  await node.db.call('CLUSTER', 'ADDSLOTSRANGE', ...slots);
  node.serves = async () => until('a cluster that works',
    async () => /cluster_state:ok/.test(await node.db.call('CLUSTER', 'INFO')));
  return node;
}

async function refusesCluster(args, settings, words = /cluster/i) {
  const done = await gleaner(args, settings);
  assert.equal(done.code, 6, done.stderr);
  assert.match(done.stderr, words);
}

test('a cluster that does not work is refused with a message', async () => {
  const redis = await startRedis(['--cluster-enabled', 'yes']);
  await refusesCluster(['enqueue', domains.contacts5], { redis: redis.url });
  await redis.stop();
});

test('a cluster is refused unless the keys of a queue share a slot', async () => {
  const node = await startNode(0, 16383);
  await node.serves();
  for (const command of [['enqueue', domains.contacts5], ['run']]) {
    await refusesCluster(command, { redis: node.url, simulator }, /GLEANER_PREFIX in braces/);
  }
  await collects({ redis: node.url, GLEANER_PREFIX: '{bull}', GLEANER_LIMITS: '15/s,500/min' }, node.db,
    '{bull}:domain-collection:1');
});

test('a worker is refused by a cluster that keeps its pace on another node', async () => {
  const slot = packages('cluster-key-slot')('{bull}');
  const near = await startNode(slot, slot);
  const far = await startNode(0, slot - 1, slot + 1, 16383);
  await far.db.call('CLUSTER', 'MEET', '127.0.0.1', near.port);
  for (const node of [near, far]) await node.serves();
  await refusesCluster(['run'], { redis: near.url, simulator, GLEANER_PREFIX: '{bull}' }, /MOVED/);
});
