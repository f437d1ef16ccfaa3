// As many jobs at once as a worker may have, while the API does not answer: their locks hold, a worker that was killed
// has them again, and at the end all go back. None is lost, and no attempt is used.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { patience, until } from '../system/processes.mjs';
import { size } from './figures.mjs';
import { Scene } from './scene.mjs';
import { linesOf } from './worker_log.mjs';

const atOnce = 10_000;
const jobs = atOnce + 500;
const lockMs = 10_000;
let scene;
before(async () => (scene = await Scene.open({
  GLEANER_CONCURRENCY: atOnce, GLEANER_QUEUE__LOCK_DURATION: `${lockMs}ms`, GLEANER_SHUTDOWN_GRACE: '16s',
  GLEANER_API__TIMEOUT: '5m',
})));
after(async () => scene?.close());

const active = async () => scene.db.lrange(scene.key('active'), 0, -1);

/// The active jobs without a lock.
async function unlocked() {
  const ids = await active();
  const locks = await scene.db.mget(ids.map((id) => scene.key(`${id}:lock`)));
  return ids.filter((_, index) => locks[index] === null);
}

const codes = (worker) => new Set(linesOf(worker.program).map(({ code }) => code));

test('ten thousand jobs at once keep their locks, outlive a kill and go back at the end', { timeout: 300_000 }, async () => {
  await scene.addAll(Array.from({ length: jobs }, (_, n) => `slow280000-c5-m${n}.test`), { attempts: 3 });
  const node = scene.node('aa');
  await node.start();
  await until(`${atOnce} jobs at once`, async () => (await active()).length >= atOnce, 2 * patience);
  await sleep(size(12_000, 60_000)); // longer than a lock lives that nobody renews
  await until('a lock of each', async () => (await unlocked()).length === 0);
  assert.ok(!codes(node.worker).has('job.lock_lost'), 'a lock was lost');

  await node.kill();
  await node.start();
  await until('the jobs that it held', () => codes(node.worker).has('recovery'));
  await until(`${atOnce} jobs at once again`, async () => (await active()).length >= atOnce, 2 * patience);

  const { worker } = node;
  node.signal('SIGTERM');
  const { code } = await worker.program.exit();
  assert.equal(code, 0);
  assert.deepEqual(await active(), []);
  assert.ok(!codes(worker).has('job.lock_lost'), 'a lock was lost');
  const ids = await scene.db.lrange(scene.key('wait'), 0, -1);
  assert.equal(ids.length, jobs);
  for (const id of ids) {
    assert.equal(Number(await scene.db.hget(scene.key(id), 'atm') ?? 0), 0, `attempts of job ${id}`);
  }
  await scene.oracle.report('many_jobs', { open: true }, { at_once: atOnce });
});
