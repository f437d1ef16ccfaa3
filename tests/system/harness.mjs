// The parts of a system under test: redis-server, the simulated Hunter API, the gleaner binary.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { patience, Program, runToEnd, temporaryFolder, until } from './processes.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
// The npm packages live beside the conformance tests.
export const packages = createRequire(new URL('../conformance/package.json', import.meta.url));
export const Redis = packages('ioredis');

/// Path of one of our programs: from GLEANER_BIN_DIR, else the newest build that has it.
export function binary(name) {
  const fixed = process.env.GLEANER_BIN_DIR;
  const builds = join(root, 'build');
  const folders = fixed ? [fixed]
    : existsSync(builds) ? readdirSync(builds).map((build) => join(builds, build, 'bin')) : [];
  const found = folders.map((folder) => join(folder, name)).filter(existsSync)
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (!found.length) throw new Error(`${name} is not built: looked in ${folders.join(', ') || builds}`);
  return found[0];
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/// The rights that the manual has operators give to Gleaner's user, for all keys.
export function manualRights() {
  const manual = readFileSync(join(root, 'MANUAL.md'), 'utf8');
  return [...manual.matchAll(/^ACL SETUSER gleaner (.*)$/gm)].flatMap(([, rules]) => rules.split(' '))
    .filter((rule) => !rule.startsWith('>'));
}

/// A redis-server on loopback: {port, url, login, folder, program, stop(), start()}. `start` again after
/// a stop keeps port and data. `login` is for Gleaner, which has no more rights than the manual says.
export async function startRedis(options = [], env = process.env) {
  const server = { folder: temporaryFolder() };
  server.start = async () => {
    server.program = new Program('redis-server', [
      '--port', String(server.port), '--bind', '127.0.0.1', '--dir', server.folder,
      '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec',
      '--user', 'restricted', '>of-tests', ...manualRights(), '~*', ...options], { env });
    await server.program.line(/Ready to accept connections/);
  };
  server.stop = async (signal = 'SIGTERM') => server.program.stop(signal);
  for (let tries = 0; ; tries++) {
    server.port = await freePort();
    server.url = `redis://127.0.0.1:${server.port}`;
    server.login = server.url.replace('//', '//restricted:of-tests@');
    try {
      await server.start();
      return server;
    } catch (error) {
      if (tries === 3) throw error; // somebody else took the port in between
    }
  }
}

/// The simulated Hunter API: {url, calls(), stats(), stop()}.
export async function startSimulator(options = []) {
  const program = new Program(binary('gleaner-simulator'), ['--limits', 'off', ...options]);
  const [, base] = await program.line(/listening on (http:\/\/127\.0\.0\.1:\d+)/);
  const get = async (path) => (await fetch(base + path)).json();
  return {
    base,
    url: `${base}/v2`,
    program,
    calls: async () => get('/admin/calls'),
    stats: async () => get('/admin/stats'),
    stop: async () => program.stop(),
  };
}

/// Environment of a gleaner program: nothing of the caller's but what a process needs.
export function environment({ redis, simulator, folder, ...more }) {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    TMPDIR: process.env.TMPDIR ?? '/tmp',
    GLEANER_LIMITS: 'off',
    GLEANER_LISTEN: '127.0.0.1:0',
    GLEANER_STATE_FOLDER: join(folder, 'state'),
    NH_COLLECTIONS_DIR: join(folder, 'collections'),
    HUNTER_API_KEY: 'sim-key',
  };
  if (redis) env.REDIS_URL = redis.login ?? redis.url ?? redis;
  if (simulator) env.HUNTER_API_URL = simulator.url ?? simulator;
  for (const name of Object.keys(more)) {
    if (more[name] === undefined) delete env[name];
    else env[name] = String(more[name]);
  }
  return env;
}

/// `gleaner run`, ready: {program, env, folder, http, pid, get(path), stop(), kill()}.
export async function startGleaner({ args = [], ...settings }) {
  const folder = settings.folder ?? temporaryFolder();
  const env = environment({ ...settings, folder });
  const program = new Program(binary('gleaner'), ['run', ...args], { env, cwd: folder });
  await program.line(/\bready\b/);
  const http = await listenAddress(program);
  return {
    program, env, folder, http,
    pid: program.pid,
    collections: env.NH_COLLECTIONS_DIR,
    get: async (path) => fetch(http + path),
    stop: async (signal, timeout) => program.stop(signal, timeout),
    kill: async () => program.stop('SIGKILL'),
  };
}

async function listenAddress(program) {
  const [, port] = await program.line(/\bready\b.*?"?port"?[=:] ?(\d+)/);
  return `http://127.0.0.1:${port}`;
}

/// A gleaner command run to its end.
export async function gleaner(args, settings = {}) {
  const folder = settings.folder ?? temporaryFolder();
  const { input, timeout, ...rest } = settings;
  const env = environment({ ...rest, folder });
  return runToEnd(binary('gleaner'), args, { env, cwd: folder, input, timeout });
}

/// Waits until a URL answers with `status`.
export async function answers(url, status, timeout = patience) {
  return until(`${url} to answer ${status}`, async () => {
    const answer = await fetch(url).catch(() => undefined);
    return answer?.status === status ? answer : undefined;
  }, timeout);
}
