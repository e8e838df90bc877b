import { Captures } from '../../3-graph/captures.js';
import { copyOfBody } from '../../3-graph/copy.js';
import { Body, inputValues, type Region, type ScanNode, type Value } from '../../3-graph/graph.js';
import { GraphBuilder } from '../../3-graph/graph-builder.js';
import { decideAtLeast } from '../../dims/decide.js';
import { Dim } from '../../dims/dim.js';
import { nth } from '../../ops/only.js';
import type { ScanSteps } from '../../ops/scan-steps.js';
import type { TensorType } from '../../ops/types.js';
import type { Pass } from '../pass.js';

/**
 * Gives scans the forms that ONNX Runtime computes.
 *
 * Before: `h, y = scan(h0, x) over axis 1`. After: `h, z = cond(T > 0) then scan(h0, transpose(x)) over axis 0 else (h0, empty); y = transpose(z)`.
 * ONNX Runtime 1.30 ends the process when a scan moves an axis of a tensor without elements, and refuses to run one without steps. The axis is therefore moved by a
 * transpose, and a scan that may have no steps is one side of a `cond`. Runs early: what it writes is optimized as the rest is.
 */
export const scanForms: Pass = {
  name: 'scan-forms',
  summary: 'moves the axes of scans to the front, and does without scans that have no steps',
  run(region) {
    let changes = 0;
    for (const node of region.nodes) {
      if (node.kind !== 'scan' || !isChanged(region, node)) continue;
      const results = rewritten(region, node);
      for (const [i, output] of node.outputs.entries()) region.replaceUses(output, nth(results, i));
      region.remove(node);
      changes++;
    }
    return changes;
  },
};

function isChanged(region: Region, { steps }: ScanNode): boolean {
  const isMoved = [...steps.operandAxes, ...steps.emitAxes].some((axis) => axis !== 0);
  return isMoved || mayBeEmpty(region, steps);
}

function mayBeEmpty({ facts }: Region, { length, isGuarded }: ScanSteps): boolean {
  return isGuarded !== true && decideAtLeast(length, Dim.of(1), facts).kind !== 'proved';
}

/** The results of a scan in another form, written before it. */
function rewritten(region: Region, node: ScanNode): readonly Value[] {
  const { steps, origin } = node;
  const g = new GraphBuilder(region, origin, node);
  const inputs = inputValues(node).map((value, i) => toFront(g, value, steps.operandAxes[i - steps.carries] ?? 0));
  const types = node.outputs.map(({ type }, i) => typeAtFront(type, steps.emitAxes[i - steps.carries] ?? 0));
  const results = mayBeEmpty(region, steps) ? guarded(region, node, inputs, types) : scanOf(region, node, inputs, types);
  return results.map((value, i) => fromFront(g, value, steps.emitAxes[i - steps.carries] ?? 0));
}

/** The scan over first axes, at the end of a region or before the scan itself. */
function scanOf(
  region: Region,
  node: ScanNode,
  inputs: readonly Value[],
  types: readonly TensorType[],
  isGuarded?: true,
): readonly Value[] {
  const { operandAxes, emitAxes } = node.steps;
  const atFront = { operandAxes: operandAxes.map(() => 0), emitAxes: emitAxes.map(() => 0) };
  const steps = { ...node.steps, ...atFront, ...(isGuarded ? { isGuarded } : {}) };
  const place = region.nodes.has(node) ? node : undefined;
  return region.scan(inputs, steps, copyOfBody(region, node.bodies[0]), types, node.origin, place);
}

/** The scan if it has steps, else the initial carries and empty tensors. */
function guarded(region: Region, node: ScanNode, inputs: readonly Value[], types: readonly TensorType[]): readonly Value[] {
  const { length, carries } = node.steps;
  if (length.constant !== undefined) return withoutSteps(new GraphBuilder(region, node.origin, node), inputs, types, carries);
  const bodies = [new Body(region), new Body(region)] as const;
  const [some, none] = bodies;
  const captures = new Captures(bodies);
  const inside = (body: Body) => inputs.map((value) => captures.in(body, value));
  const results = scanOf(some, node, inside(some), types, true);
  const empty = withoutSteps(new GraphBuilder(none, node.origin), inside(none), types, carries);
  for (const [i, value] of results.entries()) {
    some.output(nameOf(node, i), value);
    none.output(nameOf(node, i), nth(empty, i), nth(types, i));
  }
  const g = new GraphBuilder(region, node.origin, node);
  const hasSteps = g.greater(g.size(length, 'i64'), g.scalar(0, 'i64'));
  return region.cond([hasSteps, ...captures.values], bodies, types, node.origin, node);
}

function withoutSteps(g: GraphBuilder, inputs: readonly Value[], types: readonly TensorType[], carries: number): readonly Value[] {
  return types.map(({ dtype, shape }, i) => (i < carries ? nth(inputs, i) : g.op('full', [], { shape, value: 0, dtype })));
}

function nameOf({ bodies }: ScanNode, i: number): string {
  return nth(bodies[0].outputs, i).name;
}

function toFront(g: GraphBuilder, value: Value, axis: number): Value {
  const others = value.type.shape.map((_, i) => i).filter((i) => i !== axis);
  return axis === 0 ? value : g.transpose(value, [axis, ...others]);
}

function fromFront(g: GraphBuilder, value: Value, axis: number): Value {
  const others = value.type.shape.map((_, i) => i).slice(1);
  return axis === 0 ? value : g.transpose(value, others.toSpliced(axis, 0, 0));
}

function typeAtFront({ dtype, shape }: TensorType, axis: number): TensorType {
  return { dtype, shape: [shape[axis] as Dim, ...shape.toSpliced(axis, 1)].filter((size) => size !== undefined) };
}
