// Keys of the API and addresses of contacts where none must be.
import { contentOf } from './queue_places.mjs';

const address = /[\w.+-]@[\w-]+(\.[\w-]+)+/; // from its last letter before the @ on: texts may have megabytes
const before = 20; // characters that tell whose it is, at most

/// What is found in all that these workers say and that Redis has, in words; `ledgers` may have addresses,
/// and `given` is an address that came with a job.
export async function findLeaks(workers, db, ledgers, given) {
  const leaks = [];
  const keys = new Set(workers.map((worker) => worker.env.HUNTER_API_KEY));
  const look = (where, text, withAddresses = true) => {
    for (const key of keys) if (text.includes(key)) leaks.push(`${where}: the API key`);
    const found = withAddresses && address.exec(text);
    const begin = found && text.slice(Math.max(0, found.index - before), found.index).split(/\s/).at(-1);
    if (found) leaks.push(`${where}: ${begin}${found[0]}`);
  };
  for (const { program, http } of workers) {
    look(`log of ${program.pid}`, program.lines.join('\n'));
    look(`argv of ${program.pid}`, program.child.spawnargs.join(' '));
    if (program.outcome) continue;
    look(`metrics of ${program.pid}`, await (await fetch(`${http}/metrics`)).text());
  }
  for await (const [key, content] of contentOf(db)) {
    const { data, ...others } = content; // a job's data is of whoever added it
    look(`data of ${key} in Redis`, data ?? '', false);
    const text = key + JSON.stringify(others);
    look(`${key} in Redis`, given ? text.replaceAll(given, '') : text, !ledgers.has(key));
  }
  return leaks;
}
