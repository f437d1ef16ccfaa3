// A stock Node worker in a process of its own; see node_worker.mjs.
import { fileURLToPath } from 'node:url';
import { Program } from '../system/processes.mjs';

const script = fileURLToPath(new URL('node_worker.mjs', import.meta.url));

/// The Program of a worker by {library, port, queue, simulator, options}, when it is ready; `started` gets it
/// before.
export async function startNodeWorker(settings, started = () => {}) {
  const program = new Program(process.execPath, [script, JSON.stringify(settings)]);
  started(program);
  await program.line(/^ready$/);
  return program;
}
