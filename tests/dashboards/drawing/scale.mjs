// Axes: which values get a tick, and where they lie.

/// Round steps that cut `least`..`most` into about `count`; what is round depends on the unit.
export function ticks(least, most, count, unitName) {
  const span = most - least || 1;
  const unit = roundIn(unitName, span);
  const rough = span / unit / count;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = unit * size * [1, 2, 5, 10].find((factor) => factor * size >= rough);
  const result = [];
  for (let index = Math.ceil(least / step); index * step <= most + step / 1e6; index++) result.push(index * step);
  return result;
}

const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

function roundIn(name, span) {
  if (name === 'bytes') return 1024 ** Math.max(0, Math.floor(Math.log(span) / Math.log(1024)));
  if (name === 's') return [86_400, 3600, 60].find((each) => span > each) ?? 1;
  return 1;
}

/// [[seconds, "12:30"], ...] between start and end, at most `count`.
export function timeTicks(start, end, count) {
  const step = timeSteps.find((each) => (end - start) / each <= count) ?? timeSteps.at(-1);
  const result = [];
  for (let time = Math.ceil(start / step) * step; time <= end; time += step) result.push([time, clock(time, step < 60)]);
  return result;
}

/// Of UTC.
export function clock(seconds, withSeconds = true) {
  return new Date(seconds * 1000).toISOString().slice(11, withSeconds ? 19 : 16);
}

/// A function from values of [from, to] to positions in [first, last].
export const linear = (from, to, first, last) => (value) => first + (value - from) / (to - from || 1) * (last - first);
