// The program gleaner-simulator from outside: flags, signals, streams.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const program = process.env.GLEANER_SIMULATOR;
const folder = mkdtempSync(join(tmpdir(), 'gleaner-simulator-'));
const running = new Set();
after(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/// Starts the program and waits for its line: {child, base, out(), ended}.
async function start(...args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let out = '';
  const ended = new Promise((resolve) => child.on('close', (code, signal) => {
    running.delete(child);
    resolve({ code, signal });
  }));
  const base = await new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
      const line = out.match(/^listening on (http:\/\/127\.0\.0\.1:\d+)\n/);
      if (line) resolve(line[1]);
    });
    ended.then(() => reject(new Error(`ended too early: ${out}`)));
  });
  return { child, base, ended, out: () => out };
}

const get = async (base, path) =>
  fetch(base + path, { headers: { Authorization: 'Bearer sim-key' } });

for (const signal of ['SIGTERM', 'SIGINT']) {
  test(`prints one line, serves and ends cleanly on ${signal}`, async () => {
    const sim = await start();
    assert.equal((await get(sim.base, '/v2/domain-search?domain=c5.sim.test')).status, 200);
    sim.child.kill(signal);
    assert.deepEqual(await sim.ended, { code: 0, signal: null });
    assert.match(sim.out(), /^listening on [^\n]*\n$/);
  });
}

test('ends at once although calls are hanging', async () => {
  const sim = await start();
  const hanging = assert.rejects(get(sim.base, '/v2/domain-search?domain=stall.sim.test'));
  while (!(await (await get(sim.base, '/admin/calls')).json()).length);
  sim.child.kill('SIGTERM');
  assert.equal((await sim.ended).code, 0);
  await hanging;
});

test('writes the port into a file', async () => {
  const file = join(folder, 'port');
  const sim = await start('--port-file', file);
  assert.equal(`http://127.0.0.1:${readFileSync(file, 'utf8').trim()}`, sim.base);
  sim.child.kill();
  await sim.ended;
});

test('takes the place of nobody: a taken port is an error that names the remedy', async () => {
  const sim = await start();
  const second = spawnSync(program, ['--port', sim.base.split(':').pop()], { encoding: 'utf8' });
  assert.equal(second.status, 1);
  assert.match(second.stderr, /--port, or 0/);
  assert.equal(second.stdout, '');
  sim.child.kill();
  await sim.ended;
});

test('flags set limits, keys, switches, faults and rates', async () => {
  const faults = join(folder, 'faults.json');
  writeFileSync(faults, '[{"match":{"domain":"c7.sim.test"},"answer":{"kind":"fail502"}}]');
  const sim = await start('--limits', '3/min', '--throttle-style', '429', '--delay-ms', '1',
    '--key', 'sim-key:level=0:available=7', '--set', 'legacy_fields=true', '--seed', '9',
    '--faults', faults, '--fault-rate', 'fail500=0');
  const switches = await (await get(sim.base, '/admin/switches')).json();
  assert.equal(switches.limits, '3/min');
  assert.equal(switches.throttle_style, '429');
  assert.equal(switches.legacy_fields, true);
  assert.deepEqual(switches.fault_rates, { fail500: 0 });
  assert.equal((await get(sim.base, '/v2/domain-search?domain=c7.sim.test')).status, 502);
  assert.equal((await get(sim.base, '/v2/domain-search?domain=c7.sim.test')).status, 200);
  const { data } = await (await get(sim.base, '/v2/account')).json();
  assert.equal(data.plan_level, 0);
  assert.equal(data.requests.credits.remaining, 6);
  sim.child.kill();
  await sim.ended;
});

test('a call that follows a redirect is marked', async () => {
  const sim = await start('--limits', 'off');
  await get(sim.base, '/v2/domain-search?domain=redirectx1-c5.sim.test');
  const calls = await (await get(sim.base, '/admin/calls')).json();
  assert.deepEqual(calls.map(({ redirected }) => redirected), [false, true]);
  sim.child.kill();
  await sim.ended;
});

test('what is not understood is a usage error', () => {
  for (const args of [['--limits', '15 a second'], ['--set', 'colour=red'], ['--set', 'gzip'],
    ['--fault-rate', 'cat=1'], ['--faults', '/nowhere.json'], ['--key', ':x=1'], ['--port', '70000'],
    ['--throttle-style', '404'], ['--nonsense']]) {
    const run = spawnSync(program, args, { encoding: 'utf8', timeout: 5000 });
    assert.equal(run.status, 2, `${args}: ${run.stderr}`);
    assert.equal(run.stdout, '');
    assert.notEqual(run.stderr, '');
  }
});

test('the help names every part of domain names and every switch', () => {
  const { status, stdout } = spawnSync(program, ['--help'], { encoding: 'utf8' });
  assert.equal(status, 0);
  for (const word of ['throttle', 'stallbody', 'amb429', 'c<N>', 'slow<MS>', 'strict_filters', 'quota_style',
    '--die-with-parent']) assert.ok(stdout.includes(word), word);
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const kinds = [...stdout.matchAll(/^ {2}([a-z]+[0-9]*) {2,}\S/gm)].map(([, name]) => name);
  assert.ok(kinds.length > 25);
  for (const kind of kinds) assert.ok(readme.includes(`\`${kind}\``), `README lacks ${kind}`);
});

test('with --die-with-parent it goes when its parent is killed', async () => {
  const script = `const child = require('node:child_process').spawn(${JSON.stringify(program)},
    ['--die-with-parent'], { stdio: ['ignore', 'inherit', 'inherit'] }); console.log(child.pid)`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(parent);
  let out = '';
  const closed = new Promise((resolve) => parent.stdout.on('close', resolve));
  await new Promise((resolve) => parent.stdout.setEncoding('utf8').on('data', (text) => {
    out += text;
    if (/listening on/.test(out) && /^\d+$/m.test(out)) resolve();
  }));
  parent.kill('SIGKILL');
  await closed; // the simulator held the pipe open
  running.delete(parent);
});
