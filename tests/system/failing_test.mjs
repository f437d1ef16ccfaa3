// Domains that can't be collected: a failed job with a reason, never an empty success, and the
// file of an earlier success stays.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { until } from './processes.mjs';
import { hasty } from './settings.mjs';
import { Stage } from './stage.mjs';

// [what the API does, domain, words of the reason]
const table = [
  ['only errors 500', domains.serverErrors, /500|unavailable|server error/i],
  ['only errors 502', domains.badGateway, /502|unavailable|server error/i],
  ['an unknown key, 401', domains.unauthorized, /401|key/i],
  ['403, forbidden', domains.forbidden, /403|forbidden|permission/i],
  ['451, claimed', domains.legal, /451|legal|claimed|stop processing/i],
  ['HTML instead of JSON', domains.notJson, /json|html|body/i],
  ['an error in a 200', domains.errorsWith200, /error|wrong|body/i],
  ['a JSON without data', domains.noData, /data|body|json/i],
  ['an empty body', domains.noBody, /empty|body|json/i],
  ['an answer cut in the middle', domains.cut, /cut|short|incomplete|closed|transfer|outstanding/i],
  ['JSON cut in the middle', domains.cutJson, /json|body/i],
  ['a connection that is reset', domains.reset, /reset|connection|recv/i],
  ['an API that says nothing', domains.silent, /time|deadline|answer|slow/i],
  ['an endless body', domains.oversize, /large|limit|MiB|bytes/i],
  ['a body that unpacks to 256 MB', domains.bomb, /large|limit|MiB|bytes/i],
  ['a redirect', domains.redirect, /30\d|redirect/i],
];

let stage;
before(async () => (stage = await Stage.open(hasty)));
after(async () => stage?.close());

for (const [what, domain, reason] of table) {
  test(`${what}: the job fails with a reason and stores nothing`, { timeout: 300_000 }, async () => {
    const job = await stage.collect(domain, { attempts: 1 }, 50_000);
    assert.equal(await job.getState(), 'failed');
    assert.match(job.failedReason, reason);
    assert.ok(!/sim-key|\n/.test(job.failedReason), job.failedReason);
    assert.equal(job.returnvalue, null);
    assert.equal(stage.store.exists(domain), false);
    assert.equal((await stage.progressOf(job.id)).at(-1).status, 'failed');
    assert.equal(job.progress.error.length > 0, true);
  });

  test(`${what}: the file of an earlier success stays as it is`, { timeout: 300_000 }, async () => {
    const old = JSON.stringify({ domain, items: [{ email: `old@${domain}` }], total: 1 });
    mkdirSync(stage.store.folder, { recursive: true });
    writeFileSync(stage.store.path(domain), old);
    const job = await stage.collect(domain, { attempts: 1 }, 50_000);
    assert.equal(await job.getState(), 'failed');
    assert.equal(readFileSync(stage.store.path(domain), 'utf8'), old);
  });
}

test('nobody follows a redirect', async () => {
  assert.deepEqual((await stage.simulator.calls()).filter(({ redirected }) => redirected), []);
});

test('an error on the second page fails the job too', { timeout: 300_000 }, async () => {
  const job = await stage.collect(domains.secondPageFails, { attempts: 1 }, 50_000);
  assert.equal(await job.getState(), 'failed');
  assert.equal(stage.store.exists(domains.secondPageFails), false);
});

test('a plan that serves 10 addresses stores them and says that they are not all', async () => {
  const job = await stage.collect(domains.planCap, { attempts: 1 });
  assert.equal(await job.getState(), 'completed', job.failedReason);
  const stored = stage.store.load(domains.planCap);
  assert.equal(stored.items.length, 10);
  assert.ok(stored.total > 10);
  assert.match(JSON.stringify(stored.metadata), /plan_cap/);
});

test('a domain that fails twice is tried again and completes', { timeout: 300_000 }, async () => {
  const retried = { attempts: 3, backoff: { type: 'fixed', delay: 100 } };
  const job = await stage.collect(domains.flaky, retried, 50_000);
  assert.equal(await job.getState(), 'completed', job.failedReason);
  assert.ok(stage.store.load(domains.flaky).items.length > 0);
});

test('after all this the worker still collects', async () => {
  const job = await stage.collect(domains.contacts5);
  assert.equal(await job.getState(), 'completed', job.failedReason);
});

// Whoever blocks a page may block all: no job is lost to that, and somebody has to look at it. The last test, as
// nothing is asked for from then on.
test('403 of an edge proxy: the job waits, unharmed, and the log says why', { timeout: 300_000 }, async () => {
  const { id } = await stage.add(domains.edgeBlocked, { attempts: 1 });
  await stage.worker.program.line(/"api\.blocked"/);
  await until('the job to be put back', async () => (await stage.queue.getJobState(id)) === 'delayed');
  const job = await stage.queue.getJob(id);
  assert.equal(job.attemptsMade, 0);
  assert.equal(stage.store.exists(domains.edgeBlocked), false);
  assert.equal((await stage.worker.get('/readyz')).status, 503);
});
