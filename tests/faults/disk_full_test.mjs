// A disk that is full, read-only, or that no file can be opened on, and then is well again: takes stop,
// jobs wait without using an attempt, nothing is fetched again, and all goes on by itself.
import assert from 'node:assert/strict';
import { chmodSync, closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { binary, environment } from '../system/harness.mjs';
import { runToEnd, until } from '../system/processes.mjs';
import { promised, size } from './figures.mjs';
import { Scene } from './scene.mjs';

const resumeMs = 30_000;
const rounds = size(1, 5);
const megabytes = 3 * rounds; // the collections stay there
const opts = { attempts: 3, backoff: { type: 'fixed', delay: 100 } };
let scene;
let node;
let folder;
let mounted = false;
let made = 0;

before(async () => {
  scene = await Scene.open({ delayMs: 20, tempLife: 0, GLEANER_CONCURRENCY: 4 });
  folder = join(scene.folder, 'collections');
  mkdirSync(folder, { mode: 0o700 });
  mounted = (await runToEnd('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', folder])).code === 0;
  node = scene.node('aa');
});
after(async () => {
  await scene?.close();
  if (mounted) await runToEnd('umount', ['--lazy', folder]);
});

const filler = () => join(folder, 'filler');

/// Writes until nothing more fits.
function fill() {
  const fd = openSync(filler(), 'w');
  try {
    for (const bytes of [1 << 20, 1 << 12]) {
      try {
        for (;;) writeSync(fd, Buffer.alloc(bytes));
      } catch (error) {
        if (error.code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(fd);
  }
}

async function addJobs(count) {
  const jobs = [];
  for (let i = 0; i < count; i++) jobs.push(await scene.add(`c150-d${made++}.test`, opts));
  return jobs.map(({ id }) => id);
}

/// How often the worker has said that the store fails.
const complaints = () => node.worker.program.lines.filter((line) => /\bstore\.(full|io_error)\b/.test(line)).length;

async function metric(pattern) {
  const text = await (await node.worker.get('/metrics')).text();
  return [...text.matchAll(pattern)].reduce((sum, [, value]) => sum + Number(value), 0);
}

const failures = async () => metric(/^gleaner_storage_errors_total\{.*\} (\d+)$/gm);

/// Breaks the disk, waits for the worker's complaint, mends it: ms from then to the end of all jobs.
async function breakAndMend(damage, mend, whileBroken = async () => {}) {
  const before = complaints();
  await damage();
  const ids = await addJobs(6);
  await until('a complaint about the store', () => complaints() > before);
  await whileBroken(ids);
  await mend();
  const mended = Date.now();
  for (const id of ids) await scene.ended(id);
  const took = Date.now() - mended;
  promised('ms to go on', took, resumeMs);
  return took;
}

/// Nothing is active, and stays so while the worker looks at the disk again.
async function nothingIsTaken() {
  await until('no active job', async () => (await scene.counts()).active === 0);
  const more = await addJobs(3);
  const seen = { calls: (await scene.calls.since(0)).length, failures: await failures() };
  await until('another look at the disk', async () => (await failures()) > seen.failures);
  assert.equal((await scene.calls.since(0)).length, seen.calls, 'pages were asked for');
  assert.equal((await scene.counts()).active, 0);
  assert.ok((await metric(/^gleaner_storage_free_bytes\{.*\} (\d+)$/gm)) < 4096);
  return more;
}

test('a full disk lets no worker start', async (t) => {
  if (!mounted) return t.skip('only root can mount a small disk');
  fill();
  const env = environment({ redis: scene.redis, simulator: scene.simulator, folder: scene.folder });
  const { code, stderr } = await runToEnd(binary('gleaner'), ['run'], { env, cwd: scene.folder });
  assert.equal(code, 9, stderr);
  assert.match(stderr, /store\.unwritable/);
  rmSync(filler());
});

test('a full disk stops takes; with space all goes on', { timeout: rounds * 300_000 }, async (t) => {
  if (!mounted) return t.skip('only root can mount a small disk');
  await node.start();
  let slowest = 0;
  for (let round = 0; round < rounds; round++) {
    const took = await breakAndMend(fill, () => rmSync(filler()), nothingIsTaken);
    slowest = Math.max(slowest, took);
  }
  await scene.allEnded();
  assert.ok(node.worker.program.lines.some((line) => /\bstore\.full\b/.test(line)));
  await scene.oracle.report('disk_full', {}, { rounds, slowest_ms: slowest });
});

test('a folder that can not be written to stops takes; writable again, all goes on', { timeout: 300_000 }, async () => {
  if (!node.worker) await node.start();
  const remount = async (how) => {
    const { code, stderr } = await runToEnd('mount', ['-o', `remount,${how}`, folder]);
    assert.equal(code, 0, stderr);
  };
  const took = mounted
    ? await breakAndMend(async () => remount('ro'), async () => remount('rw'))
    : await breakAndMend(() => chmodSync(folder, 0o500), () => chmodSync(folder, 0o700));
  await scene.oracle.report('disk_read_only', {}, { slowest_ms: took });
});

test('without file descriptors jobs wait; with them, all goes on', { timeout: 300_000 }, async () => {
  const { pid } = node.worker;
  const limit = async (number) => {
    const { code, stderr } = await runToEnd('prlimit', ['--pid', String(pid), `--nofile=${number}:`]);
    assert.equal(code, 0, stderr);
  };
  // All below eight are long taken; poll() still accepts as many.
  const took = await breakAndMend(async () => limit(8), async () => limit(1024));
  await scene.oracle.report('disk_no_descriptors', {}, { slowest_ms: took });
  await node.worker.stop();
});
