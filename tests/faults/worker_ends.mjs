// How a worker may end: killed, or after SIGTERM with exit code 0 and a last line about its shutdown.
const mayBeLast = ['shutdown.end', 'shutdown.incomplete'];

/// What is wrong with the ends of those that have ended, in words.
export function findBadEnds(workers) {
  return workers.filter(({ program }) => program.outcome && program.outcome.signal !== 'SIGKILL')
    .flatMap(({ program }) => {
      const { code, signal } = program.outcome;
      if (code !== 0) return [`worker ${program.pid} ended by ${signal ?? code}:\n${program.tail()}`];
      const last = program.lines.findLast((line) => line.startsWith('{')); // none: its log went elsewhere
      if (!last || mayBeLast.includes(JSON.parse(last).code)) return [];
      return [`the last line of worker ${program.pid} is ${last}`];
    });
}
