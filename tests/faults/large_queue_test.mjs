// Queues of a size at which anything that grows with the queue would show, and one domain that fills it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, test } from 'node:test';
import { patience, until } from '../system/processes.mjs';
import { promised, size } from './figures.mjs';
import { WatchedStage } from './watched_stage.mjs';
import { linesOf } from './worker_log.mjs';

const atOnce = 32; // jobs of a worker
let stage;
before(async () => {
  stage = await WatchedStage.open({
    worker: false, redisOptions: ['--appendonly', 'no', '--slowlog-log-slower-than', '50000', '--slowlog-max-len', '1000'],
  });
});
after(async () => stage?.close());
beforeEach(async () => {
  await stage.beginAnew();
  await stage.db.config('RESETSTAT');
  await stage.db.slowlog('RESET');
});

// ARGV: list or set, first id, how many, domains. A job every of whose fields stock clients write.
const fill = `
  local base = KEYS[1]
  for n = ARGV[2], ARGV[2] + ARGV[3] - 1 do
    local id = ARGV[1] .. n
    redis.call('HSET', base .. id, 'name', 'collect-domain', 'data', '{"domain":"c5-x' .. n % ARGV[4] .. '.test"}', 'opts',
      '{"attempts":1,"removeOnComplete":true}', 'timestamp', '1700000000000', 'delay', '0', 'priority', '0')
    if ARGV[1] == 'delayed' then
      redis.call('ZADD', base .. 'delayed', 9e15 + n, id)
    else
      redis.call('LPUSH', base .. ARGV[1], id)
    end
  end`;

async function add(where, count, names = 1000) {
  const slice = 10_000;
  for (let first = 0; first < count; first += slice) {
    await stage.db.eval(fill, 1, stage.key(''), where, first, Math.min(slice, count - first), names);
  }
  for (let n = 0; n < count; n++) stage.oracle.accepted(`${where}${n}`, `c5-x${n % names}.test`);
  await stage.db.zadd(stage.key('marker'), 0, '0');
}

const residentMiB = () => Number(readFileSync(`/proc/${stage.worker.pid}/status`, 'utf8').match(/VmHWM:\s*(\d+)/)[1]) / 1024;

test('memory and the time of a take do not depend on the length of the queue', { timeout: size(300_000, 900_000) }, async () => {
  const waiting = size(200_000, 1_000_000);
  const [delayed, active] = [10_000, 10_000];
  await add('wait', waiting);
  await add('delayed', delayed);
  await add('active', active); // of workers that died: the stalled check puts them back
  await stage.db.config('RESETSTAT');
  await stage.db.slowlog('RESET'); // what the filling took is not meant
  await stage.startWorker({ GLEANER_QUEUE__STALLED_INTERVAL: '1s' });
  const calls = async () => (await stage.simulator.stats()).requests ?? 0;
  await until('some thousand jobs and all stalled ones', async () => await stage.db.llen(stage.key('active')) < 1000
    && await calls() > 3000, 2 * patience).catch(async (error) => {
    throw new Error(`${error.message}: ${JSON.stringify(await stage.counts())}, ${await calls()} calls`);
  });
  const stats = await stage.db.info('latencystats');
  const p99 = Number(stats.match(/latency_percentiles_usec_evalsha:.*?p99=([\d.]+)/)[1]) / 1000;
  const slow = (await stage.db.slowlog('GET', '100')).filter(([, , , args]) => /evalsha/i.test(args[0]));
  const worst = Math.max(0, ...slow.map(([, , microseconds]) => microseconds));
  const rss = residentMiB();
  await stage.worker.stop();
  const removed = linesOf(stage.worker.program).filter(({ code }) => code === 'job.completed').map(({ job_id: id }) => id);
  await stage.oracle.report('large_queue', { open: true, removed }, { waiting, delayed, active,
    take_p99_ms: p99.toFixed(2), slowest_script_ms: (worst / 1000).toFixed(0), rss_mib: rss.toFixed(1) });
  assert.ok(rss <= 150, `${rss} MiB`);
  promised('ms of a script (p99)', p99, 5);
  promised('ms that a script held Redis up', worst / 1000, 500);
});

test('a domain that fills the queue starves no other', { timeout: 300_000 }, async () => {
  const [crowd, every] = [size(2000, 5000), 100];
  const jobs = [];
  for (let at = 0; at < crowd + crowd / every; at++) {
    jobs.push({ name: 'collect-domain', data: { domain: at % (every + 1) === every ? `c5-other${at}.test` : 'c5-crowd.test' },
      opts: { attempts: 1 } });
  }
  const added = await stage.addBulk(jobs);
  const begun = Date.now();
  await stage.startWorker();
  await until('the end of all', async () => (await stage.counts()).completed === jobs.length, 2 * patience);
  const seconds = (Date.now() - begun) / 1000;
  const ended = await stage.db.zrange(stage.key('completed'), 0, -1);
  const places = new Map(ended.map((id, place) => [id, place]));
  const others = added.flatMap(({ id, data }, at) => (data.domain === 'c5-crowd.test' ? [] : [places.get(id) - at]));
  // How many jobs that were behind it in the queue are done before it.
  const overtaken = Math.max(...others);
  const files = stage.store.files().filter((name) => /^c5-(crowd|other)/.test(name));
  await stage.oracle.report('crowded_queue', {}, { others: others.length, seconds: seconds.toFixed(1), overtaken_by: overtaken });
  assert.equal(files.length, 1 + others.length);
  assert.equal(stage.store.load('c5-crowd.test').items.length, 5);
  assert.ok(overtaken <= 3 * atOnce, `another's job was overtaken by ${overtaken}`);
  await stage.worker.stop();
});

test('a domain that fills the queue is collected once where recent collections are returned', { timeout: 300_000 }, async () => {
  const crowd = size(1000, 5000);
  await stage.addAll(Array(crowd).fill('c250-crowd.test'), { attempts: 1 });
  const before = (await stage.simulator.stats()).searches;
  await stage.startWorker({ GLEANER_API__FRESH_FOR: '1h' });
  await until('the end of all', async () => (await stage.counts()).completed === crowd, 2 * patience);
  const pages = (await stage.simulator.stats()).searches - before;
  await stage.oracle.report('crowded_domain');
  assert.equal(pages, 3);
  await stage.worker.stop();
});
