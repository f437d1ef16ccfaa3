// The API key and the passwords are where they are needed and nowhere else; addresses are in the
// store alone. A key and a password that nothing else looks like are searched for everywhere.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { gleaner, root, startGleaner } from './harness.mjs';
import { findInMemory } from './process_memory.mjs';
import { Program, temporaryFolder } from './processes.mjs';
import { hasty } from './settings.mjs';
import { Stage } from './stage.mjs';

const canary = (kind) => `${kind}-${randomBytes(20).toString('hex')}`;
const key = canary('key');
const password = canary('password');
const secrets = { key, password };
const isRoot = process.getuid() === 0;
const address = /[\w.+-]+@[\w-]+(\.[\w-]+)+/;

let stage;
const endings = [domains.contacts250, domains.forbidden, domains.serverErrors, domains.reset, domains.notJson,
  domains.redirect, domains.oversize, 'no domain', `fail500-${key}.test`];
before(async () => {
  stage = await Stage.open({
    worker: false, HUNTER_API_KEY: key, LOG_LEVEL: 'debug', ...hasty,
  });
  await stage.db.acl('SETUSER', 'gleaner', 'on', `>${password}`, '~*', '&*', '+@all');
  stage.login = `redis://gleaner:${password}@127.0.0.1:${stage.redis.port}`;
  await stage.startWorker({ redis: stage.login });
  for (const domain of endings) await stage.collect(domain);
});
after(async () => stage?.close());

/// Every file below a folder as one text.
function textsBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({
      name: entry.name,
      text: readFileSync(join(entry.parentPath ?? entry.path ?? folder, entry.name), 'latin1'),
    }));
}

function assertNowhere(where, text, among = secrets) {
  for (const [kind, secret] of Object.entries(among)) {
    assert.ok(!text.includes(secret), `the ${kind} is in ${where}`);
  }
}

test('the key goes to the API as a bearer, in no URL', async () => {
  const calls = await stage.simulator.calls();
  assert.ok(calls.length > 10);
  for (const call of calls) {
    assert.equal(call.auth, 'bearer');
    assert.ok(!call.redirected, 'a redirect was followed');
  }
  assertNowhere('the log of the API', JSON.stringify(calls.filter(({ domain }) => !domain?.includes(key))));
});

test('no source makes libcurl talk about what it sends', () => {
  for (const folder of ['adapters', 'app', 'core', 'actors']) {
    for (const { name, text } of textsBelow(join(root, folder))) {
      assert.doesNotMatch(text, /CURLOPT_(VERBOSE|DEBUGFUNCTION)/, name);
    }
  }
});

test('no line of the log holds a secret or an address, at any level', () => {
  const lines = stage.worker.program.lines;
  assert.ok(lines.length >= endings.length - 1, lines.join('\n'));
  assertNowhere('the log', lines.join('\n'));
  for (const line of lines) {
    assert.doesNotMatch(line, address);
    assert.equal(typeof JSON.parse(line).code, 'string');
  }
  assert.match(lines.join('\n'), /\[redacted\]\.test/, 'a domain that held the key was logged without it');
});

test('neither command line nor environment hold a secret', () => {
  const of = (name) => readFileSync(`/proc/${stage.worker.pid}/${name}`, 'latin1');
  assertNowhere('the command line', of('cmdline'));
  assertNowhere('the environment', of('environ'));
  assert.match(of('environ'), /NH_COLLECTIONS_DIR/, 'this is its environment');
});

test('no page of the listener holds a secret or an address', async () => {
  for (const page of ['/metrics', '/readyz?verbose', '/livez', '/healthz', '/version', `/${key}`, '/']) {
    const text = await (await stage.worker.get(page)).text();
    assertNowhere(page, text);
    assert.doesNotMatch(text, address, page);
  }
});

test('Redis and the folders hold no secret but where the test itself put one', async () => {
  for (const { name, text } of textsBelow(stage.redis.folder)) {
    const ours = text.replaceAll(`${key}.test`, '').replaceAll(`>${password}`, '');
    assertNowhere(name, ours);
  }
  const stored = textsBelow(stage.folder);
  assert.ok(stored.some(({ text }) => address.test(text)), 'the store has what was collected');
  for (const { name, text } of stored) assertNowhere(name, text);
});

test('a core dump would not hold the key', () => {
  const { pid } = stage.worker;
  assert.notDeepEqual(findInMemory(pid, key, { dumped: false }), [], 'it is in the pages that are left out');
  assert.notDeepEqual(findInMemory(pid, stage.folder), [], 'other settings are in those that are dumped');
  assert.deepEqual(findInMemory(pid, `Bearer ${key}`), []);
});

test('there is no core dump, and no other user may look', async () => {
  const limits = readFileSync(`/proc/${stage.worker.pid}/limits`, 'latin1');
  assert.match(limits, /Max core file size\s+0\s+0\s/);
  if (!isRoot) return; // only root can start a program as somebody else, to see whose its /proc is
  const folder = temporaryFolder();
  chmodSync(folder, 0o777);
  const gleanerProgram = stage.worker.program.child.spawnargs.find((arg) => arg.endsWith('/gleaner'));
  const asNobody = new Program('setpriv', ['--reuid=65534', '--clear-groups', gleanerProgram, 'run'], {
    env: { ...stage.worker.env, HUNTER_API_KEY: key, REDIS_URL: stage.login, NH_COLLECTIONS_DIR: join(folder, 'c'),
      GLEANER_STATE_FOLDER: join(folder, 's') }, cwd: folder,
  });
  await asNobody.line(/\bready\b/);
  assert.equal(statSync(`/proc/${asNobody.pid}/environ`).uid, 0, 'not its own user may read it');
  assert.equal((await asNobody.stop()).code, 0);
});

test('messages of commands hold no secret, whatever fails', async () => {
  const settings = { folder: stage.folder, simulator: stage.simulator, HUNTER_API_KEY: key };
  const wrongPort = stage.login.replace(/\d+$/, '1');
  for (const [args, redis] of [
    [['config', 'show', '--origin'], stage.login], [['config', 'show', '--json'], stage.login],
    [['doctor', '--json'], stage.login], [['doctor'], wrongPort], [['queue', 'stats'], wrongPort],
    [['queue', 'stats'], stage.login.replace('gleaner:', 'nobody:')],
    [['queue', 'stats'], stage.login.replace('redis:', 'http:')],
    [['queue', 'stats'], stage.login.replace(/:\d+$/, ':port')],
    [['jobs', 'ls', '--json'], `${stage.login}/x`],
  ]) {
    const done = await gleaner(args, { ...settings, redis });
    const text = done.stdout + done.stderr;
    assert.ok(text.length > 0);
    assertNowhere(`the output of ${args.join(' ')}`, text.replaceAll(`${key}.test`, ''));
  }
});

test('a key from a file is as hidden; the file must be closed to others', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'key');
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  const settings = { redis: stage.redis, simulator: stage.simulator, folder, HUNTER_API_KEY: undefined,
    HUNTER_API_KEY_FILE: file };
  const worker = await startGleaner(settings);
  assertNowhere('the environment', readFileSync(`/proc/${worker.pid}/environ`, 'latin1'));
  assert.deepEqual(findInMemory(worker.pid, key), []);
  await worker.stop();
  for (const mode of [0o640, 0o604]) {
    chmodSync(file, mode);
    const refused = await gleaner(['run'], settings);
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /HUNTER_API_KEY_FILE.*chmod 600/);
  }
});
