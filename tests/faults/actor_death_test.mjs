// An actor dies of an exception: all are made anew within the process, and its jobs go on from their ledgers.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { binary } from '../system/harness.mjs';
import { temporaryFolder, until } from '../system/processes.mjs';
import { figures, size } from './figures.mjs';
import { OutageStage } from './outage.mjs';

const mostRestarts = 5; // within a minute

/// A worker whose StoreWriter dies at the next collection of 250 contacts when told to.
class DyingStage extends OutageStage {
  static async open(settings = {}) {
    const order = join(temporaryFolder(), 'order');
    const stage = await super.open({
      LD_PRELOAD: binary('fail_allocation.so'), GLEANER_FAIL_ALLOCATION: order, GLEANER_FAIL_ALLOCATION_BYTES: 60_000,
      GLEANER_QUEUE__MAX_STALLED_COUNT: 50, ...settings,
    });
    stage.order = order;
    return stage;
  }

  deaths() {
    return this.worker.program.lines.filter((line) => line.includes('"actor.down"') && line.includes('"name"'));
  }

  /// Until it has died once more. What was under way may have ended before the order: more comes until then.
  async die() {
    const before = this.deaths().length;
    await this.busy();
    await this.during(() => writeFileSync(this.order, ''), async () => {
      await until('the death of an actor', async () => {
        if (this.worker.program.outcome || this.deaths().length > before) return true;
        if ((await this.counts()).waiting < 8) await this.load(8);
        return false;
      }).catch(async (error) => this.tell(error));
    });
  }
}

test('the actors go on in the same process', { timeout: size(120_000, 600_000) }, async () => {
  const stage = await DyingStage.open();
  try {
    const deaths = size(2, mostRestarts);
    for (let death = 0; death < deaths; death++) {
      await stage.die();
      const { completed } = await stage.counts();
      await until('more ends', async () => (await stage.counts()).completed > completed)
        .catch(async (error) => stage.tell(error));
    }
    for (const line of stage.deaths()) assert.equal(JSON.parse(line).name, 'StoreWriter', line);
    const metrics = await (await stage.worker.get('/metrics')).text();
    assert.match(metrics, /^gleaner_actor_restarts_total\{kind="StoreWriter"\} [1-9]/m);
    assert.equal(stage.worker.program.outcome, undefined);
    figures('actor_death', { deaths, ...await stage.settled() });
  } finally {
    await stage.close();
  }
});

test('a process whose actors die again and again ends, and loses nothing', { timeout: 120_000 }, async () => {
  const stage = await DyingStage.open();
  try {
    for (let death = 0; death <= mostRestarts && !stage.worker.program.outcome; death++) await stage.die();
    const outcome = await until('the end of the process', () => stage.worker.program.outcome);
    assert.equal(outcome.code, 1);
    stage.worker.program.expectedEnd = { code: 1, last: ['actor.down'] };
    assert.equal(stage.deaths().length, mostRestarts + 1);
    rmSync(stage.order, { force: true });
    await stage.startWorker();
    figures('actor_death', { deaths: mostRestarts + 1, ...await stage.settled() });
  } finally {
    await stage.close();
  }
});
