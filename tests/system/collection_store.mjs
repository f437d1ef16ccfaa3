// Reads collections as the Node application does: one JSON file per domain in one folder.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export function fileName(domain) {
  const lower = domain.toLowerCase();
  const slug = lower.replace(/[^a-z0-9.-]/g, '_').slice(0, 100);
  const hash = createHash('sha256').update(lower).digest('hex').slice(0, 8);
  return `${slug}_${hash}.json`;
}

export class CollectionStore {
  constructor(folder) {
    this.folder = folder;
  }

  path(domain) {
    return join(this.folder, fileName(domain));
  }

  exists(domain) {
    return existsSync(this.path(domain));
  }

  load(domain) {
    return this.exists(domain) ? JSON.parse(readFileSync(this.path(domain), 'utf8')) : null;
  }

  /// Names of all files, also of those that do not belong here.
  files() {
    return existsSync(this.folder) ? readdirSync(this.folder).sort() : [];
  }

  list() {
    return this.files().filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(this.folder, name), 'utf8')).domain);
  }
}
