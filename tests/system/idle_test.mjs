// What a worker costs that has nothing to do.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { domains } from './domains.mjs';
import { Redis, root } from './harness.mjs';
import { Stage } from './stage.mjs';

const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const manual = readFileSync(join(root, 'MANUAL.md'), 'utf8');
const most = Number(manual.match(/at rest on a socket sends at most (\d+) commands a minute/)[1]);
let stage;

before(async () => (stage = await Stage.open({ GLEANER_LIMITS: '15/s,500/min' })));
after(async () => stage?.close());

/// CPU seconds, user and system, of all threads so far.
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}

test('at rest: under 1 % of a core and no more Redis commands than the manual says', { timeout: 300_000 }, async () => {
  await stage.collect(domains.contacts5); // not a process that never worked
  await stage.queue.close();
  const asking = new Redis(stage.redis.url);
  const monitor = await asking.monitor(); // a connection of its own
  const sent = [];
  // What scripts call inside Redis is not a command of ours; MONITOR marks it with source "lua".
  monitor.on('monitor', (_, args, source) => source !== 'lua' && sent.push(args[0].toLowerCase()));

  const [before, begun] = [cpuSeconds(stage.worker.pid), performance.now()];
  await sleep(59_000); // the cost of this very time is what is measured
  const seconds = (performance.now() - begun) / 1000;
  const used = cpuSeconds(stage.worker.pid) - before;
  monitor.disconnect();
  asking.disconnect();

  const share = (100 * used) / seconds;
  console.log(`at rest for ${seconds.toFixed(1)} s: ${share.toFixed(2)} % of a core, ${sent.length} commands: ${sent}`);
  assert.ok(share < 1, `${share} % of a core`);
  const reports = sent.filter((command) => command === 'eval'); // of permits, in the minute after the last page
  assert.ok(seconds > 60 || sent.length - reports.length <= most, `${sent.length} commands: ${sent}`);
  assert.ok(seconds > 60 || reports.length <= 60 / 3, `${reports.length} reports of permits`);
  assert.ok(sent.length > 0, 'the worker still waits for work');
});
