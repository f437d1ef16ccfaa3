// Section "Failing": retries and final failures, read by stock clients.
import assert from 'node:assert/strict';
import { domains } from '../system/domains.mjs';
import { hasty } from '../system/settings.mjs';
import { until } from '../system/processes.mjs';
import { conforms } from './scene.mjs';

// One request a try, so that a job's tries are what takes time.
const settings = { ...hasty, GLEANER_CONCURRENCY: 4 };
const transient = () => ({ domain: domains.serverErrors });
const final = () => ({ domain: domains.forbidden });

async function story(scene, id) {
  return (await scene.events()).filter(({ jobId }) => jobId === id);
}

async function runs(scene, id) {
  return (await story(scene, id)).filter(({ event }) => event === 'active').length;
}

/// Times in ms between the starts of a job's tries, and for how long it was put off before each.
async function gaps(scene, id) {
  const starts = await scene.times('active', id);
  const delayed = (await scene.entries()).filter(({ event }) => event.event === 'delayed' && event.jobId === id);
  return {
    waited: starts.slice(1).map((start, index) => start - starts[index]),
    // Redis looks at its clock more than once in a script.
    putOff: delayed.map(({ ms, event }) => Math.ceil((Number(event.delay) - ms) / 100) * 100),
  };
}

conforms(34, async (scene) => {
  await scene.gleaner(settings);
  for (const attempts of [0, 1]) {
    const { id } = await scene.add(transient(), { attempts });
    await scene.event('retries-exhausted', id);
    const hash = await scene.hash(id);
    assert.ok(await scene.redis.zscore(scene.key('failed'), id));
    assert.ok(hash.failedReason.length > 5 && !hash.failedReason.startsWith('"'), hash.failedReason);
    const stack = JSON.parse(hash.stacktrace);
    assert.equal(stack.length, 1);
    assert.equal(typeof stack[0], 'string');
    const ending = (await story(scene, id)).slice(-2);
    assert.deepEqual(ending, [
      { event: 'failed', jobId: id, failedReason: hash.failedReason, prev: 'active' },
      { event: 'retries-exhausted', jobId: id, attemptsMade: '1' },
    ]);
    const job = await scene.queue.getJob(id);
    assert.deepEqual([job.failedReason, job.stacktrace, job.attemptsMade], [hash.failedReason, stack, 1]);
  }
});

conforms(35, async (scene) => {
  await scene.gleaner(settings);
  const { id } = await scene.add(transient(), { attempts: 3 });
  await scene.event('retries-exhausted', id);
  const events = await story(scene, id);
  assert.equal(events.filter(({ event, prev }) => event === 'waiting' && prev === 'active').length, 2);
  assert.equal(events.filter(({ event }) => event === 'failed').length, 1);
  assert.equal(events.filter(({ event }) => event === 'retries-exhausted').length, 1);
  assert.equal(events.filter(({ event }) => event === 'delayed').length, 0);
  const hash = await scene.hash(id);
  assert.equal(hash.atm, '3');
  assert.equal(JSON.parse(hash.stacktrace).length, 3);
});

conforms(36, async (scene) => {
  await scene.gleaner(settings);
  const long = await scene.add(transient(), { attempts: 2, backoff: { type: 'fixed', delay: 600_000 } });
  const delayed = await scene.event('delayed', long.id);
  assert.equal((await scene.hash(long.id)).delay, '600000');
  const score = Number(await scene.redis.zscore(scene.key('delayed'), long.id));
  assert.equal(Math.floor(score / 4096), Number(delayed.delay));
  const { id } = await scene.add(transient(), { attempts: 2, backoff: { type: 'fixed', delay: 300 } });
  await scene.event('retries-exhausted', id);
  const { waited: [gap], putOff } = await gaps(scene, id);
  assert.deepEqual(putOff, [300]);
  assert.ok(gap >= 300, `tried again after ${gap} ms`);
});

conforms(37, async (scene) => {
  await scene.gleaner(settings);
  const { id } = await scene.add(transient(), { attempts: 4, backoff: { type: 'exponential', delay: 1000 } });
  await scene.event('retries-exhausted', id);
  const { waited, putOff } = await gaps(scene, id);
  assert.deepEqual(putOff, [1000, 2000, 4000]);
  for (const [index, least] of putOff.entries()) assert.ok(waited[index] >= least, `gaps ${waited}`);
});

conforms(38, async (scene) => {
  await scene.gleaner(settings);
  const { id } = await scene.add(final(), { attempts: 5 });
  await scene.event('failed', id);
  await until('the end', async () => (await scene.active()).length === 0);
  assert.equal((await scene.hash(id)).atm, '1');
  assert.equal(await runs(scene, id), 1);
  assert.deepEqual(await scene.events('retries-exhausted'), []);
});

conforms(40, async (scene) => {
  await scene.gleaner(settings);
  const { id } = await scene.add(transient(), { attempts: 2 });
  await scene.event('failed', id);
  assert.equal((await scene.hash(id)).atm, '2');
  await (await scene.queue.getJob(id)).retry();
  await scene.event('failed', id, { nth: 2 });
  assert.equal((await scene.hash(id)).atm, '3');
  assert.equal(await runs(scene, id), 3);
  assert.equal(await scene.state(id), 'failed');
});
