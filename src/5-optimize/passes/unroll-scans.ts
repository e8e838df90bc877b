import { copyInto } from '../../3-graph/copy.js';
import { bodiesOf, inputValues, type Region, type ScanNode, type Value } from '../../3-graph/graph.js';
import { GraphBuilder } from '../../3-graph/graph-builder.js';
import { hasKernel } from '../../ops/capabilities/capability.js';
import { nth } from '../../ops/only.js';
import type { Target } from '../../ops/targets.js';
import type { Pass } from '../pass.js';

/** How many nodes all steps of a scan may have together: with more, loading the model would take longer than leaving the device. */
const maxNodes = 10_000;

/**
 * Writes out the steps of scans where the target has no kernel for them.
 *
 * Before: `h, y = scan(h0, x)` over an axis of size 2. After: `h1 = f(h0, x[0]); h = f(h1, x[1]); y = concat(h1, h)`.
 * Only a scan whose length is a number is written out, and only if it is not too long; others leave the device. So do scans in which sizes are made: these
 * differ from step to step, but have one name. Runs first, so that the steps are optimized like everything else.
 */
export function unrollScans(target: Target): Pass {
  return {
    name: 'unroll-scans',
    summary: 'unrolls the steps of scans for which the target has no kernel',
    run(region) {
      let changes = 0;
      if (hasKernel(target, 'Scan')) return 0;
      for (const node of region.nodes) {
        if (node.kind !== 'scan' || !isUnrolled(node)) continue;
        const results = unrolled(region, node);
        for (const [i, output] of node.outputs.entries()) region.replaceUses(output, nth(results, i));
        region.remove(node);
        changes++;
      }
      return changes;
    },
  };
}

function isUnrolled({ steps, bodies: [body] }: ScanNode): boolean {
  const length = steps.length.constant;
  return length !== undefined && length > 0 && length * nodesIn(body) <= maxNodes;
}

/** The nodes of a region and of all bodies in it. */
function nodesIn(region: Region): number {
  let count = region.nodes.size;
  for (const node of region.nodes) for (const body of bodiesOf(node)) count += nodesIn(body);
  return count;
}

/** The results of the steps, written before the scan. */
function unrolled(region: Region, node: ScanNode): readonly Value[] {
  const { steps, origin } = node;
  const { carries, operandAxes, emitAxes, reverse } = steps;
  const length = steps.length.constant ?? 0;
  const [body] = node.bodies;
  const g = new GraphBuilder(region, origin, node);
  const given = inputValues(node);
  const operands = given.slice(carries, carries + operandAxes.length);
  const captured = given.slice(carries + operandAxes.length);
  let state: readonly Value[] = given.slice(0, carries);
  const emitted: Value[][] = emitAxes.map(() => []);
  for (let step = 0; step < length; step++) {
    const at = reverse ? length - 1 - step : step;
    const items = operands.map((operand, i) => itemOf(g, operand, nth(operandAxes, i), at));
    const inputs = [...state, ...items, ...captured];
    const results = copyInto(region, body, new Map(body.inputs.map((value, i) => [value, nth(inputs, i)])), node);
    state = results.slice(0, carries);
    for (const [i, list] of emitted.entries()) list[at] = nth(results, carries + i);
  }
  return [...state, ...emitted.map((values, i) => stacked(g, values, nth(emitAxes, i)))];
}

function itemOf(g: GraphBuilder, operand: Value, axis: number, at: number): Value {
  return g.squeeze(g.slice(operand, axis, at, at + 1), [axis]);
}

function stacked(g: GraphBuilder, values: readonly Value[], axis: number): Value {
  return g.concat(
    values.map((value) => g.unsqueeze(value, [axis])),
    axis,
  );
}
