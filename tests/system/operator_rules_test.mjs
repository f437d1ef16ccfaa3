// What operators' verbs keep to, on a queue that nobody works on.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { domains } from './domains.mjs';
import { gleaner, packages } from './harness.mjs';
import { until } from './processes.mjs';
import { Stage, bullmq } from './stage.mjs';

let stage;
let flows;

before(async () => {
  stage = await Stage.open({ worker: false });
  flows = new bullmq.FlowProducer({ connection: { host: '127.0.0.1', port: stage.redis.port } });
});
after(async () => {
  await flows?.close();
  await stage?.close();
});
beforeEach(async () => stage.db.flushall());

async function run(args, code = 0, settings = {}) {
  const done = await gleaner(args, { redis: stage.redis, ...settings });
  assert.equal(done.code, code, `${args.join(' ')}: ${done.stdout}${done.stderr}`);
  return args.includes('--json') ? JSON.parse(done.stdout) : done;
}

function file(lines) {
  const path = join(stage.folder, 'domains.txt');
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

async function add(domain, options) {
  return (await stage.add(domain, options)).id;
}

const parentOf = (...children) => ({
  name: 'collect-domain', queueName: 'domain-collection', data: { domain: 'parent.test' },
  children: children.map((opts) => ({
    name: 'collect-domain', queueName: 'domain-collection', data: { domain: 'child.test' }, opts,
  })),
});

test('dlq touches failed jobs only, also those named by id', async () => {
  const id = await add('a.test');
  for (const verb of ['purge', 'replay']) {
    assert.deepEqual((await run(['dlq', verb, id, '--json'], 1)).wrongState, [id]);
  }
  assert.equal(await (await stage.queue.getJob(id)).getState(), 'waiting');
  await run(['dlq', 'show', '--yes'], 2); // it changes nothing, so there is nothing to confirm
});

test('the event of a removed job names the place where it was, as stock clients do', async () => {
  const id = await add('a.test');
  await run(['jobs', 'remove', id]);
  await (await stage.add('b.test')).remove();
  await run(['schedule', 'add', 'c.test', '--every', '1h', '--id', 's1']);
  await run(['schedule', 'rm', 's1']);
  const entries = (await stage.db.xrange(stage.key('events'), '-', '+')).map(([, fields]) => fields);
  const places = entries.filter((fields) => fields[1] === 'removed').map((fields) => fields[fields.indexOf('prev') + 1]);
  assert.deepEqual(places, ['wait', 'wait', 'wait']);
});

test('a removed job frees its deduplication id, however long that was to last', async () => {
  for (const remove of [
    async () => run(['jobs', 'remove', '--all', '--yes']),
    async () => run(['queue', 'drain', '--yes']),
    async () => run(['queue', 'clean', '--state', 'waiting', '--yes']),
    async () => run(['queue', 'obliterate', '--yes']),
  ]) {
    const { queued, existing } = await run(['enqueue', '--dedupe-for', '1h', 'a.test', '--json']);
    assert.deepEqual([queued, existing], [1, 0]);
    assert.equal((await run(['enqueue', '--dedupe-for', '1h', 'a.test', '--json'])).existing, 1);
    await remove();
  }
});

test('enqueue --wait says how many jobs were removed, and that is no success', async () => {
  const removals = [
    ['jobs', 'remove', '--all'], ['queue', 'drain'], ['queue', 'obliterate'], ['queue', 'clean', '--state', 'waiting'],
  ];
  for (const removal of removals) {
    const waiting = gleaner(['enqueue', '--wait', '--timeout', '60s', 'a.test', 'b.test'], { redis: stage.redis });
    await until('two jobs', async () => (await stage.queue.getWaitingCount()) === 2);
    await run([...removal, '--yes']);
    const done = await waiting;
    assert.equal(done.code, 3, `${removal.join(' ')}: ${done.stderr}`);
    assert.match(done.stderr, /2 jobs were removed/);
  }
  const waiting = gleaner(['enqueue', '--wait', '--timeout', '60s', 'a.test', 'b.test'], { redis: stage.redis });
  const [one, other] = await until('two jobs', async () => {
    const ids = await stage.db.lrange(stage.key('wait'), 0, -1);
    return ids.length === 2 && ids;
  });
  await stage.db.xadd(stage.key('events'), '*', 'event', 'completed', 'jobId', one, 'returnvalue', '{}');
  await run(['jobs', 'remove', other]);
  const done = await waiting;
  assert.equal(done.code, 4, done.stderr);
  assert.match(done.stderr, /1 job was removed/);
});

test('enqueue takes domains or a file, and lines only of a file', async () => {
  const path = file(['a.test', 'b.test']);
  await run(['enqueue', 'x.test', '--file', path], 2);
  await run(['enqueue', 'x.test', '--from-line', '2'], 2);
  assert.equal((await run(['enqueue', '--file', path, '--from-line', '2', '--json'])).queued, 1);
});

test('a small --max-waiting is used to the full beside jobs that wait', async () => {
  await add('first.test');
  await run(['enqueue', '--file', file(['a.test', 'b.test', 'c.test']), '--max-waiting', '4']);
  assert.equal(await stage.queue.getWaitingCount(), 4);
});

test('jobs are found by a domain in any spelling', async () => {
  const id = await add('Example.COM');
  for (const text of ['example.com', 'https://EXAMPLE.com/about']) {
    const { jobs } = await run(['jobs', 'find', '--domain', text, '--json']);
    assert.deepEqual(jobs.map((job) => job.id), [id]);
  }
});

test('drain takes a parent with the last of its children', async () => {
  await flows.add(parentOf({}, {}));
  assert.equal((await run(['queue', 'drain', '--yes', '--json'])).removed, 3);
  assert.deepEqual(await stage.queue.getJobCounts('waiting', 'waiting-children'),
    { waiting: 0, 'waiting-children': 0 });
});

test('drain leaves the next job of a schedule as stock clients do, also one that waits', async () => {
  await run(['schedule', 'add', 'a.test', '--every', '1h', '--id', 's1']);
  const queues = ['bullmq5', 'bullmq6'].map((library) => new (packages(library).Queue)('domain-collection', {
    connection: { host: '127.0.0.1', port: stage.redis.port }, skipMetasUpdate: true,
  }));
  const drains = [
    async () => assert.equal((await run(['queue', 'drain', '--yes', '--json'])).removed, 1),
    async () => assert.equal((await run(['queue', 'drain', '--delayed', '--yes', '--json'])).removed, 1),
    ...queues.flatMap((queue) => [async () => queue.drain(), async () => queue.drain(true)]),
  ];
  for (const drain of drains) {
    await stage.add('b.test', { lifo: true }); // stock trims the list from the left, whatever it has spared
    await stage.db.lmove(stage.key('wait'), stage.key('wait'), 'RIGHT', 'LEFT');
    await drain();
    assert.deepEqual((await stage.queue.getWaiting()).map(({ repeatJobKey }) => repeatJobKey), ['s1']);
  }
  for (const queue of queues) await queue.close();
});

test('what would do nothing, or something else than was meant, is refused', async () => {
  for (const args of [['--dedupe-for', '0s'], ['--key', 'UP CASE'], ['--dedupe-for', 'soon']]) {
    assert.match((await run(['enqueue', ...args, 'a.test'], 2)).stderr, new RegExp(`${args[0]}: '${args[1]}'`));
  }
  for (const pattern of ['* * * *', '5', '* * * * * * *']) {
    assert.match((await run(['schedule', 'add', 'a.test', '--cron', pattern], 2)).stderr, /five fields/);
  }
  await run(['enqueue', '--key', 'default', 'a.test']);
  await run(['schedule', 'add', 'a.test', '--cron', '@daily']);
  const done = await run(['enqueue', 'a.test'], 6, { redis: `${stage.redis.url}/99` });
  assert.match(done.stderr, /REDIS_URL names a database/);
});

test('a spoilt counter of ids is named', async () => {
  await stage.db.set(stage.key('id'), 'abc');
  assert.match((await run(['enqueue', 'a.test'], 6)).stderr, /bull:domain-collection:id holds no number/);
});

test('jobs that a command has removed itself are not missed', async () => {
  const id = await add('a.test');
  assert.deepEqual((await run(['jobs', 'remove', id, id, '--json'])).missing, []);
  const child = parentOf({});
  await flows.add({ ...child, children: [child] });
  assert.equal(await stage.queue.getWaitingChildrenCount(), 2);
  await run(['jobs', 'remove', '--state', 'waiting-children', '--yes']);
  assert.equal(await stage.queue.getWaitingChildrenCount(), 0);
});

test('dlq show tells of ids that it does not show', async () => {
  await stage.db.hset(stage.key('e1'), { name: 'x', data: '{}', opts: '{}', timestamp: 1, finishedOn: 2 });
  await stage.db.zadd(stage.key('failed'), 2, 'e1');
  const done = await run(['dlq', 'show', 'e1', 'nope'], 4);
  assert.match(done.stdout, /e1/);
  assert.match(done.stderr, /nope/);
  await run(['dlq', 'show', 'nope'], 3);
});

test('a time zone without a pattern is refused', async () => {
  await run(['schedule', 'add', 'a.test', '--every', '1h', '--tz', 'Europe/Berlin'], 2);
});

test('a queue of another version is refused by everything but queue ls, and doctor says so', async () => {
  await stage.db.hset(stage.key('meta'), 'version', 'bullmq:4.18.2');
  await run(['queue', 'ls']);
  await run(['watch'], 2);
  const { stdout } = await run(['doctor'], 2, { simulator: stage.simulator });
  assert.match(stdout, /queue.*bullmq:4\.18\.2/);
  const started = await run(['run'], 2, { simulator: stage.simulator });
  assert.match(started.stderr, /queue\.refused/);
});

test('a parent that its child has failed is repaired by retrying both', async () => {
  const { job, children: [child] } = await flows.add(parentOf({ failParentOnFailure: true, attempts: 1 }));
  await stage.db.hset(`bull:domain-collection:${child.job.id}`, 'data', `{"domain":"${domains.forbidden}"}`);
  await stage.startWorker();
  await stage.ended(job.id);
  assert.equal((await run(['dlq', 'ls', '--json'])).classes.map((each) => each.class).sort()[1], 'child');
  await stage.db.hset(`bull:domain-collection:${child.job.id}`, 'data', `{"domain":"${domains.contacts5}"}`);
  await run(['jobs', 'retry', child.job.id]);
  assert.equal(await (await stage.ended(child.job.id)).getState(), 'completed');
  await run(['jobs', 'retry', job.id]);
  assert.equal(await (await stage.ended(job.id)).getState(), 'completed');
});
