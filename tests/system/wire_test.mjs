// Every recipe of WIRE.md is run as it stands there, beside Gleaner and stock clients.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { adding } from './wire_adding.mjs';
import { changing } from './wire_changing.mjs';
import { looking } from './wire_looking.mjs';
import { page, WireScene } from './wire_scene.mjs';

const checks = { ...adding, ...looking, ...changing };
const recipes = page.blocks('recipe');
let scene;

before(async () => (scene = await WireScene.open()));
after(async () => scene?.close());

test('every block of commands has a name, and every name a check', () => {
  assert.equal(page.countBlocks('sh'), recipes.size + page.blocks('setup').size);
  assert.deepEqual([...recipes.keys()].sort(), Object.keys(checks).sort());
});

test('no recipe blocks or goes through all keys', () => {
  for (const [name, code] of recipes) {
    assert.doesNotMatch(code, /\b(r|redis\.call\(")\s*(KEYS|SCAN|MONITOR|B[LRZ]\w+|SMEMBERS)\b|\bBLOCK\b/i, name);
  }
});

for (const name of recipes.keys()) {
  test(`the recipe ${name} does what it says`, async () => checks[name](scene));
}
