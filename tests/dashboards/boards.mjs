// The boards as they lie in dashboards/.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const folder = fileURLToPath(new URL('../../dashboards', import.meta.url));

/// Those of a folder: dashboards/, or dashboards/import for the twins.
export function boardsIn(where = folder) {
  return readdirSync(where).filter((name) => name.endsWith('.json')).sort()
    .map((name) => JSON.parse(readFileSync(join(where, name), 'utf8')));
}

/// "overview"
export const nameOf = (board) => board.uid.replace('gleaner-', '');

/// All but the headings of rows.
export const panelsOf = (board) => board.panels.filter(({ type }) => type !== 'row');
