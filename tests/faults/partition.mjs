// What must hold while a worker is cut off from Redis, whatever cuts it off.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../system/processes.mjs';
import { Chance, size, soak } from './figures.mjs';
import { OutageStage } from './outage.mjs';

const lockMs = 2000;
const slack = size(1500, 150); // ms: a request may be on its way from the worker to the API
/// From then on a worker that was cut off at `cut` must ask for nothing.
export const fencedAt = (cut) => cut + 0.8 * lockMs + slack;

/// How many ms each of `count` cuts lasts: in the long form 1 to 20 s by chance and once 120 s, in the short one
/// always longer than a lock lives.
export function cutLengths(chance, count) {
  if (!soak) return Array(count).fill(6000);
  const lengths = Array.from({ length: count }, () => chance.between(1000, 20_000));
  lengths[chance.between(0, count - 1)] = 120_000;
  return lengths;
}

/// Locks that run out within a cut, and jobs with a page at any time.
export const cutSettings = {
  pageMs: 250, GLEANER_API__PAGES_PER_JOB: 1,
  GLEANER_QUEUE__LOCK_DURATION: `${lockMs}ms`, GLEANER_REDIS__COMMAND_TIMEOUT: '1s',
  GLEANER_REDIS__CONNECT_TIMEOUT: '1s',
};

export class PartitionStage extends OutageStage {
  /// Requests for pages between two times (ms of the epoch) by the key that ends in `tail`; a look at the account,
  /// every five minutes, costs nothing and belongs to no job.
  async requestsBetween(from, to, tail = 'ey') {
    const calls = await this.simulator.calls();
    return calls.filter(({ path, wall_ms: at, key }) => (
      path === '/v2/domain-search' && at > from && at < to && key.endsWith(tail)));
  }

  /// Pages were asked for since `begin`, and every job at hand has got one that was not in `known`: no job is cut
  /// off again and again without a new page, which would rightly make it poison.
  async atWork(begin, known) {
    await until('requests before the cut, and a new page of each job', async () => {
      const fresh = (await this.ledgerPages()).filter((page) => !known.has(page));
      const domains = new Set(fresh.map((page) => page.split(' ')[0]));
      const ids = await this.db.lrange(this.key('active'), 0, -1);
      return ids.length > 0 && ids.every((id) => domains.has(this.oracle.jobs.get(id)))
        && (await this.requestsBetween(begin, Infinity)).length > 0;
    }).catch(async (error) => this.tell(error));
  }

  /// Cuts the worker off for `length` ms: {stray, fenced, recovery}, ms by which requests of a fenced worker were
  /// late, whether the cut was long enough for it to be one, and ms until it was at work again.
  async cutOff(length, cut, heal) {
    const [begin, known] = [Date.now(), new Set(await this.ledgerPages())];
    if ((await this.counts()).waiting < 8) await this.load(8, 2000);
    await this.atWork(begin, known);
    const [from, to] = await this.during(cut, async () => {
      const began = Date.now();
      await sleep(length); // how long it is cut off is the fault itself
      const ended = Date.now();
      await heal();
      return [began, ended];
    });
    const stray = await this.requestsBetween(fencedAt(from), to);
    await until('work after the cut', async () => (await this.requestsBetween(to, Infinity)).length > 0);
    const late = stray.map(({ wall_ms: at }) => at - fencedAt(from));
    return { stray: late, fenced: fencedAt(from) < to, recovery: Date.now() - to };
  }

  /// Cuts the worker off once for each of `ways`, [cut, heal], again and again: the figures of all.
  async cutOffEach(ways, rounds) {
    const chance = new Chance();
    const found = { cuts: 0, fenced: 0, stray_requests: 0, latest_ms: 0, slowest_recovery_ms: 0 };
    for (const [index, length] of cutLengths(chance, rounds * ways.length).entries()) {
      const { stray, fenced, recovery } = await this.cutOff(length, ...ways[index % ways.length]);
      found.cuts++;
      found.fenced += Number(fenced);
      found.stray_requests += stray.length;
      found.latest_ms = Math.max(found.latest_ms, ...stray);
      found.slowest_recovery_ms = Math.max(found.slowest_recovery_ms, recovery);
    }
    assert.ok(found.fenced > 0, 'no cut was longer than a lease: the test shows nothing');
    return found;
  }
}
