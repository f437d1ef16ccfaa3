// Child processes whose output can be awaited and that never outlive the test that started them.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/// ms after which something that should have happened counts as never happening: a machine that others use,
/// too, may be many times slower than this takes on one of its own.
export const patience = 90_000;

const running = new Set();
const folders = new Set();
// setpriv makes the kernel end a child whose parent was killed before it could clean up.
const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find(existsSync);

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/// A new folder that goes when the test process ends.
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-test-'));
  folders.add(folder);
  return folder;
}

/// Waits until `condition` gives something truthy and returns that; throws after `timeout` ms.
export async function until(what, condition, timeout = patience) {
  const deadline = Date.now() + timeout;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited ${timeout} ms in vain: ${what}`);
    await sleep(5);
  }
}

/// Rejects when `promise` takes longer than `timeout` ms.
export async function within(timeout, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took over ${timeout} ms: ${what}`)), timeout);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/// A running program; `lines` holds what it wrote to both streams so far.
export class Program {
  constructor(command, args = [], { env = process.env, cwd, input = 'ignore' } = {}) {
    const [file, argv] = setpriv
      ? [setpriv, ['--pdeathsig', 'KILL', command, ...args]] : [command, args];
    this.name = `${command.split('/').pop()} ${args.join(' ')}`.trim();
    this.lines = [];
    this.out = []; // stdout only
    this.child = spawn(file, argv, { env, cwd, stdio: [input, 'pipe', 'pipe'] });
    this.pid = this.child.pid;
    running.add(this.child);
    this.child.stdin?.on('error', () => {}); // it ended first: the exit code tells
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      this.lines.push(line);
      this.out.push(line);
      this.onLine?.(line);
    });
    createInterface({ input: this.child.stderr }).on('line', (line) => this.lines.push(line));
    this.ended = new Promise((resolve) => {
      this.child.on('error', (error) => this.end(resolve, { code: 127, error }));
      this.child.on('close', (code, signal) => this.end(resolve, { code, signal }));
    });
  }

  end(resolve, outcome) {
    running.delete(this.child);
    this.outcome = outcome;
    resolve(outcome);
  }

  /// The first line that matches, also when it was written earlier.
  async line(pattern, timeout = patience) {
    const find = () => {
      for (const text of this.lines) {
        const match = text.match(pattern);
        if (match) return match;
      }
      if (this.outcome) throw new Error(`${this.name} ended without ${pattern}:\n${this.tail()}`);
      return undefined;
    };
    return until(`${pattern} from ${this.name}`, find, timeout).catch((error) => {
      throw new Error(`${error.message}\n${this.tail()}`);
    });
  }

  tail() {
    return this.lines.slice(-25).join('\n');
  }

  kill(signal) {
    this.child.kill(signal);
  }

  /// Waits for the end: {code, signal}.
  async exit(timeout = patience) {
    return within(timeout, `the end of ${this.name}`, this.ended);
  }

  /// Sends `signal` and waits; a program that does not obey is killed.
  async stop(signal = 'SIGTERM', timeout = patience) {
    if (this.outcome) return this.outcome;
    this.kill(signal);
    return this.exit(timeout).catch(async (error) => {
      this.kill('SIGKILL');
      await this.ended;
      throw error;
    });
  }
}

/// Runs a program to its end: {code, signal, stdout, stderr}; `input` goes to its standard input.
export async function runToEnd(command, args, { env = process.env, cwd, input = '', timeout = patience } = {}) {
  const child = spawn(command, args, { env, cwd, timeout, killSignal: 'SIGKILL' });
  running.add(child);
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (text) => (texts[stream] += text));
  }
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal, ...texts });
    });
  });
}
