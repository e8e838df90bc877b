import { Graph, type NodeInput, type Origin, type Value } from '../../src/3-graph/graph.js';
import type { OnnxGraph } from '../../src/5-optimize/lowering/onnx-graph.js';
import { emitOnnx } from '../../src/6-emit/emit.js';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { Dim } from '../../src/dims/dim.js';
import type { OpInput } from '../../src/ops/builder.js';
import type { NdArray, TensorType } from '../../src/ops/types.js';
import { type DrawnSample, isList } from './op-samples.js';

/**
 * A graph that applies one operator to each of its samples, and what to feed it. Outputs are named `s<sample>_<output>`. `dim` says
 * how the graph writes the sizes of its inputs; the samples' types must agree with it.
 */
export function graphOf(
  samples: readonly DrawnSample[],
  dim: (size: number) => Dim = Dim.of,
): { readonly graph: Graph; readonly feeds: Readonly<Record<string, NdArray>> } {
  const graph = new Graph('samples');
  const feeds: Record<string, NdArray> = {};
  for (const { op, index, inputs, attrs, types } of samples) {
    const name = (k: number, part = ''): string => `s${index}_in${k}${part}`;
    const enter = (input: string, array: NdArray): Value => {
      feeds[input] = array;
      return graph.input(input, { dtype: array.dtype, shape: array.shape.map(dim) });
    };
    const values = inputs.map((input: OpInput<NdArray>, k): NodeInput => {
      if (input === undefined || input === null) return undefined;
      return isList(input) ? input.map((array, i) => enter(name(k, `_${i}`), array)) : enter(name(k), input);
    });
    const outputs = graph.op(op, values, attrs, types.map(withSizesOf(index)), origin);
    for (const [k, output] of outputs.entries()) graph.output(outputName(index, k), output);
  }
  return { graph, feeds };
}

/** Sizes that the data decide have other names in each sample: ONNX Runtime shares memory between sizes of one name. */
function withSizesOf(sample: number): (type: TensorType) => TensorType {
  const renamed = (size: Dim): Dim => {
    const placeholders = [...size.variables()].filter((name) => name.startsWith('?'));
    return size.substitute(new Map(placeholders.map((name) => [name, Dim.variable(`s${sample}_${name.slice(1)}`, 0)])));
  };
  return ({ dtype, shape }) => ({ dtype, shape: shape.map(renamed) });
}

export function outputName(sample: number, output: number): string {
  return `s${sample}_${output}`;
}

/** The file, for graphs without parameters. */
export function bytesOf(graph: OnnxGraph): Uint8Array {
  const storage = (parameter: string): never => {
    throw new Error(`the graph has a parameter ${parameter}`);
  };
  return joinChunks(emitOnnx(graph, storage, { version: 'test' }).write());
}

const origin: Origin = { path: [], kinds: ['Samples'], span: undefined };
