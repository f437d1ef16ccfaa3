// Keys of a job vanish while it runs, at each of its pages: no crash, no torn file, and the worker goes on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../system/processes.mjs';
import { figures, size } from './figures.mjs';
import { OutageStage } from './outage.mjs';

const pages = 3;
const contacts = 250;
let stage;
before(async () => {
  stage = await OutageStage.open({ pageMs: 100, GLEANER_API__PAGES_PER_JOB: 1, GLEANER_QUEUE__MAX_STALLED_COUNT: 9,
    GLEANER_QUEUE__RECONCILE_INTERVAL: '500ms' });
});
after(async () => stage?.close());

// [what vanishes, how, the end of the job, pages that each time may be fetched again]
const table = [
  ['the job', async (id) => {
    await stage.db.del(stage.key(id));
    stage.oracle.deleted(id);
  }, 'gone', 0],
  ['the lock', (id) => stage.db.del(stage.key(`${id}:lock`)), 'completed', 1],
  ['the list of active jobs', () => stage.db.del(stage.key('active')), 'completed', 1],
  ['the marker', () => stage.db.del(stage.key('marker')), 'completed', 0],
  ['the set of stalled jobs', () => stage.db.del(stage.key('stalled')), 'completed', 0],
  ['the ledger', (id) => stage.db.del(stage.key(`${id}:ledger`)), 'completed', pages],
  ['every script', () => stage.db.script('FLUSH'), 'completed', 0],
  ['everything', async () => {
    await stage.db.flushall();
    for (const id of stage.oracle.jobs.keys()) stage.oracle.deleted(id);
  }, 'gone', 0],
];

/// Requests for the pages of a domain so far.
async function requestsFor(domain) {
  const answer = await fetch(`${stage.simulator.base}/admin/calls?domain=${domain}`);
  return (await answer.json()).length;
}

/// A job is at its page `page` of three; after the last one it is being stored or ended.
async function jobAt(page, domain) {
  const job = await stage.add(domain, { attempts: 3 });
  await until(`page ${page} of ${domain}`, async () => await requestsFor(domain) >= page);
  return job.id;
}

/// The worker still takes jobs and does them.
async function goesOn(domain) {
  const job = await stage.collect(domain);
  assert.equal(await job.getState(), 'completed', job.failedReason);
  assert.equal(stage.store.load(domain).items.length, contacts);
}

const found = { runs: 0, completed: 0, gone: 0, refetched: 0 };

/// What became of the job whose key vanished.
async function outcomeOf(id, domain, end) {
  if (end === 'completed') await stage.ended(id);
  const job = await stage.queue.getJob(id);
  const state = job ? await job.getState() : 'gone';
  assert.equal(state, end, job?.failedReason);
  found[state]++;
  const file = stage.store.load(domain);
  if (state === 'completed') assert.ok(file, `a file of ${domain}`);
  if (file) assert.equal(file.items.length, contacts, `a torn file of ${domain}`);
}

/// A deleted job's id goes with its lock, by the stalled check.
async function nothingLeftOfDeleted() {
  const deleted = [...stage.oracle.gone.values()].filter((id) => !stage.oracle.jobs.has(id));
  await until('lists without deleted jobs', async () => {
    const active = await stage.db.lrange(stage.key('active'), 0, -1);
    return !active.some((id) => deleted.includes(id));
  });
}

for (const [what, vanish, end, allowed] of table) {
  test(`${what} vanishes at each page`, { timeout: 300_000 }, async () => {
    for (let run = 0; run < size(1, 5) * pages; run++) {
      const domain = `c${contacts}-x${++found.runs}.test`;
      const id = await jobAt(1 + (run % pages), domain);
      await vanish(id);
      await goesOn(`c${contacts}-next${found.runs}.test`);
      await outcomeOf(id, domain, end);
      const again = Math.max(0, await requestsFor(domain) - pages);
      assert.ok(again <= allowed, `${again} pages of ${domain} fetched again`);
      found.refetched += again;
    }
    assert.equal(stage.worker.program.outcome, undefined, 'the worker lives');
    await nothingLeftOfDeleted();
    await stage.oracle.check({ refetches: found.refetched });
  });
}

test('the worker that saw all this ends as ever', { timeout: 300_000 }, async () => {
  const { code } = await stage.worker.stop();
  assert.equal(code, 0);
  figures('flush', { ...await stage.oracle.check({ refetches: found.refetched }), ...found });
});
