import type { Metrics } from '../api/runtime.js';

/** Loss and metrics by name; null for what is not a number, as JSON has it. */
export type Results = Readonly<Record<string, number | null>>;

/** What an epoch has given. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** The number of steps that were taken by its end. */
  readonly step: number;
  /** The learning rate of its last step; null if it is not known. */
  readonly lr: number | null;
  /** Means over the rows as they were trained, while the weights changed. */
  readonly train: Results;
  /** The results for the held-out rows at its end. */
  readonly heldOut: Results | null;
  /** The losses of its steps, averaged so that there are few: for the curve. */
  readonly trace: readonly number[];
}

/** The epoch whose held-out loss is the lowest so far, the first of them. */
export function bestEpoch(history: readonly EpochRecord[]): EpochRecord | undefined {
  let best: EpochRecord | undefined;
  for (const record of history) {
    const loss = record.heldOut?.loss ?? null;
    if (loss !== null && loss < (best?.heldOut?.loss ?? Number.POSITIVE_INFINITY)) best = record;
  }
  return best;
}

/** How many epochs have passed without a lower loss on held-out rows. */
export function epochsSinceBest(history: readonly EpochRecord[]): number {
  return history.length - (bestEpoch(history)?.epoch ?? 0);
}

/** Points of the curve in an epoch. */
const tracePoints = 50;

/** The sums of an epoch that is not complete, as plain data. */
export interface PartialEpoch {
  /** The number of steps that were taken when it was written. */
  readonly step: number;
  readonly rows: number;
  readonly sums: Readonly<Record<string, number>>;
  readonly trace: readonly (readonly [sum: number, count: number])[];
}

/** Adds up the steps of an epoch. */
export class EpochSums {
  #rows = 0;
  readonly #sums = new Map<string, number>();
  readonly #trace: [number, number][] = [];

  constructor(before?: PartialEpoch) {
    if (before === undefined) return;
    this.#rows = before.rows;
    this.#sums = new Map(Object.entries(before.sums));
    this.#trace = before.trace.map(([sum, count]) => [sum, count]);
  }

  /** Adds step number `index` of `count`, which had this many rows. */
  add(metrics: Metrics, rows: number, index: number, count: number): void {
    this.#rows += rows;
    for (const [name, value] of Object.entries(metrics)) this.#sums.set(name, (this.#sums.get(name) ?? 0) + value * rows);
    const at = Math.floor((index * Math.min(tracePoints, count)) / count);
    while (this.#trace.length <= at) this.#trace.push([0, 0]);
    const point = this.#trace[at];
    if (point === undefined) return;
    point[0] += metrics.loss;
    point[1] += 1;
  }

  get means(): Results {
    return plainResults(Object.fromEntries([...this.#sums].map(([name, sum]) => [name, sum / this.#rows])));
  }

  get trace(): readonly number[] {
    return this.#trace.filter(([, count]) => count > 0).map(([sum, count]) => sum / count);
  }

  partial(step: number): PartialEpoch {
    return { step, rows: this.#rows, sums: Object.fromEntries(this.#sums), trace: this.#trace.map(([sum, count]) => [sum, count]) };
  }
}

export function plainResults(metrics: Readonly<Record<string, number>>): Results {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number.isFinite(value) ? value : null]));
}
