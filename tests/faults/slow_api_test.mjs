// Answers of the API that are too large, wrongly announced, or hardly come at all: each job fails with its
// reason within the limit, its lock is renewed meanwhile, and memory stays within bounds.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { figures, promised } from './figures.mjs';
import { page, reply, startHostileApi } from './hostile_api.mjs';
import { WatchedStage } from './watched_stage.mjs';

const mib = 1 << 20;
const limit = 8 * mib; // api.max_body
const seconds = 12; // api.timeout; half of it is the patience with an answer that stays away, and more than a lock's life
const head = 'HTTP/1.1 200 OK\r\n';
let written = 0;

/// Writes `bytes` again and again until the other side goes.
const endless = (start, bytes) => (socket) => {
  socket.write(start);
  const more = () => {
    while (!socket.destroyed && socket.write(bytes)) written += bytes.length;
  };
  socket.on('drain', more);
  more();
};
/// Writes a character a second.
const trickle = (text) => (socket) => {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length]), 1000);
  socket.on('close', () => clearInterval(timer));
};
const packed = (pack, name) => reply(pack(Buffer.alloc(50 * mib, ' ')), { headers: `Content-Encoding: ${name}\r\n` });
const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65536, ' '), Buffer.from('\r\n')]);

// [what, answer, reason, longest time in seconds]
const oversize = [
  ['chunks without end', endless(`${head}Transfer-Encoding: chunked\r\n\r\n`, chunk), /exceeds 8388608 bytes/],
  ['a body without length and end', endless(`${head}\r\n`, Buffer.alloc(65536, ' ')), /exceeds 8388608 bytes/],
  ['a body announced as 20 MiB', endless(`${head}Content-Length: ${20 * mib}\r\n\r\n`, Buffer.alloc(65536, ' ')), /exceeds 8388608/],
  ['50 MiB in gzip', packed(gzipSync, 'gzip'), /exceeds 8388608 bytes/],
  ['50 MiB in deflate', packed(deflateSync, 'deflate'), /exceeds 8388608 bytes/],
  ['50 MiB in brotli', packed(brotliCompressSync, 'br'), /exceeds 8388608 bytes|brotli|encoding/i],
  ['gzip in gzip', reply(gzipSync(gzipSync(Buffer.alloc(50 * mib, ' '))), { headers: 'Content-Encoding: gzip, gzip\r\n' }),
    /exceeds 8388608 bytes/],
  ['headers without end', endless(head, Buffer.from(`X-More: ${'x'.repeat(1000)}\r\n`)), /headers exceed 65536 bytes/],
  ['a header without end', endless(`${head}X-More: `, Buffer.alloc(65536, 'x')), /./],
  ['interim answers without end', endless('', Buffer.from(`HTTP/1.1 103 Early Hints\r\nLink: ${'x'.repeat(1000)}\r\n\r\n`)),
    /headers exceed 65536 bytes/],
  ['8 MiB and one byte', reply(Buffer.alloc(limit + 1, ' ')), /exceeds 8388608 bytes/],
  ['8 MiB', reply(Buffer.alloc(limit, ' ')), /no page|not the page|documents/],
].map((row) => [...row, 3]);

const wrongLength = [
  ['a length beyond the body', (socket) => socket.end(`${head}Content-Length: 5000\r\n\r\n${page()}`), /./],
  ['a length within the body', (socket) => socket.write(`${head}Content-Length: 20\r\n\r\n${page()}`), /page that it documents/],
  ['a negative length', (socket) => socket.end(`${head}Content-Length: -1\r\n\r\n`), /./],
].map((row) => [...row, seconds]);

const slow = [
  ['nothing at all', () => {}, /too slow/i],
  ['headers and nothing more', (socket) => socket.write(`${head}Content-Length: 5000\r\n`), /too slow/i],
  ['half a body and nothing more', (socket) => socket.write(`${head}Content-Length: 5000\r\n\r\n${page().slice(0, 100)}`), /too slow/i],
  ['a byte of a header a second', trickle('HTTP/1.1 200 OK\r\nX: '), /too slow/i],
  ['a byte of the body a second', (socket) => {
    socket.write(`${head}Content-Length: 5000\r\n\r\n`);
    trickle(page())(socket);
  }, /too slow/i],
].map((row) => [...row, seconds / 2 + 1.9]); // well before the time for all is over

let stage, api;
const all = [...oversize, ...wrongLength, ...slow];
const domainOf = (what) => `${what.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.test`;
before(async () => {
  api = await startHostileApi(new Map(all.map(([what, answer]) => [domainOf(what), answer])));
  stage = await WatchedStage.open({
    simulator: api, GLEANER_API__MAX_TRIES: 1, GLEANER_API__TIMEOUT: `${seconds}s`,
    GLEANER_QUEUE__LOCK_DURATION: `${seconds / 3}s`, GLEANER_QUEUE__STALLED_INTERVAL: '1s',
  });
  await stage.collect('good.test');
});
after(async () => {
  await stage?.close();
  api?.stop();
});

const memoryMiB = (what) => Number(readFileSync(`/proc/${stage.worker.pid}/status`, 'utf8')
  .match(new RegExp(`${what}:\\s*(\\d+)`))[1]) / 1024;

/// The job of one answer, with how long it took and how far memory rose.
async function suffer(what) {
  if (process.getuid() === 0) writeFileSync(`/proc/${stage.worker.pid}/clear_refs`, '5'); // the peak begins anew
  const [resident, begun] = [memoryMiB('VmRSS'), performance.now()];
  written = 0;
  const job = await stage.collect(domainOf(what));
  return { job, took: (performance.now() - begun) / 1000, rise: memoryMiB('VmHWM') - resident };
}

function assertFailed(job, what, reason) {
  assert.equal(job.finishedOn > 0 && job.returnvalue, null, `${what} completed`);
  assert.match(job.failedReason, reason, what);
  assert.equal(stage.store.load(domainOf(what)), null, `${what} left a file`);
}

test('what is too large is left at the limit', { timeout: 300_000 }, async () => {
  let [most, longest, sent] = [0, 0, 0];
  for (const [what, , reason, time] of oversize) {
    const { job, took, rise } = await suffer(what);
    assertFailed(job, what, reason);
    promised(`s until ${what} is left`, took, time);
    [most, longest, sent] = [Math.max(most, rise), Math.max(longest, took), Math.max(sent, written)];
  }
  figures('oversize_api', { answers: oversize.length, rss_rise_mib: most.toFixed(1), longest_s: longest.toFixed(2),
    most_sent_mib: (sent / mib).toFixed(1) });
  assert.ok(most <= 2 * limit / mib, `memory rose by ${most.toFixed(1)} MiB`);
});

test('a wrong length gives no collection', { timeout: 300_000 }, async () => {
  for (const [what, , reason, time] of wrongLength) {
    const { job, took } = await suffer(what);
    assertFailed(job, what, reason);
    promised(`s until ${what} is left`, took, time);
  }
});

test('what hardly comes is given up in time, and the lock is kept', { timeout: 300_000 }, async () => {
  const begun = await Promise.all(slow.map(([what]) => suffer(what)));
  for (const [index, { job, took }] of begun.entries()) {
    const [what, , reason, time] = slow[index];
    assertFailed(job, what, reason);
    promised(`s until ${what} is left`, took, time);
    assert.equal(await stage.db.hget(stage.key(job.id), 'ats'), '1', `${what}: taken once`);
  }
  assert.ok(!stage.worker.program.lines.some((line) => /lock_lost|job\.stalled/.test(line)));
  figures('slow_api', { answers: slow.length, longest_s: Math.max(...begun.map(({ took }) => took)).toFixed(2) });
});

test('after all that the worker works', async () => {
  assert.equal(await (await stage.collect('after.test')).getState(), 'completed');
  const failed = all.map(([what]) => stage.oracle.idOf(domainOf(what)));
  await stage.oracle.report('slow_api_jobs', { failed });
});
