// What must hold after every fault, whatever it was: one check for all fault tests.
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { figures } from './figures.mjs';
import { contentOf, keysOf, placesOf } from './queue_places.mjs';
import { Reference } from './reference.mjs';

const address = /[\w.+-]+@[\w-]+(\.[\w-]+)+/;
const shown = 12; // violations in the text of a failure

export class Oracle {
  /// `tempLife`: ms after which a temporary file must be gone.
  static async open(stage, { tempLife = 60_000 } = {}) {
    const oracle = new this();
    Object.assign(oracle, {
      stage, tempLife, jobs: new Map(), ids: new Map(), workers: [], inFlight: 0, kills: 0,
    });
    oracle.reference = await Reference.open(stage.settings.GLEANER_API__MAX_COLLECT);
    return oracle;
  }

  async close() {
    await this.reference.close();
  }

  /// Adds a job; once Redis has answered it counts as accepted.
  async add(domain, options = {}) {
    const job = await this.stage.add(domain, options);
    this.accepted(job.id, domain);
    return job;
  }

  accepted(id, domain) {
    this.jobs.set(id, domain);
    this.ids.set(domain, id);
  }

  /// The latest job of a domain.
  idOf(domain) {
    return this.ids.get(domain);
  }

  /// From now on what this worker (of startGleaner) says is looked at.
  watch(worker) {
    this.workers.push(worker);
    return worker;
  }

  /// A worker was killed with that many pages requested but not acknowledged: they may be asked for again.
  killed(pages) {
    this.kills++;
    this.inFlight += pages;
  }

  /// Throws when something is violated, else gives the figures. By default all jobs must have completed
  /// at their first attempt; `failed` lists ids that must have failed, `open: true` allows unfinished
  /// ones, `refetches` says how many pages may have been asked for again, `foreign` lists jobs that workers
  /// without our store completed.
  async check(options = {}) {
    const found = await this.examine(options);
    this.judge();
    return found;
  }

  judge() {
    if (!this.violations.length) return;
    assert.fail([`${this.violations.length} violations`, ...this.violations.slice(0, shown)].join('\n'));
  }

  /// As check, but prints the figures, `more` first, also of what is violated.
  async report(program, options = {}, more = {}) {
    figures(program, { ...more, ...await this.examine(options) });
    this.judge();
  }

  async examine({ failed = [], open = false, refetches = this.inFlight, foreign = [] }) {
    this.violations = [];
    const wrong = { lost: 0, duplicated: 0, torn: 0 };
    const ended = await this.checkPlaces(new Set(failed), open, wrong);
    await this.checkJobs(ended.completed);
    await this.checkFiles(ended, open, new Set(foreign), wrong);
    const spent = await this.checkCalls(refetches);
    await this.checkLeftovers(ended, new Set(foreign));
    await this.checkSecrets();
    return {
      kills: this.kills, jobs: this.jobs.size, completed: ended.completed.length, failed: ended.failed.length,
      ...spent, in_flight: this.inFlight, ...wrong,
    };
  }

  violated(text) {
    this.violations.push(text);
  }

  /// Every accepted job is in exactly one structure, and that is the right one.
  async checkPlaces(failed, open, wrong) {
    const places = await placesOf(this.stage);
    const ended = { completed: [], failed: [] };
    for (const id of this.jobs.keys()) {
      const found = places.get(id) ?? [];
      if (found.length === 0) wrong.lost++;
      if (found.length > 1) wrong.duplicated++;
      if (found.length !== 1) this.violated(`job ${id} is in [${found}]`);
      ended[found[0]]?.push(id);
      if (failed.has(id) !== found.includes('failed')) {
        this.violated(`job ${id} is in ${found}: ${await this.stage.db.hget(this.stage.key(id), 'failedReason')}`);
      }
      if (!open && found.length && !ended[found[0]]) this.violated(`job ${id} is still in ${found}`);
    }
    for (const [id, found] of places) {
      if (!await this.stage.db.exists(this.stage.key(id))) this.violated(`${found} has ${id}, which has no hash`);
    }
    return ended;
  }

  /// A crash is no attempt: all that completed needed one.
  async checkJobs(completed) {
    for (const id of completed) {
      const attempts = await this.stage.db.hget(this.stage.key(id), 'atm');
      if (attempts !== '1') this.violated(`job ${id} used ${attempts} attempts`);
    }
  }

  /// One whole file for each completed job's domain, none for others.
  async checkFiles({ completed }, open, foreign, wrong) {
    const byDomain = new Map();
    for (const id of completed.filter((one) => !foreign.has(one))) {
      const domain = this.jobs.get(id);
      byDomain.set(domain, [...(byDomain.get(domain) ?? []), id]);
    }
    for (const [domain, ids] of byDomain) {
      const problem = await this.findFileProblem(domain, ids);
      if (problem) {
        wrong.torn++;
        this.violated(`${domain} (job ${ids}): ${problem}`);
      }
    }
    if (open || foreign.size) return; // what is stored may be of a job that somebody else ended then
    for (const domain of new Set(this.jobs.values())) {
      if (!byDomain.has(domain) && this.stage.store.exists(domain)) {
        this.violated(`${domain} has a file but no completed job`);
      }
    }
    const files = this.stage.store.files().filter((name) => name.endsWith('.json'));
    if (files.length !== byDomain.size) this.violated(`${files.length} files of ${byDomain.size} domains`);
  }

  async findFileProblem(domain, ids) {
    let stored;
    try {
      stored = this.stage.store.load(domain);
    } catch (error) {
      return `is no JSON: ${error.message}`;
    }
    if (!stored) return 'has no file';
    if (!ids.includes(stored.metadata.jobId)) return `is of job ${stored.metadata.jobId}`;
    const job = await this.stage.queue.getJob(stored.metadata.jobId);
    const { itemsCollected, collectedAt } = job.returnvalue;
    if (collectedAt !== stored.collectedAt) return `collectedAt ${stored.collectedAt}, its job says ${collectedAt}`;
    if (itemsCollected !== stored.items.length) return `${stored.items.length} items, its job says ${itemsCollected}`;
    const expected = await this.reference.contactsOf(domain);
    const items = stored.items.map(({ email, confidence }) => ({ email, confidence }));
    try {
      assert.deepEqual(items, expected);
    } catch {
      return `${items.length} items are not the ${expected.length} that the API serves`;
    }
    return undefined;
  }

  /// Of the pages that the API served, only those on the wire at a kill were asked for again.
  async checkCalls(allowed) {
    const served = (await this.stage.simulator.calls())
      .filter((call) => call.path === '/v2/domain-search' && call.status === 200);
    const pages = new Set(served.map((call) => `${call.domain} ${call.offset ?? 0}`)).size;
    const refetched = served.length - pages;
    if (refetched > allowed) this.violated(`${refetched} pages were fetched again, ${allowed} were in flight`);
    return { pages, refetched };
  }

  /// What a job needs while it runs is gone with its end; no temporary file outlives its life.
  async checkLeftovers({ completed, failed }, foreign) {
    const ended = new Set([...completed, ...failed]);
    const done = new Set(completed.filter((id) => !foreign.has(id)));
    const of = (key) => key.split(':').at(-2);
    for (const key of await keysOf(this.stage.db, this.stage.key('*:ledger'))) {
      if (done.has(of(key)) || !this.jobs.has(of(key))) this.violated(`${key} is left`);
    }
    for (const key of await keysOf(this.stage.db, this.stage.key('*:lock'))) {
      if (ended.has(of(key))) this.violated(`${key} is left`);
    }
    const { folder } = this.stage.store;
    for (const name of readdirSync(folder).filter((file) => !file.endsWith('.json'))) {
      const age = Date.now() - statSync(join(folder, name)).mtimeMs;
      if (age > this.tempLife) this.violated(`${name} is left and ${Math.round(age / 1000)} s old`);
    }
  }

  /// Keys and addresses are where they must be and nowhere else.
  async checkSecrets() {
    const keys = new Set(this.workers.map((worker) => worker.env.HUNTER_API_KEY));
    const look = (where, text, withAddresses) => {
      for (const key of keys) if (text.includes(key)) this.violated(`${where}: the API key`);
      if (withAddresses && address.test(text)) this.violated(`${where}: ${text.match(address)[0]}`);
    };
    for (const { program, http } of this.workers) {
      look(`log of ${program.pid}`, program.lines.join('\n'), true);
      look(`argv of ${program.pid}`, program.child.spawnargs.join(' '), true);
      if (program.outcome) continue;
      look(`metrics of ${program.pid}`, await (await fetch(`${http}/metrics`)).text(), true);
    }
    look('Redis', await contentOf(this.stage.db), false);
  }
}
