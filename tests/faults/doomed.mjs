// A worker that dies at its Nth call: see kill_at.cpp.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binary, environment } from '../system/harness.mjs';
import { Program, temporaryFolder, until } from '../system/processes.mjs';

/// Runs `node`'s worker until it dies at call `at` (0: at none), before that call or when half of it is
/// done, or until `over` says yes and it has ended by SIGTERM: {killed, calls: names of those it made}.
export async function runDoomed(node, { at, halfway = false, over }) {
  const { scene } = node;
  const { folder, redis, simulator } = scene;
  const report = join(temporaryFolder(), 'calls');
  const env = environment({
    redis, simulator, folder, HUNTER_API_KEY: node.key, GLEANER_STATE_FOLDER: node.stateFolder(),
    ...scene.settings, ...node.settings, LD_PRELOAD: binary('kill_at.so'),
    GLEANER_KILL_AT: at, GLEANER_KILL_HALFWAY: Number(halfway), GLEANER_KILL_REPORT: report,
  });
  node.firstCall = await scene.calls.next();
  const program = new Program(binary('gleaner'), ['run'], { env, cwd: folder });
  const ready = () => program.lines.some((line) => line.includes('worker.ready')); // to hear a SIGTERM
  await until('the end of worker or work', async () => program.outcome || (ready() && await over()), 60_000);
  const { code, signal } = await program.stop();
  assert.ok(signal === 'SIGKILL' || code === 0, `ended with ${code ?? signal}:\n${program.tail()}`);
  const calls = existsSync(report) ? readFileSync(report, 'utf8').trim().split('\n') : [];
  return { killed: signal === 'SIGKILL', calls };
}
