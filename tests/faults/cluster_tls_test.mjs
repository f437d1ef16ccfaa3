// A cluster by TLS: made by its commands, looked at and steered by them, and reached by who must not.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { gleaner } from '../system/harness.mjs';
import { temporaryFolder, until } from '../system/processes.mjs';
import { Certificates } from './certificates.mjs';
import { ClusterCertificates } from './cluster_certificates.mjs';
import { ClusterStage, metric } from './cluster_stage.mjs';
import { figures, size } from './figures.mjs';
import { descendantsOf, residentOf } from './memory.mjs';

const mostGrowth = 10 * 2 ** 20; // bytes, by hostile peers

async function staged(settings, use) {
  const certificates = await ClusterCertificates.make('127.0.0.1');
  const stage = await ClusterStage.open({ certificates, ...settings });
  try {
    await use(stage, certificates);
  } finally {
    await stage.close();
  }
}

/// A `gleaner cluster` command on the stage's queue, as JSON.
async function cluster(stage, ...words) {
  const { code, stdout, stderr } = await gleaner(['cluster', ...words], { redis: stage.redis });
  assert.equal(code, 0, stderr);
  return words.includes('--json') ? JSON.parse(stdout) : stdout;
}

async function nodeOf(stage, name) {
  const { nodes } = await cluster(stage, 'ls', '--json');
  return nodes.find((node) => node.name === name) ?? {};
}

test('nodes join by TLS, are listed, drained, and resumed', async () => {
  await staged({ pageMs: 20 }, async (stage) => {
    await stage.load(4, 1000);
    await stage.finish();
    await until('both to be listed', async () => {
      const pages = await Promise.all(['a', 'b'].map(async (name) => (await nodeOf(stage, name)).pages ?? 0));
      return pages[0] > 0 && pages[1] > 0 && pages[0] + pages[1] === 40;
    });
    const { coordinators: [status] } = await cluster(stage, 'status', '--json');
    assert.equal(status.address, stage.address);
    assert.ok(new Date(status.certificateEnds) > new Date(), status.certificateEnds);
    await cluster(stage, 'drain', 'a');
    await until('a to be drained', async () => (await nodeOf(stage, 'a')).state === 'drained');
    const before = (await nodeOf(stage, 'a')).pages;
    await stage.load(2, 1000);
    await stage.finish();
    await until('b to be listed with them', async () => (await nodeOf(stage, 'b')).pages + before === 60);
    assert.equal((await nodeOf(stage, 'a')).pages, before);
    await cluster(stage, 'resume', 'a');
    await until('a to be back', async () => (await nodeOf(stage, 'a')).state === 'ready');
    const unknown = await gleaner(['cluster', 'drain', 'c'], { redis: stage.redis });
    assert.equal(unknown.code, 3);
    assert.match(unknown.stderr, /'c'.*a, b/);
    const text = await cluster(stage, 'ls');
    figures('cluster_tls', { listed: text.trim().split('\n').length - 1 });
  });
});

test('a coordinator that has gone is listed no more', async () => {
  await staged({ nodes: [] }, async (stage) => {
    await until('it to be listed', async () => (await gleaner(['cluster', 'status'], { redis: stage.redis })).code === 0);
    await stage.worker.stop();
    const { code, stderr } = await gleaner(['cluster', 'status'], { redis: stage.redis });
    assert.equal(code, 3);
    assert.match(stderr, /--cluster-listen/);
    await stage.startWorker();
  });
});

test('a stunnel that is killed is started again, and the nodes are back', async () => {
  await staged({}, async (stage) => {
    let lost = 0;
    for (const [owner, nodes] of [[stage.worker.program.pid, 2], [stage.nodes[0].program.pid, 1]]) {
      await stage.busy();
      lost += nodes;
      await stage.during(
        () => descendantsOf(owner).filter(({ name }) => name.startsWith('stunnel'))
          .forEach(({ pid }) => process.kill(pid, 'SIGKILL')),
        async () => until('all nodes to be back', async () => (
          (await metric(stage.worker, 'gleaner_cluster_nodes_lost_total')) === lost && (await stage.slots()) === 128)),
      );
    }
    stage.expectDescriptors();
    figures('cluster_tls', { stunnel_kills: 2, ...await stage.settled() });
  });
});

/// Sends `bytes` on a connection, then waits until the other side closes it or `ms` have passed.
async function poke(socket, bytes, ms = 15_000) {
  return new Promise((resolve) => {
    const done = (how) => {
      socket.destroy();
      resolve(how);
    };
    const timer = setTimeout(() => done('open'), ms);
    for (const event of ['error', 'close']) socket.on(event, () => (clearTimeout(timer), done('closed')));
    socket.on('data', () => {});
    const send = () => (bytes ? socket.write(bytes) : undefined);
    socket.on(socket.encrypted ? 'secureConnect' : 'connect', send);
  });
}

/// As CAF's protocol has it: a message to an actor, with a payload of 4 GB that does not come.
function giantHeader() {
  const header = Buffer.alloc(32);
  header.writeUInt8(3, 0);
  header.writeUInt32BE(0xffff_fff0, 4);
  return header;
}

test('who has no certificate of the CA gets nowhere, costs little and stops nothing', async () => {
  await staged({ pageMs: 20 }, async (stage, own) => {
    const [host, port] = stage.address.split(':');
    const strangers = new Certificates(temporaryFolder());
    strangers.signed('other');
    strangers.selfSigned('self');
    const { clock } = strangers;
    clock.set(-3 * 86_400_000);
    await own.run(['issue', 'old', '--days', '1'], clock.env);
    const at = { host, port: Number(port) };
    const tls = (identity) => connectTls({ ...at, rejectUnauthorized: false, checkServerIdentity: () => undefined, ...identity });
    const pair = (folder, name) => ({ cert: readFileSync(folder.path(`${name}.pem`)), key: readFileSync(folder.path(`${name}.key`)) });
    const kinds = {
      garbage: () => poke(connect(at), Buffer.alloc(300_000, 0xa5)),
      giant_header: () => poke(connect(at), giantHeader()),
      silent: () => poke(connect(at)),
      no_certificate: () => poke(tls({}), giantHeader()),
      other_ca: () => poke(tls(pair(strangers, 'other')), giantHeader()),
      self_signed: () => poke(tls(pair(strangers, 'self')), giantHeader()),
      coordinators_own: () => poke(tls(pair(own, 'coordinator')), giantHeader()),
      expired: () => poke(tls(pair(own, 'old')), giantHeader()),
      old_tls: () => poke(tls({ ...pair(own, 'fetcher'), maxVersion: 'TLSv1.2' }), giantHeader()),
    };
    const resident = () => [stage.worker.program, ...descendantsOf(stage.worker.program.pid)]
      .reduce((sum, { pid }) => sum + residentOf(pid), 0);
    await stage.load(20);
    await stage.finish(); // all is warm
    const before = resident();
    await stage.load(size(200, 1000));
    const grown = {};
    for (const [kind, attack] of Object.entries(kinds)) {
      const ends = await Promise.all(Array.from({ length: 50 }, attack));
      assert.ok(ends.every((end) => end === 'closed'), `${kind}: a connection was left open`);
      grown[kind] = Math.round((resident() - before) / 1024);
    }
    const found = await stage.finish();
    figures('cluster_tls', { ...Object.fromEntries(Object.entries(grown).map(([kind, kb]) => [`${kind}_grown_kb`, kb])), ...found });
    assert.equal(await stage.slots(), 128, 'a node was lost');
    for (const [kind, kb] of Object.entries(grown)) assert.ok(kb * 1024 <= mostGrowth, `${kind}: ${kb} KB more`);
    const told = stage.worker.program.lines.filter((line) => line.includes('"cluster.tunnel"'));
    assert.ok(told.length > 0 && told.length < 30, `told ${told.length} times`);
  });
});

test('files that do not fit end the start with their names and the remedy', async () => {
  const certificates = await ClusterCertificates.make('127.0.0.1');
  const listening = { GLEANER_CLUSTER__LISTEN: '127.0.0.1:0' };
  for (const [settings, expected] of [
    [{ ...listening, ...certificates.settings('fetcher') }, /not a coordinator's certificate.*gleaner cluster issue/],
    [{ ...listening, ...certificates.settings('none') }, /cluster\.tls_cert.*No such file/],
    [listening, /cluster\.listen.*gleaner cluster init-ca/],
  ]) {
    const { code, stderr } = await gleaner(['run'], { ...settings, HUNTER_API_URL: 'http://127.0.0.1:9/v2' });
    assert.equal(code, 2, stderr);
    assert.match(stderr, expected);
  }
  const doctor = await gleaner(['doctor', '--json', '--role', 'fetcher', '--join', '127.0.0.1:9470'],
    { ...certificates.settings('coordinator'), HUNTER_API_URL: 'http://127.0.0.1:9/v2' });
  const { checks } = JSON.parse(doctor.stdout);
  assert.deepEqual(checks.filter(({ name }) => /redis|store/.test(name)), [], 'a fetcher has neither');
  assert.match(checks.find(({ name }) => name === 'certificate').detail, /not a fetcher's certificate/);
  assert.equal(checks.find(({ name }) => name === 'stunnel').verdict, 'ok');
  const again = await gleaner(['cluster', 'init-ca', '--folder', certificates.folder]);
  assert.equal(again.code, 9);
  assert.match(again.stderr, /ca\.key.*File exists/);
});
