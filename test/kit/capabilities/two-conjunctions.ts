import type { OnnxNode, OnnxValue } from '../../../src/5-optimize/lowering/onnx-graph.js';
import { Dim } from '../../../src/dims/dim.js';
import type { NdArray } from '../../../src/ops/types.js';
import { graphOf, type OneNode } from './probed-graph.js';

/** An And whose operands have different shapes from those of the And before it: a kernel that reuses the shader of the first computes the second wrongly. */
export function twoConjunctions(opset: number): OneNode {
  const value = (name: string, ...shape: readonly number[]): OnnxValue => ({ name, type: { dtype: 'bool', shape: shape.map(Dim.of) } });
  const [a, b, c, ab, abc] = [
    value('a', 1, 1, 5, 8),
    value('b', 2, 1, 1, 8),
    value('c', 2, 1, 5, 1),
    value('ab', 2, 1, 5, 8),
    value('abc', 2, 1, 5, 8),
  ];
  const feeds = { a: drawn([1, 1, 5, 8], 5), b: drawn([2, 1, 1, 8], 3), c: drawn([2, 1, 5, 1], 4) };
  const at = ({ data }: NdArray, i: number): number => data[i] ?? 0;
  const both = Float64Array.from({ length: 80 }, (_, i) => at(feeds.a, i % 40) * at(feeds.b, 8 * Math.floor(i / 40) + (i % 8)));
  const all = both.map((one, i) => one * at(feeds.c, Math.floor(i / 8)));
  const and = (name: string, inputs: readonly OnnxValue[], output: OnnxValue): OnnxNode => {
    return { name, domain: '', opType: 'And', inputs, outputs: [output], attrs: {}, path: [], kinds: ['M'], span: undefined };
  };
  const nodes = [and('first', [a, b], ab), and('second', [ab, c], abc)];
  const wanted = {
    ab: { dtype: 'bool', shape: [2, 1, 5, 8], data: both },
    abc: { dtype: 'bool', shape: [2, 1, 5, 8], data: all },
  } as const;
  return { graph: graphOf(opset, { inputs: [a, b, c], outputs: [ab, abc], constants: [], nodes }), feeds, wanted };
}

/** Every `period`-th element is false. */
function drawn(shape: readonly number[], period: number): NdArray {
  const length = shape.reduce((x, y) => x * y, 1);
  return { dtype: 'bool', shape, data: Float64Array.from({ length }, (_, i) => Number(i % period !== 1)) };
}
