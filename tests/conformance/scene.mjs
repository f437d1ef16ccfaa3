// The stage of one conformance test: a queue of its own, a stock client, our worker.
import { after, test } from 'node:test';
import { Gate } from '../system/gate.mjs';
import { packages, Redis, startGleaner, startRedis, startSimulator } from '../system/harness.mjs';
import { patience, until } from '../system/processes.mjs';
import { Driver } from './driver.mjs';
import { item, versions } from './items.mjs';

const clients = { '5.28.2': packages('bullmq5.28'), '5.64.1': packages('bullmq5'), '6.7.0': packages('bullmq6') };
const shared = new Map(); // servers that all tests of a file use

async function sharedServer(name, start) {
  if (!shared.has(name)) shared.set(name, start());
  return shared.get(name);
}

after(async () => {
  for (const server of shared.values()) await (await server).stop();
});

async function redisUrl() {
  return process.env.GLEANER_TEST_REDIS ?? (await sharedServer('redis', startRedis)).url;
}

/// Registers the item's test once per client version that it applies to. `scene` has all it needs.
export function conforms(number, body, { timeout = 180_000 } = {}) {
  const { title, notApplicable } = item(number);
  for (const version of versions.filter((one) => !notApplicable[one])) {
    test(`C${number} [${version}] ${title}`, { timeout }, async () => {
      const scene = new Scene(number, version, await redisUrl());
      try {
        await body(scene);
      } catch (error) {
        error.stack += await scene.account();
        throw error;
      } finally {
        await scene.close();
      }
    });
  }
}

class Scene {
  constructor(number, version, url) {
    this.version = version;
    this.major = Number(version[0]);
    this.bullmq = clients[version];
    this.url = url;
    this.port = Number(new URL(url).port);
    this.connection = { host: '127.0.0.1', port: this.port };
    this.name = `c${number}-v${version.replaceAll('.', '-')}-${Date.now().toString(36)}`;
    this.closers = [];
    this.connect(url);
    this.programs = [];
  }

  onClose(closer) {
    this.closers.push(closer);
  }

  async close() {
    for (const closer of this.closers.reverse()) await closer();
  }

  /// The stock Queue of this version.
  get queue() {
    this.queue_ ??= this.open(new this.bullmq.Queue(this.name,
      { connection: this.connection, prefix: this.prefix }));
    return this.queue_;
  }

  /// A stock QueueEvents that listens already.
  async queueEvents() {
    const events = this.open(new this.bullmq.QueueEvents(this.name, { connection: this.connection }));
    await events.waitUntilReady();
    // It hears only what comes after its first read, which it sends later than it is "ready".
    const name = `name=bull:${Buffer.from(this.name).toString('base64')}:qe`;
    await until('a listener that reads', async () => (await this.redis.client('LIST')).split('\n')
      .some((line) => line.includes(`${name} `) && line.includes('cmd=xread')));
    return events;
  }

  open(client) {
    client.on('error', (error) => this.clientErrors.push(error));
    this.onClose(async () => client.close());
    return client;
  }

  clientErrors = [];

  async add(data = { domain: 'small.test' }, options = {}) {
    return this.queue.add('collect-domain', data, options);
  }

  prefix = 'bull';

  key(suffix) {
    return `${this.prefix}:${this.name}:${suffix}`;
  }

  /// Goes on with another server and prefix; before the queue is used.
  async moveTo(url, prefix) {
    this.url = url;
    this.prefix = prefix;
    this.connection = { host: '127.0.0.1', port: Number(new URL(url).port) };
    this.connect(url);
  }

  connect(url) {
    const redis = new Redis(url, { maxRetriesPerRequest: null });
    this.redis = redis;
    this.onClose(async () => redis.quit());
  }

  async entries() {
    const entries = await this.redis.xrange(this.key('events'), '-', '+');
    return entries.map(([entry, fields]) => {
      const event = {};
      for (let i = 0; i < fields.length; i += 2) event[fields[i]] = fields[i + 1];
      return { ms: Number(entry.split('-')[0]), event };
    });
  }

  /// The queue's event stream from its beginning: [{event, jobId, ...}].
  async events(...names) {
    const all = (await this.entries()).map(({ event }) => event);
    return all.filter(({ event }) => !names.length || names.includes(event));
  }

  /// When a job's events of that name happened, in ms by Redis's clock.
  async times(name, id) {
    const all = await this.entries();
    return all.filter(({ event }) => event.event === name && event.jobId === id).map(({ ms }) => ms);
  }

  /// Waits for the nth event of that name (of that job).
  async event(name, jobId, { nth = 1, timeout = patience } = {}) {
    return until(`event ${name} #${nth} of job ${jobId}`, async () => {
      const found = await this.events(name);
      return found.filter((event) => !jobId || event.jobId === jobId)[nth - 1];
    }, timeout);
  }

  /// Waits until Redis's clock, which is the queue's, shows that time.
  async clockShows(ms) {
    const timeout = ms - Date.now() + patience;
    await until(`the time ${ms}`, async () => {
      const [seconds, micros] = await this.redis.time();
      return seconds * 1000 + micros / 1000 >= ms;
    }, timeout);
  }

  async hash(id) {
    return this.redis.hgetall(this.key(id));
  }

  async active() {
    return this.redis.lrange(this.key('active'), 0, -1);
  }

  async state(id) {
    return (await this.queue.getJob(id))?.getState();
  }

  async simulator() {
    return sharedServer('simulator', startSimulator);
  }

  /// As `gleaner`; it reaches the API by a gate, so that jobs can be held.
  async gatedGleaner(settings) {
    if (!this.gate) {
      this.gate = await Gate.before(await this.simulator());
      this.onClose(async () => this.gate.close());
    }
    return this.gleaner(settings);
  }

  /// Adds a job that stays at work until `gate.release()`.
  async addHeld(options, domain = 'c5-held.test') {
    this.gate.hold(domain);
    return this.add({ domain }, options);
  }

  /// Our whole worker program on this queue; jobs are domains that the simulator knows.
  async gleaner(settings = {}) {
    const worker = await startGleaner({
      redis: this.url, simulator: this.gate ?? await this.simulator(), GLEANER_QUEUE: this.name, ...settings,
    });
    this.programs.push(worker.program);
    this.onClose(async () => worker.kill());
    return worker;
  }

  /// Our queue adapter behind a program that obeys us.
  async driver(options = {}) {
    const driver = await Driver.start(this, options);
    this.programs.push(driver.program);
    this.onClose(async () => driver.stop());
    return driver;
  }

  /// What happened, for the message of a failed test.
  async account() {
    const events = (await this.events()).slice(-30).map((event) => JSON.stringify(event));
    const said = this.programs.map((program) => `${program.name}:\n${program.tail()}`);
    const errors = this.clientErrors.map((error) => `client error: ${error.message}`);
    return ['', `queue ${this.name}, events:`, ...events, ...errors, ...said].join('\n');
  }
}
