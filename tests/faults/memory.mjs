// What processes have in memory, and whose they are.
import { readdirSync, readFileSync } from 'node:fs';

/// Bytes resident of a process; 0 when it has ended.
export function residentOf(pid) {
  try {
    const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
    return Number(kb ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function childrenOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').trim().split(' '))
      .filter(Boolean).map(Number);
  } catch {
    return []; // it has ended
  }
}

/// The processes that a process has started, and theirs: {pid, name}.
export function descendantsOf(pid) {
  return childrenOf(pid).flatMap((child) => {
    try {
      const name = readFileSync(`/proc/${child}/comm`, 'latin1').trim();
      return [{ pid: child, name }, ...descendantsOf(child)];
    } catch {
      return [];
    }
  });
}
