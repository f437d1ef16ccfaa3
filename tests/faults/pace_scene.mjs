// Workers that always have work, and an API that counts by strict sliding windows: how much of what it allows is
// used. For the test `pace` and for `./run bench budget`.
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../system/harness.mjs';
import { patience, until } from '../system/processes.mjs';
import { ApiCalls } from './api_calls.mjs';
import { plain, startNode } from './cluster_stage.mjs';
import { Chance } from './figures.mjs';
import { unanswered, WatchedStage } from './watched_stage.mjs';

export const second = 1000;

/// "15/1s,500/60s", as the simulator and `api.limits` spell windows.
export const spelled = (list) => list.map(({ requests, ms }) => `${requests}/${ms / second}s`).join(',');

/// How many requests someone who always has one waiting can make from `begin` to `end` ms after those at the
/// times `earlier`.
export function allowed(begin, end, windows, earlier = []) {
  const times = [...earlier];
  for (let now = begin; ;) {
    for (const { requests, ms } of windows) {
      if (times.length >= requests) now = Math.max(now, times.at(-requests) + ms);
    }
    if (now >= end) return times.length - earlier.length;
    times.push(now);
  }
}

/// Gleaner as the worker of a scene; tests/bench has another.
export const gleaner = {
  name: 'gleaner',
  jobs: Array.from({ length: 200 }, (_, index) => ({
    name: 'collect-domain', data: { domain: `c1000-p${index}.test` }, opts: { attempts: 50, backoff: 100 },
  })),
  start: async (scene, place, more = {}) => scene.startWorker({
    GLEANER_STATE_FOLDER: `${scene.folder}/state-${place}`, GLEANER_LIMITS: spelled(scene.windows),
    GLEANER_CONCURRENCY: 16, GLEANER_API__TIMEOUT: '2s', GLEANER_API__MAX_TRIES: 50,
    GLEANER_QUEUE__MAX_STALLED_COUNT: 9, // kills come faster than pages
    ...more,
  }),
};

/// A coordinator in place 0, a fetcher in each other one.
export const cluster = {
  ...gleaner,
  name: 'gleaner, a cluster',
  start: async (scene, place) => {
    scene.address ??= `127.0.0.1:${await freePort()}`;
    return place === 0
      ? gleaner.start(scene, place, { ...plain, GLEANER_ROLE: 'coordinator', GLEANER_CLUSTER__LISTEN: scene.address })
      : startNode(`n${place}`, [scene.address], scene.simulator, { ...plain, GLEANER_API__TIMEOUT: '2s' });
  },
};

export class PaceScene extends WatchedStage {
  workers = [];

  /// 15 requests in a second and 500 in a minute are allowed, or with a shorter `minute` (ms) as many per second.
  static async openFor(kind, minute) {
    const scene = await super.open({ worker: false });
    scene.kind = kind;
    scene.windows = [{ requests: 15, ms: second }, { requests: Math.round(minute / 120), ms: minute }];
    scene.span = 3 * minute;
    scene.calls = new ApiCalls(scene.simulator.base);
    try {
      await scene.switchApi({ limits: spelled(scene.windows), delay_ms: 20 });
      await scene.addBulk(kind.jobs);
      return scene;
    } catch (error) {
      await scene.close();
      throw error;
    }
  }

  async killAll() {
    await Promise.all(this.workers.map(async (worker) => worker.kill()));
  }

  async close() {
    await this.killAll();
    await super.close();
  }

  /// Starts the process that takes this place, or another in it.
  async start(place = 0) {
    if (this.workers[place]) {
      await this.workers[place].kill();
      this.oracle.killed(unanswered(await this.simulator.stats()) + await this.unkept()); // of the others, too
    }
    this.workers[place] = await this.kind.start(this, place);
  }

  /// Waits for the first request: times count from it.
  async begun() {
    const first = await until('a request', async () => (await this.calls.since(0))[0], patience);
    this.zero = first.wall_ms;
  }

  /// Waits until so many ms have passed.
  async passed(ms) {
    await sleep(this.zero + ms - Date.now());
    return Date.now() - this.zero;
  }

  /// The times of the requests that were answered, and of those that were refused for their pace.
  async requests() {
    const all = await this.calls.since(0);
    const within = all.map(({ time_ms: at, status }) => ({ at: at - all[0].time_ms, status }))
      .filter(({ at }) => at < this.span);
    const times = (list) => list.map(({ at }) => at);
    return {
      times: times(within.filter(({ status }) => status !== 403)),
      refused: times(within.filter(({ status }) => status === 403)),
    };
  }

  /// Waits for the end of the span; what was used of all of it.
  async figures() {
    await this.passed(this.span);
    const { times, refused } = await this.requests();
    const most = allowed(0, this.span, this.windows);
    return { allowed: most, used: times.length, share: times.length / most, refused };
  }
}

async function steady(scene) {
  await scene.start();
  await scene.begun();
  return scene.figures();
}

async function killed(scene) {
  const chance = new Chance();
  await Promise.all([0, 1, 2, 3].map(async (place) => scene.start(place)));
  await scene.begun();
  const pause = scene.span / 9;
  for (let next = pause; next < scene.span; next += pause) {
    await scene.passed(next);
    await scene.start(chance.between(0, 3));
  }
  return scene.figures();
}

async function clustered(scene) {
  const chance = new Chance();
  for (const place of [0, 1, 2]) await scene.start(place);
  await scene.begun();
  const pause = scene.span / 9;
  for (let next = pause; next < scene.span; next += pause) {
    await scene.passed(next);
    await scene.start(chance.between(1, 2));
  }
  return scene.figures();
}

async function failing(scene) {
  await scene.switchApi({ fault_rates: { fail503: 0.2, stall: 0.1 } });
  return steady(scene);
}

/// A third of the span each: the windows, half of them, all again. What is used counts from a sixth of a minute
/// after a change on, against someone who made the same requests until then and knows the windows.
async function changed(scene) {
  const { windows, span } = scene;
  const halved = windows.map(({ requests, ms }) => ({ requests: Math.floor(requests / 2), ms }));
  const settling = span / 18;
  await scene.start();
  await scene.begun();
  const tightened = await scene.passed(span / 3);
  await scene.switchApi({ limits: spelled(halved) });
  const widened = await scene.passed(2 * span / 3);
  await scene.switchApi({ limits: spelled(windows) });
  await scene.passed(span);
  const { times, refused } = await scene.requests();
  const phases = [[tightened, widened, halved], [widened, span, windows]].map(([change, end, limits]) => {
    const begin = change + settling;
    const most = allowed(begin, end, limits, times.filter((at) => at < begin));
    const used = times.filter((at) => at >= begin && at < end).length;
    return { allowed: most, used, share: used / most, refused: refused.filter((at) => at >= change && at < end) };
  });
  const sum = (name) => phases.reduce((total, phase) => total + phase[name], 0);
  return {
    allowed: sum('allowed'), used: sum('used'), share: sum('used') / sum('allowed'), refused, phases,
  };
}

/// What is done to whom, to a `kind` of its own or to any; `least`: the part of the allowed requests that Gleaner promises to use, `refused`: how
/// many may be refused, after each change where there are changes.
export const cases = [
  { name: 'one', title: 'one worker', run: steady, least: 0.98, refused: 0 },
  { name: 'four_killed', title: 'four workers that are killed and started again', run: killed, least: 0.95, refused: 0 },
  { name: 'cluster', title: 'a coordinator with two fetchers that are killed and started again', kind: cluster,
    run: clustered, least: 0.95, refused: 0 },
  { name: 'tightened', title: 'windows that the provider tightens and widens again', run: changed, least: 0.9, refused: 3 },
  { name: 'errors', title: 'three of ten answers are errors or none', run: failing, least: 0.95, refused: 0 },
];
