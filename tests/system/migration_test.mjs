// From the Node worker to Gleaner and back while jobs come in, as MIGRATION.md tells it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { packages } from './harness.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const count = 450;
const nodeResult = { success: true, by: 'node' };

/// A stock worker with the guide's options, but a pace that suits a test.
function nodeWorker(bullmq, stage) {
  const worker = new bullmq.Worker('domain-collection', async (job) => {
    await job.updateProgress({ status: 'starting', domain: job.data.domain });
    await sleep(5);
    return nodeResult;
  }, { connection: { host: '127.0.0.1', port: stage.redis.port }, concurrency: 2,
    limiter: { max: 30, duration: 200 } });
  worker.on('error', () => {});
  return worker;
}

async function endedBy(stage) {
  const jobs = await stage.queue.getJobs(['completed'], 0, -1);
  const byNode = jobs.filter((job) => job.returnvalue.by === 'node').length;
  return { byNode, byGleaner: jobs.length - byNode };
}

/// Waits until that worker has ended so many jobs more.
async function more(stage, who, jobs = 20) {
  const before = (await endedBy(stage))[who];
  await until(`${jobs} jobs more ${who}`, async () => (await endedBy(stage))[who] >= before + jobs, 30_000);
}

for (const generation of ['bullmq5', 'bullmq6']) {
  test(`there and back in the middle of traffic, with ${generation}`, { timeout: 120_000 }, async () => {
    const bullmq = packages(generation);
    const stage = await Stage.open({ worker: false });
    const producer = new bullmq.Queue('domain-collection',
      { connection: { host: '127.0.0.1', port: stage.redis.port } });
    let node = nodeWorker(bullmq, stage);

    const ids = [];
    const traffic = (async () => {
      for (let i = 0; i < count; i++) {
        const opts = { attempts: 3, backoff: { type: 'exponential', delay: 2000 },
          ...(i % 7 === 0 ? { priority: 1 + (i % 3) } : {}), ...(i % 11 === 0 ? { delay: 300 } : {}) };
        ids.push((await producer.add('collect-domain', { domain: `c5-x${i}.test` }, opts)).id);
        await sleep(15);
      }
    })();

    await more(stage, 'byNode');
    await stage.startWorker({ GLEANER_LIMITS: '200/s' }); // side by side
    await more(stage, 'byGleaner');
    await node.close(); // cut over
    await more(stage, 'byGleaner', 60);
    node = nodeWorker(bullmq, stage); // and back
    assert.equal((await stage.worker.stop()).code, 0);
    await traffic;
    await until('the end of all jobs', async () => {
      const { byNode, byGleaner } = await endedBy(stage);
      return byNode + byGleaner === count;
    }, 40_000);

    const { byNode, byGleaner } = await endedBy(stage);
    console.log(`${generation}: ${byNode} jobs by Node, ${byGleaner} by Gleaner`);
    const counts = await stage.queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized', 'failed');
    assert.deepEqual(Object.values(counts), [0, 0, 0, 0, 0]);
    for (const job of await stage.queue.getJobs(['completed'], 0, -1)) {
      assert.equal(job.attemptsMade, 1, `attempts of ${job.id}`);
      if (job.returnvalue.by !== 'node') {
        assert.equal(job.returnvalue.itemsCollected, 5);
        assert.equal((await stage.store.load(job.data.domain)).items.length, 5);
      }
    }
    const ends = (await stage.db.xrange(stage.key('events'), '-', '+')).map(([, fields]) => fields)
      .filter((fields) => fields[fields.indexOf('event') + 1] === 'completed')
      .map((fields) => fields[fields.indexOf('jobId') + 1]);
    assert.deepEqual(ends.sort(), ids.sort(), 'each job completed once');

    await node.close();
    await producer.close();
    await stage.close();
  });
}
