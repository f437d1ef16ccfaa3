// The boards are what their sources say, fit the types of Grafana's SDK, and have a layout that Grafana keeps.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { boardsIn, folder, nameOf, panelsOf } from './boards.mjs';
import { mistakes } from './schema.mjs';

const boards = boardsIn();
const twins = boardsIn(join(folder, 'import'));
const textsIn = (where) => Object.fromEntries(['', 'import'].flatMap((part) => readdirSync(join(where, part))
  .filter((name) => name.endsWith('.json')).map((name) => [join(part, name), readFileSync(join(where, part, name), 'utf8')])));

test('the boards are what their sources say', () => {
  const fresh = mkdtempSync(join(tmpdir(), 'gleaner-boards-'));
  try {
    execFileSync(process.execPath, [join(folder, 'source/generate.mjs'), fresh]);
    const [kept, made] = [textsIn(folder), textsIn(fresh)];
    assert.deepEqual(Object.keys(kept), Object.keys(made));
    const drifted = Object.keys(made).filter((name) => made[name] !== kept[name]);
    assert.deepEqual(drifted, [], 'changed by hand or not generated: run node dashboards/source/generate.mjs');
  } finally {
    rmSync(fresh, { recursive: true });
  }
});

test('the boards and their twins fit the types of Grafana\'s SDK', { timeout: 120_000 }, () => {
  assert.equal(boards.length, 5);
  assert.deepEqual(mistakes([...boards, ...twins]).map((mistake) => mistake.join(': ')), []);
});

test('what does not fit is found', { timeout: 120_000 }, () => {
  const first = (board, type) => board.panels.find((panel) => panel.type === type);
  const planted = {
    legnd: (board) => { first(board, 'timeseries').options.legnd = {}; },
    left: (board) => { first(board, 'timeseries').options.legend.placement = 'left'; },
    unit: (board) => { delete first(board, 'stat').fieldConfig.defaults.unit; },
    exprs: (board) => { first(board, 'stat').targets[0].exprs = 'up'; },
    lineWidht: (board) => { first(board, 'timeseries').fieldConfig.defaults.custom.lineWidht = 1; },
    refersh: (board) => { board.refersh = '1s'; },
    soon: (board) => { board.templating.list[1].refresh = 'soon'; },
    UnknownKindOfPanel: (board) => { first(board, 'table').type = 'tabel'; },
    titelFormat: (board) => { board.annotations.list[0].titelFormat = ''; },
  };
  const broken = Object.entries(planted).map(([title, plant]) => {
    const board = structuredClone(boards[0]);
    plant(board);
    return { ...board, title };
  });
  const found = mistakes(broken);
  for (const word of Object.keys(planted)) {
    const messages = found.filter(([board]) => board === word).map(([, , message]) => message);
    assert.ok(messages.length && messages.every((message) => message.includes(word) || word === 'soon'), `${word}: ${messages}`);
  }
});

for (const board of boards) {
  test(`${nameOf(board)}: what Grafana keeps across updates, and where its panels lie`, () => {
    assert.match(board.uid, /^gleaner-[a-z]+$/);
    assert.deepEqual([board.id, board.editable, board.tags.includes('gleaner')], [null, false, true]);
    assert.deepEqual(board.links.map(({ type, tags, includeVars }) => [type, tags, includeVars]), [['dashboards', ['gleaner'], true]]);
    assert.equal(new Set(board.panels.map(({ id }) => id)).size, board.panels.length);
    assert.deepEqual(board.annotations.list.map(({ name }) => name), ['Start', 'Paused', 'Key replaced']);
    const taken = new Set();
    for (const { title, gridPos: { x, y, w, h } } of board.panels) {
      assert.ok(x + w <= 24, `${title} ends in column ${x + w}`);
      for (let row = y; row < y + h; row++) {
        for (let column = x; column < x + w; column++) {
          const place = `${column} ${row}`;
          assert.ok(!taken.has(place), `${title} lies on another panel`);
          taken.add(place);
        }
      }
    }
    const lowest = Math.max(...board.panels.map(({ gridPos: { y, h } }) => y + h));
    assert.equal(taken.size, 24 * lowest, 'the panels leave a hole');
  });

  test(`${nameOf(board)}: the twin asks for a data source, and is the same otherwise`, () => {
    const { __inputs: inputs, __requires: requires, __elements: elements, ...twin } = twins.find(({ uid }) => uid === board.uid);
    assert.deepEqual([inputs.map(({ name }) => name), elements], [['DS_PROMETHEUS'], {}]);
    const kinds = requires.filter(({ type }) => type === 'panel').map(({ id }) => id);
    assert.deepEqual(kinds, [...new Set(panelsOf(board).map(({ type }) => type))].sort());
    const [source] = twin.templating.list.filter(({ type }) => type === 'datasource');
    assert.equal(source.current.value, '${DS_PROMETHEUS}');
    source.current = board.templating.list.find(({ type }) => type === 'datasource').current;
    assert.deepEqual(twin, board);
  });
}

test('the files for provisioning fit the Prometheus that is shipped, and what the README says', () => {
  const read = (name) => readFileSync(join(folder, name), 'utf8');
  const setting = (file, name) => read(file).match(new RegExp(`^ *(?:- )?${name}: (\\S+)`, 'm'))?.[1];
  const [source, boardsOf] = ['provisioning/datasources/gleaner.yaml', 'provisioning/dashboards/gleaner.yaml'];
  assert.equal(setting(source, 'timeInterval'), setting('prometheus/prometheus.yml', 'scrape_interval'));
  assert.equal(setting(source, 'uid'), 'gleaner-prometheus');
  assert.deepEqual(['allowUiUpdates', 'foldersFromFilesStructure'].map((name) => setting(boardsOf, name)), ['false', 'true']);
  assert.ok(read('README.md').includes(`-t ${setting(boardsOf, 'path')}/Gleaner dashboards/*.json`));
});
