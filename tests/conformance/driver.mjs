// queue_driver (its source tells the protocol): single steps of our queue adapter, as promises.
import { binary } from '../system/harness.mjs';
import { Program } from '../system/processes.mjs';

export class Driver {
  /// Starts one on the scene's queue. Options: name (of the worker) and those of `configure`.
  static async start(scene, { name, ...options }) {
    const driver = new Driver();
    await driver.call('configure', { redis: scene.url, queue: scene.name, worker: name ?? '', ...options });
    return driver;
  }

  constructor() {
    this.pending = new Map();
    this.last = 0;
    this.program = new Program(binary('queue_driver'), [], { input: 'pipe' });
    this.program.onLine = (line) => this.settle(JSON.parse(line));
    this.program.ended.then(() => {
      for (const { reject } of this.pending.values()) {
        reject(new Error(`queue_driver ended:\n${this.program.tail()}`));
      }
    });
  }

  settle({ id, ok, error }) {
    const { resolve, reject } = this.pending.get(id);
    this.pending.delete(id);
    if (error) reject(Object.assign(new Error(`${error.code}: ${error.detail}`), { code: error.code }));
    else resolve(ok);
  }

  /// One request; rejects with an Error that has the answer's `code`.
  async call(op, fields = {}) {
    const id = ++this.last;
    const answer = new Promise((resolve, reject) => this.pending.set(id, { resolve, reject }));
    this.program.child.stdin.write(`${JSON.stringify({ id, op, ...fields })}\n`);
    return answer;
  }

  /// Takes up to `count` jobs: [{id, token, ...}].
  async take(count = 1) {
    return (await this.call('take', { count })).jobs;
  }

  async end(op, job, fields, { takeNext = false } = {}) {
    return (await this.call(op, { job: job.id, token: job.token, takeNext, ...fields })).jobs;
  }

  /// Ends a job, with `result` if given; resolves to the jobs taken in the same step.
  async complete(job, result, options) {
    return this.end('complete', job, { result }, options);
  }

  async fail(job, reason, options) {
    return this.end('fail', job, { reason }, options);
  }

  async retry(job, reason, delay, options) {
    return this.end('retry', job, { reason, delay }, options);
  }

  async release(job) {
    return this.call('release', { job: job.id, token: job.token });
  }

  async progress(job, value) {
    return this.call('progress', { job: job.id, token: job.token, value });
  }

  async log(job, row) {
    return this.call('log', { job: job.id, token: job.token, row });
  }

  async stop() {
    this.program.child.stdin.end();
    return this.program.exit();
  }
}
