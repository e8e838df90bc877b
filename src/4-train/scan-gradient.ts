import { copyInto } from '../3-graph/copy.js';
import { emitAlso } from '../3-graph/edit-scan.js';
import { Body, inputValues, type Region, type ScanNode, type Value } from '../3-graph/graph.js';
import { GraphBuilder } from '../3-graph/graph-builder.js';
import { nth } from '../ops/only.js';
import type { Contributions, UseOfNode } from './gradients.js';
import { stepGradient } from './step-gradient.js';

/**
 * The gradient of a scan is a scan in the other direction. It carries the gradients of the carries, and sums those of what the body captures. At each step it reads
 * the gradients of what the step emitted and those values of the step that it needs, which the scan is made to emit, too; it emits the gradients of the operands' slices.
 */
export function scanGradient(region: Region, node: ScanNode, use: UseOfNode): Contributions {
  const { steps, origin } = node;
  const given = inputValues(node);
  const step = stepGradient(region, node, use);
  const gradientOf = step.emits.map(({ index }) => use.dy(nth(node.outputs, index)) as Value); // only emits with a gradient are in it
  const last = step.carries.map(({ index }) => use.dy(nth(node.outputs, index)));
  const kept = emitAlso(
    region,
    node,
    step.kept.map(({ original }) => original),
  );

  const g = new GraphBuilder(region, origin);
  const body = new Body(region);
  const inside = new Map<Value, Value>();
  const input = (value: Value) => {
    const own = body.input(value.hint ?? 'value', value.type);
    inside.set(value, own);
    return own;
  };
  for (const { after } of step.carries) input(after);
  const sums = step.ofCaptures.map(({ index }) => body.input('sum', nth(given, index).type));
  for (const { value } of [...step.emits, ...step.slices, ...step.kept]) input(value);
  // A scan goes through at least one tensor. Where its steps read none, as in the gradient of `next h = h + w`, it goes through zeros.
  const readsNothing = body.inputs.length === step.carries.length + sums.length;
  const unread = readsNothing ? [g.op('full', [], { shape: [steps.length], value: 0, dtype: 'f32' })] : [];
  for (const { type } of unread) body.input('unread', { ...type, shape: [] });
  for (const { value } of step.captures) input(value);
  copyInto(body, step.draft, inside);
  const found = (value: Value) => (value.source.kind === 'constant' ? value : (inside.get(value) as Value)); // it was copied
  for (const { before } of step.carries) body.output('carry', found(before));
  const inBody = new GraphBuilder(body, origin);
  for (const [i, { value }] of step.ofCaptures.entries()) body.output('sum', inBody.add(nth(sums, i), found(value)));
  for (const { value } of step.ofSlices) body.output('item', found(value));
  step.draft.discard();

  const axisOf = (index: number) => nth(steps.operandAxes, index - steps.carries);
  const inputs = [
    ...step.carries.map(({ index }, i) => last[i] ?? g.zerosLike(nth(given, index))),
    ...step.ofCaptures.map(({ index }) => g.zerosLike(nth(given, index))),
    ...gradientOf,
    ...step.slices.map(({ index }) => nth(given, index)),
    ...kept,
    ...unread,
    ...step.captures.map(({ index }) => nth(given, index)),
  ];
  const targets = [...step.carries, ...step.ofCaptures, ...step.ofSlices].map(({ index }) => nth(given, index));
  const backward = {
    carries: step.carries.length + sums.length,
    operandAxes: [
      ...step.emits.map(({ index }) => nth(steps.emitAxes, index - steps.carries)),
      ...step.slices.map(({ index }) => axisOf(index)),
      ...[...kept, ...unread].map(() => 0),
    ],
    emitAxes: step.ofSlices.map(({ index }) => axisOf(index)),
    reverse: !steps.reverse,
    length: steps.length,
  };
  const results = region.scan(
    inputs,
    backward,
    body,
    targets.map(({ type }) => type),
    origin,
  );
  return targets.map((value, i) => [value, nth(results, i)] as const);
}
