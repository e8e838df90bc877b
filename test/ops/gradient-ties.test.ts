import { expect, test } from 'vitest';
import { GraphBuilder } from '../../src/3-graph/graph-builder.js';
import { differentiate } from '../../src/4-train/differentiate.js';
import { openForGradient } from '../../src/5-optimize/pipeline.js';
import { EvalBuilder } from '../../src/ops/evaluate.js';
import { nth } from '../../src/ops/only.js';
import type { NdArray } from '../../src/ops/types.js';
import { evaluateGraph } from '../kit/evaluate-graph.js';
import { modelOf } from '../kit/source.js';
import ties from '../reference/ties.json' with { type: 'json' };

/** Where a function has a kink, and where several elements are the largest, the gradient is the one that PyTorch chooses: test/reference/ties.py. */
test.each(ties)('$call', ({ call, x, shape, gradient }) => {
  const { graph } = modelOf(`model M(x: Tensor${JSON.stringify(shape)}) -> (y: Tensor[*Y]) { return ${call} }`);
  openForGradient(graph);
  const [input, output] = [nth(graph.inputs, 0), nth(graph.outputs, 0).value];
  const sizes = output.type.shape.map((size) => size.constant as number);
  const count = sizes.reduce((a, b) => a * b, 1);
  const weights: NdArray = { dtype: 'f32', shape: sizes, data: Float64Array.from({ length: count }, (_, i) => i + 1) };
  const g = new GraphBuilder(graph, { path: [], kinds: ['M'], span: undefined });
  const found = differentiate(graph, {
    from: new Map([[output, g.constant(weights)]]),
    of: [input],
    onMissing: () => expect.fail('no rule'),
  });
  graph.output('gradient', found.get(input) ?? g.zerosLike(input));
  const given: NdArray = { dtype: 'f32', shape, data: Float64Array.from(x) };
  const [, got] = evaluateGraph(new EvalBuilder(), graph, [given]);
  expect(got?.shape).toEqual(shape);
  const mine = [...(got?.data ?? [])];
  for (const [i, wanted] of gradient.entries()) expect(mine[i], `element ${i} of ${mine}, wanted ${gradient}`).toBeCloseTo(wanted, 6);
});
