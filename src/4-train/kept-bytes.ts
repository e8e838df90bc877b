import { bodiesOf, inputValues, type Node, type Region, type Value } from '../3-graph/graph.js';
import { Dim } from '../dims/dim.js';
import { bytesOfType } from '../ops/sizes.js';

/** Operators whose results are the same elements in the same order: ONNX Runtime does not copy them. */
const views: ReadonlySet<string> = new Set(['reshape', 'squeeze', 'unsqueeze', 'flatten']);

/** The nodes of a region up to its last one: what is computed before the gradient is written after it. */
export function lastNode(region: Region): Node | undefined {
  const [last] = region.nodes.reversed();
  return last;
}

/**
 * The bytes that the forward pass, which ends with `last`, must keep for the gradient after it: the results that the gradient reads, each counted once. Weights and inputs are not among
 * them; neither is what is computed again.
 */
export function keptBytes(region: Region, last: Node | undefined): Dim {
  const forward = new Set<Node>();
  for (const node of last === undefined || !region.nodes.has(last) ? [] : region.nodes) {
    forward.add(node);
    if (node === last) break;
  }
  const kept = new Set<Value>();
  for (const node of region.nodes) if (!forward.has(node)) for (const value of inputValues(node)) kept.add(sourceOf(value));
  let bytes = Dim.zero;
  for (const value of kept) {
    const { source, type } = value;
    if (source.kind === 'node' && forward.has(source.node)) bytes = bytes.add(bytesOfType(type));
  }
  return bytes;
}

function sourceOf(value: Value): Value {
  const { source } = value;
  if (source.kind !== 'node' || source.node.kind !== 'op' || !views.has(source.node.op.name) || bodiesOf(source.node).length > 0)
    return value;
  const [first] = inputValues(source.node);
  return first === undefined ? value : sourceOf(first);
}
