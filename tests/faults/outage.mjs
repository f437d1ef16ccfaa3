// A stage on which Redis, the network or the clock fail while a worker works.
import assert from 'node:assert/strict';
import { patience, until } from '../system/processes.mjs';
import { bullmq } from '../system/stage.mjs';
import { Proxy } from '../system/proxy.mjs';
import { unanswered, WatchedStage } from './watched_stage.mjs';

export { bullmq };

/// Times that let a test see locks run out.
export const briskLocks = {
  GLEANER_QUEUE__LOCK_DURATION: '4s', GLEANER_QUEUE__STALLED_INTERVAL: '1s', GLEANER_QUEUE__DRAIN_DELAY: '1s',
  GLEANER_CONCURRENCY: '8',
};

export class OutageStage extends WatchedStage {
  added = 0;
  inFlight = 0; // pages whose answer no ledger can have had when a fault was over
  kept = new Map(); // page that a ledger had when a fault began -> when that was
  forgotten = 0; // pages that were in `kept`

  /// Each page takes the API `pageMs`. With `proxied` the worker reaches Redis through `this.proxy` only.
  static async open({ pageMs = 150, proxied = false, worker = true, ...settings } = {}) {
    const stage = await super.open({ worker: false, ...briskLocks, ...settings });
    try {
      await stage.prepare(pageMs, proxied);
      if (worker) await stage.startWorker();
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  async prepare(pageMs, proxied) {
    await this.switchApi({ delay_ms: pageMs });
    if (proxied) {
      this.proxy = await Proxy.to(this.redis.port);
      this.settings.redis = this.proxy;
    }
  }

  async close() {
    await super.close().finally(async () => this.proxy?.close());
  }

  /// Adds `count` jobs of three pages. Their ids are given, so that an add whose answer was lost can be
  /// repeated.
  async load(count, contacts = 250) {
    const jobs = Array.from({ length: count }, () => {
      const domain = `c${contacts}-x${++this.added}.test`;
      const id = `job-${this.added}`;
      return { name: 'collect-domain', data: { domain }, opts: { jobId: id, attempts: 3 } };
    });
    await this.addBulk(jobs);
    return jobs.map(({ opts }) => opts.jobId);
  }

  /// The worker is at work, some job has a page in its ledger, and `count` more jobs wait.
  async busy(count = 12) {
    await this.underWay(async () => {
      const { waiting } = await this.counts();
      if (waiting < count) await this.load(2 * count);
    });
  }

  /// The ledger of an active job has a page; `before` comes before each look.
  async underWay(before = async () => {}) {
    await until('a page in a ledger', async () => {
      await before();
      return (await this.ledgerPages()).length > 0;
    }).catch(async (error) => this.tell(error));
  }

  /// Throws the error with what queue and worker say.
  async tell(error) {
    throw new Error(`${error.message}\n${JSON.stringify(await this.counts())}\n${this.worker.program.tail()}`);
  }

  /// A fault from `begin` to the end of `end`. What the ledgers have when it begins must not be fetched
  /// again; what is on its way then, or asked for while it lasts, may be.
  async during(begin, end) {
    await this.rememberLedgers();
    this.inFlight += await this.unkept();
    const before = await this.simulator.stats();
    await begin();
    const result = await end();
    const after = await this.simulator.stats();
    this.inFlight += unanswered(before) + after.searches - before.searches;
    return result;
  }

  /// All ledgers are about to be lost: their pages will have to be fetched again.
  async forgetLedgers() {
    await this.checkKept();
    this.inFlight += (await this.ledgerPages(this.oracle.jobs.keys())).length;
    this.forgotten += this.kept.size;
    this.kept.clear();
  }

  /// No page that a ledger had when a fault began was asked for again.
  async checkKept() {
    const again = (await this.simulator.calls())
      .filter(({ domain, offset, wall_ms: at }) => at > this.kept.get(`${domain} ${offset ?? 0}`));
    assert.deepEqual(again.map(({ domain, offset }) => `${domain} ${offset}`), [], 'pages of a ledger');
  }

  /// From now on a request for a page that a ledger has is a violation.
  async rememberLedgers() {
    for (const page of await this.ledgerPages()) {
      if (!this.kept.has(page)) this.kept.set(page, Date.now());
    }
  }

  /// Waits for all jobs to end, then asks the oracle; gives its figures. `kept: 0`: nothing of a ledger
  /// need have been at stake.
  async settled({ timeout = 2 * patience, kept = 1 } = {}) {
    await until('the end of all jobs', async () => {
      const { completed, failed } = await this.counts();
      return completed + failed >= this.oracle.jobs.size;
    }, timeout).catch(async (error) => this.tell(error));
    const { kills, in_flight: none, ...found } = await this.oracle.check({ refetches: this.inFlight });
    await this.checkKept();
    const pages = this.forgotten + this.kept.size;
    assert.ok(pages >= kept, 'no ledger had a page when a fault began');
    return { ...found, in_flight: this.inFlight, ledger_pages: pages };
  }
}
