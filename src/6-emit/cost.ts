import { type Graph, inputValues, mapInputs, type Node, type Value } from '../3-graph/graph.js';
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
  /** Dot-joined labels: `encoder.layers.3`; empty for the model itself. */
  readonly path: string;
  /** The layer's kind: `TransformerEncoderLayer`. */
  readonly kind: string;
}

/** The cost of the model and of every layer in it, outermost first, in the order of the graph. A layer's numbers include those of the layers inside it. */
export function costOf(graph: Graph): readonly LayerCost[] {
  const rows = new Map<string, MutableCost>();
  const row = (path: string, kind: string): MutableCost => {
    const known = rows.get(path);
    if (known !== undefined) return known;
    const fresh = { path, kind, parameters: 0, buffers: 0, weightBytes: 0, flops: Dim.of(0), activationBytes: Dim.of(0) };
    rows.set(path, fresh);
    return fresh;
  };
  row('', graph.name);
  const fixed = new Set<Value>(graph.parameters);
  for (const node of graph.nodes) {
    // Values that depend only on weights, such as a transposed weight, are computed once when the model is loaded.
    if (inputValues(node).length > 0 && inputValues(node).every((v) => fixed.has(v) || v.source.kind === 'constant')) {
      for (const output of node.outputs) fixed.add(output);
      continue;
    }
    const flops = flopsOf(node);
    const bytes = node.outputs.reduce((sum, value) => sum.add(bytesOfType(value.type)), Dim.of(0));
    for (const { path, kind } of scopesOf(node)) {
      const cost = row(path, kind);
      cost.flops = cost.flops.add(flops);
      cost.activationBytes = cost.activationBytes.add(bytes);
    }
  }
  // A buffer that no run reads, such as the number of batches that a norm has seen, is not in the model.
  for (const value of graph.parameters) if (isStored(value)) addParameter(value, rows);
  return [...rows.values()];
}

type MutableCost = { -readonly [K in keyof LayerCost]: LayerCost[K] };

/** The model and the layers around a node, by path. */
function scopesOf(node: Node): readonly { readonly path: string; readonly kind: string }[] {
  const { path, kinds } = node.origin;
  return kinds
    .map((kind, depth) => ({ path: path.slice(0, depth).join('.'), kind }))
    .filter(({ path: p }, i, all) => i === 0 || p !== all[i - 1]?.path);
}

function isStored(value: Value): boolean {
  return value.users.size > 0 || (value.source.kind === 'parameter' && value.source.parameter.trainable);
}

/** A parameter counts for every layer whose path is a prefix of its name. */
function addParameter(value: Value, rows: ReadonlyMap<string, MutableCost>): void {
  if (value.source.kind !== 'parameter') return;
  const { parameter } = value.source;
  const count = elementCount(parameter);
  for (const cost of rows.values()) {
    if (cost.path !== '' && !parameter.name.startsWith(`${cost.path}.`)) continue;
    if (parameter.trainable) cost.parameters += count;
    else cost.buffers += count;
    cost.weightBytes += count * bytesOf[parameter.type.dtype];
  }
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
