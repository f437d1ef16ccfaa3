// The peer of `gleaner run`: as cheap a worker as can be written on bullmq 6.7.0 for the same duties. Pages come by
// undici's dispatch over connections that are kept, those after the first side by side; commands go to Redis as
// node-redis gathers them; each page is told as progress; the file is written beside its name and renamed, without
// the fsync that Gleaner does. With "pages": false a job needs none, and is only taken and ended.
// Usage: node --max-semi-space-size=64 node_collector.mjs
//   '{"port", "api", "key", "folder", "concurrency", "connections", "pages", "most"}'
import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'bullmq';
import { Pool } from 'undici';
import { connectTo } from './connection.mjs';

const { port, api, key, folder, concurrency, connections, pages, most } = JSON.parse(process.argv[2]);
const pageSize = 100;
const { origin, pathname } = new URL(api);
const pool = new Pool(origin, { connections, pipelining: 1 });
const headers = { authorization: `Bearer ${key}` };

/// The body of a page, parsed.
function fetchPage(domain, offset) {
  const path = `${pathname}/domain-search?domain=${encodeURIComponent(domain)}&limit=${pageSize}&offset=${offset}`;
  return new Promise((resolve, reject) => {
    const chunks = [];
    let status;
    pool.dispatch({ path, method: 'GET', headers }, {
      onRequestStart() {},
      onResponseStart(_, code) {
        status = code;
      },
      onResponseData(_, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        if (status !== 200) return reject(new Error(`the API answered ${status}`));
        try {
          return resolve(JSON.parse(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
        } catch (error) {
          return reject(error);
        }
      },
      onResponseError(_, error) {
        reject(error);
      },
    });
  });
}

/// As the file has a contact.
function itemOf(row) {
  return {
    email: row.value.trim().toLowerCase(),
    name: [row.first_name, row.last_name].filter(Boolean).join(' '),
    title: row.position ?? '',
    confidence: (row.confidence ?? 0) / 100,
    source: row.sources?.[0]?.uri ?? '',
    type: row.type,
    seniority: row.seniority,
    department: row.department,
    verification: row.verification,
    sources: row.sources,
  };
}

function fileName(domain) {
  const slug = domain.toLowerCase().replace(/[^a-z0-9.-]/g, '_').slice(0, 100);
  return `${slug}_${createHash('sha256').update(domain.toLowerCase()).digest('hex').slice(0, 8)}.json`;
}

async function store(job, domain, items) {
  const collectedAt = new Date().toISOString();
  const metadata = { jobId: job.id, processedAt: collectedAt };
  const path = join(folder, fileName(domain));
  const text = JSON.stringify({ domain, collectedAt, items, total: items.length, metadata }, null, 2);
  await writeFile(`${path}.${job.id}.tmp`, text);
  await rename(`${path}.${job.id}.tmp`, path);
  return collectedAt;
}

async function collect(job) {
  const { domain } = job.data;
  const byAddress = new Map();
  let page = 0;
  let total = 0;
  const told = [job.updateProgress({ status: 'starting', domain })];
  const take = (body) => {
    total = Math.min(body.meta.results, most);
    for (const row of body.data.emails) {
      const item = itemOf(row);
      if (!byAddress.has(item.email)) byAddress.set(item.email, item);
    }
    page++;
    told.push(job.updateProgress({
      status: 'fetching', page, collected: byAddress.size, total, progress: Math.min(1, byAddress.size / total),
    }));
  };
  take(await fetchPage(domain, 0));
  const rest = [];
  for (let offset = pageSize; offset < total; offset += pageSize) rest.push(fetchPage(domain, offset).then(take));
  await Promise.all(rest);
  const items = [...byAddress.values()];
  told.push(job.updateProgress({ status: 'normalizing', domain, collected: items.length, total }));
  const collectedAt = await store(job, domain, items);
  told.push(job.updateProgress({ status: 'completed', domain, itemsSaved: items.length, total }));
  await Promise.all(told);
  return { success: true, domain, itemsCollected: items.length, total, collectedAt };
}

const noPages = async ({ data: { domain } }) => ({ success: true, domain, itemsCollected: 0, total: 0 });

const worker = new Worker('domain-collection', pages ? collect : noPages, {
  connection: await connectTo(port), concurrency,
});
worker.on('error', (error) => console.error(error.message));
await worker.waitUntilReady();
console.log('ready');
process.on('SIGTERM', async () => {
  await worker.close();
  process.exit(0);
});
