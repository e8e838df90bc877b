import { generator } from '../runtime/pure/random-tensor.js';

/** The numbers from 0 to `count - 1` in an order that only `key` determines: Fisher and Yates. */
export function shuffled(rows: readonly number[], key: string): readonly number[] {
  const next = generator(key);
  const order = [...rows];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

export interface Split {
  readonly train: readonly number[];
  readonly heldOut: readonly number[];
}

/** Holds out a share of the rows, at least one unless it is 0. Each part is in the order of the data. */
export function split(count: number, share: number, seed: number): Split {
  const rows = Array.from({ length: count }, (_, row) => row);
  if (share === 0) return { train: rows, heldOut: [] };
  const size = Math.max(1, Math.round(count * share));
  const chosen = new Set(shuffled(rows, `split/${seed}`).slice(0, size));
  return { train: rows.filter((row) => !chosen.has(row)), heldOut: rows.filter((row) => chosen.has(row)) };
}

/** How rows become batches. */
export interface Batching {
  /** Rows in a batch. */
  readonly size: number;
  /** Batches in a step. */
  readonly accumulate: number;
  /** Whether the model takes no smaller batch. */
  readonly isFixed: boolean;
}

/** The steps of an epoch, each a list of `accumulate` batches. */
export type Steps = readonly (readonly (readonly number[])[])[];

/**
 * All rows in the order of this epoch. The last step takes the remaining rows, in batches that differ by at most one row; it is left out if there is less than one row for each batch,
 * or if the model only takes whole batches.
 */
export function stepsOfEpoch(rows: readonly number[], batching: Batching, seed: number, epoch: number): Steps {
  const { size, accumulate } = batching;
  const order = shuffled(rows, `epoch/${seed}/${epoch}`);
  return Array.from({ length: stepCount(rows.length, batching) }, (_, step) => {
    const own = order.slice(step * size * accumulate, (step + 1) * size * accumulate);
    const ends = Array.from({ length: accumulate + 1 }, (_, part) => Math.round((own.length * part) / accumulate));
    return ends.slice(1).map((end, part) => own.slice(ends[part], end));
  });
}

/** The number of steps in an epoch. */
export function stepCount(rows: number, { size, accumulate, isFixed }: Batching): number {
  const rest = rows % (size * accumulate);
  return Math.floor(rows / (size * accumulate)) + (!isFixed && rest >= accumulate ? 1 : 0);
}

/** Batches of held-out rows in the order of the data. Where the model takes whole batches only, the last rows may be left out. */
export function heldOutBatches(rows: readonly number[], { size, isFixed }: Batching): readonly (readonly number[])[] {
  const count = isFixed ? Math.floor(rows.length / size) : Math.ceil(rows.length / size);
  return Array.from({ length: count }, (_, i) => rows.slice(i * size, (i + 1) * size));
}
