// What the documents at the top tell people to type, and what their tables say.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './harness.mjs';

/// A document: its text, its marked blocks and its tables.
export class Document {
  constructor(name) {
    this.name = name;
    this.text = readFileSync(join(root, name), 'utf8');
  }

  /// Blocks of code by the names in the comments `<!-- kind: name -->` above them; `<!-- kind -->`
  /// names a single one ''.
  blocks(kind) {
    const found = new Map();
    const marked = new RegExp(`<!-- ${kind}(?:: ([a-z0-9-]+))? -->\\n\`\`\`([a-z]+)\\n([\\s\\S]*?)\`\`\``, 'g');
    for (const [, name = '', , code] of this.text.matchAll(marked)) {
      if (found.has(name)) throw new Error(`${this.name} has two blocks ${kind}: ${name}`);
      found.set(name, code);
    }
    return found;
  }

  /// How many blocks of code of that language there are, marked or not.
  countBlocks(language) {
    return this.text.split('\n').filter((line) => line === `\`\`\`${language}`).length;
  }

  /// Rows of the tables below a heading, as lists of cells.
  rows(heading) {
    const from = this.text.search(new RegExp(`^#+ ${heading}$`, 'm'));
    if (from < 0) throw new Error(`${this.name} has no heading ${heading}`);
    const [, ...lines] = this.text.slice(from).split('\n');
    const end = lines.findIndex((line) => line.startsWith('#'));
    return lines.slice(0, end < 0 ? undefined : end)
      .filter((line) => line.startsWith('|'))
      .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
      .filter((cells, index) => index > 0 && !/^-+$/.test(cells[0])); // no titles
  }

  /// What stands in backquotes in the first cells of these rows.
  names(heading) {
    return this.rows(heading).flatMap(([first]) => [...first.matchAll(/`([^`]+)`/g)].map((match) => match[1]));
  }
}
