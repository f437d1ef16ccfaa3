// More than a hundred jobs as nobody should write them, mixed into good ones: each ends with a reason, nothing
// else notices, nothing lies outside the folder.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { domains } from '../system/domains.mjs';
import { until } from '../system/processes.mjs';
import { hasty } from '../system/settings.mjs';
import { size } from './figures.mjs';
import { WatchedStage } from './watched_stage.mjs';

const domain = (text) => JSON.stringify({ domain: text });
const usual = { name: 'collect-domain', data: domain('c5-mixed.test'), opts: '{"attempts":2}', timestamp: '1700000000000',
  delay: '0', priority: '0' };

// Data that no domain can be read from, or a domain that is none.
const data = [
  '', ' ', '{', '[', 'null', 'true', '42', '-', '"c5.test"', '["c5.test"]', '{}', '{"domain"}', '{"domain":}', '{"url":"c5.test"}',
  '{"Domain":"c5.test"}', "{'domain':'c5.test'}", '{"domain":null}', '{"domain":42}', '{"domain":[]}', '{"domain":{"domain":"c5.test"}}',
  '{"domain":"c5.test"', '{"domain":"c5.test"}}', '{"domain":"c5.test"} x', '\0', '\0'.repeat(5000), '\r\n',
  '['.repeat(60_000), '{"a":'.repeat(12_000), `{"x":"${'y'.repeat(70_000)}","domain":"c5.test"}`,
  Buffer.from('{"domain":"\xff\xfe.test"}', 'latin1'), Buffer.from([0x80, 0x81, 0x82]), Buffer.alloc(1 << 20, 'x'),
  Buffer.alloc(1 << 20, '{'), '\ufeff\ufeff{"domain":"c5.test"}',
  ...['', ' ', '.', '..', '../../etc/passwd', '/etc/passwd', '..\\..\\x', 'localhost', '127.0.0.1', '[::1]', '0x7f.1', '2130706433',
    '169.254.169.254', 'c5.test?api_key=x&limit=1', 'c5.test#x', 'c5.test&x=1', 'user:pw@c5.test', 'c5.test:22', 'c5.test/../x',
    'c5.test\r\nX-Evil: 1', 'c5.test\0.evil.test', 'c5\t.test', '\x1b[31m.test', '-c5.test', 'c5-.test', 'c5..test', '.c5.test',
    'c5_x.test', '*.test', '%63%35.test', 'c5.test%00', '$(id).test', '`id`.test', '${x}.test', "c5'.test", 'c5".test', '<b>.test',
    '=1+1', '\u202ec5.test', 'c5\u2028.test', '\ud800.test', 'xn--.test', 'xn--a.test', `${'a'.repeat(64)}.test`,
    `${'a.'.repeat(130)}test`, `${'a'.repeat(70_000)}.test`, 'http://c5.test', 'c5.test c5.test',
  ].map(domain),
].map((text) => [String(text).slice(0, 40), { data: text }, 'failed']);

// Options and fields that may not keep a good domain from being collected.
const options = [
  '', 'null', '[', '"x"', '[]', '7', '['.repeat(60_000), '{"attempts":1e9}', '{"attempts":-1}', '{"attempts":1e308}', '{"attempts":"x"}',
  '{"delay":1e308}', '{"backoff":{"type":"fixed","delay":1e308}}', '{"backoff":[]}', '{"backoff":{"type":7}}', '{"priority":-1e99}',
  '{"removeOnComplete":{"count":-5}}', '{"removeOnComplete":"x"}', '{"removeOnFail":{"age":1e308}}', '{"keepLogs":-1}',
  '{"stackTraceLimit":-1}', '{"parent":7}', '{"parent":{"id":"x","queue":"elsewhere"}}', '{"repeat":{}}', '{"deduplication":7}',
  '{"__proto__":{"x":1}}', '{"lifo":"no"}', '{"kl":1e99}', '{"sizeLimit":-1}',
].map((opts) => [`options ${opts.slice(0, 30)}`, { opts }, 'completed']);
const fields = [
  ['a name of 100 kB', { name: 'x'.repeat(100_000) }], ['a name with a line break', { name: 'a\r\nb' }],
  ['no timestamp', { timestamp: undefined }], ['a timestamp that is none', { timestamp: 'x' }], ['a timestamp of 1e308', { timestamp: '1e308' }],
  ['a negative timestamp', { timestamp: '-9223372036854775808' }], ['no options', { opts: undefined }], ['a delay that is none', { delay: 'x' }],
  ['forged progress', { progress: '{"status":"completed","itemsSaved":9}' }], ['a forged result', { returnvalue: '{"success":true}' }],
  ['attempts made that are none', { atm: 'x' }], ['a forged stall count', { stc: 'x' }], ['a forged failure', { failedReason: 'x' }],
  ['a stack trace that is none', { stacktrace: '{' }], ['a parent key elsewhere', { parentKey: 'other:queue:1' }],
  ['a thousand fields', Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`f${i}`, 'x']))],
].map(([what, more]) => [what, more, 'completed']);
const oversized = [
  ['options of 70 kB', { opts: `{"x":"${'y'.repeat(70_000)}"}` }, 'failed'],
  ['a field of 16 MB', { data: Buffer.alloc(16 << 20, 'x') }, 'failed'],
];
// A hash without a name is no job to BullMQ's clients either; its id is dropped from the list.
const nameless = [['no name', { name: undefined }, 'dropped']];
// Ids that are paths, other keys of the queue, or no text.
const ids = ['../../x', '/etc/passwd', 'a:b', 'a/b', 'a b', 'a\r\nb', 'a\0b', '-1', '0', '1e9', '*', '[a-z]', '\x1b[31m', 'é', '\u202e',
  'x'.repeat(5000), '%s%n', "';--", '{x}'].map((id) => [`the id ${id.slice(0, 20)}`, { id }, 'completed']);

const table = [...data, ...options, ...fields, ...oversized, ...nameless, ...ids];
let stage;
before(async () => {
  stage = await WatchedStage.open(hasty);
});
after(async () => stage?.close());

/// Adds a job with any bytes; its id is what the table says, or one of its own.
async function push(index, { id = `hostile-${index}`, ...more }) {
  const hash = Object.entries({ ...usual, data: domain(`c5-h${index}.test`), ...more }).filter(([, value]) => value !== undefined);
  await stage.db.multi().hset(stage.key(id), ...hash.flat()).lpush(stage.key('wait'), id).zadd(stage.key('marker'), 0, '0').exec();
  stage.oracle.accepted(id, `c5-h${index}.test`);
  return id;
}

test('hostile jobs end each in its way, and no good one is harmed', { timeout: 300_000 }, async () => {
  assert.ok(table.length >= 100);
  const peak = () => Number(readFileSync(`/proc/${stage.worker.pid}/status`, 'utf8').match(/VmRSS:\s*(\d+)/)[1]) / 1024;
  const [before, good, hostile] = [peak(), [], []];
  const each = Math.ceil(size(300, 1000) / table.length);
  for (const [index, [, hash]] of table.entries()) {
    hostile.push(await push(index, hash));
    for (let i = 0; i < each; i++) good.push(stage.add(`c5-g${index}-${i}.test`, { attempts: 1 }));
  }
  await until('the end of all jobs', async () => {
    const { waiting, active, delayed } = await stage.counts();
    return waiting + active + delayed === 0 && await stage.db.llen(stage.key('wait')) === 0;
  }, 120_000);
  for (const [index, [what, , end]] of table.entries()) {
    if (end === 'dropped') {
      await stage.db.del(stage.key(hostile[index]));
      stage.oracle.deleted(hostile[index]);
      continue;
    }
    const score = await stage.db.zscore(stage.key(end), hostile[index]);
    const reason = await stage.db.hget(stage.key(hostile[index]), 'failedReason');
    assert.ok(score, `${what} did not end in ${end}: ${reason}`);
    if (end === 'completed') continue;
    assert.ok(reason.length < 1000, `${what}: a reason of ${reason.length} characters`);
    assert.doesNotMatch(reason, /[\x00-\x1f\x7f]/, what);
  }
  for (const { id } of await Promise.all(good)) {
    assert.ok(await stage.db.zscore(stage.key('completed'), id), `good job ${id}`);
  }
  const failed = hostile.filter((_, index) => table[index][2] === 'failed');
  await stage.oracle.report('hostile_jobs', { failed, given: 'user:pw@c5.test' },
    { hostile: table.length, good: good.length, good_harmed: 0, rss_rise_mib: (peak() - before).toFixed(1) });
});

test('the log has one JSON object a line, and the folder holds nothing but collections', () => {
  for (const line of stage.worker.program.lines) assert.equal(typeof JSON.parse(line).code, 'string');
  const allowed = new Set(['collections', 'state']);
  assert.deepEqual(readdirSync(stage.folder).filter((name) => !allowed.has(name)), []);
  assert.equal(existsSync(join(stage.folder, '..', 'etc')), false);
  for (const name of stage.store.files()) assert.match(name, /^[a-z0-9.-][a-z0-9._-]{0,100}_[0-9a-f]{8}\.json$/);
});

test('files are closed to others under any umask, and links in the folder lead nowhere', { timeout: 300_000 }, async () => {
  await stage.worker.stop();
  const victim = join(stage.folder, 'state', 'victim');
  mkdirSync(victim, { recursive: true });
  const name = await storedName('c5-link.test');
  symlinkSync(victim, join(stage.store.folder, name));
  const old = process.umask(0);
  await stage.startWorker().finally(() => process.umask(old));
  assert.equal(await (await stage.collect('c5-link.test')).getState(), 'completed');
  assert.deepEqual(readdirSync(victim), [], 'nothing was written through the link');
  for (const path of readdirSync(stage.store.folder).map((file) => join(stage.store.folder, file))) {
    assert.equal(statSync(path).mode & 0o77, 0, path);
  }
  await stage.collect(domains.contacts5);
});

/// The name under which a domain is stored, learned by storing and removing it.
async function storedName(name) {
  const known = new Set(stage.store.files());
  await stage.startWorker();
  await stage.collect(name);
  await stage.worker.stop();
  const [file] = stage.store.files().filter((one) => !known.has(one));
  rmSync(join(stage.store.folder, file));
  return file;
}
