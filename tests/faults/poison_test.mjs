// Jobs that kill their worker, and jobs that are only there when it dies.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../system/processes.mjs';
import { size } from './figures.mjs';
import { Scene } from './scene.mjs';

const stallsUntilFailed = 3; // GLEANER_QUEUE__MAX_STALLED_COUNT is 2: the third is too many
const deploys = size(20, 100);
const opts = { attempts: 3 };
const poisoned = [];
let scene;
let node;

before(async () => {
  scene = await Scene.open({ delayMs: 40, GLEANER_API__PAGES_PER_JOB: 1 });
  node = scene.node('aa');
  await node.start();
});
after(async () => scene?.close());

/// Kills the worker whenever it has asked for that page, at most `most` times, and lets the job end then;
/// how often that was.
async function killAt(id, domain, offset, most) {
  for (let kills = 0; kills < most; kills++) {
    const seen = await until(`the call for ${domain} at ${offset}`, async () => {
      const calls = (await node.ownCalls()).filter((call) => call.domain === domain);
      if (calls.some((call) => (call.offset ?? 0) === offset)) return 'asked';
      return await scene.db.hexists(scene.key(id), 'finishedOn') ? 'ended' : undefined;
    });
    if (seen === 'ended') return kills;
    await node.kill();
    await node.start();
  }
  await scene.ended(id);
  return most;
}

test('a job that kills its worker three times without a new page fails', { timeout: 300_000 }, async () => {
  // At the first page; and at the third, where two are kept: they are no excuse.
  const jobs = [['c250-stall-p1.test', 0], ['c250-stall-p3.test', 200]];
  for (const [domain, offset] of jobs) {
    const { id } = await scene.add(domain, opts);
    poisoned.push(id);
    assert.equal(await killAt(id, domain, offset, stallsUntilFailed), stallsUntilFailed);
    const job = await scene.queue.getJob(id);
    assert.match(job.failedReason ?? '', /stalled/);
    assert.equal(await scene.pagesKept(id), offset / 100, 'its pages stay for a retry');
  }
  await scene.oracle.report('poison', { failed: poisoned }, { kills_each: stallsUntilFailed });
});

test('a job that gains a page before each kill never fails', { timeout: 300_000 }, async () => {
  await scene.pace(100); // 60 pages: the job is not over before its worker was killed six times
  const { id } = await scene.add('c6000-gains.test', opts);
  let kept = 0;
  for (let kills = 0; kills < 2 * stallsUntilFailed; kills++) {
    kept = await until('another page', async () => {
      const now = await scene.pagesKept(id);
      return now > kept ? now : undefined;
    });
    await node.kill();
    await node.start();
  }
  await scene.pace(40);
  const job = await scene.ended(id);
  assert.equal(job.failedReason, undefined);
  await scene.oracle.report('poison_gaining', { failed: poisoned });
});

test(`${deploys} deploys that crash fail none of the jobs under way`, {
  timeout: size(380, 600) * 1000,
}, async () => {
  for (let crashes = 0; crashes < deploys; crashes++) {
    await until('work under way', async () => {
      while ((await scene.queue.getJobCountByTypes('wait', 'active')) < 6) {
        await scene.add(`c500-i${scene.oracle.jobs.size}.test`, opts);
      }
      return (await node.ownCalls()).length > 4;
    });
    await node.stopFairly();
    await node.kill();
    await node.start();
  }
  await scene.allEnded();
  await scene.oracle.report('poison_deploys', { failed: poisoned }, { deploys });
});
