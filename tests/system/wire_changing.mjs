// What must have come of the recipes of WIRE.md that change a queue or a job.
import assert from 'node:assert/strict';
import { domains } from './domains.mjs';
import { until } from './processes.mjs';
import { longBeforeItLooks } from './settings.mjs';
import { hour } from './wire_scene.mjs';

const many = (count) => Array.from({ length: count },
  () => ({ name: 'collect-domain', data: { domain: domains.contacts5 } }));

export const changing = {
  pause: async (scene) => {
    await scene.worker.stop();
    const job = await scene.add(domains.contacts5); // it leaves a marker, which nobody takes
    await scene.run('pause');
    assert.equal((await scene.newestEvent()).event, 'paused');
    assert.deepEqual([await scene.queue.isPaused(), await scene.queue5.isPaused()], [true, true]);
    assert.equal(await scene.db.exists(scene.key('marker')), 0);
    await scene.startWorker();
    await until('a worker that waits', async () => (await scene.db.client('LIST')).includes('cmd=bzpopmin'));
    assert.equal(await scene.state(job), 'waiting');
    await scene.queue.resume();
    await scene.completes(job);
  },
  resume: async (scene) => {
    await scene.run('pause');
    const waiting = await scene.add(domains.contacts5);
    const from = Date.now();
    assert.equal(await scene.run('resume'), '0');
    await scene.completesSoon(from, waiting);

    await scene.queue5.pause();
    const jobs = await scene.queue5.addBulk(many(1500));
    jobs.push(await scene.add(domains.contacts5)); // into `wait`, where a client of BullMQ 5 would lose it
    assert.equal(await scene.db.llen(scene.key('paused')), 1500);
    assert.equal(await scene.run('resume'), '500');
    assert.equal(await scene.queue.isPaused(), true);
    assert.equal(await scene.run('resume'), '0');
    assert.ok((await scene.db.xrange(scene.key('events'), '-', '+')).some(([, fields]) => fields.includes('resumed')));
    for (const queue of [scene.queue, scene.queue5]) assert.equal(await queue.isPaused(), false);
    for (const job of jobs) await scene.completes(job);
    const [oldest, newest] = [jobs[0], jobs[1499]];
    assert.ok((await scene.completes(oldest)).processedOn <= (await scene.completes(newest)).processedOn);
  },
  promote: async (scene) => {
    for (const opts of [{}, { priority: 3 }]) {
      const job = await scene.add(domains.contacts5, { ...opts, delay: hour });
      await scene.idle();
      await scene.run('promote', job);
      await scene.completesSoon(job.timestamp, job);
      assert.equal((await scene.queue.getJob(job.id)).delay, 0);
    }
    await scene.run('promote', { id: 'nobody' });
    assert.equal(await scene.db.exists(scene.key('delayed')), 0);
  },
  retry: async (scene) => {
    const { id, finishedOn } = await scene.collect(domains.serverErrors, { attempts: 2 });
    await scene.idle();
    const from = Date.now();
    assert.equal(await scene.run('retry', { id }), '1');
    const again = await until('the second failure', async () => {
      const job = await scene.queue.getJob(id);
      return job.finishedOn > finishedOn && job;
    });
    assert.deepEqual([await again.getState(), again.attemptsMade], ['failed', 2]);
    assert.ok(again.finishedOn - from < longBeforeItLooks, `${again.finishedOn - from} ms`);
    assert.equal(await scene.run('retry', await scene.collect(domains.contacts5)), '0');
    assert.equal(await scene.run('retry', { id: 'nobody' }), '0');
  },
  remove: async (scene) => {
    const deduplication = { id: domains.contacts5 };
    const delayed = await scene.add(domains.contacts5, { delay: hour, deduplication });
    await delayed.log('a row');
    const completed = await scene.collect(domains.contacts5);
    await scene.queue.pause();
    const waiting = await scene.add(domains.contacts5);
    for (const { id } of [delayed, completed, waiting]) {
      assert.equal(await scene.run('remove', { id }), '1');
      const { event, jobId } = await scene.newestEvent();
      assert.deepEqual([event, jobId], ['removed', id]);
      assert.equal(await scene.queue.getJob(id), undefined);
      assert.equal(await scene.queue.getJobState(id), 'unknown');
      assert.equal(await scene.db.exists(scene.key(`${id}:logs`)), 0);
      assert.equal(await scene.run('remove', { id }), '0');
    }
    assert.equal(await scene.db.exists(scene.key(`de:${deduplication.id}`)), 0);
    await scene.queue.resume();
    const held = await scene.addHeld();
    assert.equal(await scene.run('remove', held), '0');
    scene.gate.release();
    await scene.completes(held);
  },
};
