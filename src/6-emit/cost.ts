import { type Graph, inputValues, mapInputs, type Node, type Origin, type Value } from '../3-graph/graph.js';
import type { Parameter } from '../3-graph/parameter.js';
import { Dim } from '../dims/dim.js';
import { bindInputs } from '../ops/bind.js';
import { bytesOf, type TensorType } from '../ops/types.js';
import { elementCount } from './parameter-count.js';

/** The cost of a layer or of the whole model. Sizes are formulas in the dimensions of the inputs; a multiply-add counts as 2 operations. */
export interface Cost {
  /** Numbers that training changes. */
  readonly parameters: number;
  /** Other stored numbers that a run reads, such as running means. */
  readonly buffers: number;
  /** Of both. */
  readonly weightBytes: number;
  /** Floating point operations of one run. */
  readonly flops: Dim;
  /** Bytes of all results of the operators; fewer are alive at any one time. */
  readonly activationBytes: Dim;
}

export interface LayerCost extends Cost {
  /** The whole model, one layer, or everything that is in no layer. */
  readonly scope: 'model' | 'layer' | 'outside';
  /** Dot-joined labels of a layer: `encoder.layers.3`; otherwise empty. */
  readonly path: string;
  /** The kind of a layer, `TransformerEncoderLayer`, or the name of the model; empty outside of layers. */
  readonly kind: string;
}

/**
 * The cost of the model, then of every layer in it, outermost first, in the order of the graph, then of what the model computes and stores outside of its layers, if
 * it has layers and there is any. The numbers of a layer include those of the layers inside it. Work that the passes share is counted once, in the layer that does it
 * first.
 */
export function costOf(graph: Graph): readonly LayerCost[] {
  const model = noCost({ scope: 'model', path: '', kind: graph.name });
  const outside = noCost({ scope: 'outside', path: '', kind: '' });
  const layers = new Map<string, MutableCost>();
  const rowsOf = ({ path, kinds }: Origin): readonly MutableCost[] => {
    if (path.length === 0) return [model, outside];
    return [model, ...path.map((_, depth) => layerAt(path.slice(0, depth + 1).join('.'), kinds[depth + 1] ?? ''))];
  };
  const layerAt = (path: string, kind: string): MutableCost => {
    const known = layers.get(path);
    if (known !== undefined) return known;
    const row = noCost({ scope: 'layer', path, kind });
    layers.set(path, row);
    return row;
  };
  const fixed = new Set<Value>(graph.parameters);
  for (const node of graph.nodes) {
    // Values that depend only on weights, such as a transposed weight, are computed once when the model is loaded.
    if (inputValues(node).length > 0 && inputValues(node).every((v) => fixed.has(v) || v.source.kind === 'constant')) {
      for (const output of node.outputs) fixed.add(output);
      continue;
    }
    const flops = flopsOf(node);
    const bytes = node.outputs.reduce((sum, value) => sum.add(bytesOfType(value.type)), Dim.zero);
    for (const row of rowsOf(node.origin)) {
      row.flops = row.flops.add(flops);
      row.activationBytes = row.activationBytes.add(bytes);
    }
  }
  // A buffer that no run reads, such as the number of batches that a norm has seen, is not in the model.
  for (const value of graph.parameters) {
    if (value.source.kind !== 'parameter' || (value.users.size === 0 && !value.source.parameter.trainable)) continue;
    const { parameter } = value.source;
    const owners = [...layers.values()].filter(({ path }) => parameter.name.startsWith(`${path}.`));
    for (const row of [model, ...(owners.length === 0 ? [outside] : owners)]) addParameter(row, parameter);
  }
  const isCounted =
    outside.parameters + outside.buffers > 0 || [outside.flops, outside.activationBytes].some((size) => size.constant !== 0);
  return [model, ...layers.values(), ...(layers.size > 0 && isCounted ? [outside] : [])];
}

type MutableCost = { -readonly [K in keyof LayerCost]: LayerCost[K] };

function noCost(of: Pick<LayerCost, 'scope' | 'path' | 'kind'>): MutableCost {
  return { ...of, parameters: 0, buffers: 0, weightBytes: 0, flops: Dim.zero, activationBytes: Dim.zero };
}

function addParameter(row: MutableCost, parameter: Parameter): void {
  const count = elementCount(parameter);
  if (parameter.trainable) row.parameters += count;
  else row.buffers += count;
  row.weightBytes += count * bytesOf[parameter.type.dtype];
}

function flopsOf(node: Node): Dim {
  const types = node.outputs.map((value) => value.type);
  // The cost of an ONNX operator that the user named is not known; it counts as one operation for each number it makes.
  if (node.kind === 'onnx') return types.reduce((sum, type) => sum.add(elementsOf(type)), Dim.of(0));
  return node.op.flops(
    bindInputs(
      node.op,
      mapInputs(node.inputs, (value) => value.type),
    ),
    node.attrs,
    types,
  );
}

function elementsOf(type: TensorType): Dim {
  return type.shape.reduce((product, d) => product.mul(d), Dim.of(1));
}

function bytesOfType(type: TensorType): Dim {
  return elementsOf(type).mul(bytesOf[type.dtype]);
}
