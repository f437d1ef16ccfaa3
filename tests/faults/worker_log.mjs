// What a worker wrote to its log.

/// Its lines as objects, oldest first, from the `since`-th line on.
export function linesOf(program, since = 0) {
  return program.lines.slice(since).filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}

/// The most lines of one code and cause within any second, but for those that each job has:
/// {lines, code}.
export function densest(log) {
  const counts = new Map();
  for (const { ts, code, err } of log) {
    if (code.startsWith('job.')) continue;
    const second = `${ts.slice(0, 19)} ${code} ${err ?? ''}`;
    counts.set(second, { code, lines: (counts.get(second)?.lines ?? 0) + 1 });
  }
  return [...counts.values()].reduce((most, each) => (each.lines > most.lines ? each : most), { lines: 0 });
}
