// What a worker logs, as programs read it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stage } from './stage.mjs';

/// The lines of a worker that has collected `domain` and ended.
async function linesOf(domain, settings) {
  const stage = await Stage.open(settings);
  try {
    await stage.collect(domain);
    await stage.worker.stop();
    return stage.worker.program.lines.filter(Boolean);
  } finally {
    await stage.close();
  }
}

test('what concerns a job, a page or a try says so in fields', async () => {
  const events = (await linesOf('c250-flaky1.sim.test', {})).map((line) => JSON.parse(line));
  const retries = events.filter(({ code }) => code === 'api.retry');
  assert.deepEqual(retries.map(({ page }) => page).sort(), [1, 2, 3]);
  for (const { job_id, domain, attempt, key, level, ts } of retries) {
    assert.deepEqual([job_id, domain, attempt, key, level], ['1', 'c250-flaky1.sim.test', 1, 'default', 'info']);
    assert.match(ts, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  }
  const completed = events.find(({ code }) => code === 'job.completed');
  assert.deepEqual([completed.job_id, completed.attempt, completed.pages, completed.contacts], ['1', 1, 3, 250]);
});

test('logfmt has the same in another form', async () => {
  const lines = await linesOf('c250-flaky1.sim.test', { GLEANER_LOG__FORMAT: 'logfmt' });
  for (const line of lines) assert.match(line, /^ts=\S+Z level=(info|warn|error) code=[a-z]+\.[a-z_]+ msg=("([^"\\]|\\.)*"|\S+)( [a-z_]+=("([^"\\]|\\.)*"|\S+))*$/);
  assert.ok(lines.some((line) => / code=api\.retry .* domain=c250-flaky1\.sim\.test attempt=1 page=3 /.test(line)), lines.join('\n'));
});

test('repeats are counted, and events of jobs are not', async () => {
  const events = (await linesOf('c1000-flaky1.sim.test', { GLEANER_LOG__REPEATS: '2', GLEANER_LIMITS: 'off' }))
    .map((line) => JSON.parse(line));
  const retries = events.filter(({ code }) => code === 'api.retry');
  assert.deepEqual(retries.map(({ repeated }) => repeated), [undefined, undefined, 8]);
});

test('how many there were is told when the minute is over, also when nothing else happens', { timeout: 200_000 }, async () => {
  const stage = await Stage.open({ GLEANER_LOG__REPEATS: '1', GLEANER_LIMITS: 'off' });
  try {
    await stage.collect('c250-flaky1.sim.test');
    await stage.worker.program.line(/"api\.retry".*"repeated":2/, 100_000);
  } finally {
    await stage.close();
  }
});
