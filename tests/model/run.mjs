// Has spin verify protocol.pml, and find what is wrong once it is broken. Usage: node run.mjs FOLDER
// (its scratch place). GLEANER_SOAK=1: with more trouble. Needs spin and a C compiler.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { figures, size } from '../faults/figures.mjs';

const model = fileURLToPath(new URL('protocol.pml', import.meta.url));
const scratch = resolve(process.argv[2] ?? 'build/model');
const safety = { compile: ['-DSAFETY', '-DNOCLAIM'], run: [] };
const liveness = { compile: ['-DNFAIR=3'], run: ['-a', '-f'] }; // each process goes on at last

// What is broken, which of the properties must tell, and the words of it.
const mutants = [
  ['UNFENCED', safety, 'token==owner'],
  ['UNFENCED_CHECKPOINT', safety, 'token==owner'],
  ['UNFENCED_FINISH', safety, 'token==owner'],
  ['REGAIN_ANY_TAKE', safety, 'token==owner'],
  ['NO_LEDGER', safety, 'kept_as[0]==0'],
  ['NO_LEASE', safety, 'lock==token'],
  ['NO_STALLED_CHECK', safety, 'invalid end state'],
  ['NO_STALLED_CHECK', liveness, 'acceptance cycle'],
  ['ORPHANS_OF_ANY_START', safety, 'lock==token'],
  ['FINISH_FIRST', safety, 'stored'],
];

// What spin's verifier says of the model with `defines`; it stops at the first error.
function verify(name, mode, defines) {
  const folder = join(scratch, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const call = (program, ...args) =>
    execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  call('spin', '-a', ...defines.map((define) => `-D${define}`), model);
  call(process.env.CC ?? 'cc', '-w', '-O1', ...mode.compile, '-o', 'pan', 'pan.c');
  const started = performance.now();
  const said = call('./pan', '-m1000000', ...mode.run);
  const errors = Number(said.match(/errors: (\d+)/)?.[1] ?? -1);
  const states = Number(said.match(/(\d+) states, stored/)?.[1] ?? 0);
  const complete = !/error: max search depth|out of memory|search not completed/i.test(said);
  return { said, errors, states, complete, seconds: (performance.now() - started) / 1000 };
}

let passed = 0, failed = 0;
function expect(what, holds, { said, states, seconds }) {
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}: ${states} states, ${seconds.toFixed(2)} s`);
  if (!holds)
    console.log(said);
  holds ? ++passed : ++failed;
}

const trouble = size([], ['LONG']);
const told = {};
for (const [name, mode] of [['safety', safety], ['liveness', liveness]]) {
  const found = verify(name, mode, trouble);
  // A step that is never taken would be held for right.
  const skipped = mode === safety && found.said.split('unreached in ').slice(1)
    .filter((part) => !part.startsWith('claim') && !/\(0 of \d+ states\)/.test(part));
  expect(name, found.errors === 0 && found.complete && !(skipped && skipped.length), found);
  told[`${name}_states`] = found.states;
  told[`${name}_seconds`] = found.seconds.toFixed(1);
}
for (const [define, mode, words] of mutants) {
  const found = verify(`${define}-${mode === safety ? 'safety' : 'liveness'}`, mode, [define]);
  const error = found.said.split('\n').find((line) => line.startsWith('pan:1:')) ?? 'no error';
  expect(`${define} is found (${error.slice(7)})`, found.errors === 1 && error.includes(words), found);
}
figures('model', { ...told, mutants_found: passed - 2 });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
