import { type Graph, inputValues, mapInputs, type OpNode, type Region, type Value } from '../3-graph/graph.js';
import { GraphBuilder } from '../3-graph/graph-builder.js';
import { completeAttrs } from '../ops/attributes.js';
import { bindInputs, mapBound } from '../ops/bind.js';
import { holds } from '../ops/dtype-range.js';
import { nth } from '../ops/only.js';
import { RuleFailure } from '../ops/rule.js';
import { derivedRule } from '../ops/symbolic-rule.js';
import type { TensorType } from '../ops/types.js';

/**
 * Turns the i64 inputs of a graph, and whatever is computed from them, into i32.
 *
 * Before: `y = embedding(w, ids: i64)`. After: `y = embedding(w, ids: i32)`.
 * WebGPU has no kernels for i64, so that a graph which computes with labels or ids would leave the device. Where an operator only takes i64, its input is converted. Whoever
 * runs the graph must refuse numbers beyond i32. Returns the names of the inputs.
 */
export function narrowInputs(graph: Graph): readonly string[] {
  const wide = graph.inputs.filter(({ type }) => type.dtype === 'i64');
  const narrow = new Map<Value, Value>();
  for (const input of wide) narrow.set(input, graph.retypeInput(input, 'i32'));
  for (const node of graph.nodes) {
    if (node.kind !== 'op' || !inputValues(node).some((value) => narrow.has(value))) continue;
    const results = narrowed(graph, node, narrow);
    if (results === undefined) continue;
    for (const [i, result] of results.entries()) {
      const before = nth(node.outputs, i);
      if (result.type.dtype === before.type.dtype) graph.replaceUses(before, result);
      else narrow.set(before, result);
    }
  }
  widenRest(graph, narrow);
  return wide.map(({ hint }) => hint ?? '');
}

/** The results of a node that reads the narrow values. Undefined if the operator takes i64 only, or if the data decide sizes of its results, whose names are given once. */
function narrowed(graph: Graph, node: OpNode, narrow: ReadonlyMap<Value, Value>): readonly Value[] | undefined {
  const { op, attrs } = node;
  if (op.effects === 'new-size') return undefined;
  const inputs = mapInputs(node.inputs, (value) => narrow.get(value) ?? smallConstant(graph, value) ?? value);
  const target = op.name === 'cast' ? attrs.dtype : undefined;
  const wanted = target === 'i64' ? { ...attrs, dtype: 'i32' } : attrs;
  const types = typesOf(graph, node, inputs, wanted);
  if (types === undefined) return undefined;
  return graph.op(op, inputs, completeAttrs(op, wanted), types, node.origin, node);
}

function typesOf(graph: Region, { op }: OpNode, inputs: OpNode['inputs'], attrs: OpNode['attrs']): readonly TensorType[] | undefined {
  try {
    return op.infer(
      derivedRule(graph.facts),
      mapBound(bindInputs(op, inputs), (value: Value) => value.type),
      attrs,
    );
  } catch (error) {
    if (error instanceof RuleFailure) return undefined;
    throw error;
  }
}

/** A whole-number constant as i32, if all of it fits. */
function smallConstant(graph: Region, { source, type }: Value): Value | undefined {
  if (source.kind !== 'constant' || type.dtype !== 'i64' || !source.array.data.every((value) => holds('i32', value))) return undefined;
  return graph.constant({ ...source.array, dtype: 'i32' });
}

/** Converts narrow values for nodes that still read the wide ones. */
function widenRest(graph: Graph, narrow: ReadonlyMap<Value, Value>): void {
  const order = [...graph.nodes];
  for (const [wide, value] of narrow) {
    if (wide.users.size === 0) continue;
    const place = order.find((node) => wide.users.has(node));
    const g = new GraphBuilder(graph, { path: [], kinds: [graph.name], span: undefined }, place);
    graph.replaceUses(wide, g.cast(value, 'i64'));
  }
}
