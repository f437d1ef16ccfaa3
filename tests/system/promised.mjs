// Claims about time and pace. A machine that others use, too, can't keep them, so a test of every change only prints
// them; where a program has the machine to itself (./run soak) they must be kept.
import assert from 'node:assert/strict';

/// Whether ./run soak asked for the long form.
export const soak = process.env.GLEANER_SOAK === '1';

/// `value` is promised to be `most` at most.
export function promised(what, value, most) {
  const claim = `${what}: ${Number(value.toFixed(2))}, ${most} at most are promised`;
  console.log(`promised ${claim}`);
  if (soak) assert.ok(value <= most, claim);
}
