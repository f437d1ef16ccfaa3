// Adds jobs at a steady rate with the stock client and writes, as JSON, how many ms it was from each addition until
// QueueEvents told of its end: {"ms": [...]}. Usage: node latency.mjs '{"port", "rate", "count", "contacts"}'
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, QueueEvents } from 'bullmq';
import { connectTo } from './connection.mjs';

const { port, rate, count, contacts } = JSON.parse(process.argv[2]);
const clients = await Promise.all([connectTo(port), connectTo(port)]);
const queue = new Queue('domain-collection', { connection: clients[0] });
const events = new QueueEvents('domain-collection', { connection: clients[1] });
await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);

const added = new Map();
const ms = [];
const all = new Promise((resolve, reject) => {
  events.on('completed', ({ jobId }) => {
    ms.push(performance.now() - added.get(jobId));
    if (ms.length === count) resolve();
  });
  events.on('failed', ({ jobId, failedReason }) => reject(new Error(`job ${jobId}: ${failedReason}`)));
});
const begun = performance.now();
for (let i = 0; i < count; i++) {
  await sleep(Math.max(0, begun + (1000 * i) / rate - performance.now()));
  const jobId = `steady-${i}`;
  added.set(jobId, performance.now());
  await queue.add('collect-domain', { domain: `c${contacts}-s${i}.test` }, { jobId });
}
await all;
await Promise.all([queue.close(), events.close()]);
for (const client of clients) client.destroy();
console.log(JSON.stringify({ ms }));
