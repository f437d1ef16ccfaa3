// Installs what the package-lock.json of a folder names, unless that is what is installed already.
// Usage: node install_packages.mjs FOLDER
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const lock = join(folder, 'package-lock.json');
const installed = join(folder, 'node_modules', 'installed-package-lock.json');
const text = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

if (text(lock) === text(installed)) {
  console.log(`npm packages of ${folder} are up to date`);
} else {
  execFileSync('npm', ['ci', '--no-progress'], { cwd: folder, stdio: 'inherit' });
  copyFileSync(lock, installed);
}
