import type { OnnxNode, OnnxValue } from '../../../src/5-optimize/lowering/onnx-graph.js';
import { Dim } from '../../../src/dims/dim.js';
import { roundTo } from '../../../src/ops/nd/round.js';
import type { DType, NdArray } from '../../../src/ops/types.js';
import { evaluateNode } from '../contrib/table.js';
import { graphOf, type OneNode } from './probed-graph.js';

/** An InstanceNormalization with the usual epsilon, and one with a different epsilon: a kernel that uses the first epsilon for both computes the second wrongly. */
export function twoEpsilons(opset: number, dtype: DType): OneNode {
  const value = (name: string, ...shape: readonly number[]): OnnxValue => ({ name, type: { dtype, shape: shape.map(Dim.of) } });
  const inputs = [value('input', 2, 3, 4), value('scale', 3), value('B', 3)];
  const feeds = { input: drawn(dtype, [2, 3, 4]), scale: drawn(dtype, [3]), B: drawn(dtype, [3]) };
  const wanted: Record<string, NdArray | undefined> = {};
  const nodes = [1e-5, 0.5].map((epsilon, i): OnnxNode => {
    const [output, attrs] = [value(`y${i}`, 2, 3, 4), { epsilon: { float: epsilon } }];
    const operator = { domain: '', opType: 'InstanceNormalization' };
    const [result] = evaluateNode(
      operator,
      { attrs, outputs: [true] },
      Object.values(feeds).map((array) => ({ value: array })),
    );
    if (result !== undefined && 'data' in result) wanted[output.name] = roundTo(dtype, result);
    return { name: `node${i}`, ...operator, inputs, outputs: [output], attrs, path: [], kinds: ['M'], span: undefined };
  });
  return {
    graph: graphOf(opset, { inputs, outputs: nodes.flatMap(({ outputs }) => outputs.flatMap((o) => o ?? [])), constants: [], nodes }),
    feeds,
    wanted,
  };
}

function drawn(dtype: DType, shape: readonly number[]): NdArray {
  const length = shape.reduce((a, b) => a * b, 1);
  return roundTo(dtype, { dtype, shape, data: Float64Array.from({ length }, (_, i) => ((i * 7) % 11) / 10 - 0.4) });
}
