// The peer of `gleaner run` in the budget cases: a worker on stock BullMQ that keeps an API's windows as well as
// BullMQ's limiter can. A job is one page, since the limiter counts jobs. It knows one window only, which begins with
// its first job: five jobs at once, so seldom that neither of the API's windows can be exceeded, and a hundredth
// more for requests that arrive unevenly. A refused job goes back and the queue pauses, twice as long each time.
// Usage: node node_peer.mjs '{"port", "api", "windows": [{"requests", "ms"}], "concurrency", "timeout"}'
import { Worker } from 'bullmq';
import { connectTo } from './connection.mjs';

const { port, api, windows, concurrency, timeout } = JSON.parse(process.argv[2]);
const burst = 5;
const apart = Math.max(...windows.map(({ requests, ms }) => ms / requests));
const limiter = { max: burst, duration: Math.ceil(burst * apart * 1.01) };
const firstPause = 1000;
const longestPause = 10_000;
let pause = firstPause;
let pausedUntil = 0;

/// Once for all jobs of a burst.
async function slowDown() {
  if (Date.now() < pausedUntil) return;
  pausedUntil = Date.now() + pause;
  await worker.rateLimit(pause);
  pause = Math.min(2 * pause, longestPause);
}

async function collect({ data: { domain, offset } }) {
  const answer = await fetch(`${api}/domain-search?domain=${domain}&limit=100&offset=${offset}`, {
    headers: { authorization: 'Bearer sim-key' }, signal: AbortSignal.timeout(timeout),
  });
  const body = await answer.json();
  if (answer.status === 403 || answer.status === 429) {
    await slowDown();
    throw Worker.RateLimitError();
  }
  if (!answer.ok) throw new Error(`status ${answer.status}`); // the next attempt comes after its backoff
  pause = firstPause;
  return { success: true, itemsCollected: body.data.emails.length };
}

const worker = new Worker('domain-collection', collect, {
  connection: await connectTo(port), limiter, concurrency,
});
worker.on('error', (error) => console.error(error.message));
await worker.waitUntilReady();
console.log('ready');
