// The stage on which the recipes of WIRE.md are run: stock clients of both generations look on.
import assert from 'node:assert/strict';
import { Document } from './documents.mjs';
import { domains } from './domains.mjs';
import { packages } from './harness.mjs';
import { runToEnd } from './processes.mjs';
import { hasty, longBeforeItLooks, seldomLooks, shortLocks } from './settings.mjs';
import { bullmq, Stage } from './stage.mjs';

export const page = new Document('WIRE.md');
export const hour = 3_600_000;
const recipes = page.blocks('recipe');

function objectOf(fields) {
  return Object.fromEntries(fields.flatMap((name, i) => (i % 2 ? [] : [[name, fields[i + 1]]])));
}

export class WireScene extends Stage {
  static async open() {
    const scene = await super.open({ gated: true, ...hasty, ...shortLocks, ...seldomLooks, GLEANER_API__TIMEOUT: '5m',
      GLEANER_QUEUE__WORKER_NAME: 'here' });
    const { connection } = scene;
    scene.queue5 = new (packages('bullmq5').Queue)('domain-collection', { connection, skipMetasUpdate: true });
    scene.flows = new bullmq.FlowProducer({ connection });
    return scene;
  }

  async close() {
    await this.flows?.close();
    await this.queue5?.close();
    await super.close();
  }

  /// Runs a recipe as it stands there; `variables` are what it wants to be told, `edit` changes its
  /// text. Gives its output without the last line's end.
  async run(name, variables = {}, edit = (code) => code) {
    const script = `${page.blocks('setup').get('')}${edit(recipes.get(name))}`;
    const env = { PATH: process.env.PATH, REDIS_URL: this.redis.url, ...variables };
    const done = await runToEnd('sh', ['-euc', script], { env });
    assert.equal(done.code, 0, done.stderr);
    assert.doesNotMatch(done.stdout, /^(ERR|WRONGTYPE|EXECABORT)/m);
    return done.stdout.trimEnd();
  }

  /// The job that an adding recipe makes, the same for clients of both generations.
  async added(recipe, edit) {
    await this.run(recipe, {}, edit);
    const id = await this.db.get(this.key('id'));
    const job = await this.queue.getJob(id);
    assert.deepEqual([job.name, job.data], ['collect-domain', { domain: 'example.com' }]);
    const other = await this.queue5.getJob(id);
    assert.deepEqual([other.data, other.opts.attempts, other.timestamp], [job.data, 3, job.timestamp]);
    return job;
  }

  async completes({ id }) {
    const job = await this.ended(id);
    assert.equal(await job.getState(), 'completed', job.failedReason);
    return job;
  }

  /// As `completes`, of a job that starts without waiting for the worker's next look.
  async completesSoon(from, job) {
    const { processedOn } = await this.completes(job);
    assert.ok(processedOn - from < longBeforeItLooks, `started after ${processedOn - from} ms`);
  }

  /// A job that is active until `gate.release()`.
  async addHeld(options) {
    return this.hold(`c5-held${this.held++}.test`, options);
  }

  held = 0;

  async state({ id }) {
    return (await this.queue.getJob(id)).getState();
  }

  /// The newest entry of the stream: {entry, event, ...}.
  async newestEvent() {
    const [[entry, fields]] = await this.db.xrevrange(this.key('events'), '+', '-', 'COUNT', 1);
    return { entry, ...objectOf(fields) };
  }

  /// What a client left of a job that was added only: names of fields, and of those of its events.
  async traceOf({ id }) {
    const entries = await this.db.xrange(this.key('events'), '-', '+');
    return {
      fields: (await this.db.hkeys(this.key(id))).sort(),
      events: entries.map(([, fields]) => objectOf(fields)).filter(({ jobId }) => jobId === id)
        .map((event) => [event.event, Object.keys(event).sort()]),
    };
  }

  /// A paused queue with jobs in every state, given as {state: id}; resumed and without them afterwards.
  async withAllStates(body) {
    const child = { name: 'x', queueName: 'other', data: {} };
    const parent = { ...child, queueName: 'domain-collection', children: [child] };
    const ids = {
      failed: (await this.collect('no domain')).id,
      completed: (await this.collect(domains.contacts5)).id,
      'waiting-children': (await this.flows.add(parent)).job.id,
      active: (await this.addHeld()).id,
    };
    await this.queue.pause();
    ids.waiting = (await this.add(domains.contacts5)).id;
    ids.prioritized = (await this.add(domains.contacts5, { priority: 2 })).id;
    ids.delayed = (await this.add(domains.contacts5, { delay: hour })).id;
    await body(ids);
    this.gate.release();
    await this.ended(ids.active);
    for (const name of ['waiting', 'prioritized', 'delayed', 'waiting-children']) {
      await (await this.queue.getJob(ids[name])).remove();
    }
    await this.queue.resume();
  }
}
