// Nobody reads the log, the disk for it is full, scrapers are slow, the stream of events is broken: jobs
// are done as fast as ever.
import assert from 'node:assert/strict';
import { constants, openSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CollectionStore } from '../system/collection_store.mjs';
import { answers, binary, environment, freePort } from '../system/harness.mjs';
import { Program, temporaryFolder, until } from '../system/processes.mjs';
import { promised, size } from './figures.mjs';
import { OutageStage } from './outage.mjs';
import { run } from './network.mjs';

const jobs = size(80, 3000);
const most = 1.4; // times the usual; one that waited for its log would take far longer

let stage;
let usualMs;
before(async () => (stage = await OutageStage.open({ worker: false, pageMs: 100 })));
after(async () => stage?.close());

/// A named pipe that takes not a byte more until someone reads it.
function fullPipe() {
  const path = join(temporaryFolder(), 'log');
  run('mkfifo', path);
  const pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const filler = Buffer.from(`${'x'.repeat(4095)}\n`);
  for (;;) {
    try {
      writeSync(pipe, filler);
    } catch (error) {
      if (error.code === 'EAGAIN') return path;
      throw error;
    }
  }
}

/// `gleaner run` whose stderr goes where the shell is told: {program, http}.
async function startInto(redirection) {
  const port = await freePort();
  const env = environment({ redis: stage.redis, simulator: stage.simulator, folder: stage.folder, ...stage.settings,
    GLEANER_LISTEN: `127.0.0.1:${port}` });
  const program = new Program('sh', ['-c', `exec "$0" run ${redirection}`, binary('gleaner')], { env, cwd: stage.folder });
  const worker = { program, http: `http://127.0.0.1:${port}`, env };
  await answers(`${worker.http}/readyz`, 200);
  stage.store = new CollectionStore(env.NH_COLLECTIONS_DIR);
  return stage.oracle.watch(worker);
}

async function metric(worker, name) {
  const text = await (await fetch(`${worker.http}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
}

/// ms that a worker needs for the jobs of one round; `disturb` comes when it has begun.
async function paceOf(disturb) {
  await stage.queue.pause();
  await stage.load(jobs);
  const began = Date.now();
  await stage.queue.resume();
  await disturb();
  await until('the end of all jobs', async () => (await stage.counts()).completed >= stage.oracle.jobs.size, size(120_000, 300_000));
  return Date.now() - began;
}

/// A round by a worker whose stderr goes where `redirection` says.
async function observe(what, { redirection = '', disturb = async () => {}, afterwards = async () => {} } = {}) {
  const worker = await startInto(redirection);
  let took;
  try {
    took = await paceOf(async () => disturb(worker));
    usualMs ??= took;
    promised(`times the usual (${what})`, took / usualMs, most);
    await afterwards(worker);
  } finally {
    const { code } = await worker.program.stop();
    assert.equal(code, 0);
  }
  await stage.oracle.report('observation', {}, { what, ms: took, usual_ms: usualMs, share: (usualMs / took).toFixed(2) });
}

const patience = { timeout: 300_000 };

test('usual: the log is read', patience, async () => observe('usual'));

/// The worker could write none of its lines, and knows.
async function countsLostLines(worker) {
  assert.ok(await metric(worker, 'gleaner_log_dropped_total') >= jobs, 'lost lines are counted');
}

test('stderr is a device that is full', patience, async () => observe('dev_full', {
  redirection: '2>/dev/full', afterwards: countsLostLines,
}));

test('stderr is closed', patience, async () => observe('closed', { redirection: '2>&-' }));

test('stderr is a full pipe that nobody reads', patience, async () => observe('full_pipe', {
  redirection: `2>${fullPipe()}`, afterwards: countsLostLines,
}));

test('the reader of stderr stands still, and later goes on', patience, async () => {
  const path = fullPipe();
  const reader = new Program('sh', ['-c', 'kill -STOP $$; exec cat "$0"', path]); // before it reads a byte
  try {
    await observe('stopped_reader', { redirection: `2>${path}`, afterwards: async () => {
      reader.kill('SIGCONT');
      await reader.line(/^x+$/);
      await stage.collect('c5-read-again.test');
      await reader.line(/log\.dropped.*"lines":\d+/);
    } });
  } finally {
    await reader.stop('SIGKILL');
  }
});

test('scrapers that never finish their requests', patience, async () => {
  const sockets = [];
  await observe('slow_scrapers', {
    disturb: async (worker) => {
      const { port } = new URL(worker.http);
      for (let i = 0; i < 64; i++) {
        const socket = connect(port, '127.0.0.1', () => socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n'));
        sockets.push(socket.on('error', () => {}));
      }
    },
    afterwards: async (worker) => {
      for (const socket of sockets) socket.destroy();
      assert.ok(await metric(worker, 'gleaner_jobs_started_total') >= jobs);
    },
  });
});

test('the stream of events is something else', patience, async () => observe('no_events', {
  disturb: async () => {
    await stage.db.del(stage.key('events'));
    await stage.db.set(stage.key('events'), 'no stream');
  },
  afterwards: async () => stage.db.del(stage.key('events')),
}));

test('progress never goes back', patience, async () => observe('progress', { disturb: async () => {
  await stage.db.hset(stage.key('meta'), 'opts.maxLenEvents', 1_000_000); // the events of all jobs are looked at
}, afterwards: async () => {
  const progress = await stage.progressOfAll();
  for (let job = stage.added - jobs + 1; job <= stage.added; job++) {
    const steps = (progress.get(`job-${job}`) ?? []).filter(({ status }) => status === 'fetching');
    const collected = steps.map((step) => step.collected);
    assert.ok(collected.length > 0, `progress of job-${job}`);
    assert.deepEqual(collected, [...collected].sort((a, b) => a - b), `progress of job-${job}`);
  }
} }));
