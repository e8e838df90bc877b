import type { Batch, Metrics } from '../../api/runtime.js';
import { TrainingError } from './training-error.js';
import type { Results } from './training-graph.js';

/** Means of loss and metrics over several batches, each batch with the weight that its mean was divided by: over all tokens, not over batches. */
export class WeightedMeans {
  readonly #sums: Map<string, { sum: number; weight: number; empty: number }>;

  constructor(metrics: readonly string[]) {
    this.#sums = new Map(['loss', ...metrics].map((name) => [name, { sum: 0, weight: 0, empty: 0 }]));
  }

  /** The means of what `run` computes for each batch. Throws `TrainingError` if there is none, or if it is not a list. */
  static async over(
    metrics: readonly string[],
    batches: AsyncIterable<Batch> | Iterable<Batch>,
    run: (batch: Batch) => Promise<Results>,
  ): Promise<Metrics> {
    if (!isIterable(batches)) throw new TrainingError({ kind: 'not-batches', isObject: Object(batches) === batches });
    const means = new WeightedMeans(metrics);
    let count = 0;
    for await (const batch of batches) {
      means.add(await run(batch));
      count++;
    }
    if (count === 0) throw new TrainingError({ kind: 'no-batches' });
    return means.means;
  }

  add(results: Results): void {
    for (const [name, total] of this.#sums) {
      const [value, weight] = [results.get(name) ?? Number.NaN, results.get(`${name}.weight`) ?? 1];
      // A batch in which nothing counts must not change a mean, even if it gives NaN for it.
      if (weight === 0) total.empty = value;
      else total.sum += weight * value;
      total.weight += weight;
    }
  }

  /** If nothing counts in any batch, what the graph gives for such a batch: 0 for the losses of the library. */
  get means(): Metrics {
    const mean = ({ sum, weight, empty }: { sum: number; weight: number; empty: number }) => (weight === 0 ? empty : sum / weight);
    return Object.fromEntries([...this.#sums].map(([name, total]) => [name, mean(total)])) as unknown as Metrics;
  }
}

function isIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}
