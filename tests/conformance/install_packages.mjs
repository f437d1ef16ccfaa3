// Installs what package-lock.json names, unless that is what is installed already.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const lock = `${folder}package-lock.json`;
const installed = `${folder}node_modules/installed-package-lock.json`;
const text = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

if (text(lock) === text(installed)) {
  console.log('npm packages are up to date');
} else {
  execFileSync('npm', ['ci', '--no-progress'], { cwd: folder, stdio: 'inherit' });
  copyFileSync(lock, installed);
}
