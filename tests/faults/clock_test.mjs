// The clock of Redis or of the worker jumps while jobs run.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from '../system/harness.mjs';
import { temporaryFolder, until } from '../system/processes.mjs';
import { figures, promised, size } from './figures.mjs';
import { OutageStage } from './outage.mjs';
import { SteppedClock, steps } from './stepped_clock.mjs';

const lockMs = 4000;
const stalledCheckMs = 1000;
const ledgerLifeMs = 7 * 86_400_000; // a jump of Redis that is longer ends all ledgers

/// Redis and each worker have a clock of their own.
class ClockStage extends OutageStage {
  redisClock = new SteppedClock();
  workerClock = new SteppedClock();

  async openRedis(options) {
    return startRedis(options, { ...process.env, ...this.redisClock.env });
  }

  async startWorker(settings = {}) {
    return super.startWorker({ ...this.workerClock.env, ...settings });
  }

  async close() {
    await super.close();
    this.redisClock.close();
    this.workerClock.close();
  }

  /// Redis commands in half a second, those in scripts too.
  async commands() {
    const total = async () => Number(/total_commands_processed:(\d+)/.exec(await this.db.info('stats'))[1]);
    const [before, begun] = [await total(), performance.now()];
    await sleep(500); // a rate needs a time
    return Math.round((await total() - before) * 500 / (performance.now() - begun));
  }

  /// The clock is set while jobs run, and eight jobs later set right.
  async step(clock, ms) {
    for (const [before, offset] of [[0, ms], [ms, 0]]) {
      await this.busy(24);
      if (offset - before > ledgerLifeMs) await this.forgetLedgers();
      await this.during(() => clock.set(offset), async () => {});
      const { completed } = await this.counts();
      await until('more completed jobs', async () => (await this.counts()).completed >= completed + 8);
      if (offset - before > ledgerLifeMs) this.kept.clear();
    }
  }
}

let stage;
after(async () => stage?.close());

for (const whose of ['redis', 'worker']) {
  test(`the clock of ${whose} jumps`, { timeout: size(300_000, 900_000) }, async () => {
    await stage?.close();
    stage = await ClockStage.open({ pageMs: 50 });
    const clock = stage[`${whose}Clock`];
    for (let round = 0; round < size(1, 10); round++) {
      for (const [, ms] of steps()) await stage.step(clock, ms);
    }
    const found = await stage.settled();
    await stage.idle();
    const usual = await stage.commands();
    let most = 0;
    for (const [, ms] of steps()) {
      clock.set(ms);
      most = Math.max(most, await stage.commands());
    }
    clock.set(0);
    figures('clock', { of: whose, jumps: size(1, 10) * 2 * steps().length, ...found, usual_commands: usual, most_commands: most });
    // What takes a jump for time that has passed asks without a pause, thousands of times.
    assert.ok(most <= 3 * usual + 100, `${most} commands after a jump, usually ${usual}`);
    await stage.collect('c250-after.test');
  });
}

test('jobs of a dead worker come back in time after Redis\'s clock went back an hour', { timeout: 300_000 }, async () => {
  await stage?.close();
  stage = await ClockStage.open({ gated: true });
  stage.gate.hold('c250');
  const ids = await stage.load(8);
  const tokens = async () => stage.db.mget(ids.map((id) => stage.key(`${id}:lock`)));
  await until('running jobs', async () => (await tokens()).every(Boolean));
  const old = await tokens();
  await stage.worker.kill();
  stage.redisClock.set(-3_600_000);
  const killed = Date.now();
  await stage.startWorker({ folder: temporaryFolder(), NH_COLLECTIONS_DIR: stage.worker.collections });
  await until('all jobs to be taken again', async () => (
    await tokens()).every((token, index) => token !== old[index]));
  const took = Date.now() - killed;
  figures('clock', { of: 'redis', retaken_ms: took });
  promised('ms until the jobs are taken again', took, 1.5 * lockMs + 2 * stalledCheckMs);
});
