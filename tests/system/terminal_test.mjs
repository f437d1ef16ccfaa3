// What people see on a terminal, and what programs get that read a pipe.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { binary, environment, gleaner } from './harness.mjs';
import { Program, runToEnd, temporaryFolder, until } from './processes.mjs';
import { Stage } from './stage.mjs';

let stage;

before(async () => {
  stage = await Stage.open();
  await stage.collect(domains.contacts5);
  await stage.collect(domains.contacts500);
});
after(async () => stage?.close());

function environmentOf(settings = {}) {
  return environment({
    redis: stage.redis, simulator: stage.simulator, folder: stage.folder, TERM: 'xterm', ...settings,
  });
}

/// A shell command on a terminal of its own; what is written to its input is typed.
function onTerminal(command, settings = {}) {
  const env = environmentOf({ ...settings, GLEANER: binary('gleaner') });
  return new Program('script', ['-qec', `stty cols 40; ${command}`, '/dev/null'], {
    env, cwd: stage.folder, input: 'pipe',
  });
}

/// The end of a program to which `answer` is typed as soon as it asks: {code, text}.
async function answered(command, question, answer, settings) {
  const program = onTerminal(command, settings);
  let text = '';
  program.child.stdout.on('data', (piece) => {
    text += piece;
    if (question.test(text) && answer !== undefined) {
      program.child.stdin.write(answer);
      answer = undefined;
    }
  });
  const { code } = await program.exit();
  return { code, text };
}

test('the progress bar fits a narrow terminal', async () => {
  const names = Array.from({ length: 30 }, (_, index) => domains.brisk(`bar${index}`));
  const { code, text } = await answered(`"$GLEANER" enqueue --wait ${names.join(' ')}`, /never/);
  assert.equal(code, 0, text);
  const painted = text.split(/[\r\n]+/).filter((piece) => piece.includes('of 30'));
  assert.ok(painted.length > 0, text);
  for (const piece of painted) assert.ok(piece.replace('\x1b[K', '').length < 40, JSON.stringify(piece));
});

test('Ctrl-C ends the wait for jobs and says that they go on', async () => {
  const { code, text } = await answered(
    `"$GLEANER" enqueue --wait ${domains.sevenSeconds}`, /0 of 1/, '\x03');
  assert.equal(code, 130, text);
  assert.match(text, /\n.*1 job.*goes on/);
});

test('Ctrl-C ends the reading of domains', async () => {
  const reader = new Program(binary('gleaner'),
    ['enqueue', '--wait', '--delay', '1h', '--file', '-'], { env: environmentOf(), input: 'pipe' });
  // What it reads is queued by the thousand: it is in the midst of it then.
  reader.child.stdin.write(Array.from({ length: 1000 }, (_, index) => `x${index}.test\n`).join(''));
  await until('a thousand jobs', async () => (await stage.counts()).delayed === 1000);
  assert.deepEqual(await reader.stop('SIGINT'), { code: null, signal: 'SIGINT' });
});

for (const [answer, code] of [['n\n', 1], ['\x04', 1], ['\n', 1], ['Yes\n', 0]]) {
  test(`results rm is answered ${JSON.stringify(answer)}`, async () => {
    const done = await answered(
      `"$GLEANER" results rm ${domains.contacts5}`, /remove 1 collection\?/, answer);
    assert.equal(done.code, code, done.text);
    assert.match(done.text, code === 0 ? /removed c5\.test/ : /nothing was changed/);
  });
}

const escape = '\x1b[';
for (const [name, settings, flags, coloured] of [
  ['a terminal', {}, '', true],
  ['NO_COLOR', { NO_COLOR: '1' }, '', false],
  ['TERM=dumb', { TERM: 'dumb' }, '', false],
  ['--color never', {}, '--color never', false],
  ['--color=always against NO_COLOR', { NO_COLOR: '1' }, '--color=always', true],
]) {
  test(`log lines are ${coloured ? 'coloured' : 'plain'} with ${name}`, async () => {
    const { code, text } = await answered(`"$GLEANER" ${flags} run`, /never/, undefined,
      { HUNTER_API_KEY: '', ...settings });
    assert.equal(code, 7, text);
    assert.match(text, /auth\.key_rejected/);
    assert.equal(text.includes(escape), coloured, JSON.stringify(text));
  });
}

test('a reader that has seen enough, as head has, is no error worth a line', async () => {
  for (const format of ['csv', 'ndjson', 'json']) {
    const done = await runToEnd('bash', ['-c',
      `"$GLEANER" results export --format ${format} | head -c 1 >/dev/null; exit \${PIPESTATUS[0]}`],
    { env: environmentOf({ GLEANER: binary('gleaner') }), cwd: stage.folder });
    assert.equal(done.stderr, '');
    assert.equal(done.code, 1);
  }
});

test('a full disk is named once', async () => {
  const done = await runToEnd('bash', ['-c', '"$GLEANER" results export > /dev/full'],
    { env: environmentOf({ GLEANER: binary('gleaner') }), cwd: stage.folder });
  assert.match(done.stderr, /^gleaner: standard output can't be written.*\n$/);
  assert.equal(done.code, 1);
});

test('an export follows a link and leaves files of similar names alone', async () => {
  const folder = temporaryFolder();
  const [target, link, part] = ['real/people.csv', 'people.csv', 'people.csv.part']
    .map((name) => join(folder, name));
  mkdirSync(join(folder, 'real'));
  symlinkSync('real/people.csv', link);
  writeFileSync(part, 'mine');
  for (let round = 0; round < 2; round++) { // the target is missing, then there
    const done = await gleaner(['results', 'export', '--output', link],
      { ...stage.settings, folder: stage.folder });
    assert.equal(done.code, 0, done.stderr);
    assert.match(readFileSync(target, 'utf8'), /^domain,email/);
  }
  assert.equal(readFileSync(part, 'utf8'), 'mine');
  assert.deepEqual(readdirSync(join(folder, 'real')), ['people.csv']);
  assert.deepEqual(readdirSync(folder).sort(), ['people.csv', 'people.csv.part', 'real']);
});

test('a folder given as a file of domains is named as such', async () => {
  const done = await gleaner(['enqueue', '--file', stage.folder], { redis: stage.redis });
  assert.equal(done.code, 2);
  assert.match(done.stderr, /cannot read .*: Is a directory/);
});

test('a mistyped command is named, with those that exist', async () => {
  for (const [args, pattern] of [
    [['enqeue', 'a.test'], /no command 'enqeue'.*enqueue/],
    [['jobs', 'lss'], /no command 'jobs lss'.*ls show logs.*gleaner jobs --help/s],
    [['results'], /results needs.*ls show export rm/],
    [['-x'], /no option '-x'/],
    [[], /needs.*enqueue.*gleaner --help/s],
  ]) {
    const done = await gleaner(args);
    assert.equal(done.code, 2);
    assert.match(done.stderr, pattern);
    assert.equal(done.stdout, '');
  }
});

test('the version needs no good settings', async () => {
  for (const args of [['version'], ['--version']]) {
    const done = await gleaner(args, { GLEANER_CONCURRENCY: 'many' });
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /^gleaner \d+\.\d+\.\d+\n$/);
  }
});

test('doctor names a remedy for a key that is refused and an API that does not answer', async () => {
  for (const [settings, code, pattern] of [
    [{ simulator: stage.simulator, HUNTER_API_KEY: 'bad-key' }, 7, /fail +key .*set HUNTER_API_KEY/],
    [{ HUNTER_API_URL: 'http://127.0.0.1:1/v2' }, 1, /fail +key .*check the network/],
  ]) {
    const done = await gleaner(['doctor'], { redis: stage.redis, ...settings });
    assert.equal(done.code, code, done.stdout);
    assert.match(done.stdout, pattern);
  }
});
