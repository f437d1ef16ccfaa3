// A stage with an oracle, and workers on it that can be killed, stopped and woken.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CollectionStore } from '../system/collection_store.mjs';
import { startGleaner } from '../system/harness.mjs';
import { until } from '../system/processes.mjs';
import { ApiCalls } from './api_calls.mjs';
import { WatchedStage } from './watched_stage.mjs';

export class Scene extends WatchedStage {
  /// `delayMs`: what the API takes for a page; `tempLife` is the oracle's; all others are a Stage's.
  static async open({ delayMs = 0, tempLife, ...settings } = {}) {
    const scene = await super.open({ worker: false, ...settings });
    scene.nodes = [];
    await scene.openRest(delayMs, tempLife).catch(async (error) => {
      await scene.close();
      throw error;
    });
    return scene;
  }

  async openRest(delayMs, tempLife) {
    this.store = new CollectionStore(join(this.folder, 'collections'));
    this.calls = new ApiCalls(this.simulator.base);
    await this.pace(delayMs);
    this.oracle.tempLife = tempLife ?? this.oracle.tempLife;
  }

  /// What the API takes for a page from now on.
  async pace(delayMs) {
    await this.switchApi({ delay_ms: delayMs });
  }

  node(name, settings = {}) {
    const node = new Node(this, name, settings);
    this.nodes.push(node);
    return node;
  }

  /// The offsets of the pages in a job's ledger, which are fields named by them.
  async offsetsKept(id) {
    const fields = await this.db.hkeys(this.key(`${id}:ledger`));
    return new Set(fields.filter((field) => /^\d+$/.test(field)).map(Number));
  }

  async pagesKept(id) {
    return (await this.offsetsKept(id)).size;
  }

  async close() {
    for (const node of this.nodes) await node.worker?.kill();
    await super.close();
  }
}

/// One machine: a state folder and an API key of its own, the store's folder shared.
export class Node {
  constructor(scene, name, settings) {
    this.scene = scene;
    this.name = name;
    this.settings = settings;
    this.key = `canary-${Math.random().toString(36).slice(2)}-${name}`; // the call log tells its end
    this.machine = 0;
  }

  async start(settings = {}) {
    const { scene } = this;
    this.firstCall = await scene.calls.next();
    this.worker = scene.oracle.watch(await startGleaner({
      redis: scene.redis, simulator: scene.simulator, folder: scene.folder, HUNTER_API_KEY: this.key,
      GLEANER_STATE_FOLDER: this.stateFolder(),
      ...scene.settings, ...this.settings, ...settings,
    }));
    return this.worker;
  }

  stateFolder() {
    return join(this.scene.folder, `state-${this.name}-${this.machine}`);
  }

  /// From the next start on it is a new machine, which knows nothing of its jobs.
  replace() {
    this.machine++;
  }

  /// The pages that this process asked for, as far as the API has seen them.
  async ownCalls() {
    return (await this.scene.calls.since(this.firstCall)).filter(({ key }) => this.key.endsWith(key.slice(-2)));
  }

  /// The jobs whose locks are this machine's: tokens are gl1:<machine>:...
  async heldJobs() {
    const ids = await this.scene.db.lrange(this.scene.key('active'), 0, -1);
    const machine = readFileSync(join(this.stateFolder(), 'node'), 'utf8').slice(0, 16);
    const tokens = await Promise.all(ids.map(async (id) => this.scene.db.get(this.scene.key(`${id}:lock`))));
    return ids.filter((_, index) => tokens[index]?.split(':')[1] === machine);
  }

  /// Stops the process at a moment when it holds no job that was killed twice in a row without a new page: a
  /// third time would rightly make that one poison. Stopped, it takes no other before it is killed.
  async stopFairly() {
    await until('new pages of jobs that were killed twice', async () => {
      await this.halt();
      const held = await this.heldJobs();
      const stalls = await Promise.all(held.map(async (id) => this.scene.db.hget(this.scene.key(id), 'stc')));
      const fair = stalls.every((count) => Number(count ?? 0) < 2);
      if (!fair) this.signal('SIGCONT');
      return fair;
    });
  }

  /// Kills it and tells the oracle which pages it had not acknowledged; returns them.
  async kill() {
    await this.worker.kill();
    const pages = await this.unacknowledged();
    this.scene.oracle.killed(pages.length);
    return pages;
  }

  signal(name) {
    this.worker.program.kill(name);
  }

  /// Stops the process and waits until each thread has stopped, and Redis has done what they sent before.
  async halt() {
    this.signal('SIGSTOP');
    const tasks = `/proc/${this.worker.pid}/task`;
    const stands = (task) => {
      try {
        return /^\d+ \(.*\) T/.test(readFileSync(join(tasks, task, 'stat'), 'utf8'));
      } catch {
        return true; // it ended meanwhile
      }
    };
    await until('threads that stand still', () => readdirSync(tasks).every(stands));
    for (let round = 0; round < 5; round++) await this.scene.db.ping();
  }

  /// The pages it asked for that are in no ledger and whose jobs have not completed.
  async unacknowledged() {
    const { db, oracle } = this.scene;
    // What the dead process sent has left it by now; a few rounds let Redis and the API read it all.
    for (let round = 0; round < 5; round++) {
      await db.ping();
      await this.scene.calls.update();
    }
    const pages = new Map();
    for (const call of await this.ownCalls()) pages.set(`${call.domain} ${call.offset ?? 0}`, call);
    const open = [];
    const kept = new Map();
    for (const call of pages.values()) {
      const id = oracle.idOf(call.domain);
      if (!kept.has(id)) kept.set(id, await this.acknowledgedOf(id));
      if (!kept.get(id)?.has(call.offset ?? 0)) open.push(call);
    }
    return open.filter(({ domain }) => kept.get(oracle.idOf(domain)));
  }

  /// The offsets in the job's ledger; nothing when the job has ended.
  async acknowledgedOf(id) {
    const { db } = this.scene;
    const [offsets, finished] = await Promise.all([
      this.scene.offsetsKept(id), db.hget(this.scene.key(id), 'finishedOn')]);
    return finished ? undefined : offsets;
  }
}
