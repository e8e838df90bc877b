import type { OpNode, Value } from '../../3-graph/graph.js';
import type { GraphBuilder } from '../../3-graph/graph-builder.js';
import type { RuleContext, RuleDefinition } from '../rule.js';
import { refuseWeights } from '../stored-weights.js';
import type { Affine } from './affine.js';
import { biasOf, biasType, type LinearMap, linearMapAt, linearMapOf, nameOf, writeMap } from './linear-map.js';
import { channelsAfter, moved, movesTo } from './moves.js';
import { overOutputs, sumOf } from './weight-algebra.js';

/** An affine map after a linear one, and the moves between the two. */
export interface Behind {
  readonly map: LinearMap;
  readonly affine: Affine;
  readonly path: readonly OpNode[];
}

/** The part of a rule that folds an affine map into the linear map before it: `(x @ w + b) * f + s` is `x @ (w * f) + (b * f + s)`. */
export function foldBehind(
  find: (node: OpNode, cx: RuleContext) => Affine | undefined,
): Pick<RuleDefinition<Behind>, 'match' | 'when' | 'rewrite'> {
  return { match: (node, cx) => match(find(node, cx), cx), when: refuse, rewrite };
}

function match(affine: Affine | undefined, cx: RuleContext): Behind | undefined {
  if (affine === undefined || linearMapAt(affine.node, cx) !== undefined) return undefined;
  const { from, path } = movesTo(affine.x);
  const map = linearMapOf(from, cx);
  // This would only add the bias before the moves instead of after them, which saves nothing.
  const isOnlyMoved = !affine.scales && map?.kind === 'matrix' && map.bias === undefined && path.length > 0;
  return map === undefined || isOnlyMoved ? undefined : { map, affine, path };
}

function refuse({ map, affine, path }: Behind, cx: RuleContext): string | undefined {
  const [result] = map.last.outputs;
  if (result !== undefined && result.users.size > 1) return `something else reads the result of the ${nameOf(map)}`;
  const channels = channelsAfter({ axis: map.outputAxis }, path);
  if (affine.per !== 'scalar' && (typeof channels !== 'object' || channels.axis !== affine.per.axis))
    return `the numbers do not belong to the output channels of the ${nameOf(map)}`;
  const { scales, shifts, weights, node } = affine;
  const replacesBias = shifts || (scales && map.bias !== undefined);
  return refuseWeights(cx, {
    readers: [map.product, map.last, ...path, node],
    replaced: [...(scales ? [map.weight] : []), ...(map.bias === undefined ? [] : [map.bias]), ...weights],
    made: [...(scales ? [map.weight.type] : []), ...(replacesBias ? [biasType(map, affine.per)] : [])],
  });
}

function rewrite(g: GraphBuilder, { map, affine, path }: Behind): readonly Value[] {
  const { factor, combine, shift } = affine.numbers(g);
  const bias = biasOf(g, map);
  const scaled = bias === undefined || factor === undefined ? bias : combine(bias, factor);
  const weight = factor === undefined ? map.weight : overOutputs(g, map, factor, combine);
  return [moved(g, writeMap(g, map, { weight, bias: sumOf(g, scaled, shift) }), path)];
}
