// `gleaner top`: what it prints, and what it shows on a terminal while things happen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { domains } from './domains.mjs';
import { binary, environment, gleaner } from './harness.mjs';
import { Program, runToEnd, until } from './processes.mjs';
import { OnTerminal } from './screen.mjs';
import { Stage } from './stage.mjs';

const slow = { timeout: 300_000 };
let stage, held;
before(async () => {
  stage = await Stage.open({ gated: true, GLEANER_QUEUE__WORKER_NAME: 'ann', GLEANER_LIMITS: '100/s,5000/min',
    redisOptions: ['+client|list'] }); // of Gleaner's user: the further right of the manual
  await stage.collect(domains.contacts250);
  held = await stage.hold('c6000-held.test', { attempts: 3 }, 300); // some pages of it are there
  await until('its pages', async () => (await stage.queue.getJob(held.id)).progress?.page >= 1);
});
after(async () => stage?.close());

const settings = (more = {}) => ({ ...stage.settings, redis: stage.redis, folder: stage.folder, ...more });
const top = async (args, more) => gleaner(['top', '--interval', '200ms', ...args], settings(more));
async function document(more) {
  const { code, stdout, stderr } = await top(['--json'], more);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

test('one document has all that Redis knows', slow, async () => {
  const { schema, queue, paused, counts, keys, nodes, workers, allWorkers, jobs, ...rates } = await document();
  assert.equal(schema, 'gleaner.top/1');
  assert.equal(queue, 'bull:domain-collection');
  assert.equal(paused, false);
  assert.deepEqual([counts.active, counts.completed, counts.failed], [1, 1, 0]);
  assert.equal(typeof rates.completedPerSecond, 'number');
  const [job] = jobs;
  assert.deepEqual([job.id, job.domain, job.worker, job.attempt, job.attempts],
    [held.id, 'c6000-held.test', 'ann', 1, 3]);
  assert.ok(job.page >= 1 && job.collected >= 100 && job.total > 1000 && job.ageMs > 0, JSON.stringify(job));
  const [key] = keys;
  assert.deepEqual([key.name, key.state], ['default', 'open']);
  assert.deepEqual(key.windows.map(({ requests, periodMs, allowed }) => [requests, periodMs, allowed]),
    [[100, 1000, 100], [5000, 60_000, 5000]]);
  assert.ok(key.windows[1].used >= 3, 'the pages of the jobs');
  assert.ok(key.reserved > 0 && key.spentToday > 0 && key.creditsLeft > 0, JSON.stringify(key));
  assert.match(key.resetDate, /^\d{4}-\d\d-\d\d$/);
  assert.deepEqual(nodes, []);
  assert.equal(allWorkers, true);
  assert.deepEqual(workers.map(({ name, jobs: of }) => [name, of]), [['ann', 1]]);
});

test('what is no terminal gets one frame as text', slow, async () => {
  for (const args of [[], ['--once']]) {
    const { code, stdout, stderr } = await top(args);
    assert.equal(code, 0, stderr);
    for (const pattern of [/^gleaner top {2}bull:domain-collection/, /^waiting 0 .*active 1/m, /^default +open/m,
      /^ann +1 /m, /^\d+ +c6000-held\.test +fetching/m])
      assert.match(stdout, pattern);
    assert.doesNotMatch(stdout, /q quits|[\x00-\x09\x0b-\x1f]/);
  }
});

test('a stream goes on until a signal, or until nobody reads it', slow, async () => {
  const program = new Program(binary('gleaner'), ['top', '--ndjson', '--interval', '100ms'],
    { env: environment(settings()) });
  await until('three documents', () => program.out.length >= 3);
  assert.deepEqual(await program.stop('SIGINT'), { code: 130, signal: null });
  for (const line of program.out) assert.equal(JSON.parse(line).schema, 'gleaner.top/1');
  const done = await runToEnd('bash', ['-c', '"$GLEANER" top --ndjson --interval 100ms | head -n 1; exit "${PIPESTATUS[0]}"'],
    { env: environment(settings({ GLEANER: binary('gleaner') })) });
  assert.deepEqual([done.code, done.stderr], [1, '']);
});

test('what can\'t be done is told at once', slow, async () => {
  for (const [args, more, code, pattern] of [
    [['--interval', '0s'], {}, 2, /--interval: '0s' is no duration from 100ms to 1h/],
    [['--interval', 'soon'], {}, 2, /'soon'/],
    [['--once', '--json'], {}, 2, /--once.*--json|--json.*--once/],
    [['--json'], { REDIS_URL: 'redis://127.0.0.1:1' }, 6, /^gleaner: .*127\.0\.0\.1/],
    [['--once'], { REDIS_URL: '' }, 6, /no Redis: set REDIS_URL/],
  ]) {
    const done = await gleaner(['top', ...args], settings(more));
    assert.equal(done.code, code, done.stderr);
    assert.match(done.stderr, pattern);
    assert.equal(done.stdout, '');
  }
});

test('it changes nothing in Redis', slow, async () => {
  const keys = async () => (await stage.db.keys('*')).sort();
  const before = await keys();
  const grants = await stage.db.hget((await stage.db.keys('gleaner:budget:*}'))[0], 'count');
  await document();
  assert.deepEqual(await keys(), before);
  assert.equal(await stage.db.hget((await stage.db.keys('gleaner:budget:*}'))[0], 'count'), grants);
});

test('with the rights of the manual alone it shows the workers at work, and asks for the list once', slow, async () => {
  await stage.db.acl('SETUSER', 'restricted', '-client|list');
  const { workers, allWorkers } = await document();
  assert.equal(allWorkers, false);
  assert.deepEqual(workers.map(({ name, jobs }) => [name, jobs]), [['ann', 1]]);
  const refused = await stage.refusals();
  assert.equal(refused.length, 1, refused.join('\n'));
  assert.match(refused[0], /^count,1,.*client\|list/);
  await stage.db.acl('LOG', 'RESET');
  await stage.db.acl('SETUSER', 'restricted', '+client|list');
});

test('what others write into jobs can\'t steer a terminal', slow, async () => {
  const other = 'bull:hostile:';
  await stage.db.hset(`${other}1`, 'name', 'x', 'data', JSON.stringify({ domain: '\x1b]0;owned\x07\u202e' }),
    'pb', 'w\x1b[2J', 'progress', JSON.stringify({ status: '\x9b31m\r\n' }));
  await stage.db.lpush(`${other}active`, '1');
  const { code, stdout, stderr } = await top(['--once', '--queue', 'hostile']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /\?\]0;owned\?\?/);
  assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
});

function live(more = {}, { columns, rows, command = 'exec "$GLEANER" top --interval 200ms' } = {}) {
  const env = environment(settings({ GLEANER: binary('gleaner'), TERM: 'xterm', ...more }));
  return new OnTerminal(command, { columns, rows, env, cwd: stage.folder });
}

test('a terminal shows what happens, obeys keys and is as it was after q', slow, async () => {
  const terminal = live({}, { command: '"$GLEANER" top --interval 200ms; echo "code $?"; stty -a' });
  const { screen } = terminal;
  await terminal.shows(/c6000-held\.test/);
  assert.deepEqual([screen.alternate, screen.cursor], [true, false]);
  assert.match(screen.rows[23], /^q quits {2}p stands still {2}s sorts \(most contacts first\)/);
  const { completed } = await stage.counts();
  await stage.add(domains.contacts5);
  await terminal.shows(new RegExp(`completed ${completed + 1}\\b`));
  terminal.type('s');
  await terminal.shows(/sorts \(oldest first\)/);
  terminal.type('p');
  await terminal.shows(/\(stands still\)[^]*p goes on/);
  await stage.collect(domains.contacts5);
  assert.match(screen.text, new RegExp(`completed ${completed + 1}\\b`));
  terminal.type('p');
  await terminal.shows(new RegExp(`completed ${completed + 2}\\b`));
  terminal.type('q');
  await terminal.program.exit();
  assert.deepEqual([screen.alternate, screen.cursor, screen.unknown], [false, true, []]);
  const after = terminal.raw.slice(terminal.raw.lastIndexOf('\x1b'));
  assert.match(after, /code 0/);
  for (const flag of ['icanon', 'echo', 'ixon', 'iexten']) assert.match(after, new RegExp(`[^-]\\b${flag}\\b`));
  assert.match(after, /susp = \^Z/);
});

for (const [how, code, end] of [
  ['Ctrl-C', 130, (terminal) => terminal.type('\x03')],
  ['SIGTERM', 143, async (terminal) => process.kill(await terminal.pidOf('gleaner'), 'SIGTERM')],
]) {
  test(`${how} gives the terminal back`, slow, async () => {
    const terminal = live();
    await terminal.shows(/c6000-held\.test/);
    await end(terminal);
    assert.equal((await terminal.program.exit()).code, code);
    assert.deepEqual([terminal.screen.alternate, terminal.screen.cursor], [false, true]);
  });
}

test('it follows the size of the terminal, down to the least', slow, async () => {
  const terminal = live({}, { columns: 60, rows: 10 });
  await terminal.shows(/c6000-held\.test/);
  const fits = (columns, rows) => terminal.screen.rows.slice(0, rows).length === rows &&
    terminal.screen.rows[rows - 1].startsWith(columns === 1 ? '~' : 'q') &&
    terminal.screen.rows.slice(0, rows).every((row) => row.length <= columns);
  assert.ok(fits(60, 10), terminal.screen.text);
  for (const [columns, rows] of [[120, 40], [20, 5], [1, 1], [80, 24]]) {
    terminal.screen.rows = []; // a terminal that changes its size clears what it likes
    await terminal.resize(columns, rows);
    await until(`a frame of ${columns} by ${rows}`, () => fits(columns, rows));
  }
  await terminal.shows(/c6000-held\.test/);
  terminal.type('q');
  assert.equal((await terminal.program.exit()).code, 0);
});

test('NO_COLOR means none, and TERM=dumb no control sequence at all', slow, async () => {
  const plain = live({ NO_COLOR: '1' });
  await plain.shows(/c6000-held\.test/);
  plain.type('q');
  await plain.program.exit();
  assert.doesNotMatch(plain.raw, /\x1b\[[0-9;]*m[^]*c6000/);
  const coloured = live();
  await coloured.shows(/c6000-held\.test/);
  coloured.type('q');
  await coloured.program.exit();
  assert.match(coloured.raw, /\x1b\[1m/);
  const dumb = live({ TERM: 'dumb' });
  assert.equal((await dumb.program.exit()).code, 0);
  assert.match(dumb.raw, /c6000-held\.test/);
  assert.ok(!dumb.raw.includes('\x1b'));
});

test('a Redis that goes away is told, and keys count meanwhile; it goes on when Redis is back', slow, async () => {
  const terminal = live();
  await terminal.shows(/c6000-held\.test/);
  await stage.redis.stop();
  await terminal.shows(/no figures, trying again: no Redis at/);
  assert.match(terminal.screen.text, /c6000-held\.test/, 'the last figures stay');
  terminal.type('s');
  await terminal.shows(/oldest first/);
  await stage.redis.start();
  await terminal.shows(/no figures/, { not: true });
  await stage.redis.stop();
  await terminal.shows(/no figures/);
  terminal.type('q');
  assert.equal((await terminal.program.exit()).code, 0);
  await stage.redis.start();
  stage.gate.release();
});
