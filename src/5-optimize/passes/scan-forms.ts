import { Captures } from '../../3-graph/captures.js';
import { copyOfBody } from '../../3-graph/copy.js';
import { Body, inputValues, type Node, type Region, type ScanNode, type Value } from '../../3-graph/graph.js';
import { GraphBuilder } from '../../3-graph/graph-builder.js';
import { decideAtLeast } from '../../dims/decide.js';
import { Dim } from '../../dims/dim.js';
import { nth } from '../../ops/only.js';
import type { ScanSteps } from '../../ops/scan-steps.js';
import type { TensorType } from '../../ops/types.js';
import type { Pass } from '../pass.js';

/**
 * Gives scans that may have no steps, or go through empty tensors, the forms that ONNX Runtime computes.
 *
 * Before: `h, y = scan(h0, x) over axis 1`. After: `h, z = cond(T > 0) then scan(h0, transpose(x)) over axis 0 else (h0, empty); y = transpose(z)`.
 * ONNX Runtime 1.30 refuses to run a scan without steps, which is therefore one side of a `cond`. It ends the process when a scan moves an axis of an empty tensor,
 * so a transpose does that instead. Runs early, so that what it writes is optimized like everything else.
 */
export const scanForms: Pass = {
  name: 'scan-forms',
  summary: 'handles scans without steps and moved axes of empty tensors',
  run(region) {
    let changes = 0;
    for (const node of region.nodes) {
      if (node.kind !== 'scan') continue;
      const form = { isGuarded: mayHaveNoSteps(region, node.steps), moves: movedAxes(region, node) };
      if (!form.isGuarded && form.moves === undefined) continue;
      const results = rewritten(region, node, form);
      for (const [i, output] of node.outputs.entries()) region.replaceUses(output, nth(results, i));
      region.remove(node);
      changes++;
    }
    return changes;
  },
};

/** The axes that a transpose moves to the front. */
type Moves = Pick<ScanSteps, 'operandAxes' | 'emitAxes'>;

interface Form {
  readonly isGuarded: boolean;
  readonly moves: Moves | undefined;
}

function mayHaveNoSteps(region: Region, { length, isGuarded }: ScanSteps): boolean {
  return isGuarded !== true && mayBeEmpty(region, length);
}

function mayBeEmpty({ facts }: Region, size: Dim): boolean {
  return decideAtLeast(size, Dim.of(1), facts).kind !== 'proved';
}

function movedAxes(region: Region, { steps, bodies }: ScanNode): Moves | undefined {
  const { carries, operandAxes, emitAxes } = steps;
  const [body] = bodies;
  const slices = body.inputs.slice(carries, carries + operandAxes.length);
  const emitted = body.outputs.slice(carries).map(({ value }) => value);
  const isEmpty = [...slices, ...emitted].some(({ type }) => type.shape.some((size) => mayBeEmpty(region, size)));
  return isEmpty && [...operandAxes, ...emitAxes].some((axis) => axis !== 0) ? { operandAxes, emitAxes } : undefined;
}

/** The results of a scan in another form, written before it. */
function rewritten(region: Region, node: ScanNode, { isGuarded, moves }: Form): readonly Value[] {
  const { carries } = node.steps;
  const g = new GraphBuilder(region, node.origin, node);
  const operandAxis = (i: number) => moves?.operandAxes[i - carries] ?? 0;
  const emitAxis = (i: number) => moves?.emitAxes[i - carries] ?? 0;
  const inputs = inputValues(node).map((value, i) => toFront(g, value, operandAxis(i)));
  const types = node.outputs.map(({ type }, i) => typeAtFront(type, emitAxis(i)));
  const isMoved = moves !== undefined;
  const steps: ScanSteps = isMoved
    ? { ...node.steps, operandAxes: moves.operandAxes.map(() => 0), emitAxes: moves.emitAxes.map(() => 0) }
    : node.steps;
  const scan: Rewriting = { node, steps: isGuarded ? { ...steps, isGuarded } : steps, inputs, types };
  const results = isGuarded ? guarded(region, scan) : scanOf(region, scan, inputs, node);
  return results.map((value, i) => fromFront(g, value, emitAxis(i)));
}

interface Rewriting {
  readonly node: ScanNode;
  readonly steps: ScanSteps;
  readonly inputs: readonly Value[];
  readonly types: readonly TensorType[];
}

function scanOf(region: Region, { node, steps, types }: Rewriting, inputs: readonly Value[], place?: Node): readonly Value[] {
  return region.scan(inputs, steps, copyOfBody(region, node.bodies[0]), types, node.origin, place);
}

/** The scan if it has steps, else the initial carries and empty tensors. */
function guarded(region: Region, scan: Rewriting): readonly Value[] {
  const { node, steps, inputs, types } = scan;
  const g = new GraphBuilder(region, node.origin, node);
  if (steps.length.constant !== undefined) return withoutSteps(g, scan, inputs);
  const bodies = [new Body(region), new Body(region)] as const;
  const [some, none] = bodies;
  const captures = new Captures(bodies);
  const inside = (body: Body) => inputs.map((value) => captures.in(body, value));
  const results = scanOf(some, scan, inside(some));
  const empty = withoutSteps(new GraphBuilder(none, node.origin), scan, inside(none));
  for (const [i, value] of results.entries()) {
    const { name } = nth(node.bodies[0].outputs, i);
    some.output(name, value);
    none.output(name, nth(empty, i), nth(types, i));
  }
  const hasSteps = g.greater(g.size(steps.length, 'i64'), g.scalar(0, 'i64'));
  return region.cond([hasSteps, ...captures.values], bodies, types, node.origin, node);
}

function withoutSteps(g: GraphBuilder, { types, steps }: Rewriting, inputs: readonly Value[]): readonly Value[] {
  return types.map(({ dtype, shape }, i) => (i < steps.carries ? nth(inputs, i) : g.op('full', [], { shape, value: 0, dtype })));
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
  return axis === 0 ? { dtype, shape } : { dtype, shape: [nth(shape, axis), ...shape.toSpliced(axis, 1)] };
}
