// Items that need any result, any progress or single steps: our queue adapter behind a driver.
import assert from 'node:assert/strict';
import { until } from '../system/processes.mjs';
import { conforms } from './scene.mjs';

conforms(26, async (scene) => {
  const queueEvents = await scene.queueEvents();
  const heard = [];
  queueEvents.on('completed', ({ jobId, returnvalue }) => heard.push([jobId, returnvalue]));
  const driver = await scene.driver();
  for (let round = 1; round <= 2; round++) { // the second shows that the listener still runs
    const { id } = await scene.add();
    const [job] = await driver.take();
    await driver.complete(job); // without a result
    const event = await scene.event('completed', id);
    assert.equal(event.returnvalue, 'null');
    assert.equal((await scene.hash(id)).returnvalue, 'null');
    await until('the listener', () => heard.length === round);
    assert.deepEqual(heard.at(-1), [id, null]);
  }
  assert.deepEqual(scene.clientErrors, []);
});

conforms(30, async (scene) => {
  const first = await scene.add();
  const second = await scene.add();
  const driver = await scene.driver({ name: 'w30' });
  const [job] = await driver.take();
  assert.equal(job.id, first.id);
  const [next] = await driver.complete(job, { r: 1 }, { takeNext: true });
  assert.equal(next.id, second.id);
  assert.ok((await scene.redis.pttl(scene.key(`${next.id}:lock`))) > 0);
  const { ats, pb } = await scene.hash(next.id);
  assert.deepEqual({ ats, pb }, { ats: '1', pb: 'w30' });
  assert.deepEqual(await scene.active(), [next.id]);
  assert.deepEqual(await driver.complete(next, { r: 2 }, { takeNext: true }), []);
  for (const [id, value] of [[first.id, { r: 1 }], [second.id, { r: 2 }]]) {
    assert.deepEqual((await scene.queue.getJob(id)).returnvalue, value);
  }
});

/// All of the queue that a client could see change, but for what only time changes.
async function visible(scene) {
  const state = {};
  for (const list of ['wait', 'active', 'paused']) {
    state[list] = await scene.redis.lrange(scene.key(list), 0, -1);
  }
  for (const set of ['completed', 'failed', 'delayed', 'prioritized']) {
    state[set] = await scene.redis.zrange(scene.key(set), 0, -1, 'WITHSCORES');
  }
  state.events = await scene.events();
  return state;
}

conforms(32, async (scene) => {
  const driver = await scene.driver();
  const add = async () => {
    await scene.add();
    return (await driver.take())[0];
  };
  const refused = async (job, code, end) => {
    const before = await visible(scene);
    await assert.rejects(end(), (error) => {
      assert.equal(error.code, code);
      return true;
    });
    assert.deepEqual(await visible(scene), before, `${code} of job ${job.id}`);
    return before;
  };
  const ends = (job) => [
    async () => driver.complete(job, { r: 1 }),
    async () => driver.fail(job, 'no more'),
    async () => driver.retry(job, 'again', 0),
    async () => driver.retry(job, 'later', 500),
    async () => driver.release(job),
  ];

  const foreign = { ...(await add()), token: 'somebody else' };
  for (const end of ends(foreign)) await refused(foreign, 'lock_lost', end);
  const expired = await add();
  await scene.redis.del(scene.key(`${expired.id}:lock`));
  for (const end of ends(expired)) await refused(expired, 'lock_lost', end);
  const gone = await add();
  await scene.queue.obliterate({ force: true });
  for (const end of ends(gone)) await refused(gone, 'job_missing', end);
});

conforms(67, async (scene) => {
  const queueEvents = await scene.queueEvents();
  const heard = [];
  queueEvents.on('progress', ({ jobId, data }) => heard.push([jobId, data]));
  const driver = await scene.driver();
  const { id } = await scene.add();
  const [job] = await driver.take();
  await until('the start, which the take shows', () => heard.length === 1);
  const values = [42, 0.5, { status: 'fetching', page: 2, deep: [1, null] }, 'half', 'a "quoted" line\n', 0];
  for (const [index, value] of values.entries()) {
    await driver.progress(job, value);
    await until('the listener', () => heard.length > index + 1);
    assert.deepEqual(heard[index + 1], [id, value]);
    assert.deepEqual((await scene.queue.getJob(id)).progress, value);
  }
  await driver.complete(job);
});

conforms(68, async (scene) => {
  const driver = await scene.driver();
  const { id } = await scene.add(undefined, { keepLogs: 2 });
  const [job] = await driver.take();
  for (const row of ['one', 'two', 'three']) await driver.log(job, row);
  const logs = await scene.queue.getJobLogs(id);
  assert.deepEqual(logs, { logs: ['two', 'three'], count: 2 });
  await driver.complete(job);
  assert.deepEqual(await scene.queue.getJobLogs(id), logs);
});
