// A wall clock of one program that a test can set while it runs.
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { binary } from '../system/harness.mjs';
import { temporaryFolder } from '../system/processes.mjs';

export class SteppedClock {
  constructor() {
    const path = join(temporaryFolder(), 'offset');
    this.file = openSync(path, 'w+');
    this.set(0);
    // The shim comes before a sanitizer's own library, which minds.
    this.env = { LD_PRELOAD: binary('clock_shim.so'), CLOCK_SHIM: path,
      ASAN_OPTIONS: 'verify_asan_link_order=0' };
  }

  /// From now on the program's clock is that many ms off the machine's.
  set(ms) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(ms) * 1_000_000n);
    writeSync(this.file, bytes, 0, 8, 0);
  }

  close() {
    closeSync(this.file);
  }
}

const [second, hour, day] = [1000, 3_600_000, 86_400_000];

/// [name, ms off the machine's clock]
export const steps = () => [
  ['+1 s', second], ['-1 s', -second], ['+1 h', hour], ['-1 h', -hour], ['+1 day', day], ['-1 day', -day],
  ['1970', day - Date.now()], ['2038', Date.UTC(2038, 0, 20) - Date.now()],
  ['2100', Date.UTC(2100, 0, 1) - Date.now()],
];
