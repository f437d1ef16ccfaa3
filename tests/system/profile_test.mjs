// The provider's profile through the whole program: printed, copied, changed, and what the change does.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gleaner, root } from './harness.mjs';
import { temporaryFolder } from './processes.mjs';
import { Stage } from './stage.mjs';

const folder = temporaryFolder();
const file = join(folder, 'my.toml');
const teapot = `
[[answer]]
name = "teapot"
status = [418]
verdict = "retry"
as = "throttled"
reason = "HTTP {status}: short and stout"
`;
let stage, builtin;

before(async () => {
  stage = await Stage.open({ worker: false });
  builtin = (await gleaner(['config', 'profile'])).stdout;
});
after(async () => stage?.close());

/// The built-in profile with one text replaced, as the file that `api.profile` names.
function change(from, to) {
  assert.ok(builtin.includes(from), from);
  writeFileSync(file, builtin.replace(from, to));
}

/// The first two searches for `domain` are answered with a 418.
async function refuseTwice(domain) {
  const answer = { status: 418, body: '{"errors":[{"id":"teapot","details":"no coffee"}]}' };
  const done = await fetch(`${stage.simulator.base}/admin/faults`, {
    method: 'POST', body: JSON.stringify({ match: { domain }, times: 2, answer }),
  });
  assert.equal(done.status, 200, await done.text());
}

test('the profile that is printed is the file of the sources, and a copy of it is good', async () => {
  assert.equal(builtin, readFileSync(join(root, 'adapters/profile/hunter.toml'), 'utf8'));
  writeFileSync(file, builtin);
  assert.equal((await gleaner(['config', 'check', '--api-profile', file])).code, 0);
  change('name = "hunter"', 'name = "mine"');
  const printed = await gleaner(['config', 'profile'], { GLEANER_API__PROFILE: file });
  assert.match(printed.stdout, /^name = "mine"$/m);
});

test('windows and page size of a profile are the defaults, and say where they come from', async () => {
  change('{ requests = 500, seconds = 60 }', '{ requests = 90, seconds = 60 }');
  const show = async (settings) => {
    const { stdout } = await gleaner(['config', 'show', '--json'], { GLEANER_LIMITS: undefined, ...settings });
    return JSON.parse(stdout).settings['api.limits'];
  };
  assert.deepEqual(await show({}), { value: '15/s,500/min', origin: 'default' });
  assert.deepEqual(await show({ GLEANER_API__PROFILE: file }), { value: '15/s,90/min', origin: `profile ${file}` });
  assert.deepEqual(await show({ GLEANER_API__PROFILE: file, GLEANER_LIMITS: '5/s' }),
    { value: '5/s', origin: 'GLEANER_LIMITS' });
});

test('every mistake is told by config check and ends run, with line, key and remedy', async () => {
  change('status = [401]', 'status = [4010]\nasz = 1');
  for (const args of [['config', 'check'], ['run']]) {
    const done = await gleaner(args, { redis: stage.redis, GLEANER_API__PROFILE: file });
    assert.equal(done.code, 2, done.stderr);
    assert.match(done.stderr, /my\.toml:\d+:\d+: answer "key refused"\.status .* from 100 to 999/);
    assert.match(done.stderr, /my\.toml:\d+:1: unknown key answer "key refused"\.asz; did you mean as\?/);
  }
});

test('a status that no rule names fails the job; a rule of a changed profile makes it a throttle', async () => {
  await refuseTwice('pot1.test');
  await stage.startWorker();
  const failed = await stage.collect('pot1.test');
  assert.equal(failed.failedReason, 'HTTP 418 teapot: no coffee');
  await stage.worker.stop();

  change('[[answer]] # Reference: success.', `${teapot}\n[[answer]]`);
  await refuseTwice('pot2.test');
  await stage.startWorker({ GLEANER_API__PROFILE: file });
  const job = await stage.collect('pot2.test');
  assert.equal(job.failedReason, undefined);
  assert.equal(job.returnvalue.success, true);
  const progress = await stage.progressOf(job.id);
  assert.ok(progress.some(({ status }) => status === 'rate_limited'), JSON.stringify(progress));
  const calls = await stage.simulator.calls();
  const statuses = calls.filter(({ domain }) => domain === 'pot2.test').map(({ status }) => status);
  assert.deepEqual(statuses.slice(0, 3), [418, 418, 200]);
});
