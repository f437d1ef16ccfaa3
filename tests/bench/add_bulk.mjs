// The peer of `gleaner enqueue`: queues the domains of standard input with addBulk of a stock
// client, a thousand at a time. Usage: REDIS_URL=... node add_bulk.mjs < domains
import { createInterface } from 'node:readline';
import { Queue } from 'bullmq';
import { connectTo } from './connection.mjs';

const client = await connectTo(new URL(process.env.REDIS_URL).port);
const queue = new Queue('domain-collection', { connection: client });
const opts = { attempts: 3, backoff: { type: 'exponential', delay: 2000 } };
let jobs = [];
for await (const domain of createInterface({ input: process.stdin })) {
  jobs.push({ name: 'collect-domain', data: { domain }, opts });
  if (jobs.length === 1000) await queue.addBulk(jobs.splice(0));
}
if (jobs.length) await queue.addBulk(jobs);
await queue.close();
client.destroy();
