// Every recipe of WIRE.md, run as it stands, with Gleaner and stock clients looking on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { until } from './processes.mjs';
import { eventsOf, openedBy, recipesOf, runScripts } from './recipes.mjs';
import { hasty } from './settings.mjs';
import { Stage } from './stage.mjs';

const recipes = recipesOf('WIRE.md');
const [first] = recipes;
const clients = [];
let stage;

before(async () => (stage = await Stage.open(hasty)));
after(async () => {
  for (const client of clients) await client.close();
  await stage?.close();
});

/// Runs the recipe whose title begins so, after the one that comes before all others; its output.
async function recipe(title, variables) {
  const { script } = recipes.find((each) => each.title.startsWith(title));
  return runScripts(script === first.script ? [script] : [first.script, script], stage.redis, variables);
}

const lastId = async () => stage.db.get(stage.key('id'));
const state = async (id) => (await stage.queue.getJob(id))?.getState();

async function opened(generation) {
  clients.push(await openedBy(`bullmq${generation}`, stage));
  return clients.at(-1);
}

async function completes(id, domain) {
  const job = await stage.ended(id);
  assert.equal(await job.getState(), 'completed', job.failedReason);
  assert.equal(job.data.domain, domain);
  assert.ok(stage.store.exists(domain));
  return job;
}

/// What must be true of each recipe, by its title's beginning; several checks run in this order.
const checks = {
  'First of all': {
    'connects': async () => assert.equal(await recipe('First of all'), 'PONG'),
  },
  'Add a delayed job': {
    'which starts when it is due, not before': async () => {
      await recipe('Add a delayed job', { domain: 'c5-later.test', delay: '1200' });
      const id = await lastId();
      assert.equal(await state(id), 'delayed');
      const { opts, delay } = await stage.queue.getJob(id);
      assert.deepEqual([opts.delay, delay], [1200, 1200]);
      const job = await completes(id, 'c5-later.test');
      const waited = job.processedOn - job.timestamp;
      assert.ok(waited >= 1199 && waited < 2500, `${waited} ms`);
      assert.deepEqual((await eventsOf(stage, id)).slice(0, 4).map(({ event }) => event),
        ['added', 'delayed', 'waiting', 'active']);
    },
    'and leaves the time of an earlier one': async () => {
      await stage.worker.stop();
      await recipe('Add a delayed job', { domain: 'c5-soon.test', delay: '1000' });
      const id = await lastId();
      const due = await stage.db.zscore(stage.key('marker'), '1');
      await recipe('Add a delayed job', { domain: 'c5-late.test', delay: '3600000' });
      assert.equal(await stage.db.zscore(stage.key('marker'), '1'), due);
      assert.equal(Number(due) - (await stage.queue.getJob(id)).timestamp, 1000);
      await stage.startWorker();
      await completes(id, 'c5-soon.test');
      await (await stage.queue.getJob(await lastId())).remove();
    },
  },
  'Add a job with an id of its own': {
    'once': async () => {
      const job = { id: 'once', domain: domains.contacts5 };
      assert.equal(await recipe('Add a job with an id', job), 'added');
      assert.equal((await completes('once', domains.contacts5)).opts.attempts, 3);
      assert.equal(await recipe('Add a job with an id', { ...job, domain: 'other.test' }), 'there already');
      assert.equal((await stage.queue.getJob('once')).data.domain, domains.contacts5);
      assert.equal((await eventsOf(stage, 'once')).filter(({ event }) => event === 'completed').length, 1);
    },
    'in the order of priorities, also when a paused queue of 5 or 6 is resumed': async () => {
      for (const generation of [5, 6]) {
        const queue = await opened(generation);
        await stage.worker.stop();
        await queue.pause();
        const names = ['low', 'high', 'plain'].map((name) => `${name}-${generation}`);
        for (const [i, priority] of ['7', '2', '0'].entries()) {
          await recipe('Add a job with an id', { id: names[i], domain: `c5-${names[i]}.test`, priority });
        }
        assert.deepEqual([await state(names[0]), await state(names[2])], ['prioritized', 'waiting']);
        assert.equal((await queue.getWaiting()).length, 1);
        assert.equal(await stage.db.llen(stage.key('paused')), generation === 5 ? 1 : 0);
        await queue.resume();
        await stage.startWorker({ GLEANER_CONCURRENCY: 1 });
        const jobs = [];
        for (const name of names) jobs.push(await completes(name, `c5-${name}.test`));
        const [low, high, plain] = jobs.map(({ processedOn }) => processedOn);
        assert.ok(plain <= high && high <= low, `${plain} ${high} ${low}`);
      }
    },
  },
  'Look at a job': {
    'whose collection the API plan cuts': async () => {
      const { id } = await stage.collect(domains.planCap);
      const shown = await recipe('Look at a job', { id });
      const [job, { logs }] = [await stage.queue.getJob(id), await stage.queue.getJobLogs(id)];
      assert.ok(logs.length > 0);
      for (const part of [job.data, job.progress, job.returnvalue].map(JSON.stringify).concat(logs)) {
        assert.ok(shown.includes(part), `${part} in ${shown}`);
      }
    },
  },
  'The state of a job': {
    'is what a stock client says': async () => {
      const delayed = await stage.add(domains.contacts5, { delay: 3_600_000 });
      const failed = await stage.add(domains.forbidden, { attempts: 1 });
      const active = await stage.add(domains.slow('state'));
      await stage.ended(failed.id);
      await until('an active job', async () => (await state(active.id)) === 'active');
      for (const [{ id }, word] of [[active, 'active'], [delayed, 'delayed'], [failed, 'failed']]) {
        assert.equal(await recipe('The state', { id }), word);
        assert.equal(await state(id), word);
      }
      await stage.ended(active.id);
      assert.equal(await recipe('The state', { id: active.id }), 'completed');
      assert.equal(await recipe('The state', { id: 'nobody' }), '');
    },
  },
  'Counts per state': {
    'are those of a stock client': async () => {
      const lines = (await recipe('Counts')).split('\n');
      const shown = Object.fromEntries(lines.slice(0, 8).map((line) => line.split(' ')));
      const counts = await stage.queue.getJobCounts();
      for (const [name, count] of Object.entries(counts)) {
        assert.equal(Number(shown[name === 'waiting' ? 'wait' : name]), count, name);
      }
      assert.ok(counts.completed > 5 && counts.failed === 1 && counts.delayed === 1);
      assert.deepEqual(lines.slice(8), (await stage.queue.getFailed()).map(({ id }) => id));
    },
  },
  'Follow the events': {
    'from the last one seen': async () => {
      const [[last]] = await stage.db.xrevrange(stage.key('events'), '+', '-', 'COUNT', 1);
      const { id } = await stage.collect(domains.contacts5);
      const shown = (await recipe('Follow', { last })).split(`${stage.key('events')}\n`)[1];
      const at = ['added', 'waiting', 'active', 'progress', 'completed']
        .map((name) => shown.indexOf(`\n${name}\n`));
      assert.deepEqual(at, [...at].sort((a, b) => a - b));
      assert.ok(at[0] > 0 && shown.includes(`jobId\n${id}\n`), shown);
    },
  },
  'Pause': {
    'and every client sees it and can resume, of 5 and of 6': async () => {
      for (const [generation, other] of [[5, 5], [5, 6], [6, 6]]) {
        const queue = await opened(generation);
        await stage.worker.stop();
        const before = await queue.add('collect-domain', { domain: `c5-before${generation}${other}.test` });
        assert.equal(await recipe('Pause'), 'paused');
        assert.equal(await recipe('Pause'), 'paused already');
        await stage.startWorker();
        const behind = await queue.add('collect-domain', { domain: `c5-behind${generation}${other}.test` });
        assert.equal(await queue.isPaused(), true);
        assert.equal((await queue.getWaiting()).length, 2);
        await (other === generation ? queue : await opened(other)).resume();
        for (const { id, data } of [before, behind]) await completes(id, data.domain);
      }
    },
  },
  'Resume': {
    'what a client of 5 or 6 has paused': async () => {
      for (const generation of [5, 6]) {
        const queue = await opened(generation);
        await queue.pause();
        const { id, data } = await queue.add('collect-domain', { domain: `c5-resumed${generation}.test` });
        assert.equal(await recipe('Resume'), 'resumed');
        assert.equal(await queue.isPaused(), false);
        await completes(id, data.domain);
      }
    },
  },
  'Retry a failed job': {
    'which fails again after as many attempts': async () => {
      const { id } = await stage.collect(domains.serverErrors, { attempts: 1 }, 60_000);
      assert.equal(await recipe('Retry', { id }), 'waits');
      await until('the second failure', async () => (await eventsOf(stage, id))
        .filter(({ event }) => event === 'failed').length === 2, 60_000);
      assert.equal((await stage.queue.getJob(id)).attemptsMade, 1);
      assert.equal(await recipe('Retry', { id: 'nobody' }), 'has not failed');
    },
  },
  'Promote a delayed job': {
    'and it runs at once, with its priority': async () => {
      const { id } = await stage.add('c5-promoted.test', { delay: 3_600_000, priority: 3 });
      assert.equal(await recipe('Promote', { id }), 'waits');
      assert.equal((await completes(id, 'c5-promoted.test')).delay, 0);
      assert.equal(await recipe('Promote', { id }), 'is not delayed');
    },
  },
  'Remove a waiting job': {
    'with all that it had': async () => {
      await stage.queue.pause();
      for (const options of [{}, { priority: 4 }, { deduplication: { id: 'one' } }]) {
        const { id } = await stage.add(domains.contacts5, options);
        assert.equal(await recipe('Remove', { id }), 'removed');
        assert.equal(await stage.queue.getJob(id), undefined);
        assert.equal(await recipe('Remove', { id }), 'does not wait');
      }
      assert.equal(await stage.db.exists(stage.key('de:one')), 0);
      await stage.queue.resume();
    },
  },
  'Locks of the jobs at work': {
    'are those that the worker holds': async () => {
      const { id } = await stage.add(domains.slow('lock'));
      await until('an active job', async () => (await state(id)) === 'active');
      const [shown, token, left] = (await recipe('Locks')).split(' ');
      assert.deepEqual([shown, token], [id, await stage.db.get(stage.key(`${id}:lock`))]);
      assert.ok(Number(left) > 10_000 && Number(left) <= 30_000, left);
      await stage.ended(id);
      assert.equal(await recipe('Locks'), '');
    },
  },
  "The limiter's state": {
    'with a limit and without': async () => {
      assert.deepEqual((await recipe('The limiter')).split('\n'), ['', '-2', '', '', '']);
      await stage.queue.setGlobalRateLimit(3, 20_000);
      await stage.queue.setGlobalConcurrency(9);
      await stage.collect(domains.contacts5);
      const [starts, left, ...limits] = (await recipe('The limiter')).split('\n');
      assert.equal(starts, '1');
      assert.ok(Number(left) > 10_000 && Number(left) <= 20_000, left);
      assert.deepEqual(limits, ['3', '20000', '9']);
    },
  },
};

test('every recipe has a check, every check a recipe', () => {
  const unknown = (title) => !Object.keys(checks).some((begin) => title.startsWith(begin));
  assert.deepEqual(recipes.map(({ title }) => title).filter(unknown), []);
  assert.equal(new Set(recipes.map(({ title }) => title)).size, recipes.length);
  assert.equal(recipes.length, Object.keys(checks).length);
  for (const { script } of recipes) assert.doesNotMatch(script, /\bKEYS "|BLOCK|SCAN|MONITOR|\bB[LRZ]\w+POP/);
});

for (const [title, effects] of Object.entries(checks)) {
  for (const [effect, check] of Object.entries(effects)) test(`${title} ${effect}`, check);
}
