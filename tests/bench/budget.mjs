// Measures how much of what an API allows is used: the cases of tests/faults/pace_scene.mjs, by Gleaner and beside
// it by a Node worker, each on servers of its own. Writes one line of JSON for each case and subject. With --quick
// all cases run at the same time.
// Usage: GLEANER_BIN_DIR=... node budget.mjs [--quick]
import { fileURLToPath } from 'node:url';
import { cases, gleaner, PaceScene, second } from '../faults/pace_scene.mjs';
import { Program } from '../system/processes.mjs';

const quick = process.argv.includes('--quick');
const minute = (quick ? 6 : 60) * second;
const pages = 2500;

const node = {
  name: 'bullmq 6.7.0',
  jobs: Array.from({ length: pages }, (_, index) => ({
    name: 'collect-page', data: { domain: `c1000-p${Math.floor(index / 10)}.test`, offset: 100 * (index % 10) },
    opts: { attempts: 50, backoff: 100 },
  })),
  start: async ({ redis, simulator, windows }) => {
    const options = { port: redis.port, api: simulator.url, windows, concurrency: 16, timeout: 2000 };
    const program = new Program('node', [
      fileURLToPath(new URL('node_peer.mjs', import.meta.url)), JSON.stringify(options)]);
    await program.line(/^ready$/);
    return { kill: async () => program.stop('SIGKILL') };
  },
};

async function measure(each, kind) {
  const scene = await PaceScene.openFor(kind, minute);
  try {
    const { allowed, used, share, refused, phases } = await each.run(scene);
    return {
      case: each.name, subject: kind.name, seconds: scene.span / second, allowed, used, share, refused: refused.length,
      ...(phases && { phases: phases.map((phase) => ({ ...phase, refused: phase.refused.length })) }),
    };
  } finally {
    await scene.close();
  }
}

async function compare(each) {
  console.error(`${each.title}, ${3 * minute / second} s ...`);
  const kinds = each.kind ? [each.kind] : [gleaner, node];
  for (const row of await Promise.all(kinds.map(async (kind) => measure(each, kind)))) {
    console.log(JSON.stringify(row));
  }
}

if (quick) {
  await Promise.all(cases.map(compare));
} else {
  for (const each of cases) await compare(each);
}
