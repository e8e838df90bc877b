import type { Initializer } from '../../src/3-graph/parameter.js';
import type { OnnxGraph, OnnxNode, OnnxValue } from '../../src/5-optimize/lowering/onnx-graph.js';
import { Dim } from '../../src/dims/dim.js';
import type { DType, NdArray, TensorType } from '../../src/ops/types.js';

/** Small ONNX graphs, written by hand, for the tests of the emitter. */

/** `f32[N, 3]` from `type('f32', 'N', 3)`. */
export function type(dtype: DType, ...sizes: readonly (number | string | Dim)[]): TensorType {
  return {
    dtype,
    shape: sizes.map((size) => (typeof size === 'number' ? Dim.of(size) : typeof size === 'string' ? Dim.variable(size) : size)),
  };
}

export function value(name: string, of: TensorType): OnnxValue {
  return { name, type: of };
}

export function parameter(name: string, of: TensorType, init: Initializer = { kind: 'zeros' }): OnnxGraph['parameters'][number] {
  const span = { file: 'model.arch', start: 0, end: 1 };
  return { parameter: { name, type: of, init, trainable: true, span }, value: value(name, of) };
}

export function constant(name: string, array: NdArray): OnnxGraph['constants'][number] {
  return { value: value(name, type(array.dtype, ...array.shape)), array };
}

export function array(dtype: DType, shape: readonly number[], data: readonly number[]): NdArray {
  return { dtype, shape, data: Float64Array.from(data) };
}

export function node(opType: string, inputs: OnnxNode['inputs'], outputs: OnnxNode['outputs'], more: Partial<OnnxNode> = {}): OnnxNode {
  return { name: `/${opType}`, opType, domain: '', inputs, outputs, attrs: {}, path: [], kinds: ['Model'], span: undefined, ...more };
}

export function graph(parts: Partial<OnnxGraph>): OnnxGraph {
  return {
    name: 'Model',
    doc: undefined,
    inputs: [],
    outputs: [],
    parameters: [],
    constants: [],
    nodes: [],
    states: [],
    facts: [],
    opset: 21,
    domains: {},
    ...parts,
  };
}

/** `y = x @ weight.T + bias` as one Gemm after a Relu: a model with parameters, a value in the middle and a symbolic size. */
export function linearGraph(inFeatures = 3, outFeatures = 2): OnnxGraph {
  const x = value('x', type('f32', 'N', inFeatures));
  const hidden = value('fc/relu', type('f32', 'N', inFeatures));
  const y = value('y', type('f32', 'N', outFeatures));
  const weight = parameter('fc.weight', type('f32', outFeatures, inFeatures), { kind: 'normal', mean: 0, std: 1 });
  const bias = parameter('fc.bias', type('f32', outFeatures), { kind: 'uniform', low: -1, high: 1 });
  const layer = { path: ['fc'], kinds: ['Model', 'Linear'], span: { file: 'model.arch', start: 10, end: 20 } };
  return graph({
    inputs: [x],
    outputs: [y],
    parameters: [weight, bias],
    nodes: [
      node('Relu', [x], [hidden], { name: '/Relu' }),
      node('Gemm', [hidden, weight.value, bias.value], [y], { name: '/fc/Gemm', attrs: { transB: { int: 1 } }, ...layer }),
    ],
  });
}

/** `y = sum of all` of `count` parameters `w0`, `w1`, ... with `elements` float32 each; their first values are `level`. */
export function wideGraph(count: number, elements: number, level: number): OnnxGraph {
  const parameters = Array.from({ length: count }, (_, i) =>
    parameter(`w${i}`, type('f32', elements), { kind: 'constant', value: level + i }),
  );
  const y = value('y', type('f32', elements));
  return graph({
    parameters,
    outputs: [y],
    nodes: [
      node(
        'Sum',
        parameters.map((p) => p.value),
        [y],
      ),
    ],
  });
}
