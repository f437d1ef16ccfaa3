// Holes that programs of this kind have had: one test each, so that Gleaner does not get them.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { gleaner } from './harness.mjs';
import { temporaryFolder, until } from './processes.mjs';
import { promised } from './promised.mjs';
import { Stage } from './stage.mjs';

let stage;
before(async () => (stage = await Stage.open()));
after(async () => stage?.close());

test('a queue can not be named like a key of another', async () => {
  for (const name of ['domain-collection:wait', ':', 'a:b', 'a b', 'a\n']) {
    const done = await gleaner(['queue', 'stats'], { redis: stage.redis, folder: stage.folder, GLEANER_QUEUE: name });
    assert.equal(done.code, 2, `${JSON.stringify(name)}: ${done.stdout}${done.stderr}`);
  }
});

test('a job that is named like a key of the queue harms neither key nor queue', async () => {
  await stage.collect(domains.contacts5);
  const names = ['wait', 'active', 'meta', 'events', 'limiter', 'stalled', 'stalled-check', 'id', 'marker', 'repeat', 'completed',
    'failed', 'delayed', 'prioritized', 'pc', 'paused', 'metrics:completed'];
  const types = async () => Promise.all(names.filter((name) => name !== 'wait').map((name) => stage.db.type(stage.key(name))));
  await stage.idle();
  const meta = await stage.db.hgetall(stage.key('meta'));
  const before = await types();
  await stage.db.multi().lpush(stage.key('wait'), ...names).zadd(stage.key('marker'), 0, '0').exec();
  await until('an empty queue', async () => !await stage.db.exists(stage.key('wait')));
  await stage.collect(domains.contacts5);
  await stage.idle();
  assert.deepEqual(await types(), before);
  assert.deepEqual(await stage.db.hgetall(stage.key('meta')), meta);
});

test('settings that somebody left in a shared folder are not taken', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'gleaner.toml');
  writeFileSync(file, '[api]\nurl = "https://evil.example/v2"\n');
  chmodSync(file, 0o666);
  const refused = await gleaner(['config', 'show'], { folder });
  assert.equal(refused.code, 2, refused.stdout);
  assert.match(refused.stderr, /gleaner\.toml.*another user.*--config/);
  chmodSync(file, 0o644);
  if (process.getuid() !== 0) return; // only root can give a file away
  chownSync(file, 65534, 65534);
  assert.equal((await gleaner(['config', 'show'], { folder })).code, 2);
  chownSync(file, 0, 0);
  assert.match((await gleaner(['config', 'show'], { folder })).stdout, /evil\.example/, 'one\'s own file is read');
});

test('parameters of a page of the listener can not make it work more', async () => {
  const usual = await (await stage.worker.get('/metrics')).text();
  for (const query of ['days=999999999', 'limit=1e99', 'name[]='.repeat(500), '%00', '../../etc/passwd']) {
    const begun = performance.now();
    const answer = await stage.worker.get(`/metrics?${query}`);
    const text = await answer.text();
    assert.equal(answer.status, 200);
    promised(`ms to answer ${query.slice(0, 20)}`, performance.now() - begun, 2000);
    assert.ok(Math.abs(text.length - usual.length) < 2000, query);
  }
  for (const path of ['/../etc/passwd', '/%2e%2e/etc/passwd', '/metrics/../../x', '//etc/passwd']) {
    assert.ok([400, 404].includes((await stage.worker.get(path)).status), path);
  }
});

test('a worker that lost its job can not write the reason of a failure into it', { timeout: 300_000 }, async () => {
  const job = await stage.add('fail500-slow700.test', { attempts: 1 });
  await until('the running job', async () => (await job.getState()) === 'active');
  await stage.db.set(`${stage.key(job.id)}:lock`, 'of-somebody-else', 'PX', 60_000);
  await until('the worker to notice', () => stage.worker.program.lines.some((line) => /job\.lock_lost/.test(line)));
  const hash = await stage.db.hgetall(stage.key(job.id));
  assert.equal(hash.failedReason, undefined);
  assert.equal(await stage.db.zscore(stage.key('failed'), job.id), null);
});
