// What can fail, one row each: what becomes of the job, and what an operator sees of it: the code in the
// log, the series that rise, the exit code. How it goes on under load is shown by the tests named.
import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { after, before, test } from 'node:test';
import { freePort } from '../system/harness.mjs';
import { until } from '../system/processes.mjs';
import { FaultStage } from './matrix_faults.mjs';

const { ENOSPC, EIO } = constants.errno;
let stage;
before(async () => {
  stage = await FaultStage.open();
});
after(async () => stage?.close());

// [part: fault, how it comes about and is mended, codes, series that rise, exit code]; `restart`: the row
// leaves a worker that can't go on.
const table = [
  ['Start: no key', () => stage.runToRefusal({ HUNTER_API_KEY: '' }), ['auth.key_rejected'], [], 7],
  ['Start: a key that is refused', () => stage.runToRefusal({ HUNTER_API_KEY: 'bad-key' }), ['auth.key_rejected'], [], 7],
  ['Start: a key file that others may read', () => stage.startWithOpenKeyFile(), [], [], 2],
  ['Start: a Redis that evicts', () => stage.startOnEvictingRedis(), ['config.refused'], [], 2],
  ['Start: a certificate without its key', () => stage.startWithHalfCertificate(), [], [], 2],
  ['Start: a store that is not there', () => stage.runToRefusal({ NH_COLLECTIONS_DIR: '/nowhere/at/all' }),
    ['store.unwritable'], [], 9],
  ['Start: a state folder in use', () => stage.runToRefusal({ folder: stage.folder }), ['state.locked'], [], 10],
  ['QueuePoller: no Redis at start', async () => stage.runToRefusal({ redis: `redis://127.0.0.1:${await freePort()}` }),
    ['redis.unreachable'], [], 6],
  ['QueuePoller: the connection breaks', () => stage.loseConnection('redis.lost'),
    ['redis.lost', 'redis.back'], ['redis_reconnects_total']],
  ['QueuePoller: half-open connections', () => stage.cutCable('redis.stale_socket'),
    ['redis.stale_socket'], ['redis_stale_sockets_total']],
  ['QueuePoller: OOM', () => stage.outOfMemory(), ['redis.refuses'], ['redis_refused_total{reason="oom"}']],
  ['QueuePoller: READONLY', () => stage.readOnly(),
    ['redis.refuses'], ['redis_refused_total{reason="readonly"}']],
  ['QueuePoller: a marker of a wrong type', () => stage.spoilMarker(), ['queue.damaged'], ['queue_damaged_total']],
  ['JobCoordinator: a job without a domain, an id without a job', () => stage.pushUnusable(), ['job.failed', 'job.bad_data'],
    ['job_failures_total{reason="bad_data"}']],
  ['JobCoordinator: the lock is somebody else\'s', () => stage.stealLock(),
    ['job.lock_lost'], ['redis_lock_lost_total', 'jobs_stalled_total']],
  ['JobCoordinator: the lock is unconfirmed', () => stage.cutCable('job.self_fenced'),
    ['job.self_fenced'], ['self_fenced_total']],
  ['JobCoordinator: the job is gone at its end', () => stage.removeWhileStoring(), ['job.orphaned'], ['orphans_total']],
  ['JobCoordinator: a job that is to fail', () => stage.pushDoomed(), ['job.poison'],
    ['job_failures_total{reason="poison"}', 'jobs_poisoned_total']],
  ['HunterFetcher: 503, then well', () => stage.collected('c5-flaky1'),
    ['api.retry'], ['api_retries_total{reason="unavailable"}']],
  ['HunterFetcher: 500 for ever', () => stage.collected('fail500', 'failed'),
    ['api.retry', 'job.failed'], ['job_failures_total{reason="api"}']],
  ['HunterFetcher: a reset for ever', () => stage.collected('reset', 'failed'), ['api.retry', 'job.failed'],
    ['api_requests_total{code="error"}']],
  ['HunterFetcher: rate limited', () => stage.collected('c5-throttle1'),
    ['api.rate_limited'], ['api_throttled_total', 'api_backoff_seconds_total']],
  ['HunterFetcher: 451', () => stage.collected('claimed', 'failed', { attempts: 3 }),
    ['job.failed', 'api.legal_block'], ['api_requests_total{code="451"}', 'api_refused_total{kind="legal_block"}']],
  ['HunterFetcher: a redirect', () => stage.collected('redirect', 'failed', { attempts: 3 }),
    ['job.failed', 'api.redirect_refused'], ['api_refused_total{kind="redirect"}']],
  ['HunterFetcher: a body without end', () => stage.collected('huge', 'failed', { attempts: 3 }),
    ['job.failed', 'api.body_oversize'], ['api_bad_body_total{kind="oversize"}']],
  ['HunterFetcher: no JSON', () => stage.collected('notjson', 'failed'),
    ['job.failed', 'api.body_malformed'],
    ['pages_total{result="unreadable"}', 'api_retries_total{reason="unreadable"}', 'api_bad_body_total{kind="malformed"}']],
  ['HunterFetcher: more pages than wanted', () => stage.truncate(), ['job.completed'], ['jobs_total{outcome="completed"}']],
  ['Normalizer: an absurd record', () => stage.sendAbsurdRecord(), ['norm.rejected', 'job.completed'],
    ['normalization_rejects_total', 'contacts_total{outcome="rejected"}']],
  ['Process: SIGTERM', () => stage.terminate(), ['shutdown.begin', 'shutdown.end'], [], 0],
  ['Process: SIGKILL', () => stage.killWithPages(), ['recovery', 'job.resumed'],
    ['jobs_resumed_total', 'pages_total{result="replayed"}'], 'SIGKILL'],
  ['StoreWriter: a kept page is damaged', () => stage.killWithPages((ledger) => stage.db.hset(ledger, '100', 'no page')),
    ['ledger.damaged'], ['pages_total{result="damaged"}'], 'SIGKILL'],
  ['StoreWriter: ENOSPC', () => stage.breakStore(1, ENOSPC, 'store.full'), ['store.full'],
    ['storage_errors_total', 'jobs_parked_total{reason="store"}'], undefined, 'restart'],
  ['StoreWriter: EIO', () => stage.breakStore(1, EIO, 'store.io_error'), ['store.io_error'],
    ['storage_errors_total', 'jobs_parked_total{reason="store"}'], undefined, 'restart'],
  ['ProgressPublisher: Redis is away', () => stage.loseConnection('progress.dropped'),
    ['progress.dropped'], ['progress_dropped_total']],
  ['Log sink: full', () => stage.workUnheard(), [], [], 0],
  ['QueuePoller: NOPERM', () => stage.denyWrites(),
    ['redis.denied'], ['redis_refused_total{reason="acl"}'], undefined, 'restart'],
  ['HunterFetcher: the key is revoked', () => stage.revokeKey(),
    ['auth.key_rejected'], ['jobs_parked_total{reason="key"}'], undefined, 'restart'],
  ['Host: the clock steps', () => stage.stepClock(), ['clock.step'], ['clock_steps_total']],
];

const elsewhere = [
  ['Start: a store that is another user\'s', 'file_store_failure_test, as another user'],
  ['Start: the admin listener beyond loopback', 'tokens and TLS of the listener come later'],
  ['QueuePoller: MISCONF, BUSY, LOADING, MASTERDOWN, WRONGPASS', 'refusal_test; their reasons: tests/adapters/redis/refusals_test'],
  ['HunterFetcher: quota', 'quota_test'],
  ['HunterFetcher: TLS, wrong host', 'tls_matrix_test'],
  ['StoreWriter: PostgreSQL', 'that store comes later'],
  ['Any actor: an exception', 'actor_death_test; of a HunterFetcher: tests/actors/job_coordinator_ends_test'],
  ['Mailbox: a backlog', 'cannot build up: a take asks for no more jobs than there are free slots'],
  ['Process: a second signal', 'crash_test: 130 and 143'],
  ['Cluster', 'nodes share nothing but Redis so far'],
  ['Admin: slow or many clients', 'slow_clients_test; tokens come later'],
];

for (const [row, make, codes, series, exit, restart] of table) {
  test(row, { timeout: 300_000 }, async () => {
    stage.worker ??= await stage.startWorker();
    const { worker } = stage;
    const old = await stage.series();
    stage.since();
    const outcome = await Promise.resolve(make()).finally(() => stage.mendNetwork()) ?? {};
    assert.equal(outcome.code ?? outcome.signal, exit);
    for (const code of codes) {
      if (outcome.codes) assert.ok(outcome.codes.includes(code), `${code} is not among ${outcome.codes}`);
      else await stage.told(code);
    }
    for (const one of series) {
      const before = stage.worker === worker ? stage.sum(old, one) : 0;
      await until(`${one} to rise`, async () => stage.sum(await stage.series(), one) > before);
    }
    if (restart) await stage.restart();
  });
}

for (const [row, why] of elsewhere) test(row, { skip: why }, () => {});

test('what was put back has been done since', { timeout: 300_000 }, async () => {
  await until('the end of all jobs', async () => {
    const { waiting, active, delayed } = await stage.counts();
    return waiting + active + delayed === 0;
  });
  const failed = await stage.queue.getFailed();
  for (const { data } of failed) assert.match(data.domain ?? '', /^(|(fail500|reset|claimed|redirect|huge|notjson|c5)-m\d+\.test)$/);
  assert.equal(failed.length, 8);
  await stage.oracle.report('matrix', { failed: failed.map(({ id }) => id) }, { faults: table.length });
});
