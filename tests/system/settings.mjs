// Settings that make a test short without changing what it shows.

/// One request a page and short patience, so that a try fails soon.
export const hasty = { GLEANER_API__MAX_TRIES: 1, GLEANER_API__TIMEOUT: '8s' };

/// A dead worker's jobs come back after seconds instead of a minute; still no lock runs out that a busy machine
/// keeps waiting for its renewal.
export const lockMs = 3000;
export const shortLocks = { GLEANER_QUEUE__LOCK_DURATION: `${lockMs}ms`, GLEANER_QUEUE__STALLED_INTERVAL: '1s' };

/// A worker that looks for work once a minute takes within half of that only what it is told of.
export const seldomLooks = { GLEANER_QUEUE__DRAIN_DELAY: '1m' };
export const longBeforeItLooks = 30_000;
