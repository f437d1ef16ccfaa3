// How a worker may end: killed, or after SIGTERM with exit code 0 and a last line about its shutdown, unless its
// test says otherwise by the program's `expectedEnd`.
const usualEnd = { code: 0, last: ['shutdown.end', 'shutdown.incomplete'] };

/// What is wrong with the ends of those that have ended, in words.
export function findBadEnds(workers) {
  return workers.filter(({ program }) => program.outcome && program.outcome.signal !== 'SIGKILL')
    .flatMap(({ program }) => {
      const { expectedEnd = usualEnd, outcome: { code, signal } } = program;
      if (code !== expectedEnd.code) return [`worker ${program.pid} ended by ${signal ?? code}:\n${program.tail()}`];
      const last = program.lines.findLast((line) => line.startsWith('{')); // none: its log went elsewhere
      if (!last || expectedEnd.last.includes(JSON.parse(last).code)) return [];
      return [`the log of worker ${program.pid} does not tell its end:\n${program.tail()}`];
    });
}
