import { capturesOf, inputValues, mapInputs, type Node, type Region, type ScanNode, type Value } from '../../3-graph/graph.js';
import { mentionsSize, newSizeNames } from '../../3-graph/mentioned-sizes.js';
import { nth } from '../../ops/only.js';
import type { Pass } from '../pass.js';

/**
 * Computes once what every step of a scan would compute again.
 *
 * Before: `scan xt over x { emit y = xt @ transpose(w) }`. After: `v = transpose(w); scan xt over x { emit y = xt @ v }`.
 * Only what is `pure`, reads nothing of the step and has no size that is made in it is moved, and no further than to the region of the scan: the sides of a `cond` keep their own nodes. Runs after
 * composites are opened, so that their parts can be moved, and before equal expressions are merged.
 */
export const hoistInvariants: Pass = {
  name: 'hoist-invariants',
  summary: 'moves computations that are the same in each step out of scans',
  run(region) {
    let changes = 0;
    for (const node of region.nodes) if (node.kind === 'scan') changes += hoist(region, node);
    return changes;
  },
};

function hoist(region: Region, scan: ScanNode): number {
  const { inNode, inBody } = capturesOf(scan);
  const [body] = scan.bodies;
  const outside = new Map<Value, Value>();
  for (const [i, value] of inputValues(scan).entries()) if (i >= inNode) outside.set(nth(body.inputs, inBody + i - inNode), value);
  const isKnown = (value: Value) => value.source.kind === 'constant' || outside.has(value);
  const newSizes = newSizeNames(region);
  let changes = 0;
  for (const node of body.nodes) {
    if (!isPure(node) || mentionsSize(node, newSizes) || !inputValues(node).every(isKnown)) continue;
    const inputs = mapInputs(node.inputs, (value) => outside.get(value) ?? value);
    const types = node.outputs.map(({ type }) => type);
    const results = region.op(node.op, inputs, node.attrs, types, node.origin, scan);
    for (const [i, output] of node.outputs.entries()) {
      if (output.users.size === 0) continue;
      const [inside] = region.capture(scan, nth(results, i));
      outside.set(inside, nth(results, i));
      body.replaceUses(output, inside);
    }
    body.remove(node);
    changes++;
  }
  return changes;
}

function isPure(node: Node): node is Extract<Node, { kind: 'op' }> {
  return node.kind === 'op' && (node.op.effects ?? 'pure') === 'pure';
}
