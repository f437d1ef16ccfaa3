// What must hold while a worker is cut off from Redis, whatever cuts it off.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../system/processes.mjs';
import { size } from './figures.mjs';
import { OutageStage } from './outage.mjs';

const lockMs = 2000;
const slack = size(1500, 150); // ms: a request may be on its way from the worker to the API
/// From then on a worker that was cut off at `cut` must ask for nothing.
export const fencedAt = (cut) => cut + 0.8 * lockMs + slack;

const cutMs = () => size(6000, 10_000);

/// Locks that run out within a cut, and jobs with a page at any time.
export const cutSettings = {
  pageMs: 250, GLEANER_API__PAGES_PER_JOB: 1,
  GLEANER_QUEUE__LOCK_DURATION: `${lockMs}ms`, GLEANER_REDIS__COMMAND_TIMEOUT: '1s',
  GLEANER_REDIS__CONNECT_TIMEOUT: '1s',
};

export class PartitionStage extends OutageStage {
  /// Requests between two times (ms of the epoch) by the key that ends in `tail`.
  async requestsBetween(from, to, tail = 'ey') {
    const calls = await this.simulator.calls();
    return calls.filter(({ wall_ms: at, key }) => at > from && at < to && key.endsWith(tail));
  }

  /// Cuts the worker off for a while: {stray, recovery}, requests by a fenced worker and ms until it was
  /// at work again.
  async cutOff(cut, heal) {
    await this.load(8, 2000);
    await this.underWay();
    const [from, to] = await this.during(cut, async () => {
      const began = Date.now();
      await sleep(cutMs()); // how long it is cut off is the fault itself
      const ended = Date.now();
      await heal();
      return [began, ended];
    });
    assert.ok((await this.requestsBetween(from - 2000, from)).length > 0, 'it was at work before the cut');
    const stray = await this.requestsBetween(fencedAt(from), to);
    await until('work after the cut', async () => (await this.requestsBetween(to, Infinity)).length > 0);
    return { stray: stray.length, recovery: Date.now() - to };
  }
}
