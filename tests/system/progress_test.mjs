// What a job tells while it runs, and how the API is asked.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { Stage } from './stage.mjs';

let stage;
before(async () => (stage = await Stage.open()));
after(async () => stage?.close());

function statuses(progress) {
  return progress.map(({ status }) => status).join(' ');
}

test('progress goes starting, fetching, normalizing, completed', async () => {
  const job = await stage.collect(domains.contacts500);
  assert.match(statuses(await stage.progressOf(job.id)), /^starting (fetching )*normalizing completed$/);
});

test('pages that come one by one are each told', async () => {
  await stage.worker.stop();
  await stage.startWorker({ GLEANER_API__PAGES_PER_JOB: 1 });
  const domain = domains.slow500;
  const job = await stage.collect(domain);
  const progress = await stage.progressOf(job.id);
  assert.match(statuses(progress), /^starting (fetching ){5}normalizing completed$/);
  assert.deepEqual(progress[0], { ...progress[0], status: 'starting', domain });

  const fetching = progress.filter(({ status }) => status === 'fetching');
  assert.deepEqual(fetching.map(({ page }) => page), [1, 2, 3, 4, 5]);
  assert.deepEqual(fetching.map(({ collected }) => collected), [100, 200, 300, 400, 500]);
  for (const one of fetching) {
    assert.equal(one.total, 500);
    assert.equal(one.progress, Math.round((100 * one.collected) / 500));
  }
  const normalizing = progress.at(-2);
  assert.deepEqual(normalizing,
    { ...normalizing, domain, collected: 500, total: 500 });
  const completed = progress.at(-1);
  assert.deepEqual(completed,
    { ...completed, domain, itemsSaved: 500, total: 500 });
  assert.deepEqual((await stage.queue.getJob(job.id)).progress, completed);
});

test('a throttled domain says so, waits and completes', { timeout: 300_000 }, async () => {
  const job = await stage.collect(domains.throttled, {}, 50_000);
  assert.equal(await job.getState(), 'completed', job.failedReason);
  const limited = (await stage.progressOf(job.id)).filter(({ status }) => status === 'rate_limited');
  assert.ok(limited.length >= 1);
  for (const one of limited) {
    assert.ok(one.page >= 1 && one.backoffMs > 0 && one.backoffMs <= 30_000, JSON.stringify(one));
    assert.equal(typeof one.collected, 'number');
  }
  assert.equal(stage.store.load(domains.throttled).items.length, job.returnvalue.itemsCollected);
  assert.equal(job.returnvalue.itemsCollected, job.returnvalue.total);
  assert.equal(job.attemptsMade, 1);
});

test('a domain without contacts completes with an empty collection', async () => {
  const job = await stage.collect(domains.empty);
  assert.equal(await job.getState(), 'completed', job.failedReason);
  const { success, domain, itemsCollected, total } = job.returnvalue;
  assert.deepEqual([success, domain, itemsCollected, total], [true, domains.empty, 0, 0]);
  assert.deepEqual(stage.store.load(domains.empty).items, []);
});

test('a domain is asked for page by page without waste', async () => {
  const before = (await stage.simulator.calls()).length;
  await stage.collect(domains.contacts250);
  const calls = (await stage.simulator.calls()).slice(before)
    .filter(({ path }) => path.startsWith('/v2/domain-search'));
  const slices = calls.map(({ offset, limit }) => [offset ?? 0, limit]);
  assert.deepEqual(slices.sort(([a], [b]) => a - b), [[0, 100], [100, 100], [200, 100]]);
  for (const { domain } of calls) assert.equal(domain, domains.contacts250);
});

test('the key travels as a Bearer header only and the program gives its name', async () => {
  await stage.collect(domains.contacts5);
  const calls = await stage.simulator.calls();
  assert.ok(calls.length > 0);
  for (const call of calls) {
    assert.equal(call.auth, 'bearer', JSON.stringify(call));
    assert.ok(!/api_key/.test(call.query), call.query);
    assert.match(call.user_agent, /^gleaner\/\d+\.\d+\.\d+/i);
  }
});

test('two jobs for one domain at once both complete and leave one whole file', async () => {
  const [first, second] = await Promise.all([stage.add(domains.contacts250), stage.add(domains.contacts250)]);
  for (const { id } of [first, second]) {
    const job = await stage.ended(id);
    assert.equal(job.returnvalue?.itemsCollected, 250, job.failedReason);
  }
  assert.equal(stage.store.load(domains.contacts250).items.length, 250);
});
