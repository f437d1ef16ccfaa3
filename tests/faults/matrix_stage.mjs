// A worker behind a network, a disk and a clock that a test can spoil, and what is seen of it from outside.
import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binary, gleaner } from '../system/harness.mjs';
import { until } from '../system/processes.mjs';
import { Proxy } from '../system/proxy.mjs';
import { SteppedClock } from './stepped_clock.mjs';
import { WatchedStage } from './watched_stage.mjs';
import { linesOf } from './worker_log.mjs';

export const key = 'matrix-key'; // whose account the rows may spoil

/// Short times, so that a row is over in seconds.
const hasty = {
  GLEANER_QUEUE__LOCK_DURATION: '3s', GLEANER_QUEUE__STALLED_INTERVAL: '1s', GLEANER_QUEUE__DRAIN_DELAY: '1s',
  GLEANER_API__MAX_TRIES: '2', GLEANER_API__TIMEOUT: '5m', GLEANER_API__MAX_COLLECT: '400',
  GLEANER_API__PAGES_PER_JOB: '1', GLEANER_REDIS__COMMAND_TIMEOUT: '2s', GLEANER_SHUTDOWN_GRACE: '300ms',
  HUNTER_API_KEY: key,
};

export class MatrixStage extends WatchedStage {
  clock = new SteppedClock();

  static async open() {
    return super.open({ worker: false, gated: true, ...hasty, redisOptions: ['--user', 'worker', 'on', '>first', '~*', '&*', '+@all'] });
  }

  async openParts(...parts) {
    await super.openParts(...parts);
    this.proxy = await Proxy.to(this.redis.port);
    this.proxy.url = this.proxy.url.replace('//', '//worker:first@');
    this.order = join(this.folder, 'order');
  }

  async startWorker(settings = {}) {
    this.mark = 0;
    return super.startWorker({
      ...this.clock.env, LD_PRELOAD: `${binary('fail_store.so')}:${this.clock.env.LD_PRELOAD}`,
      GLEANER_FAIL_FOLDER: join(this.folder, 'collections'), GLEANER_FAIL_ORDER: this.order,
      GLEANER_FAIL_REPORT: join(this.folder, 'report'), redis: this.proxy, ...settings,
    });
  }

  /// Ends the worker, which the last row may have left unable to work, and starts another.
  async restart(signal = 'SIGTERM') {
    const ended = await this.worker.stop(signal);
    await this.startWorker();
    return ended;
  }

  /// A row that failed halfway leaves the network whole for the next.
  mendNetwork() {
    this.proxy?.accepting();
    this.proxy?.release();
    this.gate?.release();
  }

  /// `gleaner run` that ends by itself: {code, codes}.
  async runToRefusal(settings) {
    const waiting = (await this.counts()).waiting;
    const { code, stderr } = await gleaner(['run'], {
      redis: this.redis, simulator: this.simulator, GLEANER_STARTUP_TIMEOUT: '500ms', ...settings,
    });
    assert.equal((await this.counts()).waiting, waiting, 'jobs are untouched');
    const codes = stderr.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line).code);
    return { code, codes, stderr };
  }

  /// The store's calls from `first` on, so many, end with `errno`.
  failStore(first, times, errno) {
    writeFileSync(`${this.order}.new`, `${first} ${times} ${errno}`);
    renameSync(`${this.order}.new`, this.order);
  }

  async admin(path, body) {
    const answer = await fetch(`${this.simulator.base}/admin/${path}`, { method: 'POST', body: JSON.stringify(body) });
    assert.equal(answer.status, 200, await answer.text());
  }

  /// All series as {'name{labels}': value}.
  async series() {
    const text = await (await this.worker.get('/metrics')).text();
    const lines = text.split('\n').filter((line) => line.startsWith('gleaner_'));
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
  }

  /// The sum of a series like 'jobs_total{outcome="failed"}', whatever other labels it has.
  sum(series, wanted) {
    const [, name, labels] = /^(\w+)(?:\{(.*)\})?$/.exec(wanted);
    const all = [...series].filter(([full]) => full.split('{')[0] === `gleaner_${name}`
      && (labels ?? '').split(',').every((label) => full.includes(label)));
    assert.ok(all.length, `no series ${wanted}`);
    return all.reduce((sum, [, value]) => sum + value, 0);
  }

  /// The codes of the worker's lines since the last call of `since`.
  codes() {
    return linesOf(this.worker.program, this.mark).map(({ code }) => code);
  }

  since() {
    this.mark = this.worker.program.lines.length;
  }

  async told(code) {
    await until(`${code} in the log`, () => this.codes().includes(code)).catch((error) => {
      throw new Error(`${error.message}\n${this.worker.program.tail()}`);
    });
  }

  /// A job in its middle: so many of its pages are kept, and the next one stays on its way until
  /// `gate.release()`.
  async active(domain, { pages = 0, ...options } = {}) {
    const { id } = await this.hold(domain, options, 100 * pages);
    this.oracle.inFlight++; // what the row does to the worker may cost that page again
    assert.equal((await this.db.hkeys(this.key(`${id}:ledger`))).filter((field) => /^\d+$/.test(field)).length, pages);
    return id;
  }

  async stateOf(id) {
    return (await this.queue.getJob(id))?.getState();
  }

  async comesTo(id, state) {
    await until(`job ${id} to be ${state}`, async () => await this.stateOf(id) === state).catch(async (error) => {
      throw new Error(`${error.message}: it is ${await this.stateOf(id)}\n${this.worker.program.tail()}`);
    });
  }

  async close() {
    this.mendNetwork();
    await super.close().finally(async () => this.proxy?.close());
    this.clock.close();
  }
}
