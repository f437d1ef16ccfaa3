// Pages to pictures, by a headless Chromium.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withFewColors } from './png.mjs';

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);

/// Writes what the page looks like as a PNG to `file`.
export async function photograph({ html, width, height }, file) {
  if (!chromium) throw new Error('chromium is missing: apt-get install chromium');
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-board-'));
  try {
    writeFileSync(join(folder, 'page.html'), html);
    // No sandbox, so that it also runs as root in a container; the page is ours and asks for nothing.
    await promisify(execFile)(chromium, ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage',
      '--hide-scrollbars', `--user-data-dir=${folder}/profile`, `--window-size=${width},${height}`, `--screenshot=${folder}/page.png`,
      `file://${folder}/page.html`], { timeout: 60_000 });
    writeFileSync(file, withFewColors(readFileSync(join(folder, 'page.png'))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
