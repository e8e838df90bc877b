import { nth } from '../ops/only.js';
import type { TensorType } from '../ops/types.js';
import { copyInto } from './copy.js';
import { Body, inputValues, type Region, type ScanNode, type Value } from './graph.js';

/** Replaces a scan by one that also emits these values of its body, along a new first axis. Returns what it emits. */
export function emitAlso(region: Region, node: ScanNode, values: readonly Value[]): readonly Value[] {
  if (values.length === 0) return [];
  const { steps } = node;
  const body = new Body(region);
  const inside = new Map(node.bodies[0].inputs.map((value) => [value, body.input(value.hint ?? 'value', value.type)]));
  copyOutputs(body, node.bodies[0], inside);
  for (const value of values) body.output('kept', inside.get(value) as Value); // it was copied
  const stacked = values.map(({ type }): TensorType => ({ ...type, shape: [steps.length, ...type.shape] }));
  const types = [...node.outputs.map(({ type }) => type), ...stacked];
  const longer = { ...steps, emitAxes: [...steps.emitAxes, ...values.map(() => 0)] };
  const made = region.scan(inputValues(node), longer, body, types, node.origin, node);
  replace(region, node, made);
  return made.slice(node.outputs.length);
}

/** Replaces a scan by one that also reads an operand along its first axis. Returns the new scan, and the slice of the operand in its body. */
export function readAlso(region: Region, node: ScanNode, operand: Value): { readonly scan: ScanNode; readonly slice: Value } {
  const { steps } = node;
  const given = inputValues(node);
  const own = steps.carries + steps.operandAxes.length;
  const body = new Body(region);
  const inside = new Map<Value, Value>();
  const define = (values: readonly Value[]) => {
    for (const value of values) inside.set(value, body.input(value.hint ?? 'value', value.type));
  };
  define(node.bodies[0].inputs.slice(0, own));
  const slice = body.input('item', { ...operand.type, shape: operand.type.shape.slice(1) });
  define(node.bodies[0].inputs.slice(own));
  copyOutputs(body, node.bodies[0], inside);
  const wider = { ...steps, operandAxes: [...steps.operandAxes, 0] };
  const inputs = given.toSpliced(own, 0, operand);
  const types = node.outputs.map(({ type }) => type);
  const made = region.scan(inputs, wider, body, types, node.origin, node);
  replace(region, node, made);
  const [{ source }] = made as readonly [Value];
  return { scan: (source as { node: ScanNode }).node, slice };
}

function copyOutputs(to: Body, from: Body, inside: Map<Value, Value>): void {
  const results = copyInto(to, from, inside);
  for (const [i, { name }] of from.outputs.entries()) to.output(name, nth(results, i));
}

function replace(region: Region, node: ScanNode, made: readonly Value[]): void {
  for (const [i, output] of node.outputs.entries()) region.replaceUses(output, nth(made, i));
  region.remove(node);
}
