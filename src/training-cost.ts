import { costOf } from './6-emit/cost.js';
import { elementCount } from './6-emit/parameter-count.js';
import { Dim } from './dims/dim.js';
import { bytesOf } from './ops/types.js';
import type { CompiledTraining } from './training.js';

/** What a step of training needs. */
export interface TrainingCost {
  /** Numbers that the step changes by their gradients, and other weights that it reads. */
  readonly trained: Amount;
  readonly frozen: Amount;
  /** What the optimizer remembers, running statistics and moving averages. */
  readonly state: Amount;
  /** One for each trained number. */
  readonly gradients: Amount;
  /** Bytes of what the forward pass keeps for the gradient. */
  readonly kept: Dim;
  /** All of that together, which a device must hold at least. */
  readonly least: Dim;
  /** Floating point operations of the step. */
  readonly flops: Dim;
}

export interface Amount {
  readonly count: number;
  readonly bytes: number;
}

/** The cost of one step of a compiled `train` block. */
export function trainingCost({ entries, step, state, checked }: CompiledTraining): TrainingCost {
  const train = entries.find(({ name }) => name === 'train');
  const weights = new Set(step.weights);
  const sum = (amounts: readonly Amount[]): Amount => ({
    count: amounts.reduce((all, { count }) => all + count, 0),
    bytes: amounts.reduce((all, { bytes }) => all + bytes, 0),
  });
  const stored = state.map((parameter) => {
    const count = elementCount(parameter);
    return { name: parameter.name, count, bytes: count * bytesOf[parameter.type.dtype] };
  });
  const trained = sum(stored.filter(({ name }) => weights.has(name)));
  const statistics = sum(stored.filter(({ name }) => !weights.has(name)));
  const moments = step.moments.flatMap(({ parts }) => parts.map(({ shape }) => shape.reduce((a, b) => a * b, 1)));
  const averages = checked.ema === undefined ? 0 : trained.count;
  const remembered = moments.reduce((a, b) => a + b, averages);
  const frozen = sum(
    (train?.onnx.parameters ?? []).map(({ parameter }) => {
      const count = elementCount(parameter);
      return { count, bytes: count * bytesOf[parameter.type.dtype] };
    }),
  );
  const all = sum([statistics, { count: remembered, bytes: 4 * remembered }]);
  const least = step.keptBytes.add(2 * trained.bytes + frozen.bytes + all.bytes);
  const [whole] = train === undefined ? [] : costOf(train.graph);
  return { trained, frozen, state: all, gradients: trained, kept: step.keptBytes, least, flops: whole?.flops ?? Dim.zero };
}
