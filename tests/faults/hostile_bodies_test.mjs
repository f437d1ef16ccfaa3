// What the API, or whoever answers in its place, may send: every body ends in a typed failure or in a stored
// collection of what was good in it; the worker lives and good jobs beside them complete.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { hasty } from '../system/settings.mjs';
import { until } from '../system/processes.mjs';
import { figures } from './figures.mjs';
import { reply, startHostileApi } from './hostile_api.mjs';
import { hostileBodies } from './hostile_bodies.mjs';
import { WatchedStage } from './watched_stage.mjs';

const domainOf = (index) => `hostile-${index}.test`;
let stage, api;
before(async () => {
  api = await startHostileApi(new Map(hostileBodies.map(([, body], index) => [domainOf(index), reply(body)])));
  stage = await WatchedStage.open({ ...hasty, simulator: api, LOG_LEVEL: 'debug' });
});
after(async () => {
  await stage?.close();
  api?.stop();
});

const residentMiB = () => Number(readFileSync(`/proc/${stage.worker.pid}/status`, 'utf8').match(/VmRSS:\s*(\d+)/)[1]) / 1024;

async function endOfAll(jobs) {
  await until('the end of all jobs', async () => {
    const { waiting, active, delayed } = await stage.counts();
    return waiting + active + delayed === 0;
  }, 60_000);
  return Promise.all(jobs.map(({ id }) => stage.queue.getJob(id)));
}

test('no body harms the worker or a good job', { timeout: 300_000 }, async () => {
  assert.ok(hostileBodies.length >= 120, `${hostileBodies.length} bodies`);
  const before = residentMiB();
  const hostile = [];
  const good = [];
  for (let index = 0; index < hostileBodies.length; index++) {
    hostile.push(await stage.add(domainOf(index)));
    good.push(await stage.add(`good-${index}.test`));
  }
  const ended = await endOfAll(hostile);
  const failed = [];
  for (const [index, job] of ended.entries()) {
    const [what, , canComplete] = hostileBodies[index];
    const state = await job.getState();
    const file = stage.store.load(domainOf(index));
    if (state === 'completed') {
      assert.ok(canComplete, `${what} was taken for a page`);
      for (const { email, ...fields } of file.items) {
        assert.match(email, /^[^\s<>@]+@[^\s<>@]+$/, what);
        assert.doesNotMatch(JSON.stringify(fields), /\\u00[01][0-9a-f]|\u007f|\u2028/, what);
      }
    } else {
      failed.push(job.id);
      assert.ok(!canComplete, `${what}: ${job.failedReason}`);
      assert.equal(state, 'failed', what);
      assert.ok(job.failedReason.length > 0 && job.failedReason.length < 500, `${what}: ${job.failedReason.length} characters`);
      assert.doesNotMatch(job.failedReason, /[\x00-\x1f\x7f]/, what);
      assert.ok(!file, `${what} left a file`);
    }
  }
  for (const job of await endOfAll(good)) assert.equal(await job.getState(), 'completed', job.failedReason);
  assert.equal(stage.worker.program.outcome, undefined, 'the worker runs');
  await stage.oracle.report('hostile_bodies', { failed }, { bodies: hostileBodies.length, refused: failed.length,
    survived: hostileBodies.length - failed.length, good_harmed: 0, rss_rise_mib: Math.round(residentMiB() - before) });
});

test('every line of its log is one JSON object, whatever was sent', () => {
  for (const line of stage.worker.program.lines) {
    assert.equal(typeof JSON.parse(line).code, 'string');
    assert.doesNotMatch(line, /[\x00-\x1f\x7f\u2028\u2029]/);
  }
});

test('labels of metrics come from closed sets, and series do not grow', async () => {
  const series = async () => (await (await stage.worker.get('/metrics')).text()).split('\n')
    .filter((line) => line && !line.startsWith('#'));
  const now = await series();
  assert.ok(now.length <= 400, `${now.length} series`);
  for (const line of now) {
    assert.doesNotMatch(line, /hostile|\.test|@|x\.test|script/, 'no domain, address or text of the API');
  }
  await stage.worker.stop();
  await stage.startWorker();
  const names = (lines) => lines.map((line) => line.replace(/ [^ ]+$/, '')).sort();
  assert.deepEqual(names(now), names(await series()), 'all series exist from the start');
  figures('hostile_series', { series: now.length });
});
