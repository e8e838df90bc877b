import type { Batch } from '../api/runtime.js';

/** Rows that batches are made of. */
export interface Dataset {
  readonly count: number;
  /** The batch of these rows. With `variation`, images are varied as that says: the same one gives the same batch. Throws `DataError`. */
  batch(rows: readonly number[], variation?: Variation): Promise<Batch>;
}

/** What the random changes of a row depend on, besides the row itself. */
export interface Variation {
  readonly seed: number;
  readonly epoch: number;
}
