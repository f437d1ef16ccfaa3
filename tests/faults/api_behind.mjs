// The simulated API on the loopback of another network namespace, by a way of its own.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../system/harness.mjs';
import { Program, temporaryFolder, until } from '../system/processes.mjs';

/// `prefix` are the words that begin a command in the namespace: {url, close()}.
export async function apiBehind(simulator, prefix) {
  const path = join(temporaryFolder(), 'api.sock');
  const port = await freePort();
  const { port: here } = new URL(simulator.base);
  const [command, ...words] = prefix;
  const programs = [
    new Program('socat', [`UNIX-LISTEN:${path},fork`, `TCP:127.0.0.1:${here}`]),
    new Program(command, [...words, 'socat', `TCP-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr`, `UNIX-CONNECT:${path}`]),
  ];
  await until('a way to the API', () => existsSync(path));
  return {
    url: `http://127.0.0.1:${port}/v2`,
    close: async () => Promise.all(programs.map(async (program) => program.stop())),
  };
}
