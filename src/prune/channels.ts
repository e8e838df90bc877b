import { nth } from '../ops/only.js';

/** The channel at each position of an axis that gets smaller. The same number is the same channel; `Channels.of` says which numbers are one. */
export type Labels = readonly number[];

/** So many positions of an axis stay. */
interface Demand<P> {
  readonly labels: Labels;
  readonly kept: number;
  readonly place: P;
}

/**
 * The channels of a model: what is removed as a whole. An axis that gets smaller begins with a channel of its own at each position; operators then join channels that cannot go without each other, such
 * as a row of one weight and the column of the next that reads it. `P` says where a demand comes from.
 */
export class Channels<P> {
  readonly #parents: number[] = [];
  readonly #demands = new Map<Labels, Demand<P>>();

  /** New channels, one for each of `count` positions. */
  fresh(count: number): Labels {
    return Array.from({ length: count }, () => this.#parents.push(this.#parents.length) - 1);
  }

  /** The channel that a number stands for. */
  of(label: number): number {
    let root = label;
    for (let parent = nth(this.#parents, root); parent !== root; parent = nth(this.#parents, root)) root = parent;
    for (let at = label; at !== root; ) {
      const next = nth(this.#parents, at);
      this.#parents[at] = root;
      at = next;
    }
    return root;
  }

  /** Makes the channels of two axes one, position by position. */
  join(a: Labels, b: Labels): void {
    if (a === b) return;
    for (const [i, label] of a.entries()) this.joinAll([label, nth(b, i)]);
  }

  /** Makes all of these channels one. */
  joinAll(labels: Labels): void {
    const first = this.of(nth(labels, 0));
    for (const label of labels) this.#parents[this.of(label)] = first;
  }

  /** Of these positions, `kept` stay. */
  demand(labels: Labels, kept: number, place: P): void {
    if (labels.length > 0 && !this.#demands.has(labels)) this.#demands.set(labels, { labels, kept, place });
  }

  /** Chooses the channels that stay: of each set from which some go, those with the highest scores. */
  choose(scoreOf: (channel: number) => number): Choice<P> {
    const kept = new Map<number, boolean>();
    const demands = [...this.#demands.values()].map((demand) => ({ ...demand, counts: this.#counts(demand.labels) }));
    // What stays as a whole comes first, then the smallest sets: a part of an axis decides about its own channels before the whole axis is looked at.
    const rank = ({ labels, kept, counts }: (typeof demands)[number]) => (kept === labels.length ? 0 : counts.size);
    for (const { counts, kept: wanted, place } of demands.sort((a, b) => rank(a) - rank(b))) {
      const open = [...counts.keys()].filter((channel) => !kept.has(channel));
      const width = counts.get(open[0] ?? -1);
      if (width === undefined) continue;
      const decided = [...counts].reduce((sum, [channel, count]) => sum + (kept.get(channel) === true ? count : 0), 0);
      const missing = (wanted - decided) / width;
      if (open.some((channel) => counts.get(channel) !== width) || !Number.isInteger(missing) || missing < 0 || missing > open.length)
        return { conflict: place };
      const scores = new Map(open.map((channel) => [channel, scoreOf(channel)]));
      // The sort is stable: of equal channels, the first ones stay.
      const byScore = [...open].sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0));
      for (const [i, channel] of byScore.entries()) kept.set(channel, i < missing);
    }
    const isKept = (label: number) => kept.get(this.of(label)) ?? true;
    const broken = demands.find(({ labels, kept: wanted }) => labels.filter(isKept).length !== wanted);
    return broken === undefined ? { isKept } : { conflict: broken.place };
  }

  /** How many of these positions each channel has. */
  #counts(labels: Labels): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    for (const label of labels) {
      const channel = this.of(label);
      counts.set(channel, (counts.get(channel) ?? 0) + 1);
    }
    return counts;
  }
}

/** Which channels stay, or where the demands contradict each other. */
export type Choice<P> = { readonly isKept: (label: number) => boolean; readonly conflict?: undefined } | { readonly conflict: P };
