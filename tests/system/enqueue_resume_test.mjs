// A long file that is broken off goes on where it stopped, and no domain is lost or queued twice.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { binary, environment, gleaner } from './harness.mjs';
import { Program, until } from './processes.mjs';
import { Stage } from './stage.mjs';

const count = 5000;
let stage;
let file;

before(async () => {
  stage = await Stage.open({ worker: false });
  file = join(stage.folder, 'domains.txt');
  writeFileSync(file, Array.from({ length: count }, (_, i) => `d${i}.test\n`).join(''));
});
after(async () => stage?.close());
beforeEach(async () => stage.db.flushall());

/// `gleaner enqueue` of the file that holds on when 1,200 jobs wait.
function start(...args) {
  const env = environment({ redis: stage.redis, folder: stage.folder });
  return new Program(binary('gleaner'),
    ['enqueue', '--file', file, '--max-waiting', '1200', '--dedupe', ...args], { env });
}

async function goOn(line) {
  const done = await gleaner(['enqueue', '--file', file, '--dedupe', '--from-line', line, '--json'],
    { redis: stage.redis });
  assert.equal(done.code, 0, done.stderr);
  const waiting = await stage.queue.getJobs(['waiting'], 0, -1);
  assert.deepEqual(waiting.map((job) => job.data.domain).sort(),
    Array.from({ length: count }, (_, i) => `d${i}.test`).sort());
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`${signal}: the line to go on from`, async () => {
    const enqueue = start();
    await enqueue.line(/jobs wait; going on as they start/);
    enqueue.kill(signal);
    const [, line] = await enqueue.line(/interrupted; go on with --from-line (\d+)/);
    assert.equal((await enqueue.exit()).signal, signal);
    assert.ok(Number(line) > 1000 && Number(line) <= 1201, line);
    await goOn(line);
  });
}

test('broken off before anything is queued, the line is where it began', async () => {
  for (let i = 0; i < 1200; i++) await stage.add('other.test');
  const enqueue = start('--from-line', '4001');
  await enqueue.line(/jobs wait; going on as they start/);
  enqueue.kill('SIGTERM');
  await enqueue.line(/go on with --from-line 4001$/);
});

test('--max-waiting goes on as jobs are taken', async () => {
  const enqueue = start();
  await enqueue.line(/jobs wait; going on as they start/);
  const most = await stage.queue.getWaitingCount();
  assert.ok(most > 1000 && most <= 1200, `${most}`);
  await until('the end', async () => {
    const waiting = await stage.queue.getWaitingCount();
    assert.ok(waiting <= 1200, `${waiting}`);
    for (const id of await stage.db.rpop(stage.key('wait'), 500) ?? []) await stage.db.lpush('taken', id);
    return enqueue.outcome;
  });
  assert.equal(enqueue.outcome.code, 0, enqueue.tail());
  assert.equal(await stage.db.llen('taken') + await stage.queue.getWaitingCount(), count);
});

test('a Redis that goes away: exit code 6 and the line', async () => {
  const enqueue = start();
  await enqueue.line(/jobs wait; going on as they start/);
  await stage.redis.stop('SIGKILL');
  const [, line] = await enqueue.line(/go on with --from-line (\d+)/);
  assert.equal((await enqueue.exit()).code, 6);
  await stage.redis.start();
  await until('the stock client', async () => stage.db.ping().catch(() => false));
  await goOn(String(Math.min(Number(line), 1))); // a killed Redis may have lost the last second
});
