import type { OnnxGraph, OnnxNode, OnnxValue } from '../../../src/5-optimize/lowering/onnx-graph.js';
import { onnxDType } from '../../../src/ops/onnx-cast.js';
import type { NdArray } from '../../../src/ops/types.js';
import { graphOf } from './probed-graph.js';

/** The same graph with f32 instead of bf16 inputs and outputs, which it converts: ONNX Runtime's interfaces for JavaScript have no tensors of bf16. */
export function withoutBf16(graph: OnnxGraph): OnnxGraph {
  const short = ({ name, type }: OnnxValue): OnnxValue => (type.dtype === 'bf16' ? { name: `${name}_bf16`, type } : { name, type });
  const wide = ({ name, type }: OnnxValue): OnnxValue => ({ name, type: { ...type, dtype: type.dtype === 'bf16' ? 'f32' : type.dtype } });
  const edges = [...graph.inputs, ...graph.outputs].filter(({ type }) => type.dtype === 'bf16');
  if (edges.length === 0) return graph;
  const isEdge = new Set(edges.map(({ name }) => name));
  const inside = (value: OnnxValue | null) => value && (isEdge.has(value.name) ? short(value) : value);
  const cast = (from: OnnxValue, to: OnnxValue): OnnxNode => ({
    ...{ name: `cast of ${from.name}`, opType: 'Cast', domain: '', inputs: [from], outputs: [to] },
    ...{ attrs: { to: { int: onnxDType[to.type.dtype] } }, path: [], kinds: ['M'], span: undefined },
  });
  return graphOf(graph.opset, {
    inputs: graph.inputs.map(wide),
    outputs: graph.outputs.map(wide),
    constants: graph.constants,
    nodes: [
      ...graph.inputs.filter(({ name }) => isEdge.has(name)).map((value) => cast(wide(value), short(value))),
      ...graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(inside), outputs: node.outputs.map(inside) })),
      ...graph.outputs.filter(({ name }) => isEdge.has(name)).map((value) => cast(short(value), wide(value))),
    ],
  });
}

export function wideArray(array: NdArray): NdArray {
  return array.dtype === 'bf16' ? { ...array, dtype: 'f32' } : array;
}
