import { ndArray } from '../../src/ops/nd/array.js';
import type { NdArray } from '../../src/ops/types.js';
import type { ReferenceModel } from './reference-models.js';
import type { Arrays } from './trainer.js';

/** The states of loss scaling. */
export const scaleStates = ['loss_scale', 'good_steps', 'skipped_steps'];

/** What they are. */
export function scalingIn(state: Arrays): readonly (number | undefined)[] {
  return scaleStates.map((name) => state[name]?.data[0]);
}

export interface HalfSettings {
  readonly clauses?: string;
  readonly optimizer?: string;
  readonly loss?: string;
}

/** A model with dropout and running statistics that is trained in f16. The batch says how much its loss counts. */
export function halfSource({
  clauses = '',
  optimizer = 'adamw(lr = 0.01)',
  loss = 'cross_entropy(logits, labels)',
}: HalfSettings = {}): string {
  return `
model M(x: Tensor[N, 4]) -> (logits: Tensor[N, 3]) {
  return x -> fc1: Linear(8) -> bn: BatchNorm1d -> relu -> drop: Dropout(p = 0.1) -> fc2: Linear(3)
}
train T for M {
  input labels: Tensor<i64>[N]
  input factor: Tensor[]
  loss = factor * (${loss})
  optimizer ${optimizer}
  precision f16
  ${clauses}
}`;
}

/** Eight rows for `halfSource`, whose class is the largest of their first three numbers. With the factor 1e6, the gradients overflow f16, and the loss does not. */
export function halfBatch(number: number, factor = 1): Arrays {
  const rows = Array.from({ length: 8 }, (_, i) => [0, 1, 2, 3].map((k) => Math.fround(Math.sin(1.7 * (8 * number + i) + 2.3 * k))));
  const labels = rows.map((row) => row.indexOf(Math.max(...row.slice(0, 3))));
  return {
    x: { dtype: 'f32', shape: [8, 4], data: Float64Array.from(rows.flat()) },
    labels: { dtype: 'i64', shape: [8], data: Float64Array.from(labels) },
    factor: scalar('f32', factor),
  };
}

/** A reference model with a `train` block `T` of these clauses. */
export function blockOf({ source, model, labels }: ReferenceModel, clauses: string): string {
  return `${source}
train T for ${model} {
  input labels: ${labels}
  loss = cross_entropy(logits, labels)
  ${clauses}
}`;
}

export function scalar(dtype: 'f32' | 'i32', value: number): NdArray {
  const array = ndArray(dtype, []);
  array.data.fill(value);
  return array;
}

/** The states that are not the same, bit for bit, in order. */
export function changedStates(before: Arrays, after: Arrays): readonly string[] {
  const isChanged = (name: string) => !before[name]!.data.every((value, i) => Object.is(value, after[name]!.data[i]));
  return Object.keys(before).filter(isChanged).sort();
}
