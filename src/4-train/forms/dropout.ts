import { readAlso } from '../../3-graph/edit-scan.js';
import { bodiesOf, type Node, type OpNode, type Region, Value } from '../../3-graph/graph.js';
import { GraphBuilder } from '../../3-graph/graph-builder.js';
import { nth } from '../../ops/only.js';

/** How dropout is written. */
export interface DropoutForms {
  /** Whether a layer is left as it is at inference, by the labels of the layers around it. */
  readonly isEvaluated: (path: string) => boolean;
  /** The number of the next mask: each has one of its own. */
  readonly nextStream: () => number;
}

/**
 * Replaces dropout by a random mask: of the elements that are kept, each is divided by `1 - p`. `seed` is an i32 scalar of the region; in a scan, every step has another.
 * `depth` says how many scans are around the region. Returns the number of masks.
 */
export function drawMasks(region: Region, seed: Value, forms: DropoutForms, depth = 0): number {
  let count = 0;
  for (const node of region.nodes) {
    if (isDrawn(node, forms)) count += drawMask(region, node, seed, forms);
    else if (node.kind === 'cond' && bodiesOf(node).some((body) => hasDropout(body, forms))) {
      const inside = region.capture(node, seed);
      for (const [i, body] of node.bodies.entries()) count += drawMasks(body, nth(inside, i), forms, depth);
    } else if (node.kind === 'scan' && hasDropout(node.bodies[0], forms)) {
      const g = new GraphBuilder(region, node.origin, node);
      const steps = g.op('range', [], { end: node.steps.length, dtype: 'i32' });
      const { scan, slice } = readAlso(region, node, g.add(seed, g.scale(steps, stepDistance(depth))));
      count += drawMasks(scan.bodies[0], slice, forms, depth + 1);
    }
  }
  return count;
}

/**
 * The distance between the seeds of two steps of a scan, as an i32: odd numbers without pattern. Scans in each other have different ones, or the steps (0, 1) and (1, 0)
 * would have the same seed.
 */
function stepDistance(depth: number): number {
  let distance = 0x5bd1e995;
  for (let i = 0; i < depth; i++) distance = Math.imul(distance, 0x9e3779b1);
  return distance;
}

/** Whether a region, or a body of its control flow, has dropout that draws a mask. */
export function hasDropout(region: Region, forms: Pick<DropoutForms, 'isEvaluated'>): boolean {
  return [...region.nodes].some((node) => isDrawn(node, forms) || bodiesOf(node).some((body) => hasDropout(body, forms)));
}

/** Dropout with the probability 0 does nothing. */
function isDrawn(node: Node, { isEvaluated }: Pick<DropoutForms, 'isEvaluated'>): node is OpNode {
  return node.kind === 'op' && node.op.name === 'dropout' && node.attrs.p !== 0 && !isEvaluated(node.origin.path.join('.'));
}

function drawMask(region: Region, node: OpNode, seed: Value, { nextStream }: DropoutForms): number {
  const [x] = node.inputs;
  const p = node.attrs.p;
  if (!(x instanceof Value) || typeof p !== 'number') return 0;
  const g = new GraphBuilder(region, node.origin, node);
  const uniform = g.op('random_uniform', [seed], { shape: x.type.shape, stream: nextStream() });
  const isKept = g.greaterEqual(uniform, g.scalar(p, uniform));
  const kept = p === 1 ? g.zerosLike(x) : g.mul(x, g.scale(g.cast(isKept, x.type.dtype), 1 / (1 - p)));
  region.replaceUses(nth(node.outputs, 0), kept);
  region.remove(node);
  return 1;
}
