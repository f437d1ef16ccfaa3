// A stock Node worker that does with a domain what Gleaner does: asks the (simulated) Hunter API,
// gives up at once on a refusal and fails an attempt on an error of the server.
// Usage: node node_worker.mjs '{"library","port","queue","simulator","options"}'; prints "ready".
import { createRequire } from 'node:module';

const { library, port, queue, simulator, options } = JSON.parse(process.argv[2]);
const bullmq = createRequire(import.meta.url)(library);
const headers = { authorization: 'Bearer sim-key' };

async function collect(job) {
  const { domain } = job.data;
  const answer = await fetch(`${simulator}/domain-search?domain=${domain}&limit=100`, { headers });
  const { data, errors } = answer.ok ? await answer.json() : {};
  if (answer.status === 403) throw new bullmq.UnrecoverableError(`refused by ${library}`);
  if (!answer.ok || errors) throw new Error(`status ${answer.status} for ${library}`);
  return { success: true, domain, itemsCollected: data.emails.length, worker: library };
}

const worker = new bullmq.Worker(queue, collect, { connection: { host: '127.0.0.1', port }, ...options });
// Such as a lock that was lost while this process had no time.
worker.on('error', (error) => console.error(error.message));
await worker.waitUntilReady();
console.log('ready');
process.on('SIGTERM', async () => {
  await worker.close();
  process.exit(0);
});
