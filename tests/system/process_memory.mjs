// What a core dump of a running program would hold, read through /proc (by root or its own user).
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/// The mappings of a process: {first, last, writable, dumped, name}.
function mappingsOf(pid) {
  const mappings = [];
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'latin1').split('\n')) {
    const range = line.match(/^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$/);
    if (range) {
      const [, first, last, rights, name] = range;
      mappings.push({
        first: parseInt(first, 16), last: parseInt(last, 16), name, writable: rights.includes('w'),
      });
    }
    const flags = line.match(/^VmFlags:(.*)$/);
    if (flags) mappings.at(-1).dumped = !/ dd\b/.test(flags[1]);
  }
  return mappings;
}

function bytesOf(file, { first, last }) {
  const bytes = Buffer.alloc(last - first);
  let length = 0;
  try {
    while (length < bytes.length) {
      const got = readSync(file, bytes, length, bytes.length - length, first + length);
      if (got === 0) break;
      length += got;
    }
  } catch {
    // a page that is not there
  }
  return bytes.subarray(0, length);
}

/// Where `text` lies in the memory of a process: the names of the mappings that hold it. `dumped`
/// alone looks at what a core dump would hold.
export function findInMemory(pid, text, { dumped = true } = {}) {
  const file = openSync(`/proc/${pid}/mem`, 'r');
  try {
    return mappingsOf(pid)
      .filter((mapping) => mapping.writable && mapping.dumped === dumped)
      .filter((mapping) => bytesOf(file, mapping).includes(text, 0, 'latin1'))
      .map(({ name }) => name || 'unnamed');
  } finally {
    closeSync(file);
  }
}
