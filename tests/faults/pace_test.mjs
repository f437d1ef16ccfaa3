// The API's limits: never broken, and used to the full, by one worker and by several that are killed. The
// simulator counts by strict sliding windows, at the limit.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../system/processes.mjs';
import { ApiCalls } from './api_calls.mjs';
import { Chance, figures, promised, size } from './figures.mjs';
import { OutageStage } from './outage.mjs';

const second = 1000;
const windows = size([{ requests: 15, ms: second }, { requests: 100, ms: 12 * second }],
  [{ requests: 15, ms: second }, { requests: 500, ms: 60 * second }]);
const span = 3 * windows[1].ms;
const spelled = (list) => list.map(({ requests, ms }) => `${requests}/${ms / second}s`).join(',');
const halved = windows.map(({ requests, ms }) => ({ requests: Math.floor(requests / 2), ms }));

let stage;
let calls;
before(async () => {
  stage = await OutageStage.open({
    worker: false, pageMs: 20, GLEANER_LIMITS: spelled(windows), GLEANER_CONCURRENCY: 16, GLEANER_API__TIMEOUT: '2s',
  });
});
after(async () => stage?.close());
beforeEach(async () => {
  await stage.queue.obliterate({ force: true });
  await stage.db.flushall();
  await fetch(`${stage.simulator.base}/admin/reset`, { method: 'POST' });
  await stage.switchApi({ limits: spelled(windows), delay_ms: 20 });
  calls = new ApiCalls(stage.simulator.base);
  const jobs = Array.from({ length: 200 }, (_, index) => ({
    name: 'collect-domain', data: { domain: `c1000-p${index}.test` }, opts: { attempts: 50, backoff: 100 },
  }));
  await stage.queue.addBulk(jobs);
});

afterEach(async () => Promise.all(workers.splice(0).map(async (worker) => worker.kill())));

const workers = [];
async function start(settings) {
  workers.push(await stage.startWorker(settings));
  return workers.at(-1);
}

/// How many requests someone who always has one waiting can make from 0 to `length` ms.
function allowed(length, { limits = windows, before: earlier = [] } = {}) {
  const times = [...earlier];
  for (let now = 0; ;) {
    for (const { requests, ms } of limits) {
      if (times.length >= requests) now = Math.max(now, times.at(-requests) + ms);
    }
    if (now >= length) return times.length - earlier.length;
    times.push(now);
  }
}

/// Requests from the first on for `length` ms: {times, refused}.
async function requests(length) {
  const all = await calls.since(0);
  const start = all[0]?.time_ms ?? 0;
  const within = all.filter(({ time_ms: at }) => at - start < length);
  const isRefused = ({ status }) => status === 403;
  return {
    start,
    times: within.filter((call) => !isRefused(call)).map(({ time_ms: at }) => at - start),
    refused: within.filter(isRefused).map(({ time_ms: at }) => at - start),
  };
}

function check(what, { times, refused }, most, least, most_refused) {
  const share = times.length / most;
  figures('pace', { what, seconds: span / second, allowed: most, used: times.length,
    share: share.toFixed(3), refused: refused.length });
  assert.ok(refused.length <= most_refused, `refused after ${refused} ms`);
  promised(`${what}: part of the allowed requests that was not used`, 1 - share, 1 - least);
  assert.ok(share > 0.5, `${times.length} of ${most} allowed requests`);
}

const firstRequest = async () => until('a request', async () => (await calls.since(0)).length > 0);
const patience = { timeout: span * 2 + 120_000 };

test('one worker', patience, async () => {
  await start();
  await firstRequest();
  await sleep(span); // the requests of this very time are what is counted, here and below
  check('one', await requests(span), allowed(span), 0.98, 0);
});

test('four workers that are killed and started again', patience, async () => {
  const chance = new Chance();
  const startNode = async (index) => start({ GLEANER_STATE_FOLDER: `${stage.folder}/state-${index}` });
  const nodes = await Promise.all([0, 1, 2, 3].map(startNode));
  await firstRequest();
  const begun = Date.now();
  while (Date.now() - begun < span) {
    await sleep(size(3, 5) * second);
    const victim = chance.between(0, 3);
    await nodes[victim].kill();
    nodes[victim] = await startNode(victim);
  }
  check('four_killed', await requests(span), allowed(span), 0.95, 0);
});

test('windows that the provider tightens and widens again', patience, async () => {
  await start();
  await firstRequest();
  const third = span / 3;
  await sleep(third);
  await stage.switchApi({ limits: spelled(halved) });
  await sleep(third);
  await stage.switchApi({ limits: spelled(windows) });
  await sleep(third);
  const { times, refused } = await requests(span);
  const from = (begin, end) => times.filter((at) => at >= begin && at < end).length;
  // What could be had from 10 s after a change on, by someone who knew at once.
  const used = (begin, end, limits) => {
    const earlier = times.filter((at) => at < begin).map((at) => at - begin);
    return from(begin, end) / allowed(end - begin, { limits, before: earlier });
  };
  const settled = [used(third + 10 * second, 2 * third, halved), used(2 * third + 10 * second, span, windows)];
  figures('pace', { what: 'tightened', full: from(0, third), half: from(third, 2 * third),
    full_again: from(2 * third, span), shares: settled.map((share) => share.toFixed(2)).join(','), refused: refused.map(Math.round).join(',') });
  assert.ok(refused.length <= 6, `refused after ${refused} ms`);
});

test('three of ten answers are errors or none', patience, async () => {
  await stage.switchApi({ fault_rates: { fail503: 0.2, stall: 0.1 } });
  await start({ GLEANER_API__MAX_TRIES: 50 });
  await firstRequest();
  await sleep(span);
  check('errors', await requests(span), allowed(span), 0.95, 0);
});
