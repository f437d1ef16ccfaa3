// `gleaner doctor`: what it finds where something is wrong, and beside a worker that runs.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { gleaner, startRedis } from './harness.mjs';
import { Stage } from './stage.mjs';

let stage;
before(async () => (stage = await Stage.open()));
after(async () => stage?.close());

/// The findings by name, each as [verdict, detail], and the exit code.
async function doctor(settings = {}) {
  const { code, stdout, stderr } = await gleaner(['doctor', '--json'],
    { redis: stage.redis, simulator: stage.simulator, folder: stage.folder, ...settings });
  const { schema, checks } = JSON.parse(stdout || '{}');
  assert.equal(schema, 'gleaner.doctor/1', stderr);
  for (const check of checks) assert.deepEqual(Object.keys(check), ['verdict', 'name', 'detail']);
  return { code, found: Object.fromEntries(checks.map(({ verdict, name, detail }) => [name, [verdict, detail]])) };
}

function is(found, name, verdict, pattern) {
  assert.equal(found[name]?.[0], verdict, `${name}: ${found[name]}`);
  assert.match(found[name][1], pattern);
}

test('beside a worker all is well, and its port is known as that of a gleaner', async () => {
  const { code, found } = await doctor({ GLEANER_LISTEN: new URL(stage.worker.http).host });
  assert.equal(code, 0);
  for (const [name, pattern] of [['key', /accepted/], ['plan', /credits left/], ['redis', /version/],
    ['eviction', /noeviction/], ['persistence', /append-only file/], ['memory', /MiB used|MiB of/], ['clock', / s between/],
    ['queue', /last opened by bullmq:6/], ['store', /can be written, \d+ MiB free/], ['state', /can be written/],
    ['listen', /is that of a gleaner \d+\.\d+\.\d+ that runs; a second one here needs another http\.listen/],
    ['version', /^gleaner \d+\.\d+\.\d+ with CAF 0\.17\.\d+, libcurl\//]]) is(found, name, 'ok', pattern);
});

test('a port that another program has is told with the setting', async () => {
  const other = createServer((socket) => socket.end('220 hello\r\n')).listen(0, '127.0.0.1');
  await new Promise((resolve) => other.on('listening', resolve));
  const address = `127.0.0.1:${other.address().port}`;
  const { code, found } = await doctor({ GLEANER_LISTEN: address });
  assert.equal(code, 2);
  is(found, 'listen', 'fail', /another program's; set http\.listen \(GLEANER_LISTEN\)/);
  const joined = await doctor({ GLEANER_CLUSTER__LISTEN: address, GLEANER_CLUSTER__PLAIN: 'on' });
  is(joined.found, 'cluster-listen', 'fail', /another program's; set cluster\.listen/);
  assert.equal(joined.code, 2);
  other.close();
});

test('a Redis that is nearly full, or full, is told before jobs are refused', async () => {
  const [, used] = /used_memory:(\d+)/.exec(await stage.db.info('memory'));
  await stage.db.config('SET', 'maxmemory', Math.round(used * 1.05));
  const near = await doctor();
  is(near.found, 'memory', 'warn', /nearly full/);
  await stage.db.config('SET', 'maxmemory', 1024);
  const full = await doctor();
  is(full.found, 'memory', 'fail', /Redis refuses jobs; raise maxmemory/);
  assert.equal(full.code, 6);
  await stage.db.config('SET', 'maxmemory', 0);
});

test('a replica is told with its primary', async () => {
  const replica = await startRedis(['--replicaof', '127.0.0.1', String(stage.redis.port)]);
  const { code, found } = await doctor({ redis: replica });
  assert.equal(code, 6);
  is(found, 'role', 'fail', new RegExp(`primary, 127\\.0\\.0\\.1:${stage.redis.port}`));
  await replica.stop();
});

test('a state folder that can\'t be is told with what to change', async () => {
  const { code, found } = await doctor({ GLEANER_STATE_FOLDER: '/dev/null/state' });
  assert.equal(code, 9);
  is(found, 'state', 'fail', /\/dev\/null is no folder; choose another state_folder/);
});
