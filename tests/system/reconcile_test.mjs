// What belongs to nothing in the queue: a worker finds it, puts it right and says so.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { shortLocks } from './settings.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

let stage;

before(async () => (stage = await Stage.open({ gated: true, GLEANER_QUEUE__RECONCILE_INTERVAL: '300ms', ...shortLocks })));
after(async () => stage?.close());

/// Counts are written at the end of a look.
async function counted(kind) {
  await until(`one ${kind} counted`, async () => {
    const text = await (await stage.worker.get('/metrics')).text();
    return text.includes(`gleaner_reconciled_total{kind="${kind}"} 1\n`);
  });
}

function told(code, ...words) {
  return stage.worker.program.lines.filter((line) => [code, ...words].every((word) => line.includes(word)));
}

test('a job that a producer stored and never listed is collected', async () => {
  await stage.db.hset(stage.key('forgotten'), 'name', 'collect-domain', 'opts', '{}', 'delay', 0, 'priority', 0,
    'data', JSON.stringify({ domain: domains.contacts5 }), 'timestamp', Date.now());
  const job = await stage.ended('forgotten');
  assert.equal(await job.getState(), 'completed');
  await counted('job');
  assert.equal(told('reconcile.found', '"job"').length, 1);
});

test('an ended job that fell out of its list is listed again, and not run again', async () => {
  const { id } = await stage.collect(domains.contacts5);
  const calls = (await stage.simulator.calls()).length;
  await stage.db.zrem(stage.key('completed'), id);
  await until('the job in its place', async () => stage.db.zscore(stage.key('completed'), id));
  assert.equal((await stage.simulator.calls()).length, calls);
  await counted('finished_job');
});

test('a job whose entry in `active` and lock are gone runs again', { timeout: 300_000 }, async () => {
  const { id } = await stage.hold(domains.contacts5, { attempts: 1 });
  await stage.db.multi().del(stage.key(`${id}:lock`)).lrem(stage.key('active'), 0, id).exec();
  await until('it to be taken again', async () => await stage.db.hget(stage.key(id), 'ats') === '2');
  stage.gate.release();
  const job = await stage.ended(id);
  assert.equal(await job.getState(), 'completed');
});

test('what is left of jobs that are gone is removed', async () => {
  await stage.db.hset(stage.key('gone:ledger'), 'job', 'x', '0', 'a page');
  await stage.db.set(stage.key('gone:lock'), 'of nobody');
  await stage.db.zadd(stage.key('failed'), 1, 'gone');
  await until('nothing left', async () => !await stage.db.exists(stage.key('gone:ledger'), stage.key('gone:lock'))
    && await stage.db.zscore(stage.key('failed'), 'gone') === null);
  for (const kind of ['ledger', 'lock', 'ghost']) await counted(kind);
});

test('a job that kills its workers is failed by name', { timeout: 300_000 }, async () => {
  const { id } = await stage.add(domains.hanging, { attempts: 3 });
  for (let deaths = 1; deaths <= 3; deaths++) {
    await until('the job taken', async () => await stage.db.hget(stage.key(id), 'ats') === String(deaths));
    await stage.worker.kill();
    await stage.startWorker();
  }
  const job = await stage.ended(id);
  assert.equal(await job.getState(), 'failed');
  assert.equal(job.failedReason, 'job stalled more than allowable limit');
  await until('the line in the log', () => told('job.poison', `"${id}"`).length === 1);
});
