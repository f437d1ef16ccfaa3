// What a worker wrote to its log.

/// Its lines as objects, oldest first.
export function gleanerLog(program) {
  return program.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}

/// How many lines carry each code, but for the news of jobs that went well: {code: lines}.
export function troubles(log) {
  const counts = {};
  for (const { code } of log) {
    if (!['worker.ready', 'job.completed'].includes(code)) counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

/// The most lines of one code and cause within any second: {lines, code}.
export function fastest(log) {
  const bySecond = new Map();
  let most = { lines: 0, code: '' };
  for (const { ts, code, err } of log) {
    if (code === 'job.completed') continue; // one a job is what they are for
    const key = `${ts.slice(0, 19)} ${code} ${err ?? ''}`;
    const lines = (bySecond.get(key) ?? 0) + 1;
    bySecond.set(key, lines);
    if (lines > most.lines) most = { lines, code };
  }
  return most;
}
