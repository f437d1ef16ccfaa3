// What bash, zsh and fish offer at the end of a command line.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gleaner } from './harness.mjs';
import { runToEnd, temporaryFolder } from './processes.mjs';

const zshOffers = fileURLToPath(new URL('zsh_offers.zsh', import.meta.url));
// Of each line the words as readline parts them: '=' and ':' are words of their own.
const bashOffers = `
source "$SCRIPT"
for line; do
  parted=\${line//=/ = }
  read -ra COMP_WORDS <<<"\${parted//:/ : }"
  [[ $line != *[\\ =] || \${COMP_WORDS[-1]} == '=' ]] || COMP_WORDS+=('')
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _gleaner
  echo "\${COMPREPLY[*]}"
done`;
const fishOffers = `
source $SCRIPT
for line in $argv
    echo (complete -C $line | string split -f1 \\t)
end`;

/// A shell with our script: {name, script, offers(line...)}.
export async function openShell(name) {
  const { stdout: script, stderr, code } = await gleaner(['completion', name]);
  if (code !== 0 || stderr) throw new Error(`gleaner completion ${name}: ${code} ${stderr}`);
  const folder = temporaryFolder();
  const here = join(folder, 'here'); // with a file and a folder to offer
  mkdirSync(join(here, 'folder'), { recursive: true });
  writeFileSync(join(here, 'file.txt'), '');
  const path = join(folder, '_gleaner');
  writeFileSync(path, script);
  const commands = {
    bash: ['bash', '--norc', '-c', bashOffers, 'bash'],
    zsh: ['zsh', '-f', zshOffers, folder],
    fish: ['fish', '--no-config', '-c', fishOffers],
  };
  const env = { PATH: process.env.PATH, HOME: folder, TERM: 'dumb', LC_ALL: 'C.UTF-8', SCRIPT: path };
  return {
    name, script, path,
    /// For each line a sorted list of words, without the slash that some put after folders and
    /// the option that some repeat before "=".
    async offers(...lines) {
      const [command, ...args] = commands[name];
      const done = await runToEnd(command, [...args, ...lines], { env, cwd: here });
      if (done.code !== 0 || done.stderr) throw new Error(`${name}: ${done.code} ${done.stderr}`);
      return done.stdout.split('\n').slice(0, lines.length).map((line) => [...new Set(
        line.split(' ').filter(Boolean)
          .map((word) => word.replace(/\/$/, '').replace(/^--[a-z-]+=/, '')))].sort());
    },
  };
}
