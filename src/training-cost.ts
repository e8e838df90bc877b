import { bodiesIn, type OnnxGraph } from './5-optimize/lowering/onnx-graph.js';
import { costOf } from './6-emit/cost.js';
import { elementCount } from './6-emit/parameter-count.js';
import type { StoredAmount, TrainingCost } from './api/training.js';
import { boundsOf } from './dims/bounds.js';
import { Dim } from './dims/dim.js';
import { plainSize } from './dims/plain-size.js';
import { bytesOfType } from './ops/sizes.js';
import { bytesOfElements } from './ops/types.js';
import type { CompiledTraining } from './training.js';

/** The cost of one step of a compiled `train` block. */
export function trainingCost({ entries, step, state, checked }: CompiledTraining): TrainingCost {
  const train = entries.find(({ name }) => name === 'train');
  const weights = new Set(step.weights);
  const sum = (amounts: readonly StoredAmount[]): StoredAmount => ({
    count: amounts.reduce((all, { count }) => all + count, 0),
    bytes: amounts.reduce((all, { bytes }) => all + bytes, 0),
  });
  const stored = state.map((parameter) => {
    const count = elementCount(parameter);
    return { name: parameter.name, count, bytes: bytesOfElements(parameter.type.dtype, count) };
  });
  const trained = sum(stored.filter(({ name }) => weights.has(name)));
  const statistics = sum(stored.filter(({ name }) => !weights.has(name)));
  const moments = step.moments.flatMap(({ parts }) => parts.map(({ shape }) => shape.reduce((a, b) => a * b, 1)));
  const averages = checked.ema === undefined ? 0 : trained.count;
  const remembered = moments.reduce((a, b) => a + b, averages);
  const frozen = sum(
    (train?.onnx.parameters ?? []).map(({ parameter }) => {
      const count = elementCount(parameter);
      return { count, bytes: bytesOfElements(parameter.type.dtype, count) };
    }),
  );
  const all = sum([statistics, { count: remembered, bytes: 4 * remembered }]);
  const least = step.keptBytes.add(2 * trained.bytes + frozen.bytes + all.bytes);
  const [whole] = train === undefined ? [] : costOf(train.graph);
  return {
    trained,
    frozen,
    state: all,
    gradients: trained,
    keptBytes: plainSize(step.keptBytes),
    leastBytes: plainSize(least),
    largestBytes: train === undefined ? [] : largestIn(train.onnx).map(plainSize),
    flops: plainSize(whole?.flops ?? Dim.zero),
  };
}

/** The bytes of the largest tensors of a graph: without those that are smaller than another for all sizes. */
function largestIn(graph: OnnxGraph): readonly Dim[] {
  const all = [graph, ...bodiesIn(graph.nodes)].flatMap((body) => [
    ...body.inputs,
    ...body.nodes.flatMap(({ outputs }) => outputs.flatMap((output) => output ?? [])),
  ]);
  const sizes = new Map(
    [...all, ...graph.parameters.map(({ value }) => value)].map(({ type }) => [bytesOfType(type).key, bytesOfType(type)]),
  );
  let largest: readonly Dim[] = [];
  for (const size of sizes.values()) {
    if (largest.some((other) => isAtMost(size, other))) continue;
    largest = [...largest.filter((other) => !isAtMost(other, size)), size];
  }
  return largest;
}

/** Whether `a` is at most `b` for all sizes. */
function isAtMost(a: Dim, b: Dim): boolean {
  return boundsOf(b.sub(a)).min >= 0;
}
