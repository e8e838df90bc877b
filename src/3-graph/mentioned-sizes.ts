import { Dim } from '../dims/dim.js';
import { bodiesOf, type Node, type Region } from './graph.js';

/** Whether a node, or one in a body of it, has a result or an option with one of these sizes. */
export function mentionsSize(node: Node, sizes: ReadonlySet<string>): boolean {
  const isOneOf = (size: Dim) => [...size.variables()].some((name) => sizes.has(name));
  if (sizes.size === 0) return false;
  return (
    node.outputs.some(({ type }) => type.shape.some(isOneOf)) ||
    (node.kind === 'op' &&
      Object.values(node.attrs)
        .flat()
        .some((value) => value instanceof Dim && isOneOf(value))) ||
    bodiesOf(node).some((body) => hasSize(body, sizes))
  );
}

/** Whether a node of a region does. */
export function hasSize(region: Region, sizes: ReadonlySet<string>): boolean {
  return sizes.size > 0 && [...region.nodes].some((node) => mentionsSize(node, sizes));
}

/** The names of the sizes that come into being in the graph of a region. */
export function newSizeNames({ newSizes }: Region): ReadonlySet<string> {
  return new Set(newSizes.map(({ name }) => name));
}
