// How each fault of the matrix comes about, and how it is mended.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, binary, environment, freePort } from '../system/harness.mjs';
import { Program, temporaryFolder, until } from '../system/processes.mjs';
import { key, MatrixStage } from './matrix_stage.mjs';

export class FaultStage extends MatrixStage {
  made = 0;

  /// A domain of its own that the API treats by `traits`.
  domain(traits) {
    return `${traits}-m${this.made++}.test`;
  }

  async collected(name, state = 'completed', options = { attempts: 1 }) {
    const { id } = await this.add(this.domain(name), options);
    await this.comesTo(id, state);
  }

  /// Redis refuses what a job needs, in its own words, until `mend`.
  async redisRefuses(reason, damage, mend) {
    const id = await this.active(this.domain('c5'));
    await damage();
    await until(`a refusal by ${reason}`, async () =>
      this.sum(await this.series(), `redis_refused_total{reason="${reason}"}`) > 0);
    await mend();
    this.gate.release();
    await this.comesTo(id, 'completed');
  }

  async cutCable(code) {
    const id = await this.active(this.domain('c5'));
    this.proxy.hold('up', 'down');
    await this.told(code);
    this.proxy.release();
    this.proxy.reset();
    this.gate.release();
    await this.comesTo(id, 'completed');
  }

  async loseConnection(code) {
    const id = await this.active(this.domain('c400'), { pages: 1 });
    this.proxy.refuse();
    this.gate.release(); // the next page comes while Redis is away
    await this.told(code);
    this.proxy.accepting();
    await this.comesTo(id, 'completed');
  }

  /// Who adds by BullMQ would fail at the marker, so the job that shows that the rest goes on is written.
  async spoilMarker() {
    await this.idle();
    await this.db.multi().del(this.key('marker')).hset(this.key('marker'), 'x', 'y').exec();
    await this.told('queue.damaged');
    const domain = this.domain('c5');
    const data = JSON.stringify({ domain });
    await this.db.multi().hset(this.key('written'), 'name', 'collect-domain', 'data', data, 'opts', '{}', 'timestamp', Date.now())
      .lpush(this.key('wait'), 'written').exec();
    this.oracle.accepted('written', domain);
    await this.comesTo('written', 'completed');
    await this.db.del(this.key('marker'));
  }

  async stealLock() {
    const id = await this.active(this.domain('c5'));
    await this.db.set(this.key(`${id}:lock`), 'somebody else');
    await this.told('job.lock_lost');
    assert.equal(await this.stateOf(id), 'active');
    this.gate.release();
    await this.db.del(this.key(`${id}:lock`)); // somebody else dies; the stalled check brings it back
    await this.comesTo(id, 'completed');
  }

  /// The job is removed when its collection is stored and its end still on its way.
  async removeWhileStoring() {
    const name = this.domain('c5');
    this.proxy.keep((command) => command.includes('itemsCollected')); // which only an end tells
    const { id } = await this.add(name);
    await until('an end on its way', () => this.proxy.waiting > 0);
    await this.db.del(this.key(id));
    this.oracle.deleted(id);
    this.proxy.release();
    await this.told('job.orphaned');
    assert.ok(this.store.files().some((file) => file.startsWith(name)), 'the collection stays');
    await this.db.lrem(this.key('active'), 0, id);
  }

  async pushDoomed() {
    await this.queue.pause();
    const { id } = await this.add(this.domain('c5'));
    await this.db.hset(this.key(id), 'defa', 'job stalled more than allowable limit');
    await this.queue.resume();
    await this.comesTo(id, 'failed');
  }

  async pushUnusable() {
    await this.db.multi().lpush(this.key('wait'), 'no-hash').zadd(this.key('marker'), 0, '0').exec();
    const { id } = await this.queue.add('collect-domain', { site: 'c5.test' });
    this.oracle.accepted(id, 'c5.test');
    await this.comesTo(id, 'failed');
    assert.equal(await this.db.lpos(this.key('wait'), 'no-hash'), null, 'an id without a job is dropped');
  }

  async revokeKey() {
    const id = await this.active(this.domain('c400'), { pages: 1, attempts: 1 });
    await this.admin('account', { key, valid: false });
    this.gate.release();
    await this.comesTo(id, 'waiting');
    assert.equal(this.sum(await this.series(), 'worker_suspended{reason="key"}'), 1);
    await this.admin('account', { key, valid: true });
  }

  async breakStore(first, errno, code) {
    this.failStore(first, 50, errno);
    const { id } = await this.add(this.domain('c5'), { attempts: 1 });
    await this.told(code);
    await this.comesTo(id, 'delayed');
    assert.equal(this.sum(await this.series(), 'worker_suspended{reason="store"}'), 1);
    this.failStore(0, 0, 0);
  }

  /// One row only rejects a record: the page goes on without it.
  async sendAbsurdRecord() {
    const name = this.domain('absurd');
    const emails = ['good', 'b\u0000d'].map((local) => ({ value: `${local}@${name}`, type: 'personal', sources: [] }));
    await this.admin('faults', { match: { domain: name }, times: 0, answer: {
      status: 200, body: JSON.stringify({ data: { domain: name, emails }, meta: { results: 2, limit: 100, offset: 0 } }) } });
    this.oracle.reference.known.set(name, [{ email: `good@${name}`, confidence: 0 }]);
    const { id } = await this.add(name);
    await this.comesTo(id, 'completed');
    assert.equal((await this.queue.getJob(id)).returnvalue.itemsCollected, 1);
  }

  /// The worker is killed when a job has two of four pages, which `spoil` may change before it starts again. Its
  /// locks are long, so that it comes back before they run out.
  async killWithPages(spoil = async () => {}) {
    await this.worker.stop();
    await this.startWorker({ GLEANER_QUEUE__LOCK_DURATION: '5m' });
    const id = await this.active(this.domain('c400'), { pages: 2 });
    const { signal } = await this.worker.stop('SIGKILL');
    await spoil(this.key(`${id}:ledger`));
    this.gate.release();
    await this.startWorker();
    await this.comesTo(id, 'completed');
    return { signal };
  }

  async terminate() {
    const id = await this.active(this.domain('c5'));
    const { program } = this.worker;
    const { code } = await this.worker.stop();
    assert.equal(await this.stateOf(id), 'waiting');
    this.gate.release();
    const codes = program.lines.map((line) => JSON.parse(line).code);
    await this.startWorker();
    return { code, codes };
  }

  /// A worker whose stderr takes nothing.
  async workUnheard() {
    const port = await freePort();
    const env = environment({ redis: this.redis, simulator: this.simulator, folder: temporaryFolder(),
      GLEANER_LISTEN: `127.0.0.1:${port}`, NH_COLLECTIONS_DIR: join(this.folder, 'collections') });
    const program = new Program('sh', ['-c', 'exec "$0" run 2>/dev/full', binary('gleaner')], { env });
    const http = `http://127.0.0.1:${port}`;
    await answers(`${http}/readyz`, 200);
    const unheard = this.oracle.watch({ program, env, http, get: async (path) => fetch(http + path) });
    const heard = this.worker;
    this.worker = unheard;
    await this.collected('c5');
    await until('lost lines', async () => this.sum(await this.series(), 'log_dropped_total') > 0);
    this.worker = heard;
    return program.stop();
  }

  /// It is asked again every 30 s only, so the row leaves the job to the next worker.
  async denyWrites() {
    const id = await this.active(this.domain('c5'));
    await this.db.acl('SETUSER', 'worker', '-@write');
    await this.told('redis.denied');
    await this.told('redis.lost');
    const before = this.sum(await this.series(), 'redis_refused_total{reason="acl"}');
    await until('a stalled check that is refused', async () => // the takes have stopped by now
      this.sum(await this.series(), 'redis_refused_total{reason="acl"}') > before);
    await this.db.acl('SETUSER', 'worker', '+@all');
    return { id };
  }

  async stepClock() {
    this.clock.set(3_600_000);
    await this.told('clock.step');
    this.clock.set(0);
  }

  async config(...pairs) {
    return this.db.config('SET', ...pairs);
  }

  async outOfMemory() {
    return this.redisRefuses('oom', async () => this.config('maxmemory', '1'),
      async () => this.config('maxmemory', '0'));
  }

  async readOnly() {
    const nobody = await freePort();
    return this.redisRefuses('readonly', async () => this.db.replicaof('127.0.0.1', nobody),
      async () => this.db.replicaof('NO', 'ONE'));
  }

  /// The API has more than is wanted of a domain.
  async truncate() {
    const { id } = await this.add(this.domain('c1000'), { attempts: 1 });
    await this.comesTo(id, 'completed');
    const { itemsCollected, total, truncated } = (await this.queue.getJob(id)).returnvalue;
    assert.deepEqual([itemsCollected, total], [400, 1000]);
    assert.match(truncated, /\S/);
  }

  /// Settings are read before there is a log: what is wrong with them is told in words.
  async startWithHalfCertificate() {
    const outcome = await this.runToRefusal({ GLEANER_REDIS__TLS_CERT: '/dev/null' });
    assert.match(outcome.stderr, /redis\.tls_cert and redis\.tls_key go together/);
    return outcome;
  }

  /// Settings likewise.
  async startWithOpenKeyFile() {
    const file = join(this.folder, 'open-key');
    writeFileSync(file, 'sim-key\n', { mode: 0o644 });
    const outcome = await this.runToRefusal({ HUNTER_API_KEY: '', HUNTER_API_KEY_FILE: file });
    assert.match(outcome.stderr, /open-key.*(mode|chmod)/);
    return outcome;
  }

  async startOnEvictingRedis() {
    await this.config('maxmemory-policy', 'allkeys-lru');
    const outcome = await this.runToRefusal({});
    await this.config('maxmemory-policy', 'noeviction');
    return outcome;
  }
}
