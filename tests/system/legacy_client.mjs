// What an application around the old worker does, in the words of its guide. Argument: domains.
import { Queue, QueueEvents } from 'bullmq';
import IORedis from 'ioredis';

const connection = new IORedis(process.env.REDIS_URL, { maxRetriesPerRequest: null });
const queue = new Queue('domain-collection', { connection });
const queueEvents = new QueueEvents('domain-collection', { connection });
await queueEvents.waitUntilReady();

const say = (line) => console.log(JSON.stringify(line));
queueEvents.on('progress', ({ jobId, data }) => say({ event: 'progress', jobId, data }));
const ended = new Map(); // job id -> promise and its resolve, whoever comes first
const endOf = (id) => {
  if (!ended.has(id)) {
    const entry = {};
    entry.promise = new Promise((resolve) => (entry.resolve = resolve));
    ended.set(id, entry);
  }
  return ended.get(id);
};
queueEvents.on('completed', ({ jobId, returnvalue }) => {
  say({ event: 'completed', jobId, returnvalue });
  endOf(jobId).resolve();
});
queueEvents.on('failed', ({ jobId, failedReason }) => {
  say({ event: 'failed', jobId, failedReason });
  endOf(jobId).resolve();
});

for (const domain of process.argv.slice(2)) {
  const job = await queue.add(
    'collect-domain',
    { domain },
    { attempts: 3, backoff: { type: 'exponential', delay: 2000 } },
  );
  say({ added: job.id, domain });
  say({ early: await (await queue.getJob(job.id)).getState() });
  await endOf(job.id).promise;

  const found = await queue.getJob(job.id);
  say({
    job: found.id,
    domain: found.data.domain,
    state: await found.getState(),
    progress: found.progress,
    returnvalue: found.returnvalue,
    failedReason: found.failedReason,
    attemptsMade: found.attemptsMade,
  });
}

await queueEvents.close();
await queue.close();
await connection.quit();
