// kill -9 at every single call that leaves a trace: a worker from its start over one job of three pages to
// its end, killed at call 1, 2, 3 ..., before the call or when half of it is done.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { binary, environment } from '../system/harness.mjs';
import { Program, temporaryFolder, until } from '../system/processes.mjs';
import { Chance, size, soak } from './figures.mjs';
import { Scene } from './scene.mjs';

const some = 80; // points of the short form
const kinds = ['open', 'write', 'fsync', 'rename', 'send', 'close'];
const library = binary('kill_at.so');
let scene;
let node;

before(async () => {
  scene = await Scene.open({ delayMs: 1, tempLife: 0, GLEANER_API__PAGES_PER_JOB: 2 });
  node = scene.node('aa');
});
after(async () => scene?.close());

const finished = async (id) => scene.db.hexists(scene.key(id), 'finishedOn');

/// Runs a worker that dies at call `at` (0: at none) until it is dead or has completed the job and left:
/// {killed, calls: names of the calls it made}.
async function runUntilDead(id, at, halfway) {
  const report = join(temporaryFolder(), 'calls');
  const { folder, redis, simulator } = scene;
  const env = environment({
    redis, simulator, folder, HUNTER_API_KEY: node.key, ...scene.settings,
    GLEANER_STATE_FOLDER: node.stateFolder(), LD_PRELOAD: library,
    GLEANER_KILL_AT: at, GLEANER_KILL_HALFWAY: Number(halfway), GLEANER_KILL_REPORT: report,
  });
  node.firstCall = await scene.calls.next();
  const program = new Program(binary('gleaner'), ['run'], { env, cwd: folder });
  await until('the end of worker or job', async () => program.outcome || finished(id), 30_000);
  const { code, signal } = await program.stop();
  assert.ok(signal === 'SIGKILL' || code === 0, `ended with ${code ?? signal}:\n${program.tail()}`);
  const calls = existsSync(report) ? readFileSync(report, 'utf8').trim().split('\n') : [];
  return { killed: signal === 'SIGKILL', calls };
}

/// How often the pages of a domain were served beyond the first time.
async function refetched(domain) {
  const served = (await scene.calls.since(0)).filter((call) => call.domain === domain);
  return served.length - new Set(served.map(({ offset }) => offset)).size;
}

/// Kills at one point, starts again, and looks at what that cost: the name of the call, if it was reached.
async function point(at, halfway) {
  const domain = `c250-at${at}${halfway ? 'half' : ''}.test`;
  const { id } = await scene.oracle.add(domain, { attempts: 3 });
  const { killed, calls } = await runUntilDead(id, at, halfway);
  if (!killed) return undefined;
  const open = (await node.unacknowledged()).length;
  scene.oracle.killed(open);
  await node.start();
  await scene.ended(id);
  await node.worker.stop();
  const again = await refetched(domain);
  const where = `killed at call ${at} (${calls.at(-1)}${halfway ? ', halfway' : ''})`;
  assert.ok(again <= open, `${where}: ${again} pages fetched again, ${open} were in flight`);
  const left = scene.store.files().filter((name) => !name.endsWith('.json'));
  assert.deepEqual(left, [], where);
  return calls.at(-1);
}

test('a kill at any call leaves a job that ends well', { timeout: size(390, 3600) * 1000 }, async () => {
  const chance = new Chance();
  const { id } = await scene.oracle.add('c250-counted.test', { attempts: 3 });
  const whole = await runUntilDead(id, 0, false);
  assert.deepEqual(kinds.filter((kind) => !whole.calls.includes(kind)), [], 'kinds of calls never seen');
  const all = whole.calls.flatMap((_, index) => [[index + 1, false], [index + 1, true]]);
  const hit = {};
  for (const [at, halfway] of soak ? all : chance.sample(all, some)) {
    const kind = await point(at, halfway);
    if (kind) hit[kind] = (hit[kind] ?? 0) + 1;
  }
  await scene.oracle.check('indexed_kill', {}, {
    seed: chance.seed, calls: whole.calls.length, points: Object.values(hit).reduce((a, b) => a + b, 0), ...hit,
  });
});
