import { nth } from '../ops/only.js';

/** The channel at each position of an axis that gets smaller. Equal numbers are the same channel; `Channels.of` says which different numbers are. */
export type Labels = readonly number[];

/** The demand that `kept` positions of an axis stay. */
interface Demand<P> {
  readonly labels: Labels;
  readonly kept: number;
  readonly place: P;
}

/**
 * The channels of a model, which are removed as a whole. An axis that gets smaller begins with a separate channel at each position; operators then join channels that can only be removed together, such
 * as a row of one weight and the column of the next that reads it. `P` says where a demand comes from.
 */
export class Channels<P> {
  readonly #parents: number[] = [];
  readonly #demands = new Map<Labels, Demand<P>>();

  /** Makes new channels, one for each of `count` positions. */
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

  /** Demands that `kept` of these positions stay. */
  demand(labels: Labels, kept: number, place: P): void {
    if (labels.length > 0 && !this.#demands.has(labels)) this.#demands.set(labels, { labels, kept, place });
  }

  /** Chooses the channels that stay: those with the highest scores in each set from which some are removed. */
  choose(scoreOf: (channel: number) => number): Choice<P> {
    const kept = new Map<number, boolean>();
    const demands = [...this.#demands.values()].map((demand) => ({ ...demand, counts: this.#counts(demand.labels) }));
    // What stays as a whole comes first, then the smallest sets: the channels of a part of an axis are chosen before the whole axis is considered.
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
      // The sort is stable: among channels with equal scores, the first ones stay.
      const byScore = [...open].sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0));
      for (const [i, channel] of byScore.entries()) kept.set(channel, i < missing);
    }
    const isKept = (label: number) => kept.get(this.of(label)) ?? true;
    const broken = demands.find(({ labels, kept: wanted }) => labels.filter(isKept).length !== wanted);
    return broken === undefined ? { isKept } : { conflict: broken.place };
  }

  /** How many of these positions belong to each channel. */
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
