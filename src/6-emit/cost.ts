import { type Graph, mapInputs, type Node, type OnnxNode, type OpNode, type Origin, type Region } from '../3-graph/graph.js';
import { Dim } from '../dims/dim.js';
import { bindInputs } from '../ops/bind.js';
import { bytesOfType } from '../ops/sizes.js';
import { bytesOfElements, type TensorType } from '../ops/types.js';
import { computedOnce } from './computed-once.js';
import { declaredOf, elementCount } from './parameter-count.js';

/** The cost of a layer or of the whole model. Sizes are formulas in the dimensions of the inputs; a multiply-add counts as 2 operations. */
export interface Cost {
  /** Numbers that training changes. */
  readonly parameters: number;
  /** Other stored numbers that a run reads, such as running means. */
  readonly buffers: number;
  /** The bytes of parameters and buffers. */
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
  /** The kind of a layer, `TransformerEncoderLayer`, or the name of the model; empty outside layers. */
  readonly kind: string;
}

/**
 * The cost of the model, then of every layer in it, outermost first, in the order of the graph, then of what the model computes and stores outside its layers, if
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
  for (const [row, { flops, bytes }] of new Counting(rowsOf, computedOnce(graph)).region(graph)) {
    row.flops = graph.facts.simplest(flops);
    row.activationBytes = graph.facts.simplest(bytes);
  }
  const rowsWith = (name: string): readonly MutableCost[] => {
    const owners = [...layers.values()].filter(({ path }) => name.startsWith(`${path}.`));
    return [model, ...(owners.length === 0 ? [outside] : owners)];
  };
  const counted = new Set<string>();
  // A buffer that no run reads, such as the number of batches that a norm has seen, is not in the model.
  for (const value of graph.parameters) {
    if (value.source.kind !== 'parameter' || (value.users.size === 0 && !value.source.parameter.trainable)) continue;
    const { parameter } = value.source;
    const declared = declaredOf(parameter);
    for (const one of declared) {
      if (counted.has(one.name)) continue;
      counted.add(one.name);
      for (const row of rowsWith(one.name)) row[one.trainable ? 'parameters' : 'buffers'] += elementCount(one);
    }
    for (const row of rowsWith(declared[0]?.name ?? parameter.name))
      row.weightBytes += bytesOfElements(parameter.type.dtype, elementCount(parameter));
  }
  const isCounted =
    outside.parameters + outside.buffers > 0 || [outside.flops, outside.activationBytes].some((size) => size.constant !== 0);
  return [model, ...layers.values(), ...(layers.size > 0 && isCounted ? [outside] : [])];
}

/** What one run computes, by the row that it counts in. */
type Work = Map<MutableCost, { readonly flops: Dim; readonly bytes: Dim }>;

/** Counts the work of a graph: a scan does that of its body at each step, and a `cond` that of the dearer side. */
class Counting {
  readonly #rowsOf: (origin: Origin) => readonly MutableCost[];
  readonly #once: ReadonlySet<Node>;

  constructor(rowsOf: (origin: Origin) => readonly MutableCost[], once: ReadonlySet<Node>) {
    this.#rowsOf = rowsOf;
    this.#once = once;
  }

  region(region: Region): Work {
    const work: Work = new Map();
    for (const node of region.nodes) if (!this.#once.has(node)) this.#node(node, work);
    return work;
  }

  #node(node: Node, work: Work): void {
    const rows = this.#rowsOf(node.origin);
    if (node.kind === 'op' || node.kind === 'onnx') {
      const bytes = node.outputs.reduce((sum, value) => sum.add(bytesOfType(value.type)), Dim.zero);
      const flops = flopsOf(node);
      for (const row of rows) add(work, row, flops, bytes);
      return;
    }
    const [first, second] = node.bodies.map((body) => this.region(body));
    const times = node.kind === 'scan' ? node.steps.length : Dim.of(1);
    for (const row of new Set([...(first?.keys() ?? []), ...(second?.keys() ?? [])])) {
      const [a = noWork, b = noWork] = [first?.get(row), second?.get(row)];
      add(work, row, a.flops.max(b.flops).mul(times), a.bytes.max(b.bytes).mul(times));
    }
  }
}

const noWork = { flops: Dim.zero, bytes: Dim.zero };

function add(work: Work, row: MutableCost, flops: Dim, bytes: Dim): void {
  const before = work.get(row) ?? noWork;
  work.set(row, { flops: before.flops.add(flops), bytes: before.bytes.add(bytes) });
}

type MutableCost = { -readonly [K in keyof LayerCost]: LayerCost[K] };

function noCost(of: Pick<LayerCost, 'scope' | 'path' | 'kind'>): MutableCost {
  return { ...of, parameters: 0, buffers: 0, weightBytes: 0, flops: Dim.zero, activationBytes: Dim.zero };
}

/** The floating point operations of one run of a node. */
export function flopsOf(node: OpNode | OnnxNode): Dim {
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
