// Gleaner's user in Redis: the rights that the manual gives it are all that is needed, and none too many.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { gleaner, manualRights, Redis, root } from './harness.mjs';
import { Stage, bullmq } from './stage.mjs';

let stage, flows;
before(async () => {
  stage = await Stage.open({ worker: false });
  await stage.db.acl('SETUSER', 'restricted', 'resetkeys', '~bull:*', '~gleaner:budget:*'); // exactly as in the manual
  flows = new bullmq.FlowProducer({ connection: stage.connection });
});
after(async () => {
  await flows?.close();
  await stage?.close();
});

const textsIn = (folder, suffix) => readdirSync(join(root, folder)).filter((name) => name.endsWith(suffix))
  .map((name) => readFileSync(join(root, folder, name), 'utf8'));

/// Every command of this Redis that our scripts and clients name.
async function commandsInSources() {
  const all = new Set((await stage.db.command('LIST')).map((name) => name.toUpperCase()));
  const scripts = ['adapters/bullmq/lua', 'adapters/budget/lua'].flatMap((folder) => textsIn(folder, '.lua'))
    .flatMap((text) => [...text.matchAll(/\b(?:call|try)\('([A-Z]+)'/g)].map(([, name]) => name));
  const clients = ['adapters/bullmq', 'adapters/budget', 'adapters/redis', 'app', 'app/top', 'app/commands'].flatMap((folder) => textsIn(folder, '.cpp'))
    .flatMap((text) => [...text.matchAll(/\{"([A-Z]+)"[,}]/g), ...text.matchAll(/"(EVAL|EVALSHA|LPOS)"/g),
      ...text.matchAll(/"(Z[A-Z]+)"/g)].map(([, name]) => name));
  // READONLY is also what a replica answers.
  return [...new Set([...scripts, ...clients])].filter((name) => all.has(name) && name !== 'READONLY').sort();
}

test('the manual gives the rights to those commands that the sources use, and to no other', async () => {
  const rights = manualRights().filter((rule) => rule.startsWith('+')).map((rule) => rule.slice(1));
  assert.deepEqual(rights, [...new Set(rights)].sort(), 'in order, each once');
  const commands = rights.map((rule) => rule.split('|')[0].toUpperCase());
  assert.deepEqual([...new Set(commands)], await commandsInSources());
});

async function run(args, code = 0, input = '') {
  const done = await gleaner(args, { redis: stage.redis, simulator: stage.simulator, folder: stage.folder, input });
  assert.equal(done.code, code, `${args.join(' ')}: ${done.stdout}${done.stderr}`);
  return args.includes('--json') ? JSON.parse(done.stdout) : done.stdout;
}

test('worker, command line and verbs need no more', { timeout: 300_000 }, async () => {
  await stage.startWorker({ GLEANER_LIMITS: '100/s,5000/min' });
  await stage.collect(domains.contacts250);
  await stage.collect(domains.contacts5, { priority: 3 });
  await stage.collect(domains.contacts5, { delay: 50, removeOnComplete: 3 });
  await stage.collect(domains.notJson, { attempts: 2, backoff: 10, removeOnFail: { age: 3600 } });
  await stage.collect(domains.contacts5, { deduplication: { id: 'd', ttl: 5000 } });
  const flow = await flows.add({
    name: 'collect-domain', queueName: 'domain-collection', data: { domain: domains.empty },
    children: [{ name: 'collect-domain', queueName: 'domain-collection', data: { domain: domains.contacts5 } }],
  });
  await stage.ended(flow.job.id);
  await run(['enqueue', 'c5.test', 'c5-x1.test', '--priority', '2', '--dedupe', '--wait']);
  await run(['schedule', 'add', 'c5.test', '--every', '1s', '--id', 'often']);
  await run(['schedule', 'add', 'c5.test', '--cron', '0 3 * * *', '--tz', 'Europe/Berlin']);
  await run(['schedule', 'ls', '--json']);
  await run(['schedule', 'rm', 'often']);
  const { id } = await stage.collect(domains.forbidden);
  await run(['jobs', 'show', id, '--json']);
  await run(['jobs', 'logs', id]);
  await run(['jobs', 'find', '--domain', 'c5.test', '--json']);
  await run(['dlq', 'ls', '--json']);
  await run(['dlq', 'export', '--format', 'csv']);
  await run(['dlq', 'replay', id, '--yes']);
  await run(['watch', id], 1); // it failed again
  await run(['doctor', '--json']);
  await run(['top', '--json']); // but for one right, which it can do without
  assert.match((await stage.refusals()).join('\n'), /^count,1,reason,command,context,toplevel,object,client\|list,[^\n]*$/);
  await stage.db.acl('LOG', 'RESET');
  await stage.worker.stop();
});

test('operators\' verbs on a queue at rest need no more', { timeout: 300_000 }, async () => {
  for (const options of [{}, { delay: 1e7 }, { priority: 5 }, { lifo: true }, {}]) {
    await stage.add(domains.contacts5, options);
  }
  await run(['queue', 'pause']);
  await run(['queue', 'stats', '--json']);
  await run(['queue', 'ls', '--json']);
  await run(['queue', 'resume']);
  await run(['jobs', 'ls', '--state', 'delayed', '--json']);
  await run(['jobs', 'promote', '--all', '--yes']);
  await run(['jobs', 'remove', '--state', 'prioritized', '--yes']);
  await run(['queue', 'clean', '--state', 'completed', '--older-than', '1ms', '--yes']);
  await run(['dlq', 'purge', '--all', '--yes']);
  await run(['queue', 'drain', '--delayed', '--yes']);
  await run(['queue', 'obliterate', '--force', '--yes']);
});

test('all else is refused, also from within a script', async () => {
  assert.deepEqual(await stage.refusals(), []);
  const user = new Redis(stage.redis.login, { maxRetriesPerRequest: 0 });
  const tried = [
    ['flushall'], ['flushdb'], ['config', 'get', 'requirepass'], ['keys', '*'], ['acl', 'list'], ['monitor'],
    ['shutdown'], ['replicaof', 'no', 'one'], ['save'], ['client', 'list'], ['client', 'kill', 'x'],
    ['module', 'list'], ['publish', 'c', 'x'], ['set', 'other:key', '1'], ['get', 'other:key'], ['script', 'flush'],
    ['eval', 'return redis.call("SET", KEYS[1], 1)', 1, 'other:key'],
    ['eval', 'return redis.call("SET", "other:key", 1)', 0],
    ['eval', 'return redis.call("FLUSHALL")', 0], ['eval', 'return redis.call("CONFIG", "GET", "*")', 0],
  ];
  for (const [name, ...args] of tried) {
    await assert.rejects(user.call(name, ...args), /NOPERM|can't|not allowed/i, `${name} ${args}`);
  }
  assert.equal(await stage.db.exists('other:key'), 0);
  user.disconnect();
  await stage.db.acl('LOG', 'RESET'); // these were meant
});

test('a right that is missing for the shared pace is told, and the work waits for it', { timeout: 300_000 }, async () => {
  await stage.worker?.stop();
  await stage.db.acl('SETUSER', 'restricted', 'resetkeys', '~bull:*'); // as before there was one
  await stage.startWorker({ GLEANER_LIMITS: '100/s,5000/min' });
  const job = await stage.add(domains.contacts5);
  await stage.worker.program.line(/redis\.denied/);
  await stage.db.acl('SETUSER', 'restricted', '~gleaner:budget:*');
  assert.equal(await (await stage.ended(job.id)).isCompleted(), true);
  await stage.db.acl('LOG', 'RESET'); // these were meant
});
