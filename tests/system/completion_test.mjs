// Tab in bash, zsh and fish offers what the program accepts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { allCommands } from './command_help.mjs';
import { binary, gleaner } from './harness.mjs';
import { runToEnd, temporaryFolder } from './processes.mjs';
import { openShell } from './shells.mjs';

const states = ['active', 'completed', 'delayed', 'failed', 'prioritized', 'waiting',
  'waiting-children'];
let commands;

before(async () => {
  commands = await allCommands();
});

test('the help of all commands could be read', () => {
  assert.ok(commands.length > 30, `${commands.length} commands`);
  assert.ok(commands[0].commands.includes('enqueue'));
  assert.ok(commands[0].options.includes('--store-folder'));
});

// Lines, and what is to be offered at their end.
const places = [
  ['gleaner jobs ls --state ', states],
  ['gleaner jobs ls --state f', ['failed']],
  ['gleaner jobs ls --state=f', ['failed']],
  ['gleaner jobs ls --json --state ', states],
  ['gleaner queue clean --state=', states],
  ['gleaner dlq export --format ', ['csv', 'ndjson']],
  ['gleaner results export --format ', ['csv', 'json', 'ndjson']],
  ['gleaner --color ', ['always', 'auto', 'never']],
  ['gleaner jobs ls --color al', ['always']],
  ['gleaner run --log-level ', ['debug', 'error', 'info', 'warn']],
  ['gleaner --log-format=', ['auto', 'json', 'logfmt', 'text']],
  ['gleaner completion ', ['bash', 'fish', 'zsh']],
  ['gleaner completion z', ['zsh']],
  ['gleaner jo', ['jobs']],
  // The value of an option is no command, in front of one or between two.
  ['gleaner --queue run jo', ['jobs']],
  ['gleaner --listen 127.0.0.1:9464 jo', ['jobs']],
  ['gleaner jobs --queue=show l', ['logs', 'ls']],
  ['gleaner jobs --limits ls ls --sta', ['--stalled-interval', '--startup-timeout', '--state',
    '--state-folder']],
  ['gleaner --config ', ['file.txt', 'folder']],
  ['gleaner enqueue --file fi', ['file.txt']],
  ['gleaner results export --output=fi', ['file.txt']],
  ['gleaner run --store-folder ', ['folder']],
  // Nothing is known of these.
  ['gleaner enqueue ', []],
  ['gleaner enqueue f', []],
  ['gleaner enqueue --wait f', []],
  ['gleaner jobs show f', []],
  ['gleaner jobs ls --limit f', []],
  ['gleaner --queue f', []],
  ['gleaner nonsense j', []],
  ['gleaner --color always nonsense a', []],
  ['gleaner completion bash f', []],
];

for (const name of ['bash', 'zsh', 'fish']) {
  test(`${name} offers the commands that the help lists`, async () => {
    const shell = await openShell(name);
    const groups = commands.filter((command) => command.commands.length);
    const offered = await shell.offers(...groups.map(({ line }) => `${line} `));
    for (const [index, group] of groups.entries()) {
      assert.deepEqual(offered[index], [...group.commands].sort(), group.line);
    }
  });

  test(`${name} offers the options that the help lists, the program's everywhere`, async () => {
    const shell = await openShell(name);
    const offered = await shell.offers(...commands.map(({ line }) => `${line} --`));
    for (const [index, command] of commands.entries()) {
      const listed = new Set([...command.options, ...commands[0].options]
        .filter((option) => option.startsWith('--')));
      // zsh adds short ones
      const found = offered[index].filter((option) => option.startsWith('--'));
      assert.deepEqual(found, [...listed].sort(), command.line);
    }
  });

  test(`${name} offers values, files and folders where they may stand`, async () => {
    const shell = await openShell(name);
    const offered = await shell.offers(...places.map(([line]) => line));
    for (const [index, [line, words]] of places.entries()) {
      assert.deepEqual(offered[index], words, `after '${line}'`);
    }
  });
}

test('shellcheck finds nothing in the script for bash', async () => {
  const { path } = await openShell('bash');
  const { code, stdout, stderr } = await runToEnd('shellcheck', ['--shell=bash', path]);
  assert.equal(code, 0, stdout + stderr);
});

test('the scripts and the manual page need no good settings', async () => {
  for (const args of [['completion', 'bash'], ['man']]) {
    for (const settings of [{ GLEANER_CONCURRENCY: 'many' }, { HUNTER_PAGE_SIZE: '500' }]) {
      const done = await gleaner(args, settings);
      assert.equal(done.code, 0);
      assert.equal(done.stderr, '');
    }
  }
});

test('what is installed is what the program prints', async () => {
  const prefix = temporaryFolder();
  const build = join(binary('gleaner'), '../..');
  const { code, stderr } = await runToEnd('cmake', ['--install', build, '--prefix', prefix]);
  assert.equal(code, 0, stderr);
  for (const [file, args] of [
    ['man/man1/gleaner.1', ['man']],
    ['bash-completion/completions/gleaner', ['completion', 'bash']],
    ['zsh/site-functions/_gleaner', ['completion', 'zsh']],
    ['fish/vendor_completions.d/gleaner.fish', ['completion', 'fish']],
  ]) {
    const { stdout } = await gleaner(args);
    assert.equal(readFileSync(join(prefix, 'share', file), 'utf8'), stdout, file);
  }
});

test('a shell that is not known is named, with those that are', async () => {
  const done = await gleaner(['completion', 'tcsh']);
  assert.equal(done.code, 2);
  assert.match(done.stderr, /tcsh.*bash,zsh,fish/);
  assert.equal(done.stdout, '');
});
