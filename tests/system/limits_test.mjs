// Each limit that the manual's tables name and that can be met from outside, at the limit and one beyond it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gleaner, root } from './harness.mjs';
import { temporaryFolder } from './processes.mjs';
import { Stage } from './stage.mjs';

const manual = readFileSync(join(root, 'MANUAL.md'), 'utf8');
const folder = temporaryFolder();
let stage;
before(async () => (stage = await Stage.open()));
after(async () => stage?.close());

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const inMs = (text) => Number(text.match(/^\d+/)[0]) * units[text.match(/[a-z]+$/)[0]];

/// Rows of the settings' table that state a range: [variable, least, most] as texts that a setting takes.
function ranges() {
  const rows = [...manual.matchAll(/^\| `([a-z_.]+)` \| ([^|]*) \|.*\| (.*) \|$/gm)];
  return rows.flatMap(([, path, variables, accepts]) => {
    const variable = variables.match(/`(GLEANER_[A-Z_]+)`(?!.*`GLEANER)/)?.[1];
    const number = accepts.match(/^a whole number from (-?\d+) to (\d+)$/);
    const time = accepts.match(/^a duration .* from (\d+m?s|\d+[mh]) to (\d+m?s|\d+[mh])$/);
    if (number) return [[path, variable, Number(number[1]), Number(number[2]), '']];
    return time ? [[path, variable, inMs(time[1]), inMs(time[2]), 'ms']] : [];
  });
}

test('each setting takes what its range says, and nothing one beyond', { timeout: 300_000 }, async () => {
  const all = ranges();
  assert.ok(all.length >= 20, `${all.length} settings with a range`);
  const check = async (variable, value) => gleaner(['config', 'check'], { folder, [variable]: value,
    ...(variable === 'GLEANER_API__MAX_FETCHERS' && { GLEANER_API__MIN_FETCHERS: 1 }),
    ...(variable === 'GLEANER_API__MIN_FETCHERS' && { GLEANER_API__MAX_FETCHERS: 1000 }) });
  for (const [path, variable, least, most, unit] of all) {
    for (const value of [least, most]) {
      const done = await check(variable, `${value}${unit}`);
      assert.equal(done.code, 0, `${path} = ${value}${unit}: ${done.stderr}`);
    }
    for (const value of [least - 1, most + 1]) {
      const done = await check(variable, `${value}${unit}`);
      assert.equal(done.code, 2, `${path} = ${value}${unit} was taken`);
    }
  }
});

async function end(fields) {
  const id = `limit-${Math.random()}`;
  await stage.db.multi().hset(stage.key(id), 'name', 'collect-domain', 'opts', '{}', 'timestamp', 1, 'data',
    '{"domain":"c5.test"}', ...Object.entries(fields).flat())
    .lpush(stage.key('wait'), id).zadd(stage.key('marker'), 0, '0').exec();
  return (await stage.ended(id)).failedReason ?? 'completed';
}

const filled = (size) => `{"domain":"c5.test","x":"${'y'.repeat(size - 28)}"}`.padEnd(size);
const nested = (depth) => `{"domain":"c5.test","x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

test('job data and options: 64 KiB, 32 deep', async () => {
  for (const field of ['data', 'opts']) {
    assert.equal(await end({ [field]: filled(65_536) }), 'completed');
    assert.match(await end({ [field]: filled(65_537) }), /65537 bytes long; at most 65536/);
  }
  assert.equal(await end({ data: nested(32) }), 'completed');
  assert.match(await end({ data: nested(33) }), /not JSON/);
});

/// The exit code of a command line.
async function code(args, settings = {}) {
  const done = await gleaner(args, { redis: stage.redis, folder, ...settings });
  return done.code;
}

test('what enqueue and schedule take', { timeout: 300_000 }, async () => {
  const label = 'a'.repeat(61);
  const longest = [label, label, label, 'a'.repeat(62), 'ab'].join('.');
  assert.equal(longest.length, 251);
  for (const [args, last, beyond] of [
    [['enqueue', 'c5.test', '--priority'], '2097151', '2097152'],
    [['enqueue', 'c5.test', '--attempts'], '1000', '1001'],
    [['schedule', 'add', 'c5.test', '--id', 'x', '--every'], '1s', '999ms'],
    [['schedule', 'add', 'c5.test', '--id', 'x', '--every', '1h', '--attempts'], '1000', '1001'],
    [['schedule', 'add', 'c5.test', '--id', 'x', '--cron'], '0 0 * * *'.padEnd(1024), '0 0 * * *'.padEnd(1025)],
    [['enqueue'], `${'a'.repeat(63)}.test`, `${'a'.repeat(64)}.test`],
    [['enqueue'], `${longest}.a`, `${longest}.ab`],
    [['jobs', 'ls', '--state', 'completed', '--limit'], '100000', '100001'],
    [['schedule', 'ls', '--limit'], '1000000', '1000001'],
  ]) {
    assert.equal(await code([...args, last]), 0, `${args.join(' ')} ${last.trim()}`);
    assert.equal(await code([...args, beyond]), 2, `${args.join(' ')} ${beyond.trim()}`);
  }
  await code(['schedule', 'rm', 'x']);
});

test('a line of a file of domains: 4 KiB', async () => {
  const line = (size) => 'c5.test/'.padEnd(size, 'x');
  for (const [size, expected] of [[4096, 0], [4097, 2]]) {
    writeFileSync(join(folder, 'domains.txt'), `${line(size)}\n`);
    const done = await gleaner(['enqueue', '--file', join(folder, 'domains.txt')], { redis: stage.redis, folder });
    assert.equal(done.code, expected, `${size}: ${done.stderr}`);
  }
});

test('a secret file: 64 KiB', async () => {
  const file = join(folder, 'key');
  for (const [size, expected] of [[65_536, 0], [65_537, 2]]) {
    writeFileSync(file, 'k'.repeat(size), { mode: 0o600 });
    assert.equal(await code(['config', 'check'], { HUNTER_API_KEY: undefined, HUNTER_API_KEY_FILE: file }), expected);
  }
});

test('page size: 100, or the most of the profile; a profile: 256 KiB', { timeout: 60_000 }, async () => {
  const profile = join(folder, 'profile.toml');
  const { stdout } = await gleaner(['config', 'profile'], { folder });
  const check = async (settings) => code(['config', 'check'], settings);
  for (const most of [100, 10_000]) {
    writeFileSync(profile, stdout.replace('page_size_most = 100', `page_size_most = ${most}`));
    for (const size of [most - 1, most, most + 1]) {
      const shown = await gleaner(['config', 'show'], { folder, GLEANER_API__PROFILE: profile, HUNTER_PAGE_SIZE: size });
      assert.match(shown.stdout, new RegExp(`^api\\.page_size = ${Math.min(size, most)}$`, 'm'));
    }
  }
  for (const [size, expected] of [[262_144, 0], [262_145, 2]]) {
    writeFileSync(profile, stdout.padEnd(size, '\n'));
    assert.equal(await check({ GLEANER_API__PROFILE: profile }), expected, `${size} bytes`);
  }
});

test('a request to the listener: 16 KiB', async () => {
  const ask = async (size) => new Promise((resolve) => {
    const head = 'GET /livez HTTP/1.1\r\nHost: x\r\nX-Filler: ';
    const socket = connect(Number(new URL(stage.worker.http).port), '127.0.0.1');
    let answer = '';
    socket.on('error', () => {}).on('data', (bytes) => (answer += bytes)).on('close', () => resolve(answer));
    socket.write(`${head.padEnd(size - 4, 'x')}\r\n\r\n`);
  });
  assert.match(await ask(16_000), /^HTTP\/1\.1 200 /);
  assert.doesNotMatch(await ask(16_385), /^HTTP\/1\.1 200 /);
});
