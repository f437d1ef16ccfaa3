// Runs all conformance tests on one redis-server and prints items by client version.
// Usage: node run.mjs [part of a file name...]; exit 0 when every required item passed.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { startRedis } from '../system/harness.mjs';
import { items, versions } from './items.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('_test.mjs'))
  .filter((name) => !wanted.length || wanted.some((part) => name.includes(part)))
  .map((name) => join(folder, name));

const outcomes = new Map(); // "C9 5.64.1" -> [{passed, error}]
const others = { passed: 0, failed: 0 };

function record(data, passed) {
  const match = data.name.match(/^C(\d+) \[([\d.]+)\]/);
  const error = data.details?.error;
  if (match && data.skip === undefined) {
    const key = `C${match[1]} ${match[2]}`;
    outcomes.set(key, [...(outcomes.get(key) ?? []), { passed }]);
  } else if (!files.includes(data.name)) {
    // Some Node versions report each file as a test of its own, which only sums up.
    others[passed ? 'passed' : 'failed'] += 1;
  } else if (passed || error?.failureType === 'subtestsFailed') {
    return;
  } else {
    others.failed += 1;
  }
  const seconds = ((data.details?.duration_ms ?? 0) / 1000).toFixed(2);
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${data.name} (${seconds} s)`);
  if (!passed) console.log(inspect(error?.cause ?? error, { depth: 4 }).replace(/^/gm, '    '));
}

/// One of passed, failed, missing, twice, "not applicable (why)".
function verdict(item, version) {
  const found = outcomes.get(`C${item.number} ${version}`) ?? [];
  if (found.length > 1) return 'twice';
  if (found.length === 1) return found[0].passed ? 'passed' : 'failed';
  if (item.notApplicable[version]) return `not applicable (${item.notApplicable[version]})`;
  return 'missing';
}

function printTable() {
  const count = { passed: others.passed, failed: others.failed };
  console.log(`\n${'item'.padEnd(5)} ${versions.map((version) => version.padEnd(8)).join(' ')} title`);
  for (const item of items) {
    const cells = versions.map((version) => verdict(item, version));
    for (const cell of cells) {
      if (cell === 'passed') count.passed += 1;
      if (/^(failed|twice)$/.test(cell) || (cell === 'missing' && !wanted.length)) count.failed += 1;
    }
    const reasons = cells.filter((cell) => cell.startsWith('not applicable'));
    const short = cells.map((cell) => cell.replace(/^not applicable.*/, 'n/a').padEnd(8)).join(' ');
    console.log(`${`C${item.number}`.padEnd(5)} ${short} ${[item.title, ...reasons].join('; ')}`);
  }
  return count;
}

// It takes the whole machine.
const isHeavy = (name) => name.endsWith('coexistence_test.mjs');

async function runAll(some) {
  if (!some.length) return; // which would mean "all" to the runner
  await new Promise((resolve, reject) => {
    const stream = run({ files: some, concurrency: 6, timeout: 290_000 });
    stream.on('test:pass', (data) => record(data, true));
    stream.on('test:fail', (data) => record(data, false));
    stream.on('end', resolve).on('error', reject).resume();
  });
}

const redis = await startRedis(['--appendonly', 'no']);
process.env.GLEANER_TEST_REDIS = redis.url;
try {
  const started = Date.now();
  await runAll(files.filter((name) => !isHeavy(name)));
  await runAll(files.filter(isHeavy));
  const { passed, failed } = printTable();
  console.log(`\n${files.length} files in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed || !passed ? 1 : 0;
} finally {
  await redis.stop();
}
