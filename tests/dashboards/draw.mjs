// Draws the boards with what a Prometheus has, as PNGs.
// Usage: node draw.mjs --prometheus URL --out FOLDER [--range 30m] [--end 2026-11-28T12:00:00Z] [BOARD...]; needs chromium.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { answersFor } from './answers.mjs';
import { boardsIn, nameOf } from './boards.mjs';
import { page, width } from './drawing/page.mjs';
import { photograph } from './picture.mjs';
import { inSeconds, PrometheusClient } from './prometheus_client.mjs';

function commandLine() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: {
    prometheus: { type: 'string' }, out: { type: 'string' }, range: { type: 'string', default: '30m' },
    end: { type: 'string', default: new Date().toISOString() } } });
  for (const name of ['prometheus', 'out']) if (!values[name]) throw new Error(`--${name} is missing`);
  const end = Date.parse(values.end) / 1000;
  if (Number.isNaN(end)) throw new Error(`--end ${values.end} is no time; write e.g. 2026-11-28T12:00:00Z`);
  const boards = boardsIn();
  const unknown = positionals.find((name) => !boards.some((board) => nameOf(board) === name));
  if (unknown) throw new Error(`no board ${unknown}: there are ${boards.map(nameOf).join(', ')}`);
  return { ...values, range: inSeconds(values.range), end, boards: boards.filter((board) => !positionals.length || positionals.includes(nameOf(board))) };
}

try {
  const { prometheus, out, range, end, boards } = commandLine();
  mkdirSync(out, { recursive: true });
  const client = new PrometheusClient(prometheus);
  for (const board of boards) {
    const file = resolve(join(out, `${nameOf(board)}.png`));
    await photograph({ ...page(board, await answersFor(board, client, { range, end })), width }, file);
    console.log(file);
  }
} catch (error) {
  console.error(`draw: ${error.message}`);
  process.exitCode = 1;
}
