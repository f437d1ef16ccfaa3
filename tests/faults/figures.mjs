// What all fault tests have in common: short or long, chance that can be repeated, figures in one form.
import { promised, soak } from '../system/promised.mjs';

export { promised, soak };

/// `short` in the tests of every change, `long` in ./run soak.
export const size = (short, long) => (soak ? long : short);

/// Prints "figures <program> <name>=<value> ...", the lines that ./run soak makes its table of.
export function figures(program, values) {
  const pairs = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  console.log(`figures ${program} ${pairs.join(' ')}`);
}

/// Random numbers that come again with the same GLEANER_SEED; prints the seed it begins with.
export class Chance {
  constructor(seed = process.env.GLEANER_SEED ?? Date.now() % 1_000_000_000) {
    this.seed = Number(seed);
    this.state = this.seed >>> 0;
    console.log(`SEED ${this.seed}`);
  }

  /// From 0 to less than 1 (mulberry32).
  fraction() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let x = this.state;
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  }

  /// A whole number from `least` to `most`.
  between(least, most) {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  pick(list) {
    return list[this.between(0, list.length - 1)];
  }

  /// `count` different members of `list`, in its order; all when there are no more.
  sample(list, count) {
    const left = list.map((_, index) => index);
    const taken = [];
    while (taken.length < count && left.length) {
      taken.push(left.splice(this.between(0, left.length - 1), 1)[0]);
    }
    return taken.sort((a, b) => a - b).map((index) => list[index]);
  }
}
