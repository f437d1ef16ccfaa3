// The API's limits: never broken, and used to the full, by one worker and by several that are killed. The
// simulator counts by strict sliding windows, at the limit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promised, size } from './figures.mjs';
import { cases, gleaner, PaceScene, second } from './pace_scene.mjs';

const minute = size(12, 60) * second;

/// What was measured all the time, or after a change.
function check({ title, least, refused: most }, { allowed, share, refused }) {
  const percent = (fraction) => Math.round(1000 * fraction) / 10;
  assert.ok(refused.length <= most, `refused after ${refused} ms`);
  promised(`${title}: percent of ${allowed} allowed requests that were not used`, percent(1 - share), percent(1 - least));
}

for (const each of cases) {
  test(each.title, { timeout: minute * 6 + 120_000 }, async () => {
    const scene = await PaceScene.openFor(each.kind ?? gleaner, minute);
    try {
      const found = await each.run(scene);
      const parts = found.phases ?? [found];
      await scene.killAll();
      await scene.oracle.report('pace', { open: true }, {
        what: each.name, seconds: scene.span / second, allowed: found.allowed, used: found.used,
        share: parts.map(({ share }) => share.toFixed(3)).join(','), refused: found.refused.length,
      });
      for (const part of parts) check(each, part);
      assert.ok(found.share > 0.5, `${found.used} of ${found.allowed} allowed requests`);
    } finally {
      await scene.close();
    }
  });
}
