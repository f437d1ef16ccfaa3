// Sections "Finishing" and "Clients, hygiene": what is kept, trimmed and preserved.
import assert from 'node:assert/strict';
import { domains } from '../system/domains.mjs';
import { hasty } from '../system/settings.mjs';
import { gleaner, startRedis } from '../system/harness.mjs';
import { until } from '../system/processes.mjs';
import { conforms } from './scene.mjs';

/// Ids in `completed` after six jobs with this option; the first two ended long ago.
async function kept(scene, removeOnComplete, driver) {
  await scene.redis.del(scene.key('completed'));
  const ids = [];
  for (let i = 0; i < 6; i++) {
    const { id } = await scene.add(undefined, { removeOnComplete });
    ids.push(id);
    const [held] = await driver.take();
    await driver.complete(held, i);
    if (i === 1) {
      for (const old of await scene.redis.zrange(scene.key('completed'), 0, -1)) {
        await scene.redis.zadd(scene.key('completed'), Date.now() - 500_000, old);
      }
    }
  }
  const left = await scene.redis.zrange(scene.key('completed'), 0, -1);
  for (const id of ids) {
    assert.equal(await scene.redis.exists(scene.key(id)), left.includes(id) ? 1 : 0, `hash of ${id}`);
  }
  return left.map((id) => ids.indexOf(id)).sort();
}

conforms(29, async (scene) => {
  const driver = await scene.driver({ keepCompleted: 2 });
  const all = [0, 1, 2, 3, 4, 5];
  for (const [option, expected] of [
    [1, [5]], [{ count: 1 }, [5]], [{ age: 400 }, [2, 3, 4, 5]], [{ age: 400, count: 3 }, [3, 4, 5]],
    [false, all], [undefined, [4, 5]],
  ]) {
    assert.deepEqual(await kept(scene, option, driver), expected, JSON.stringify(option));
  }
});

conforms(39, async (scene) => {
  await scene.gleaner(hasty);
  const stack = async (stackTraceLimit) => {
    const { id } = await scene.add({ domain: domains.serverErrors }, { attempts: 4, stackTraceLimit });
    await scene.event('failed', id);
    return (await scene.queue.getJob(id)).stacktrace;
  };
  assert.equal((await stack(2)).length, 2);
  assert.deepEqual(await stack(0), []);
  assert.equal((await stack(undefined)).length, 4);
});

conforms(71, async (scene) => {
  const queue = scene.open(new scene.bullmq.Queue(scene.name,
    { connection: scene.connection, streams: { events: { maxLen: 200 } } }));
  await queue.waitUntilReady();
  scene.queue_ = queue; // another one would write its own length
  await queue.addBulk(Array.from({ length: 500 }, () => ({
    name: 'collect-domain', data: { domain: domains.empty }, opts: {},
  })));
  await scene.gleaner();
  await until('the end of all jobs',
    async () => (await scene.redis.zcard(scene.key('completed'))) === 500);
  const node = 100; // entries of a stream's node by default, the grain of trimming
  const length = await scene.redis.xlen(scene.key('events'));
  assert.ok(length <= 200 + 2 * node, `${length} events`);
  await scene.redis.hset(scene.key('meta'), 'opts.maxLenEvents', 0);
  for (let i = 0; i < 5; i++) await scene.add();
  await until('an empty queue',
    async () => (await scene.redis.zcard(scene.key('completed'))) === 505);
  const rest = await scene.redis.xlen(scene.key('events'));
  assert.ok(rest <= 2 * node, `${rest} events`);
});

conforms(72, async (scene) => {
  const odd = {
    attempts: 2, big: 1e15, path: 'a/b', none: [], nested: { list: [1, null, 'x/y'] }, backoff: 300,
  };
  const { id } = await scene.add({ domain: domains.flaky, huge: 12345678901234567890 }, odd);
  const before = await scene.hash(id);
  await scene.gleaner(hasty);
  await until('its end', async () => /completed|failed/.test(await scene.state(id)));
  const after = await scene.hash(id);
  assert.equal(after.opts, before.opts);
  assert.equal(after.data, before.data);
  assert.equal((await scene.queue.getJob(id)).opts.path, 'a/b');
});

conforms(75, async (scene) => {
  const server = await startRedis(['--appendonly', 'no', '--cluster-enabled', 'yes',
    '--cluster-config-file', `nodes-${scene.name}.conf`]);
  scene.onClose(async () => server.stop());
  await scene.moveTo(server.url, '{bull}');
  await scene.redis.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16383);
  await until('a cluster that works', async () => /cluster_state:ok/.test(await scene.redis.call('CLUSTER', 'INFO')));
  const settings = { ...hasty, GLEANER_PREFIX: '{bull}', GLEANER_LIMITS: '15/s,500/min' };
  const { id } = await scene.add();
  const delayed = await scene.add({ domain: domains.serverErrors }, { delay: 200, attempts: 2 });
  await scene.gleaner(settings);
  await scene.event('completed', id);
  await scene.event('failed', delayed.id);
  const flows = scene.open(new scene.bullmq.FlowProducer({ connection: scene.connection, prefix: '{bull}' }));
  const step = (domain, children) => ({ name: 'collect-domain', queueName: scene.name, data: { domain }, children });
  const { job } = await flows.add(step(domains.empty, [step(domains.empty)]));
  await scene.event('completed', job.id);

  const simulator = await scene.simulator();
  const command = async (...args) => {
    const done = await gleaner(args, { redis: scene.url, simulator, GLEANER_QUEUE: scene.name, ...settings });
    assert.equal(done.code, 0, `${args.join(' ')}: ${done.stdout}${done.stderr}`);
  };
  await command('quota', 'show');
  await command('queue', 'pause');
  await command('schedule', 'add', domains.empty, '--every', '1h', '--id', 'hourly');
  await command('queue', 'resume');
  await until('the next job of the schedule', async () => (await scene.queue.getDelayedCount()) === 1);
  await command('schedule', 'rm', 'hourly');
  await command('dlq', 'replay', delayed.id);
  await scene.event('failed', delayed.id, { nth: 2 });
  await command('jobs', 'remove', '--all', '--yes');
  await command('queue', 'obliterate', '--yes');
  const driver = await scene.driver({ prefix: '{bull}' });
  await driver.call('stalled');
  await driver.call('counts');
});
