// Recipes of a document: its shell blocks, each named by the heading that it stands under.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packages, root } from './harness.mjs';
import { runToEnd, until } from './processes.mjs';

/// [{title, script}] of a document at the top of the tree, in its order.
export function recipesOf(document) {
  const text = readFileSync(join(root, document), 'utf8');
  return text.split(/^##+ /m).slice(1).flatMap((section) => {
    const title = section.slice(0, section.indexOf('\n'));
    return [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, script]) => ({ title, script }));
  });
}

/// Runs scripts in one shell against a Redis; what the last of them said.
export async function runScripts(scripts, redis, variables = {}) {
  const env = { PATH: process.env.PATH, REDIS_URL: redis.url, ...variables };
  const done = await runToEnd('sh', ['-eu', '-c', scripts.join('echo ----\n')], { env });
  assert.deepEqual([done.code, done.stderr], [0, ''], done.stdout);
  assert.doesNotMatch(done.stdout, /^(\(error\)|ERR|WRONGTYPE|EXECABORT)/m);
  return done.stdout.split('----\n').at(-1).replace(/\n$/, '');
}

/// The events of each job: Map(id -> [{event, jobId, ...}]), oldest first.
export async function eventsById(stage) {
  const jobs = new Map();
  for (const [, fields] of await stage.db.xrange(stage.key('events'), '-', '+')) {
    const event = {};
    for (let i = 0; i < fields.length; i += 2) event[fields[i]] = fields[i + 1];
    jobs.set(event.jobId, [...(jobs.get(event.jobId) ?? []), event]);
  }
  return jobs;
}

/// The events of one job.
export async function eventsOf(stage, id) {
  return (await eventsById(stage)).get(id) ?? [];
}

/// A stock queue by `library` that is the last to have opened it.
export async function openedBy(library, stage) {
  const queue = new (packages(library).Queue)('domain-collection', {
    connection: { host: '127.0.0.1', port: stage.redis.port },
  });
  await queue.waitUntilReady();
  const { version } = packages(`${library}/package.json`);
  await until(`version ${version}`, async () => (
    await stage.db.hget(stage.key('meta'), 'version')) === `bullmq:${version}`);
  return queue;
}
