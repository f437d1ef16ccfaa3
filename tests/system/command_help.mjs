// The program's commands and options, read from its --help.
import { gleaner } from './harness.mjs';

async function read(path) {
  const { stdout } = await gleaner([...path, '--help']);
  const below = stdout.split('\nSubcommands:\n')[1] ?? '';
  return {
    path,
    line: ['gleaner', ...path].join(' '),
    commands: [...below.matchAll(/^ {2}([a-z-]+) /gm)].map((match) => match[1]),
    options: [...stdout.matchAll(/^ {2}(-[-a-z,]+)/gm)].flatMap((match) => match[1].split(',')),
  };
}

/// Every command, the program itself first: {path, line, commands, options}.
export async function allCommands(path = []) {
  const command = await read(path);
  const below = await Promise.all(command.commands.map((name) => allCommands([...path, name])));
  return [command, ...below.flat()];
}
