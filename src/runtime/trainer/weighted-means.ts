import type { Batch, Metrics } from '../../api/runtime.js';
import { TrainingError } from './training-error.js';
import type { Results } from './training-graph.js';

/** Means of loss and metrics over several batches, each batch with the weight that its mean was divided by: over all tokens, not over batches. */
export class WeightedMeans {
  readonly #sums: Map<string, { sum: number; weight: number }>;

  constructor(metrics: readonly string[]) {
    this.#sums = new Map(['loss', ...metrics].map((name) => [name, { sum: 0, weight: 0 }]));
  }

  /** The means of what `run` computes for each batch. Throws `TrainingError` if there is none. */
  static async over(
    metrics: readonly string[],
    batches: AsyncIterable<Batch> | Iterable<Batch>,
    run: (batch: Batch) => Promise<Results>,
  ): Promise<Metrics> {
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
      const weight = results.get(`${name}.weight`) ?? 1;
      // A batch in which nothing counts has no mean.
      if (weight === 0) continue;
      total.sum += weight * (results.get(name) ?? Number.NaN);
      total.weight += weight;
    }
  }

  /** A mean over nothing is NaN. */
  get means(): Metrics {
    return Object.fromEntries([...this.#sums].map(([name, { sum, weight }]) => [name, sum / weight])) as unknown as Metrics;
  }
}
