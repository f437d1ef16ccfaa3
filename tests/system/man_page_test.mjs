// The manual page renders without warnings and has all that the program has.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { allCommands } from './command_help.mjs';
import { gleaner } from './harness.mjs';
import { runToEnd } from './processes.mjs';

let rendered;
let text;

before(async () => {
  const page = await gleaner(['man']);
  assert.equal(page.code, 0, page.stderr);
  rendered = await runToEnd('man', ['--warnings', '-E', 'UTF-8', '-l', '-Tutf8', '-'], {
    input: page.stdout,
    env: { PATH: process.env.PATH, HOME: '/', TERM: 'dumb', LC_ALL: 'C.UTF-8', MANWIDTH: '80' },
  });
  text = rendered.stdout.replace(/.\x08|\x1b\[[0-9;]*m/g, ''); // bold and underlined
});

/// The lines of the section, up to the next one.
function section(title) {
  const found = text.match(new RegExp(`^${title}\\n((?: .*\\n|\\n)*)`, 'm'));
  assert.ok(found, `there is no section ${title}`);
  return found[1];
}

test('it renders without warnings', () => {
  assert.equal(rendered.code, 0);
  assert.equal(rendered.stderr, '');
});

test('it has the sections that people look for', () => {
  assert.match(section('NAME'), /^ +gleaner - collects the people/);
  for (const title of ['SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'COMMANDS', 'SETTINGS', 'ENVIRONMENT',
    'EXIT STATUS', 'FILES', 'EXAMPLES']) assert.match(section(title), /\w/);
});

test('each command is in it, with all its options and the examples of its help', async () => {
  const [program, ...commands] = await allCommands();
  for (const option of program.options) assert.ok(text.includes(option), option);
  const parts = section('COMMANDS').split(/^ {3}(?=gleaner )/m);
  for (const { line, path, options } of commands) {
    const part = parts.find((each) => each.startsWith(`${line}\n`));
    assert.ok(part, `${line} is not in it`);
    for (const option of options.filter((each) => !['-h', '--help'].includes(each))) {
      assert.match(part, new RegExp(`^ {7}(-., )?${option}\\b|, ${option}\\b`, 'm'), line);
    }
    const help = (await gleaner([...path, '--help'])).stdout;
    for (const [, example] of help.split('Examples:\n')[1].split(/\n\n|\nUsage/)[0]
      .matchAll(/^ {2}(.*)$/gm)) assert.ok(part.includes(example), example);
  }
});

test('each setting is in it, with its variables, flag and default', async () => {
  const { stdout } = await gleaner(['config', 'show', '--markdown']);
  const rows = stdout.split('\n').filter((line) => line.startsWith('| `')).map((row) => row.split(' | '));
  assert.ok(rows.length > 30, stdout);
  assert.match(stdout, /`api\.keys\.NAME\.limits`/);
  const settings = section('SETTINGS').split(/\n\n/);
  for (const [path, variables, flag, preset] of rows) {
    const name = path.replace(/[|` ]/g, '');
    const part = settings.find((each) => each.trim().split(/\s/)[0] === name);
    assert.ok(part, `${name} is not in it`);
    for (const [, word] of [variables, flag, preset].join().matchAll(/`([^`]+)`/g)) {
      assert.ok(part.replace(/\s+/g, ' ').includes(word), `${name}: ${word}`);
    }
  }
});
