// Settings that make a test short without changing what it shows.

/// One request a page and short patience, so that a try fails at once.
export const hasty = { GLEANER_API__MAX_TRIES: 1, GLEANER_API__TIMEOUT: '2s' };

/// A dead worker's jobs come back after seconds instead of a minute.
export const shortLocks = { GLEANER_QUEUE__LOCK_DURATION: '1s', GLEANER_QUEUE__STALLED_INTERVAL: '1s' };
