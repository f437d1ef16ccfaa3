// Bad settings and bad command lines: a message that names the input and the remedy, the
// documented exit code, and nothing else touched.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { domains } from './domains.mjs';
import { environment, binary, freePort, startRedis } from './harness.mjs';
import { runToEnd, temporaryFolder, until } from './processes.mjs';
import { Stage } from './stage.mjs';

const exit = { failed: 1, usage: 2, partial: 4, redis: 6, key: 7, store: 9 };
let stage, locked, notRedis, closedPort, waitingJob;

before(async () => {
  stage = await Stage.open({ worker: false });
  locked = await startRedis(['--requirepass', 'right']);
  closedPort = await freePort();
  notRedis = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise((resolve) => notRedis.listen(0, '127.0.0.1', resolve));
  waitingJob = await stage.add(domains.contacts5);
  await stage.db.hset('bull:of-version-4:meta', 'version', 'bullmq:4.18.2');
  await stage.db.set('bull:alien:wait', 'text');
});
after(async () => {
  notRedis?.close();
  await locked?.stop();
  await stage?.close();
});

/// Runs gleaner in a new folder that everybody may enter; as another user when `as` is given.
async function gleanerIn(args, { setup, as, input, ...settings } = {}) {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'state'));
  chmodSync(join(folder, 'state'), 0o777);
  setup?.(folder);
  const fill = (text) => String(text).replaceAll('FOLDER', folder);
  const filled = Object.fromEntries(Object.entries(settings)
    .map(([name, value]) => [name, typeof value === 'string' ? fill(value) : value]));
  const env = environment({
    redis: stage.redis, simulator: stage.simulator, folder, GLEANER_STARTUP_TIMEOUT: '2s', ...filled,
  });
  const command = [binary('gleaner'), ...args.map(fill)];
  if (as) command.unshift('setpriv', `--reuid=${as}`, '--clear-groups');
  const done = await runToEnd(command[0], command.slice(1), { env, cwd: folder, input });
  return { ...done, text: done.stdout + done.stderr, folder };
}

/// A file with `lines` domains of which every tenth is garbage.
function fileWithGarbage(folder, lines = 100) {
  const rows = Array.from({ length: lines }, (_, index) =>
    ((index + 1) % 10 === 0 ? `@@garbage ${index + 1}@@` : `row${index + 1}.test`));
  writeFileSync(join(folder, 'domains.txt'), rows.join('\n') + '\n');
}

const asNobody = process.getuid() === 0 ? '65534' : undefined;
const readOnlyFolder = (folder) => {
  mkdirSync(join(folder, 'kept'));
  chmodSync(join(folder, 'kept'), asNobody ? 0o755 : 0o555);
};
const write = (name, text) => (folder) => writeFileSync(join(folder, name), text);
const config = (text) => write('gleaner.toml', text);
const withConfig = ['run', '--config', 'FOLDER/gleaner.toml'];

// [what, arguments, settings, exit code, words of the message (all of them)]
const table = [
  ['no key', ['run'], { HUNTER_API_KEY: undefined }, exit.key, [/HUNTER_API_KEY missing/]],
  ['an empty key', ['run'], { HUNTER_API_KEY: '' }, exit.key, [/HUNTER_API_KEY missing/]],
  ['a wrong key', ['run'], { HUNTER_API_KEY: 'bad-key' }, exit.key, [/key/i, /reject|401|No user/i]],
  ['Redis down', ['run'], { redis: 'DOWN' }, exit.redis, [/redis/i, /127\.0\.0\.1:\d+/]],
  ['not Redis', ['run'], { redis: 'NOT_REDIS' }, exit.redis, [/redis/i, /127\.0\.0\.1:\d+/]],
  ['no password', ['run'], { redis: 'LOCKED' }, exit.redis, [/NOAUTH/, /127\.0\.0\.1:\d+/, /REDIS_URL/]],
  ['a wrong password', ['run'], { redis: 'WRONG' },
    exit.redis, [/WRONGPASS/, /127\.0\.0\.1:\d+/, /REDIS_URL/]],
  ['enqueue with a wrong password', ['enqueue', 'five.test'], { redis: 'WRONG' },
    exit.redis, [/WRONGPASS/, /REDIS_URL/]],
  ['enqueue to what is not Redis', ['enqueue', 'five.test'], { redis: 'NOT_REDIS' },
    exit.redis, [/not Redis/, /127\.0\.0\.1:\d+/]],
  ['a URL that is none', ['run'], { redis: 'http//nonsense' },
    exit.usage, [/REDIS_URL/, /redis:\/\//]],
  ['clear text to a public address', ['run'], { redis: 'redis://:hunter2@192.0.2.1:6379' }, // for documents: nobody is there
    exit.usage, [/192\.0\.2\.1/, /rediss:/, /redis\.plaintext/]],
  ['enqueue in clear to a private address', ['enqueue', 'five.test'],
    { redis: 'redis://10.255.255.1:6379', GLEANER_REDIS__PLAINTEXT: 'never' }, exit.usage, [/10\.255\.255\.1/, /redis\.plaintext/]],
  ['a store folder without its parent', ['run'],
    { NH_COLLECTIONS_DIR: 'FOLDER/missing/deeper/collections' }, exit.store, [/missing\/deeper/]],
  ['a store folder that is a file', ['run'],
    { NH_COLLECTIONS_DIR: 'FOLDER/kept', setup: write('kept', 'x') },
    exit.store, [/kept/, /not a (folder|directory)|is a file/i]],
  ['a read-only store folder', ['run'],
    { NH_COLLECTIONS_DIR: 'FOLDER/kept', setup: readOnlyFolder, as: asNobody },
    exit.store, [/kept/, /writ|permission/i]],
  ['an unknown key in the configuration', withConfig,
    { setup: config('[queue]\nconcurency = 3\n') },
    exit.usage, [/concurency/, /concurrency/, /gleaner\.toml/]],
  ['an unknown table in the configuration', withConfig,
    { setup: config('[qeue]\nconcurrency = 3\n') }, exit.usage, [/qeue/, /queue/]],
  ['a wrong unit in the configuration', withConfig,
    { setup: config('[queue]\nlock_duration = "30 parsecs"\n') },
    exit.usage, [/lock_duration/, /30 parsecs/]],
  ['a wrong type in the configuration', withConfig,
    { setup: config('[queue]\nconcurrency = "many"\n') }, exit.usage, [/concurrency/]],
  ['a value out of range', ['run'], { GLEANER_CONCURRENCY: '50000' },
    exit.usage, [/GLEANER_CONCURRENCY|concurrency/, /10000/]],
  ['a number that is none', ['run'], { GLEANER_CONCURRENCY: 'x' },
    exit.usage, [/GLEANER_CONCURRENCY|concurrency/]],
  ['limits that are none', ['run'], { GLEANER_LIMITS: '15 per blink' },
    exit.usage, [/GLEANER_LIMITS|limits/, /15\/s/]],
  ['a configuration file that is no TOML', withConfig,
    { setup: config('[queue\n') }, exit.usage, [/gleaner\.toml/]],
  ['a configuration file that is missing', withConfig, {}, exit.usage, [/gleaner\.toml/]],
  ['a profile with a mistyped key', ['run'],
    { GLEANER_API__PROFILE: 'FOLDER/my.toml', setup: write('my.toml', 'nmae = "x"\n') },
    exit.usage, [/my\.toml:1:1: unknown key nmae; did you mean name\?/, /answer is missing/]],
  ['a profile that is missing', ['run', '--api-profile', 'FOLDER/none.toml'], {},
    exit.usage, [/--api-profile/, /none\.toml: No such file/]],
  ['http to another machine', ['run'], { HUNTER_API_URL: 'http://192.0.2.1/v2' },
    exit.usage, [/HUNTER_API_URL|https/i]],
  ['an unknown command', ['collect'], {}, exit.usage, [/collect/]],
  ['an unknown flag', ['run', '--nonsense'], {}, exit.usage, [/nonsense/]],
  ['enqueue without a domain', ['enqueue'], {}, exit.usage, [/domain/i]],
  ['enqueue of a malformed domain', ['enqueue', 'not_a domain!'], {}, exit.usage, [/not_a domain!/]],
  ['enqueue of a path', ['enqueue', '../../etc/passwd'], {}, exit.usage, [/etc\/passwd/]],
  ['enqueue of a file that is missing', ['enqueue', '--file', 'FOLDER/none.txt'], {},
    exit.usage, [/none\.txt/]],
  ['enqueue with Redis down', ['enqueue', 'five.test'], { redis: 'DOWN' },
    exit.redis, [/redis/i, /127\.0\.0\.1:\d+/]],
  ['a queue of another version', ['run'], { GLEANER_QUEUE: 'of-version-4' },
    exit.usage, [/of-version-4/, /bullmq:4\.18\.2/, /5 and 6/]],
  ['enqueue into a queue of another version', ['enqueue', 'five.test'],
    { GLEANER_QUEUE: 'of-version-4' }, exit.usage, [/bullmq:4\.18\.2/]],
  ['a queue whose keys are something else', ['run'], { GLEANER_QUEUE: 'alien' },
    exit.usage, [/bull:alien:wait is a string/]],
  ['enqueue of an empty file', ['enqueue', '--file', 'FOLDER/domains.txt'],
    { setup: write('domains.txt', '') }, exit.usage, [/domains\.txt/, /empty|no domain/i]],
];

const places = {
  DOWN: () => `redis://127.0.0.1:${closedPort}`,
  NOT_REDIS: () => `redis://127.0.0.1:${notRedis.address().port}`,
  LOCKED: () => locked.url,
  WRONG: () => locked.url.replace('redis://', 'redis://:wrong@'),
};

for (const [what, args, { redis, ...settings }, code, words] of table) {
  test(`${what}: exit ${code} with a message, nothing touched`, { timeout: 300_000 }, async () => {
    const where = redis ? { redis: places[redis]?.() ?? redis } : {};
    const keys = (await stage.db.keys('*')).sort();
    const done = await gleanerIn(args, { ...settings, ...where });
    assert.equal(done.code, code, `exit ${done.code ?? done.signal}:\n${done.text}`);
    for (const word of words) assert.match(done.text, word);
    assert.ok(done.text.length < 4000, 'a message that can be read');
    assert.ok(!/terminate called|core dumped|Sanitizer/.test(done.text), done.text);
    assert.deepEqual((await stage.db.keys('*')).sort(), keys);
    assert.equal(await waitingJob.getState(), 'waiting', 'no job was taken');
  });
}

test('a file with 10 % garbage: lines are named, the rest is queued, exit 4', async () => {
  const before = await stage.db.llen(stage.key('wait'));
  const done = await gleanerIn(['enqueue', '--file', 'FOLDER/domains.txt'], { setup: fileWithGarbage });
  assert.equal(done.code, exit.partial, done.text);
  for (const line of [10, 50, 100]) {
    assert.match(done.stderr, new RegExp(`(domains\\.txt:|line )${line}\\b`));
  }
  assert.match(done.text, /90/);
  assert.equal(await stage.db.llen(stage.key('wait')), before + 90);
});

test('the worker starts after all this and does what waits', { timeout: 300_000 }, async () => {
  await stage.startWorker();
  await until('an empty queue', async () => {
    const { waiting, active, completed } = await stage.counts();
    return waiting === 0 && active === 0 && completed > 0;
  }, 30_000);
  assert.equal((await stage.counts()).failed, 0);
});
