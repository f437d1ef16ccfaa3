// Standard streams that whoever starts a worker has closed: nothing else gets what is written to them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { domains } from './domains.mjs';
import { binary, environment, freePort } from './harness.mjs';
import { Program, until } from './processes.mjs';
import { Stage } from './stage.mjs';

test('a worker without standard streams works, and its files hold what they should', async () => {
  const stage = await Stage.open({ worker: false });
  const { redis, simulator, folder } = stage;
  const port = await freePort();
  const env = environment({ redis, simulator, folder, GLEANER_LISTEN: `127.0.0.1:${port}` });
  const program = new Program('sh', ['-c', 'exec "$0" run <&- >&- 2>&-', binary('gleaner')], { env, cwd: folder });
  try {
    const page = async (path) => fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
    await until('a worker', async () => (await page('/readyz'))?.status === 200);
    const job = await stage.collect(domains.contacts5);
    assert.equal(await job.getState(), 'completed');
    assert.match(readFileSync(join(env.GLEANER_STATE_FOLDER, 'node'), 'utf8'), /^[\w-]+\s[\w\s-]*$/);
  } finally {
    await program.stop();
    await stage.close();
  }
});
