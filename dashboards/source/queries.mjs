// PromQL over Gleaner's series, for the processes and labels that the variables of a board choose.

const chosen = ['job=~"$job"', 'instance=~"$instance"'];

/// Matchers of what only some series have.
export const inQueue = 'queue=~"$queue"';
export const ofKey = 'key=~"$key"';

/// All series of a name, which is given without `gleaner_` unless it is one of the process: process_...
export function of(name, ...matchers) {
  const full = name.startsWith('process_') ? name : `gleaner_${name}`;
  return `${full}{${[...chosen, ...matchers].join(', ')}}`;
}

/// What Prometheus itself says about the scrapes of the chosen processes.
export const up = `up{${chosen.join(', ')}}`;

/// A counter's growth per second, and its growth in the time that the board shows.
export const rate = (name, ...matchers) => `rate(${of(name, ...matchers)}[$__rate_interval])`;
export const growth = (name, ...matchers) => `increase(${of(name, ...matchers)}[$__range])`;

const aggregate = (how) => (by, expression) => (by ? `${how} by (${by}) (${expression})` : `${how}(${expression})`);
export const sum = aggregate('sum');
export const max = aggregate('max');
export const min = aggregate('min');

/// The growth per second by a label, of those of its values that occurred in the time that the board shows.
export function seenBy(label, name, ...matchers) {
  return `${sum(label, rate(name, ...matchers))} and on (${label}) ${sum(label, growth(name, ...matchers))} > 0`;
}

/// A quantile of a histogram, for each value of the labels `by`; NaN, which is drawn as a gap, while nothing is observed.
export function quantile(share, by, name, ...matchers) {
  const buckets = sum(by ? `${by}, le` : 'le', rate(`${name}_bucket`, ...matchers));
  return `histogram_quantile(${share}, ${buckets})`;
}

/// a / b, and 0 where b is 0.
export const share = (a, b) => `${a} / clamp_min(${b}, 1e-9)`;

/// Of processes that work on a queue: fetchers have neither Redis nor a store.
export const ofWorkers = (expression) => `${expression} and on (job, instance) ${of('worker_slots')} > 0`;
