// What asks and draws the boards: variables as Grafana fills them in, units as it writes them, and answers that do not fit.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { format } from './drawing/format.mjs';
import { ticks, timeTicks } from './drawing/scale.mjs';
import { tableOf } from './drawing/tables.mjs';
import { inSeconds } from './prometheus_client.mjs';
import { problems } from './shape.mjs';
import { Choice } from './variables.mjs';

const board = { templating: { list: [{ name: 'job', label: 'Job' }, { name: 'key', label: 'API key', allValue: '.+' }] } };
const known = { job: { values: ['gleaner'] }, key: { values: ['a', 'b.c'] } };
const times = { start: 1000, end: 4600, step: 15, scrape: 10 };

test('variables: all, one, several, and what Grafana has itself', () => {
  const all = new Choice(board, known);
  assert.equal(all.replace('x{job=~"$job", key=~"${key}"}', times), 'x{job=~"gleaner", key=~".+"}');
  assert.equal(all.replace('rate(x[$__rate_interval]) $__interval $__range', times), 'rate(x[40s]) 15s 3600s');
  const some = new Choice(board, known, { job: ['a.b:9'], key: ['a', 'b.c'] });
  assert.equal(some.replace('x{job=~"$job", key=~"$key"}', times), 'x{job=~"a\\\\.b:9", key=~"(a|b\\\\.c)"}');
  assert.deepEqual(some.words(), [['Job', 'a.b:9'], ['API key', 'a, b.c']]);
  assert.throws(() => all.replace('x{queue="$queue"}', times), /\$queue, which the board does not have/);
});

test('durations', () => {
  assert.deepEqual(['500ms', '2m', '1h30m'].map(inSeconds), [0.5, 120, 5400]);
  for (const wrong of ['', '5', 'm', '2 m']) assert.throws(() => inSeconds(wrong), /is no duration/);
});

test('units', () => {
  const cases = [[0, 's', '0 s'], [0.0042, 's', '4.2 ms'], [90, 's', '1.5 min'], [172_800, 's', '2 day'], [0.1234, 'percentunit', '12.3%'],
    [1234, 'short', '1.23 K'], [3 * 2 ** 20, 'bytes', '3 MiB'], [2e6, 'Bps', '2 MB/s'], [14.96, 'reqps', '15 req/s'],
    [0.5, 'suffix: /s', '0.5 /s'], [NaN, 's', 'NaN'], [-5, 'short', '-5'], [0.00004, 'short', '0.00004']];
  for (const [value, unit, text] of cases) assert.equal(format(value, unit), text);
  assert.equal(format(0.98765, 'percentunit', 2), '98.77%');
  assert.throws(() => format(1, 'furlongs'), /unit furlongs is not drawn/);
});

test('ticks are round', () => {
  assert.deepEqual(ticks(0, 10, 4, 'short'), [0, 5, 10]);
  assert.deepEqual(ticks(0, 3 * 2 ** 20, 3, 'bytes'), [0, 2 ** 20, 2 ** 21, 3 * 2 ** 20]);
  assert.deepEqual(ticks(0, 600, 5, 's'), [0, 120, 240, 360, 480, 600]);
  assert.deepEqual(timeTicks(3601, 3665, 3).map(([, label]) => label), ['01:00:30', '01:01:00']);
});

const series = (labels, ...points) => ({ labels, points, name: labels.code ?? '' });
const panel = (title, type, more) => ({ title, type, fieldConfig: { defaults: { unit: 'short' }, overrides: [] }, ...more });
const answer = (about, ...targets) => ({ panel: about, targets: targets.map((each, index) => ({ query: 'q', series: [],
  ...each, target: { refId: 'AB'[index], ...each.target } })) });

test('answers that do not fit their panels are told', () => {
  const lines = (target) => problems({ choice: { known: {} }, panels: [answer(panel('P', 'timeseries'), target)] });
  const good = series({ code: '200' }, [1, 5]);
  assert.deepEqual(lines({ target: { legendFormat: '{{code}}' }, series: [good] }), []);
  assert.deepEqual(lines({ error: 'Prometheus: no' }), ['P: Prometheus: no: q']);
  assert.deepEqual(lines({}), ['P: has no series: q']);
  assert.deepEqual(lines({ series: [series({}, [1, NaN], [2, Infinity])] }), ['P: has no finite value: q']);
  assert.match(lines({ target: { legendFormat: '{{cdoe}}' }, series: [good] })[0], /shows \{\{cdoe\}\}/);
  assert.match(lines({ series: [good, good] })[0], /several series of one name/);
  const empty = [answer(panel('P', 'timeseries'), {})];
  assert.deepEqual(problems({ choice: { known: {} }, panels: empty }, { P: 'nothing happened' }), []);
  const nobody = { known: { queue: { query: 'label_values(x, queue)', values: [] } } };
  assert.deepEqual(problems({ choice: nobody, panels: [] }), ['variable queue: has no values: label_values(x, queue)']);
});

test('tables: rows of several queries, columns by name and in order', () => {
  const transformations = [{ id: 'merge', options: {} }, { id: 'organize', options: { excludeByName: { Time: true },
    indexByName: { zone: 0, name: 1 }, renameByName: { 'Value #A': 'Up', 'Value #B': 'Memory' } } }];
  const up = { series: [series({ name: 'a', zone: 'x' }, [1, 1]), series({ name: 'b', zone: 'y' }, [1, 0])] };
  const memory = { series: [series({ name: 'a' }, [1, 7])] };
  const table = answer(panel('T', 'table', { transformations }), up, memory);
  assert.deepEqual(tableOf(table), { columns: ['zone', 'name', 'Up', 'Memory'], rows: [['x', 'a', 1, 7], ['y', 'b', 0, undefined]] });
  assert.deepEqual(problems({ choice: { known: {} }, panels: [table] }), []);
  const gone = answer(table.panel, up, { series: [] });
  assert.deepEqual(problems({ choice: { known: {} }, panels: [gone] }), ['T: has no series: q', 'T: has no column Memory']);
});

test('the command line names what is wrong', () => {
  const run = (...words) => spawnSync(process.execPath, [fileURLToPath(new URL('draw.mjs', import.meta.url)), ...words], { encoding: 'utf8' });
  const to = ['--prometheus', 'http://127.0.0.1:4', '--out', '.'];
  for (const [words, message] of [[[], /--prometheus is missing/], [[...to, 'queues'], /no board queues: there are overview/],
    [[...to, '--range', 'long'], /long is no duration/], [[...to, '--end', 'noon'], /--end noon is no time/], [to, /no Prometheus answers at http:\/\/127.0.0.1:4 \(.*ECONNREFUSED/]]) {
    const { status, stderr } = run(...words);
    assert.match(stderr, message);
    assert.equal(status, 1);
  }
});
