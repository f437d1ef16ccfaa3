// Jobs that can't be collected, pushed beside good ones: each fails with a reason (or is dropped),
// nothing else notices.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const huge = 'a'.repeat(70_000) + '.test';
const nested = '['.repeat(100_000);

// [what, job data as the producer wrote it, words of the reason]
const table = [
  ['data that is no JSON', '{"domain": five.test', /json/i],
  ['empty data', '', /json|domain/i],
  ['data that is an array', '["five.test"]', /domain|object/i],
  ['data that is null', 'null', /domain|object/i],
  ['data without a domain', '{"url":"five.test"}', /domain/i],
  ['an empty domain', '{"domain":""}', /domain/i],
  ['a domain that is a number', '{"domain":42}', /domain/i],
  ['a domain that is an object', '{"domain":{"a":1}}', /domain/i],
  ['a domain of 70 kB', JSON.stringify({ domain: huge }), /domain|long|large|64 KiB|data/i],
  ['a path out of the folder', '{"domain":"../../etc/passwd"}', /domain/i],
  ['an absolute path', '{"domain":"/etc/passwd"}', /domain/i],
  ['a parameter in the domain', '{"domain":"five.test?api_key=x&limit=1"}', /domain/i],
  ['a line break in the domain', '{"domain":"five.test\\r\\nX-Evil: 1"}', /domain/i],
  ['a NUL in the domain', '{"domain":"five.test\\u0000.evil.test"}', /domain/i],
  ['a lone surrogate in the domain', '{"domain":"\\ud800.test"}', /domain|json/i],
  ['bytes that are no UTF-8', Buffer.from('{"domain":"\xff\xfe.test"}', 'latin1'), /domain|json|utf/i],
  ['a name without a dot', '{"domain":"localhost"}', /domain/i],
  ['an IP address', '{"domain":"127.0.0.1"}', /domain/i],
  ['a label of 64 characters', JSON.stringify({ domain: `${'a'.repeat(64)}.test` }), /domain/i],
  ['100,000 nested arrays', nested, /json|data/i],
];

let stage, good, sequence = 0;
before(async () => (stage = await Stage.open({ gated: true })));
after(async () => stage?.close());

/// Adds a job as a careless producer would, with data that no client lets through.
async function push(data) {
  const id = `bad-${++sequence}`;
  await stage.db.multi()
    .hset(stage.key(id), 'name', 'collect-domain', 'data', data, 'opts', '{"attempts":3}',
      'timestamp', Date.now(), 'delay', 0, 'priority', 0)
    .lpush(stage.key('wait'), id)
    .zadd(stage.key('marker'), 0, '0')
    .exec();
  return id;
}

/// A good job, before or after a bad one, completes.
async function collectsAGoodOne() {
  good = await stage.collect(domains.contacts5);
  assert.equal(await good.getState(), 'completed', good.failedReason);
}

function stored() {
  return stage.store.files();
}

for (const [what, data, reason] of table) {
  test(`${what}: the job fails at once with a reason`, async () => {
    await collectsAGoodOne();
    const files = stored();
    const calls = (await stage.simulator.calls()).length;
    const id = await push(data);
    await until('the failed job', async () => stage.db.zscore(stage.key('failed'), id));
    const hash = await stage.db.hgetall(stage.key(id));
    assert.match(hash.failedReason, reason);
    assert.ok(hash.failedReason.length < 1000, `a reason of ${hash.failedReason.length} characters`);
    assert.ok(!/[\r\n\0]/.test(hash.failedReason), 'one line');
    assert.equal(hash.atm, '1', 'not tried again');
    assert.equal(hash.ats, '1', 'taken once');
    const told = stage.worker.program.lines.filter((line) => line.includes(`"${id}"`)).map((line) => JSON.parse(line).code);
    assert.deepEqual(told, ['job.bad_data', 'job.failed'], 'once why, once what became of it');
    assert.deepEqual(stored(), files);
    assert.equal((await stage.simulator.calls()).length, calls, 'nobody was asked for it');
    await collectsAGoodOne();
    assert.equal(stage.worker.program.outcome, undefined, 'the worker runs');
  });
}

test('a waiting id whose hash vanished is dropped', async () => {
  const id = await push('{"domain":"five.test"}');
  const ghost = `ghost-${sequence}`;
  await stage.db.multi().lpush(stage.key('wait'), ghost).zadd(stage.key('marker'), 0, '0').exec();
  await until('the job before it', async () => stage.db.zscore(stage.key('completed'), id));
  await until('an empty queue', async () => !await stage.db.exists(stage.key('wait'), stage.key('active')));
  assert.equal(await stage.db.exists(stage.key(ghost)), 0);
  await collectsAGoodOne();
});

test('a job whose hash vanishes while it runs is given up', { timeout: 300_000 }, async () => {
  const job = await stage.hold('c250-vanishes.test');
  await stage.db.del(stage.key(job.id));
  stage.gate.release();
  await collectsAGoodOne();
  await stage.worker.stop(); // it ends its pages, so whatever it would write is written
  assert.equal(await stage.db.exists(stage.key(job.id)), 0, 'the hash is not made anew');
  assert.equal(await stage.db.zscore(stage.key('completed'), job.id), null);
  await stage.startWorker();
  await collectsAGoodOne();
});

test('no file was written outside the folder', () => {
  const inside = readdirSync(stage.folder).sort();
  assert.deepEqual(inside.filter((name) => !['collections', 'state'].includes(name)), []);
  assert.equal(existsSync(join(stage.folder, '..', 'etc')), false);
});
