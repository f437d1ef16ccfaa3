// Redis, the simulated API, a worker and a stock queue, as most system tests need them.
import { Gate } from './gate.mjs';
import { packages, Redis, startGleaner, startRedis, startSimulator } from './harness.mjs';
import { CollectionStore } from './collection_store.mjs';
import { patience, temporaryFolder, until } from './processes.mjs';

export const bullmq = packages('bullmq6');

export class Stage {
  /// Starts all parts; `worker: false` leaves out the worker, `library` is the queue's; with `gated` the worker
  /// reaches the API through `stage.gate`. Other settings are the worker's environment.
  static async open({ worker = true, library = 'bullmq6', gated = false, redisOptions, ...settings } = {}) {
    const stage = new this();
    stage.settings = settings;
    stage.folder = temporaryFolder();
    await stage.openParts(worker, library, redisOptions, gated).catch(async (error) => {
      await stage.close(); // or the process would wait for what runs
      throw error;
    });
    return stage;
  }

  async openParts(worker, library, redisOptions, gated) {
    this.redis = await this.openRedis(redisOptions);
    this.simulator = await startSimulator();
    if (gated) this.gate = await Gate.before(this.simulator);
    this.connection = this.redis.connection ?? { host: '127.0.0.1', port: this.redis.port };
    this.db = new Redis({ ...this.connection, maxRetriesPerRequest: null });
    this.queue = new (packages(library).Queue)('domain-collection', { connection: this.connection });
    for (const client of [this.db, this.queue]) client.on('error', () => {}); // Redis may be stopped
    if (worker) await this.startWorker();
  }

  /// The server of the queue; one that has a `connection` is reached by that.
  async openRedis(options) {
    return startRedis(options);
  }

  /// Starts (another) worker on the same folders.
  async startWorker(settings = {}) {
    this.worker = await startGleaner({
      redis: this.redis, simulator: this.gate ?? this.simulator, folder: this.folder, ...this.settings, ...settings,
    });
    this.store = new CollectionStore(this.worker.collections);
    return this.worker;
  }

  async close() {
    await this.queue?.close();
    const refused = await this.refusals();
    this.db?.disconnect();
    this.gate?.release();
    await this.worker?.stop();
    await this.gate?.close();
    for (const part of [this.simulator, this.redis]) await part?.stop();
    if (refused.length) throw new Error(`Gleaner's user needs more than the manual says:\n${refused.join('\n')}`);
  }

  /// What Redis refused to Gleaner's user; nothing when Redis does not run.
  async refusals() {
    const log = this.db?.status === 'ready' ? await this.db.acl('LOG').catch(() => []) : [];
    return log.map(String).filter((entry) => /username,restricted/.test(entry) && !/reason,auth/.test(entry));
  }

  key(suffix) {
    return `bull:domain-collection:${suffix}`;
  }

  async add(domain, options = {}) {
    return this.queue.add('collect-domain', { domain }, options);
  }

  async counts() {
    return this.queue.getJobCounts();
  }

  /// The worker waits on the marker: nothing is left to take.
  async idle() {
    await until('an idle worker', async () => {
      const clients = await this.db.client('LIST');
      return /cmd=bzpopmin/.test(clients) && (await this.db.llen(this.key('active'))) === 0;
    });
  }

  /// Waits for the job's end and returns it as it then is.
  async ended(id, timeout = patience) {
    return until(`the end of job ${id}`, async () => {
      const job = await this.queue.getJob(id);
      return job?.finishedOn && (await job.isCompleted() || await job.isFailed()) ? job : undefined;
    }, timeout).catch((error) => {
      throw new Error(`${error.message}\n${this.worker?.program.tail()}`);
    });
  }

  /// On a gated stage: adds a job that stays at work, its request for the page at `offset` on its way, until `gate.release()`.
  async hold(domain, options = {}, offset = 0) {
    this.gate.hold(domain, offset);
    const job = await this.add(domain, options);
    await this.gate.holding();
    return job;
  }

  /// Adds a job and waits for its end.
  async collect(domain, options = {}, timeout = patience) {
    return this.ended((await this.add(domain, options)).id, timeout);
  }

  /// Progress objects of a job, oldest first.
  async progressOf(id) {
    return (await this.progressOfAll()).get(id) ?? [];
  }

  /// Those of each job, by its id.
  async progressOfAll() {
    const all = new Map();
    for (const [, fields] of await this.db.xrange(this.key('events'), '-', '+')) {
      const field = (name) => fields[fields.indexOf(name) + 1];
      if (field('event') !== 'progress') continue;
      if (!all.has(field('jobId'))) all.set(field('jobId'), []);
      all.get(field('jobId')).push(JSON.parse(field('data')));
    }
    return all;
  }
}
