import { Dim } from '../dims/dim.js';
import type { NewSize } from '../dims/new-size.js';
import { type ControlNode, inputValues, type Node, type Region } from './graph.js';
import { sizesMadeBy } from './made-sizes.js';

/**
 * Removes the nodes of a region whose results nobody uses. Control flow that stays loses results that nobody uses and inputs that no body reads. A node stays if
 * it makes a size that an option of another node mentions: `zeros([K, 8])`. Returns how many things were removed.
 */
export function removeUnused(region: Region): number {
  let changes = 0;
  let made: readonly NewSize[] = [];
  const wanted = new Set<string>();
  // Uses come after definitions, so that a walk from the end has removed all users of a node before it reaches the node.
  for (const node of region.nodes.reversed()) {
    if (node.outputs.some((value) => value.users.size > 0) || sizesMadeBy(node, made).length > 0) {
      if ('bodies' in node) changes += dropUnused(region, node);
      const names = sizesInOptions(node);
      for (const name of names) wanted.add(name);
      if (names.length > 0) made = region.newSizes.filter(({ name }) => wanted.has(name));
      continue;
    }
    region.remove(node);
    changes++;
  }
  return changes;
}

/** Removes a node whose results nobody uses, and the nodes that only it read. A node that makes a size stays, since an option may mention the size. */
export function removeUnread(region: Region, node: Node): void {
  const isWanted = node.outputs.some(({ users }) => users.size > 0) || sizesMadeBy(node, region.newSizes).length > 0;
  if (isWanted || !region.nodes.has(node)) return;
  region.remove(node);
  for (const { source } of inputValues(node)) if (source.kind === 'node') removeUnread(region, source.node);
}

/** Removes results that nothing reads, whatever only these needed, and what was captured for that. */
function dropUnused(region: Region, node: ControlNode): number {
  const results = region.dropResults(node);
  const inner = results === 0 ? 0 : node.bodies.reduce((sum, body) => sum + removeUnused(body), 0);
  return results + inner + region.dropCaptures(node);
}

/** The sizes that options mention, also in the bodies of control flow. */
function sizesInOptions(node: Node): readonly string[] {
  if ('bodies' in node) return node.bodies.flatMap((body) => [...body.nodes].flatMap(sizesInOptions));
  if (node.kind !== 'op') return [];
  const values = Object.values(node.attrs).flat();
  return values.flatMap((value) => (value instanceof Dim ? [...value.variables()] : []));
}
