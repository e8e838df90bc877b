import { randomNumbers } from '../kit/random.js';

/** Random choices that depend only on a seed. */
export class Draw {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomNumbers(seed);
    for (let i = 0; i < 3; i++) this.#random(); // The first numbers of neighbouring seeds resemble each other.
  }

  /** Uniform in [0, 1). */
  number(): number {
    return this.#random();
  }

  /** Uniform among the whole numbers from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.#random() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('there is nothing to pick from');
    return items[Math.floor(this.#random() * items.length)] as T;
  }

  /** `count` of the items, in their order. */
  some<T>(items: readonly T[], count: number): readonly T[] {
    const left = items.map((_, i) => i);
    while (left.length > count) left.splice(this.int(0, left.length - 1), 1);
    return left.map((i) => items[i] as T);
  }

  shuffled<T>(items: readonly T[]): readonly T[] {
    const all = [...items];
    for (let i = all.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [all[i], all[j]] = [all[j] as T, all[i] as T];
    }
    return all;
  }
}
