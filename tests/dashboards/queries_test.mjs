// Every query of every board, asked of a real Prometheus that has watched a cluster in trouble, and a picture of each
// board. GLEANER_SOAK=1 takes its time, for pictures with something to see.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { figures, size } from '../faults/figures.mjs';
import { binary } from '../system/harness.mjs';
import { answersFor } from './answers.mjs';
import { boardsIn, nameOf } from './boards.mjs';
import { page, width } from './drawing/page.mjs';
import { photograph } from './picture.mjs';
import { sizeOf } from './png.mjs';
import { Scene } from './scene.mjs';
import { problems } from './shape.mjs';

/// Panels that may rightly be empty after the scene, with the reason: {board: {panel: reason}}.
const mayBeEmpty = {};

const pictures = join(dirname(dirname(binary('gleaner'))), 'boards');
let scene;
let range;
let end;

before(async () => {
  const started = Date.now() / 1000;
  scene = await Scene.open();
  await scene.play(size(2.5, 20));
  end = Date.now() / 1000;
  range = Math.ceil(end - started);
  mkdirSync(pictures, { recursive: true });
}, { timeout: 300_000 });
after(async () => scene?.close());

const ask = async (board, picked) => answersFor(board, scene.prometheus.client, { range, end, picked });

for (const board of boardsIn()) {
  const name = nameOf(board);

  test(`${name}: each query and variable has data that its panel can show`, { timeout: 60_000 }, async () => {
    const answers = await ask(board);
    assert.deepEqual(problems(answers, mayBeEmpty[name]), []);
    const { known } = answers.choice;
    assert.deepEqual(known.job.values, ['gleaner']);
    assert.deepEqual(known.instance.values, [...scene.targets].sort());
    if (known.queue) assert.deepEqual(known.queue.values, ['domain-collection']);
    if (known.key) assert.deepEqual(known.key.values, ['default']);
    const counts = Object.fromEntries(answers.annotations.map(({ name: kind, events }) => [kind, events.length]));
    assert.ok(counts.Start >= 3 && counts.Paused >= 1, JSON.stringify(counts));
    figures(`board-${name}`, { queries: answers.panels.flatMap(({ targets }) => targets).length });
  });

  test(`${name}: each query has data also for one process, queue and key`, { timeout: 60_000 }, async () => {
    const [instance] = scene.targets;
    const picked = { job: ['gleaner'], instance: [instance], queue: ['domain-collection'], key: ['default'] };
    assert.deepEqual(problems(await ask(board, picked), mayBeEmpty[name]), []);
  });

  test(`${name}: its picture`, { timeout: 60_000 }, async () => {
    const drawn = page(board, await ask(board));
    const file = join(pictures, `${name}.png`);
    await photograph({ ...drawn, width }, file);
    const picture = readFileSync(file);
    assert.deepEqual([sizeOf(picture).width, sizeOf(picture).height], [width, drawn.height]);
    assert.deepEqual(drawn.html.match(/No data|NaN|undefined|class="wrong".*/g) ?? [], []);
    assert.ok(picture.length > 30_000, `${picture.length} bytes show nothing`);
  });
}
