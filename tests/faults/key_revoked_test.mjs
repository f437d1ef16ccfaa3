// A key or an account that the API refuses in the middle of the work uses up no attempt and loses no page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../system/processes.mjs';
import { Scene } from './scene.mjs';

let scene;

before(async () => (scene = await Scene.open({ delayMs: 100, GLEANER_API__PAGES_PER_JOB: 1 })));
after(async () => scene?.close());

async function account(options) {
  const answer = await fetch(`${scene.simulator.base}/admin/account`, {
    method: 'POST', body: JSON.stringify({ key: scene.nodes.at(-1).key, ...options }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

const table = [
  ['a key that is refused', 'revoked', { valid: false }, { valid: true }],
  ['a restricted account', 'account', { restricted: true }, { restricted: false }],
];

for (const [what, word, worse, better] of table)
  test(`${what}: jobs wait with their pages until it is good again`, { timeout: 300_000 }, async () => {
    const node = scene.node('aa');
    await scene.pace(100);
    await node.start();
    const job = await scene.add(`c6000-${word}-key.test`, { attempts: 1 });
    await until('some pages', async () => (await scene.pagesKept(job.id)) >= 2);
    await account(worse);
    await until('a job that waits again', async () => (await scene.counts()).waiting === 1);
    const other = await scene.add(`c5-${word}-key.test`, { attempts: 1 });
    const metrics = await (await node.worker.get('/metrics')).text();
    assert.match(metrics, /gleaner_worker_suspended\{reason="key"\} 1/);
    assert.match(metrics, /gleaner_jobs_parked_total\{[^}]*reason="key"\} 1/);
    assert.equal((await scene.counts()).waiting, 2, 'nothing is taken');
    const ready = await node.worker.get('/readyz?verbose');
    assert.equal(ready.status, 503);
    assert.match(await ready.text(), /no jobs are taken: key/);
    assert.equal(await scene.db.hget(scene.key(job.id), 'atm'), null, 'no attempt is used up');

    await account(better);
    await scene.pace(0);
    await node.worker.stop();
    await node.start();
    await scene.allEnded();
    for (const { id } of [job, other]) assert.equal(await (await scene.queue.getJob(id)).getState(), 'completed');
    await scene.oracle.report(`key_${word}`, {}, {});
    await node.worker.stop();
  });
