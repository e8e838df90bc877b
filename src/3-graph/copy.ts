import { nth } from '../ops/only.js';
import { Body, type ControlNode, inputValues, mapInputs, type Node, type Region, type Value } from './graph.js';

/**
 * Copies the nodes of a region into another one, before its node `place` or at its end. `values` says what stands there for the inputs of the region, and learns what
 * stands for the rest. Returns what stands for the outputs.
 */
export function copyInto(to: Region, from: Region, values: Map<Value, Value>, place?: Node): readonly Value[] {
  const find = (value: Value) => (value.source.kind === 'constant' ? value : (values.get(value) as Value)); // defined before it is used
  for (const node of from.nodes) {
    const copies = copyOf(to, node, find, place);
    for (const [i, output] of node.outputs.entries()) values.set(output, nth(copies, i));
  }
  return from.outputs.map(({ value }) => find(value));
}

function copyOf(to: Region, node: Node, find: (value: Value) => Value, place: Node | undefined): readonly Value[] {
  const types = node.outputs.map((value) => value.type);
  if (node.kind === 'cond' || node.kind === 'scan') return copyOfControl(to, node, find, place);
  const inputs = mapInputs(node.inputs, find);
  if (node.kind === 'op') return to.op(node.op, inputs, node.attrs, types, node.origin, place);
  // No input of an ONNX node is a list.
  return to.onnx(node.call, inputs as readonly (Value | undefined)[], types, node.origin, place);
}

function copyOfControl(to: Region, node: ControlNode, find: (value: Value) => Value, place: Node | undefined): readonly Value[] {
  const types = node.outputs.map((value) => value.type);
  const inputs = inputValues(node).map(find);
  if (node.kind === 'scan') return to.scan(inputs, node.steps, copyOfBody(to, node.bodies[0]), types, node.origin, place);
  const [yes, no] = node.bodies;
  return to.cond(inputs, [copyOfBody(to, yes), copyOfBody(to, no)], types, node.origin, place);
}

/** A body of its own for a node in the region `outer`. */
export function copyOfBody(outer: Region, body: Body): Body {
  const copy = new Body(outer);
  const values = new Map(body.inputs.map((value) => [value, copy.input(value.hint ?? 'input', value.type)]));
  const results = copyInto(copy, body, values);
  for (const [i, { name }] of body.outputs.entries()) copy.output(name, nth(results, i));
  return copy;
}
