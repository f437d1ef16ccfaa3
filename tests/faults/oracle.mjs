// What must hold after every fault, whatever it was: one check for all fault tests.
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileName } from '../system/collection_store.mjs';
import { until } from '../system/processes.mjs';
import { descriptorsOf, findExcess } from './descriptors.mjs';
import { figures } from './figures.mjs';
import { findLeaks } from './leaks.mjs';
import { keysOf, placesOf, withoutHash } from './queue_places.mjs';
import { Reference } from './reference.mjs';
import { findBadEnds } from './worker_ends.mjs';

const brokenOff = ['cut', 'reset', 'stalled']; // answers that the API itself did not finish
const shown = 12; // violations in the text of a failure

export class Oracle {
  tempLife = 60_000; // ms after which a temporary file must be gone
  workers = [];

  /// What serves in the simulator's place (`simulator` of the stage's settings) has `calls` as it has, and
  /// `contactsOf` as a Reference.
  static async open(stage) {
    const oracle = new this();
    const other = stage.settings.simulator;
    oracle.stage = stage;
    oracle.api = other ?? stage.simulator;
    oracle.reference = other ?? await Reference.open(stage.settings.GLEANER_API__MAX_COLLECT);
    oracle.forget();
    return oracle;
  }

  async close() {
    if (this.reference !== this.api) await this.reference.close();
  }

  /// From now on all that was added before is nobody's.
  forget() {
    Object.assign(this, { jobs: new Map(), ids: new Map(), gone: new Map(), inFlight: 0, kills: 0 });
  }

  accepted(id, domain) {
    this.jobs.set(id, domain);
    this.ids.set(domain, id);
  }

  /// Somebody deleted the job: it must be nowhere, and may have been stored.
  deleted(id) {
    this.gone.set(this.jobs.get(id), id);
    this.jobs.delete(id);
  }

  /// The latest job of a domain.
  idOf(domain) {
    return this.ids.get(domain);
  }

  /// From now on what this worker (of startGleaner) says is looked at.
  watch(worker) {
    this.workers.push({ ...worker, ready: descriptorsOf(worker) });
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
  /// without our store completed, `removed` those that were completed and not kept, `attempts` is what a job may use,
  /// `given` an address that a job came with.
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

  async examine({
    failed = [], open = false, refetches = this.inFlight, foreign = [], removed = [], attempts = 1, given,
  }) {
    this.violations = [];
    const wrong = { lost: 0, duplicated: 0, torn: 0 };
    const ended = await this.checkPlaces(new Set(failed), open, new Set(removed), wrong);
    await this.checkJobs(ended.completed, attempts);
    ended.completed.push(...removed);
    await this.checkFiles(ended, open, new Set(foreign), wrong);
    const spent = await this.checkCalls(refetches);
    const ledgers = await this.checkLeftovers(ended, new Set(foreign));
    this.violations.push(...await findLeaks(this.workers, this.stage.db, ledgers, given), ...findBadEnds(this.workers));
    if (!open) await this.checkDescriptors();
    return {
      kills: this.kills, jobs: this.jobs.size, completed: ended.completed.length, failed: ended.failed.length,
      ...spent, in_flight: this.inFlight, ...wrong,
    };
  }

  violated(text) {
    this.violations.push(text);
  }

  /// Every accepted job is in exactly one structure, and that is the right one.
  async checkPlaces(failed, open, removed, wrong) {
    const places = await placesOf(this.stage);
    const ended = { completed: [], failed: [] };
    for (const id of this.jobs.keys()) {
      const found = places.get(id) ?? [];
      if (removed.has(id) && !found.length) continue;
      if (found.length === 0) wrong.lost++;
      if (found.length > 1) wrong.duplicated++;
      if (found.length !== 1) this.violated(`job ${id} is in [${found}]`);
      ended[found[0]]?.push(id);
      if (failed.has(id) !== found.includes('failed')) {
        this.violated(`job ${id} is in ${found}: ${await this.stage.db.hget(this.stage.key(id), 'failedReason')}`);
      }
      if (!open && found.length && !ended[found[0]]) this.violated(`job ${id} is still in ${found}`);
    }
    for (const id of await withoutHash(this.stage, [...places.keys()])) {
      this.violated(`${places.get(id)} has ${id}, which has no hash`);
    }
    const gone = [...this.gone.values(), ...removed].filter((id) => places.has(id) && !this.jobs.has(id));
    for (const id of gone) this.violated(`job ${id} was deleted and is in ${places.get(id)}`);
    return ended;
  }

  /// A crash is no attempt: all that completed needed one.
  async checkJobs(completed, most) {
    for (const id of completed) {
      const attempts = await this.stage.db.hget(this.stage.key(id), 'atm');
      if (!(attempts >= 1 && attempts <= most)) this.violated(`job ${id} used ${attempts} attempts`);
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
    const known = new Set([...byDomain.keys(), ...this.gone.keys()].map(fileName));
    for (const name of this.stage.store.files().filter((file) => file.endsWith('.json') && !known.has(file))) {
      this.violated(`${name} is of no completed job`);
    }
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
    const result = await this.stage.db.hget(this.stage.key(stored.metadata.jobId), 'returnvalue');
    const { itemsCollected, collectedAt } = result ? JSON.parse(result)
      : { itemsCollected: stored.items.length, collectedAt: stored.collectedAt }; // the job was not kept
    if (collectedAt !== stored.collectedAt) return `collectedAt ${stored.collectedAt}, its job says ${collectedAt}`;
    if (itemsCollected !== stored.items.length) return `${stored.items.length} items, its job says ${itemsCollected}`;
    const expected = await this.reference.contactsOf(domain);
    if (!expected) return undefined; // nobody can say
    const items = stored.items.map(({ email, confidence }) => ({ email, confidence }));
    try {
      assert.deepEqual(items, expected);
    } catch {
      return `${items.length} items are not the ${expected.length} that the API serves`;
    }
    return undefined;
  }

  /// Each job asks for a page once; of the pages that the API served, only those on the wire at a kill were
  /// asked for again.
  async checkCalls(allowed) {
    const served = new Map();
    for (const { path, status, ended, domain, offset } of await this.api.calls()) {
      if (path !== '/v2/domain-search' || status !== 200 || brokenOff.includes(ended)) continue;
      const page = `${domain} ${offset ?? 0}`;
      served.set(page, (served.get(page) ?? 0) + 1);
    }
    const jobs = new Map();
    for (const domain of this.jobs.values()) jobs.set(domain, (jobs.get(domain) ?? 0) + 1);
    const refetched = [...served].reduce((sum, [page, times]) => (
      sum + Math.max(0, times - (jobs.get(page.split(' ')[0]) ?? 1))), 0);
    if (refetched > allowed) this.violated(`${refetched} pages were fetched again, ${allowed} were in flight`);
    return { pages: served.size, refetched };
  }

  /// What a job needs while it runs is gone with its end; no temporary file outlives its life. Gives the ledgers
  /// that there are.
  async checkLeftovers({ completed, failed }, foreign) {
    const ended = new Set([...completed, ...failed]);
    const done = new Set(completed.filter((id) => !foreign.has(id)));
    const known = new Set([...this.jobs.keys(), ...this.gone.values()]);
    const of = (key) => key.slice(this.stage.key('').length, key.lastIndexOf(':'));
    const ledgers = await keysOf(this.stage.db, this.stage.key('*:ledger'));
    for (const key of ledgers) {
      if (done.has(of(key)) || !known.has(of(key))) this.violated(`${key} is left`);
    }
    for (const key of await keysOf(this.stage.db, this.stage.key('*:lock'))) {
      if (ended.has(of(key))) this.violated(`${key} is left`);
    }
    const { folder } = this.stage.store;
    for (const name of readdirSync(folder).filter((file) => !file.endsWith('.json'))) {
      const age = Date.now() - statSync(join(folder, name)).mtimeMs;
      if (age > this.tempLife) this.violated(`${name} is left and ${Math.round(age / 1000)} s old`);
    }
    return new Set(ledgers);
  }

  /// An idle worker goes back to what it had open when it was ready.
  async checkDescriptors() {
    for (const { ready, ...worker } of this.workers.filter(({ program }) => !program.outcome)) {
      const excess = () => findExcess(worker, ready);
      await until('what it needs no more to be closed', () => !excess())
        .catch(() => this.violated(`worker ${worker.program.pid} has ${excess()}`));
    }
  }

  /// Throws when a worker ended otherwise than it may.
  checkEnds() {
    this.violations = findBadEnds(this.workers);
    this.judge();
  }
}
