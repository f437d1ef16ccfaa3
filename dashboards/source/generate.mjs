// Writes the boards as JSON. Usage: node generate.mjs [FOLDER]; FOLDER is dashboards/ unless given.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { overview } from './overview.mjs';
import { provider } from './provider.mjs';
import { queue } from './queue.mjs';
import { runtime } from './runtime.mjs';
import { storage } from './storage.mjs';
import { twin } from './twin.mjs';

const folder = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));

for (const [name, board] of Object.entries({ overview, provider, queue, storage, runtime })) {
  for (const [file, content] of [[`${name}.json`, board], [`import/${name}.json`, twin(board)]]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${JSON.stringify(content, null, 2)}\n`);
  }
}
