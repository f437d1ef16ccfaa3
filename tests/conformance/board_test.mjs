// bull-board in a real browser: it shows Gleaner's jobs, and what is pressed in it is obeyed.
import assert from 'node:assert/strict';
import { domains } from '../system/domains.mjs';
import { hasty } from '../system/settings.mjs';
import { until } from '../system/processes.mjs';
import { BoardPage, startBoard } from './board.mjs';
import { conforms } from './scene.mjs';

const hour = 3_600_000;
const settings = { ...hasty, GLEANER_API__TIMEOUT: '10m', GLEANER_QUEUE__WORKER_NAME: 'harvest-1' };

/// A job in each state that Gleaner leaves jobs in.
async function jobsOfAllStates(scene) {
  const jobs = {
    waits: await scene.add({ domain: 'c5-x1.test' }, { delay: hour }),
    unwanted: await scene.add({ domain: 'c5-x2.test' }, { delay: hour }),
    runs: await scene.add({ domain: domains.hanging }),
    fails: await scene.add({ domain: 'c5-fail500x1.test' }), // only the first request
    ends: await scene.add({ domain: domains.planCap }),
    endsToo: await scene.add({ domain: domains.empty }),
  };
  await scene.event('active', jobs.runs.id);
  await scene.event('failed', jobs.fails.id);
  for (const { id } of [jobs.ends, jobs.endsToo]) await scene.event('completed', id);
  return jobs;
}

async function checkStates(board, jobs) {
  await board.overview();
  await board.shows('6 Jobs');
  await board.shot('overview');
  const lists = [['active', jobs.runs], ['failed', jobs.fails], ['delayed', jobs.waits], ['completed', jobs.ends]];
  for (const [state, { id }] of lists) {
    await board.list(state);
    await board.shows(`#${id}`);
    await board.shot(state);
  }
  assert.deepEqual(await board.counts(), {
    ACTIVE: 1, WAITING: 0, 'WAITING CHILDREN': 0, PRIORITIZED: 0, COMPLETED: 2, FAILED: 1, DELAYED: 2,
  });
}

async function checkDetails(board, { runs, fails, ends }) {
  await board.job(ends.id);
  await board.shows('by harvest-1');
  const data = await board.tab('Data', /returnValue/);
  assert.match(data, /success:\s*true,[^]*itemsCollected:\s*10,\s*total:\s*250,/);
  await board.shot('result');
  await board.tab('Progress', /status:\s*"completed"[^]*itemsSaved:\s*10,/);
  await board.shot('progress');
  await board.tab('Logs', /the API plan serves 10 addresses per search\s+stored 10 of 250/);
  await board.shot('logs');
  await board.job(fails.id);
  await board.tab('Error', /HTTP 500/);
  await board.shot('error');
  await board.job(runs.id);
  await board.tab('Progress', /status:\s*"starting"/);
}

async function checkWorkers(board) {
  await board.list();
  await board.open('Connected workers');
  await board.shows('harvest-1');
  await board.shot('workers');
}

/// Gleaner's minutes, as if its first two completions had been three minutes ago.
async function checkCharts(scene, board) {
  const key = scene.key('metrics:completed');
  const last = Number(await scene.redis.hget(key, 'prevTS'));
  await scene.redis.hset(key, 'prevTS', last - 3 * 60_000, 'prevCount', 0);
  await scene.redis.del(`${key}:data`);
  const { id } = await scene.add({ domain: 'c5-x3.test' });
  await scene.event('completed', id);
  await board.list();
  const chart = await until('the chart of the minutes', async () => {
    const text = await board.text();
    return /2\s+Peak \/ min/.test(text) && text;
  });
  assert.match(chart, /3\s+Completed \(last 60 min\)/);
  assert.equal(await board.curves(), 2, 'completed and failed jobs');
  await board.shot('charts');
}

async function checkRetry(scene, board, { fails }) {
  await board.job(fails.id);
  await board.press('Retry');
  await scene.event('waiting', fails.id, { nth: 2 });
  await scene.event('completed', fails.id);
  assert.equal(await scene.redis.zscore(scene.key('failed'), fails.id), null);
  assert.equal((await scene.hash(fails.id)).atm, '2');
  await board.tab('Data', /itemsCollected:\s*5,/);
  await board.shot('retried');
}

async function checkPromote(scene, board, { waits }) {
  await board.job(waits.id);
  await board.press('Promote');
  await scene.event('completed', waits.id);
  assert.equal(await scene.redis.zscore(scene.key('delayed'), waits.id), null);
  await board.tab('Data', /itemsCollected:\s*5,/);
  await board.shot('promoted');
}

async function keysOf(scene, { id }) {
  return scene.redis.exists(...['', ':logs', ':lock'].map((suffix) => scene.key(id + suffix)));
}

async function checkRemove(scene, board, { unwanted }) {
  await board.job(unwanted.id);
  await board.press('Clean');
  await scene.event('removed', unwanted.id);
  assert.equal(await keysOf(scene, unwanted), 0);
  assert.deepEqual(await scene.redis.zrange(scene.key('delayed'), 0, -1), []);
  await board.list('delayed');
  await until('a page without it', async () => (await board.counts()).DELAYED === 0);
  await board.shot('removed');
}

async function checkPause(scene, board) {
  const paused = async () => scene.redis.hget(scene.key('meta'), 'paused');
  await board.list('waiting');
  await board.menu('Pause');
  await until('the mark of the pause', async () => (await paused()) === '1');
  const { id } = await scene.add({ domain: 'c5-x4.test' });
  await board.shows(`#${id}`);
  await board.shot('paused');
  assert.equal(await scene.state(id), 'waiting');
  assert.deepEqual(await scene.times('active', id), []);
  await board.menu('Resume');
  await scene.event('completed', id);
  assert.equal(await paused(), null);
}

// The board leaves alone what ended in the last five seconds.
async function checkClean(scene, board, { ends, endsToo, runs }) {
  const completed = async () => scene.redis.zrange(scene.key('completed'), 0, -1);
  await board.list('completed');
  await board.shows(`#${ends.id}`);
  const before = await completed();
  await board.button('Clean all');
  const left = await until('fewer completed jobs', async () => {
    const now = await completed();
    return now.length < before.length && now;
  });
  for (const job of [ends, endsToo]) {
    assert.ok(!left.includes(job.id), `job ${job.id} is cleaned away`);
    assert.equal(await keysOf(scene, job), 0);
  }
  assert.deepEqual(await scene.active(), [runs.id], 'a running job stays');
  await until('a page without those', async () => (await board.counts()).COMPLETED === left.length);
  await board.shot('cleaned');
  const { id } = await scene.add({ domain: 'c5-x5.test' });
  await scene.event('completed', id);
}

conforms(70, async (scene) => {
  await scene.gleaner(settings);
  const jobs = await jobsOfAllStates(scene);
  const server = await startBoard(scene.queue);
  scene.onClose(server.stop);
  const board = await BoardPage.launch(server.url, scene.name);
  scene.onClose(async () => board.close());
  await checkStates(board, jobs);
  await checkDetails(board, jobs);
  await checkWorkers(board);
  await checkCharts(scene, board);
  await checkRetry(scene, board, jobs);
  await checkPromote(scene, board, jobs);
  await checkRemove(scene, board, jobs);
  await checkPause(scene, board);
  await checkClean(scene, board, jobs);
  assert.deepEqual(board.errors, [], 'no script of the page failed');
}, { timeout: 280_000 });
