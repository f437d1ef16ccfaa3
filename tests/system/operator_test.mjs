// Operators' verbs, with stock clients of both generations looking on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { gleaner, packages } from './harness.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

let stage;
let queue5;

before(async () => {
  stage = await Stage.open({ gated: true });
  queue5 = new (packages('bullmq5.28').Queue)('domain-collection', {
    connection: { host: '127.0.0.1', port: stage.redis.port }, skipMetasUpdate: true,
  });
});
after(async () => {
  await queue5?.close();
  await stage?.close();
});

/// A command that must end with `code`; its standard output, as JSON where that was asked for.
async function run(args, code = 0) {
  const done = await gleaner(args, { redis: stage.redis });
  assert.equal(done.code, code, `${args.join(' ')}: ${done.stdout}${done.stderr}`);
  return args.includes('--json') ? JSON.parse(done.stdout) : done.stdout;
}

async function eventNames() {
  const entries = await stage.db.xrange(stage.key('events'), '-', '+');
  return entries.map(([, fields]) => fields[fields.indexOf('event') + 1]);
}

test('a paused queue is paused for every client, and resumes', async () => {
  await run(['queue', 'pause']);
  assert.equal(await stage.queue.isPaused(), true);
  assert.equal(await queue5.isPaused(), true);
  const { id } = await stage.add(domains.contacts5);
  assert.equal((await run(['queue', 'stats', '--json'])).paused, true);
  assert.notEqual(await (await stage.queue.getJob(id)).getState(), 'completed');
  await run(['queue', 'resume']);
  assert.equal(await stage.queue.isPaused(), false);
  assert.equal(await (await stage.ended(id)).getState(), 'completed');
  const names = await eventNames();
  assert.ok(names.includes('paused') && names.includes('resumed'));
});

test('queue ls finds every queue of the prefix', async () => {
  const other = new (packages('bullmq6').Queue)('other-queue', {
    connection: { host: '127.0.0.1', port: stage.redis.port },
  });
  await other.waitUntilReady();
  await other.add('x', {});
  const { queues } = await run(['queue', 'ls', '--json']);
  assert.deepEqual(queues.map(({ queue }) => queue), ['domain-collection', 'other-queue']);
  assert.equal(queues[1].waiting, 1);
  await other.close();
});

test('queue ls lists a queue that somebody broke beside the others', async () => {
  await stage.db.set('bull:other-queue:delayed', 'no sorted set');
  const done = await gleaner(['queue', 'ls', '--json'], { redis: stage.redis });
  assert.equal(done.code, 4, 'part of it was done');
  assert.match(done.stderr, /queue 'other-queue': .*WRONGTYPE/);
  const { queues } = JSON.parse(done.stdout);
  assert.deepEqual(queues.map(({ queue }) => queue), ['domain-collection', 'other-queue']);
  assert.equal(queues[0].waiting, 0);
  assert.match(queues[1].error, /WRONGTYPE/);
  assert.match((await gleaner(['queue', 'ls'], { redis: stage.redis })).stdout, /other-queue +\?/);
  assert.equal(await stage.db.del('bull:other-queue:delayed'), 1);
});

test('failed jobs are counted by error class, shown, exported, replayed and purged', async () => {
  const bad = await stage.add('no domain', { attempts: 1 });
  const rejected = await stage.add(domains.forbidden, { attempts: 1 });
  for (const { id } of [bad, rejected]) await stage.ended(id);
  const { classes } = await run(['dlq', 'ls', '--json']);
  const names = classes.map((each) => each.class);
  assert.ok(names.includes('domain_invalid'), names.join());
  assert.equal(classes.length, 2);

  const shown = await run(['dlq', 'show', '--class', 'domain_invalid', '--json']);
  assert.deepEqual(shown.jobs.map(({ id }) => id), [bad.id]);
  const lines = (await run(['dlq', 'export'])).trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ id }) => id).sort(), [bad.id, rejected.id].sort());
  assert.match(await run(['dlq', 'export', '--format', 'csv']), /^id,class,domain.*\r\n[\s\S]*domain_invalid/);

  assert.equal(await run(['dlq', 'replay', '--class', 'domain_invalid', '--dry-run']), `${bad.id}\n`);
  assert.equal((await stage.queue.getJob(bad.id)).attemptsMade, 1);
  await run(['dlq', 'replay', '--class', 'domain_invalid', '--yes']);
  await until('the second failure', async () => (await eventNames())
    .filter((name) => name === 'failed').length === 3);
  assert.equal((await stage.queue.getJob(bad.id)).attemptsMade, 1);
  await run(['dlq', 'purge', '--all', '--yes']);
  assert.equal(await stage.queue.getFailedCount(), 0);
});

test('jobs are found, promoted, retried and removed', async () => {
  const delayed = await stage.add(domains.contacts5, { delay: 3_600_000 });
  const other = await stage.add(domains.contacts250, { delay: 3_600_000 });
  const found = await run(['jobs', 'find', '--state', 'delayed', '--domain', domains.contacts5, '--json']);
  assert.deepEqual(found.jobs.map(({ id }) => id), [delayed.id]);
  await run(['jobs', 'promote', delayed.id]);
  assert.equal(await (await stage.ended(delayed.id)).getState(), 'completed');
  await run(['jobs', 'promote', delayed.id], 1);
  await run(['jobs', 'promote', 'nobody'], 3);
  const mixed = await run(['jobs', 'remove', other.id, 'nobody', '--json'], 4);
  assert.deepEqual(mixed.changed, [other.id]);
  assert.deepEqual(mixed.missing, ['nobody']);
  assert.equal(await stage.queue.getJob(other.id), undefined);
  await run(['jobs', 'retry', delayed.id]);
  await until('the second completion', async () => (await eventNames())
    .filter((name) => name === 'completed').length >= 3);
  await run(['jobs', 'retry'], 2);
  await run(['jobs', 'remove', '--all'], 2); // nobody can be asked
  await run(['jobs', 'find', '--domain', 'nothing.test'], 3);
});

test('a job that a worker holds is not removed', async () => {
  const { id } = await stage.hold(domains.contacts5);
  const held = await run(['jobs', 'remove', id, '--json'], 1);
  stage.gate.release();
  assert.deepEqual(held.held, [id]);
  assert.equal(await (await stage.ended(id)).getState(), 'completed');
});

test('schedules make jobs until they are removed; stock clients see them', async () => {
  await run(['schedule', 'add', domains.contacts5, '--every', '1s', '--id', 'often']);
  const seen = await stage.queue.getJobSchedulers();
  assert.deepEqual(seen.map(({ key, every }) => [key, Number(every)]), [['often', 1000]]);
  await until('three jobs of the schedule', async () => {
    const jobs = await stage.queue.getCompleted(0, 100);
    return jobs.filter((job) => job.repeatJobKey === 'often' || job.id.startsWith('repeat:often:')).length >= 3;
  });
  const times = (await stage.queue.getCompleted(0, 100)).filter(({ id }) => id.startsWith('repeat:often:'))
    .map(({ id }) => Number(id.split(':')[2])).sort();
  for (let i = 1; i < times.length; i++) assert.equal((times[i] - times[i - 1]) % 1000, 0);
  const { schedules } = await run(['schedule', 'ls', '--json']);
  assert.deepEqual({ id: schedules[0].id, domain: schedules[0].domain },
    { id: 'often', domain: domains.contacts5 });
  await run(['schedule', 'rm', 'often']);
  await run(['schedule', 'rm', 'often'], 3);
  assert.deepEqual(await stage.queue.getJobSchedulers(), []);
});

test('a schedule by cron pattern is due at its time in its zone', async () => {
  await run(['schedule', 'add', domains.contacts5, '--cron', '30 6 * * *', '--tz', 'Asia/Kolkata']);
  const { schedules: [schedule] } = await run(['schedule', 'ls', '--json']);
  assert.match(schedule.next, /T01:00:00.000Z$/);
  assert.equal(schedule.tz, 'Asia/Kolkata');
  await run(['schedule', 'rm', domains.contacts5]);
  for (const wrong of [['--cron', '99 * * * *'], ['--every', '5'], [], ['--cron', '* * * * *', '--tz', 'Mars/Base'],
    ['--every', '1h', '--cron', '* * * * *'], ['--every', '1h', '--id', 'a:b']]) {
    await run(['schedule', 'add', domains.contacts5, ...wrong], 2);
  }
});

test('clean, drain and obliterate remove what they say', async () => {
  assert.ok(await stage.queue.getCompletedCount() > 0);
  await run(['queue', 'clean', '--state', 'completed', '--older-than', '1h', '--yes']);
  assert.ok(await stage.queue.getCompletedCount() > 0);
  await run(['queue', 'clean', '--state', 'completed', '--yes']);
  assert.equal(await stage.queue.getCompletedCount(), 0);
  await run(['queue', 'pause']);
  for (let i = 0; i < 3; i++) await stage.add(domains.contacts5);
  await stage.add(domains.contacts5, { delay: 3_600_000 });
  assert.equal((await run(['queue', 'drain', '--yes', '--json'])).removed, 3);
  assert.equal((await run(['queue', 'drain', '--delayed', '--yes', '--json'])).removed, 1);
  await run(['queue', 'obliterate'], 2);
  await run(['queue', 'obliterate', '--yes']);
  assert.deepEqual(await stage.db.keys('bull:domain-collection:*'), []);
});
