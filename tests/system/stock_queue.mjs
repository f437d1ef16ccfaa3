// A queue as stock clients see it.
import { packages } from './harness.mjs';
import { until } from './processes.mjs';

/// The name of the queue's last event: what happens from now on comes after it.
export async function lastEvent(stage) {
  const [last] = await stage.db.xrevrange(stage.key('events'), '+', '-', 'COUNT', 1);
  return last?.[0] ?? '0';
}

/// The events of each job: Map(id -> [{event, jobId, at, ...}]), oldest first, as Redis saw them; `at` in ms.
/// `after`: only what came after that one.
export async function eventsById(stage, after = '0') {
  const jobs = new Map();
  for (const [entry, fields] of await stage.db.xrange(stage.key('events'), `(${after}`, '+')) {
    const event = { at: Number.parseInt(entry, 10) };
    for (let i = 0; i < fields.length; i += 2) event[fields[i]] = fields[i + 1];
    jobs.set(event.jobId, [...(jobs.get(event.jobId) ?? []), event]);
  }
  return jobs;
}

/// A stock queue by `library` that is the last to have opened it.
export async function openedBy(library, stage) {
  const queue = new (packages(library).Queue)('domain-collection', { connection: stage.connection });
  await queue.waitUntilReady();
  const { version } = packages(`${library}/package.json`);
  await until(`version ${version}`, async () => (
    await stage.db.hget(stage.key('meta'), 'version')) === `bullmq:${version}`);
  return queue;
}
