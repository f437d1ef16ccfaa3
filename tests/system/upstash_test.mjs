// Redis behind Upstash's REST protocol: no blocking calls, every command counts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { domains } from './domains.mjs';
import { gleaner, startGleaner } from './harness.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';
import { startUpstash } from './upstash.mjs';

let stage;
let upstash;

before(async () => {
  stage = await Stage.open({ worker: false });
  upstash = await startUpstash(stage.redis);
});
after(async () => {
  await stage?.worker?.stop();
  await upstash?.stop();
  await stage?.close();
});

const rest = (more = {}) => ({
  GLEANER_LIMITS: '15/s,500/min', UPSTASH_REDIS_REST_URL: upstash.url, UPSTASH_REDIS_REST_TOKEN: upstash.token,
  simulator: stage.simulator, folder: stage.folder, ...more,
});

async function run(args, code = 0, settings = rest()) {
  const done = await gleaner(args, settings);
  assert.equal(done.code, code, `${args.join(' ')}: ${done.stdout}${done.stderr}`);
  return done;
}

test('a worker collects over REST what a stock client queued over TCP', async () => {
  stage.worker = await startGleaner(rest());
  const jobs = [];
  for (const domain of [domains.contacts250, domains.empty, domains.throttled, domains.forbidden]) {
    jobs.push(await stage.add(domain, { attempts: 2, backoff: { type: 'fixed', delay: 50 } }));
  }
  for (const { id } of jobs) await stage.ended(id);
  assert.deepEqual(await stage.counts(), {
    ...await stage.counts(), completed: 3, failed: 1, active: 0, waiting: 0, delayed: 0,
  });
  assert.equal((await stage.queue.getJob(jobs[0].id)).returnvalue.itemsCollected, 250);
  assert.equal((await (await stage.worker.get('/readyz')).text()).length > 0, true);
  assert.equal((await stage.worker.get('/readyz')).status, 200);
  assert.ok(!upstash.commands.some((name) => name === 'BZPOPMIN' || name === 'CLIENT'));
});

test('every command of the command line works over REST', async () => {
  const waited = await run(['enqueue', '--wait', '--timeout', '90s', domains.contacts5]);
  assert.match(waited.stdout, /queued 1 job/);
  await run(['jobs', 'ls']);
  await run(['queue', 'pause']);
  await run(['queue', 'resume']);
  await run(['dlq', 'ls', '--json']);
  await run(['schedule', 'ls']);
  assert.equal(JSON.parse((await run(['top', '--json'])).stdout).schema, 'gleaner.top/1');
  const { stdout } = await run(['doctor']);
  assert.match(stdout, /redis/);
  const id = JSON.parse((await run(['jobs', 'ls', '--state', 'completed', '--json'])).stdout).jobs[0].id;
  await run(['watch', id]);
});

test('at rest it asks seldom: the documented budget', async () => {
  await until('the longest pause', async () => {
    const before = upstash.commands.length;
    await sleep(10_000); // for a minute after a page it reports its permits every 3 s
    return upstash.commands.length - before <= 2;
  });
  const [before, begun] = [upstash.commands.length, performance.now()];
  await sleep(30_000); // what is measured is what a rest of this length costs
  const seconds = (performance.now() - begun) / 1000;
  const sent = upstash.commands.slice(before);
  console.log(`at rest for ${seconds.toFixed(1)} s: ${sent.length} commands: ${sent}`);
  assert.ok(sent.length <= Math.ceil(seconds / 6), `${sent}`);
  assert.ok(sent.length > 0, 'it still looks for jobs');
});

test('SIGTERM ends it at once although it pauses', async () => {
  const { code } = await stage.worker.stop('SIGTERM', 10_000);
  assert.equal(code, 0);
});

test('a wrong token, a wrong place and a missing token are told', async () => {
  const wrong = await run(['jobs', 'ls'], 6, rest({ UPSTASH_REDIS_REST_TOKEN: 'other' }));
  assert.match(wrong.stderr, /UPSTASH_REDIS_REST_TOKEN/);
  const place = await run(['jobs', 'ls'], 6, rest({ UPSTASH_REDIS_REST_URL: stage.simulator.base }));
  assert.match(place.stderr, /REST/);
  const missing = await run(['jobs', 'ls'], 2, rest({ UPSTASH_REDIS_REST_TOKEN: undefined }));
  assert.match(missing.stderr, /UPSTASH_REDIS_REST_TOKEN/);
  for (const { stderr } of [wrong, place, missing]) assert.ok(!stderr.includes(upstash.token));
});

test('readiness follows the server', async () => {
  stage.worker = await startGleaner(rest({ GLEANER_REDIS__REST_POLL: '1s' }));
  await stage.redis.stop();
  await until('503', async () => (await stage.worker.get('/readyz')).status === 503);
  await stage.redis.start();
  await until('200', async () => (await stage.worker.get('/readyz')).status === 200);
  const { id } = await stage.add(domains.contacts5);
  assert.equal(await (await stage.ended(id)).getState(), 'completed');
});
