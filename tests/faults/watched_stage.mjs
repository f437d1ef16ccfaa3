// A stage whose oracle knows every job that was added and every worker that was started.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Stage } from '../system/stage.mjs';
import { Oracle } from './oracle.mjs';

/// How many requests the API had not answered, by its stats.
export function unanswered({ requests, by_ending: endings }) {
  return requests - Object.values(endings).reduce((sum, count) => sum + count, 0);
}

export class WatchedStage extends Stage {
  async openParts(worker, ...others) {
    await super.openParts(false, ...others);
    this.oracle = await Oracle.open(this);
    if (worker) await this.startWorker();
  }

  async startWorker(settings = {}) {
    return this.oracle.watch(await super.startWorker(settings));
  }

  /// Once Redis has answered the job counts as accepted.
  async add(domain, options = {}) {
    const job = await super.add(domain, options);
    this.oracle.accepted(job.id, domain);
    return job;
  }

  /// As `add`, of many at once.
  async addAll(domains, opts = {}) {
    return this.addBulk(domains.map((domain) => ({ name: 'collect-domain', data: { domain }, opts })));
  }

  async addBulk(jobs) {
    const added = await this.queue.addBulk(jobs);
    for (const { id, data } of added) this.oracle.accepted(id, data.domain);
    return added;
  }

  async switchApi(switches) {
    const answer = await fetch(`${this.simulator.base}/admin/switches`, {
      method: 'POST', body: JSON.stringify(switches),
    });
    assert.equal(answer.status, 200, await answer.text());
  }

  /// Waits until all accepted jobs have ended.
  async allEnded(timeout) {
    for (const id of this.oracle.jobs.keys()) await this.ended(id, timeout);
  }

  /// While no worker runs: queue, store and the log of calls are empty again, and nothing was ever added.
  async beginAnew() {
    await this.db.flushall();
    await fetch(`${this.simulator.base}/admin/reset`, { method: 'POST' });
    for (const name of this.store?.files() ?? []) rmSync(join(this.store.folder, name));
    this.oracle.forget();
  }

  /// How many pages of active jobs are answered but in no ledger yet.
  async unkept() {
    const active = await this.db.lrange(this.key('active'), 0, -1);
    const domains = new Set(active.map((id) => this.oracle.jobs.get(id)));
    const answered = (await this.simulator.calls())
      .filter(({ path, status, domain }) => path === '/v2/domain-search' && status === 200 && domains.has(domain))
      .map(({ domain, offset }) => `${domain} ${offset ?? 0}`);
    const kept = new Set(await this.ledgerPages(active));
    return new Set(answered.filter((page) => !kept.has(page))).size;
  }

  /// Pages that the ledgers of these jobs have, the active ones', as "domain offset".
  async ledgerPages(ids) {
    const pages = [];
    for (const id of ids ?? await this.db.lrange(this.key('active'), 0, -1)) {
      for (const field of await this.db.hkeys(this.key(`${id}:ledger`))) {
        const offset = Number.parseInt(field, 10); // other fields are no numbers
        if (offset >= 0) pages.push(`${this.oracle.jobs.get(id)} ${offset}`);
      }
    }
    return pages;
  }

  /// How the last workers end is looked at, too.
  async close() {
    await super.close().finally(async () => this.oracle?.close());
    this.oracle?.checkEnds();
  }
}
