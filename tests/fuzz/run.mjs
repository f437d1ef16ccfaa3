// Runs a libFuzzer program: what it starts with, then 10 s of its own (GLEANER_SOAK=1: ten minutes).
// Usage: node run.mjs PROGRAM CORPUS FINDS
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { figures, size } from '../faults/figures.mjs';

const [program, corpus, finds] = process.argv.slice(2);
const grown = join(finds, 'corpus');
mkdirSync(grown, { recursive: true });
const seconds = Number(process.env.GLEANER_FUZZ_SECONDS ?? size(10, 600));
const done = spawnSync(program, [
  `-max_total_time=${seconds}`, '-timeout=10', '-rss_limit_mb=1024', '-malloc_limit_mb=256', '-max_len=20000',
  '-print_final_stats=1', `-artifact_prefix=${finds}/`, grown, corpus,
], { encoding: 'utf8', maxBuffer: 1 << 28 });
const told = done.stderr ?? '';
const runs = Number(told.match(/number_of_executed_units:\s*(\d+)/)?.[1] ?? 0);
const seeds = readdirSync(corpus).length;
figures(basename(program), { seconds, runs, seeds, found: done.status === 0 ? 0 : 1 });
if (done.status !== 0) {
  console.log(told.split('\n').slice(-60).join('\n'));
  console.log(`exit ${done.status ?? done.signal}; the input lies in ${finds}: ${program} FILE does it again`);
}
process.exitCode = done.status === 0 && runs > seeds ? 0 : 1;
