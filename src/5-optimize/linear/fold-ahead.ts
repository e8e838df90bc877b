import type { OpNode, User, Value } from '../../3-graph/graph.js';
import type { GraphBuilder } from '../../3-graph/graph-builder.js';
import { removeUnread } from '../../3-graph/remove-unused.js';
import { nth } from '../../ops/only.js';
import { RewriteBuilder } from '../rewrite-builder.js';
import type { RuleContext, RuleDefinition } from '../rule.js';
import { refuseWeights } from '../stored-weights.js';
import type { Affine } from './affine.js';
import { biasOf, biasType, hasEdges, type LinearMap, linearMapFrom, nameOf, writeMap } from './linear-map.js';
import { channelsAfter, isMove, moved } from './moves.js';
import { ofConstantInput, overInputs, sumOf } from './weight-algebra.js';

/** A linear map that reads the result of an affine one, and the moves between the two. */
interface Reader {
  readonly map: LinearMap;
  readonly path: readonly OpNode[];
}

/** An affine map and the linear maps that read its result, in order; undefined for a reader that is not a linear map. */
export interface Ahead {
  readonly affine: Affine;
  readonly readers: readonly (Reader | undefined)[];
}

/** The part of a rule that folds an affine map into the linear maps that read its result: `(x * f + s) @ w + b` is `x @ (f * w) + (s @ w + b)`. */
export function foldAhead(
  find: (node: OpNode, cx: RuleContext) => Affine | undefined,
): Pick<RuleDefinition<Ahead>, 'match' | 'when' | 'rewrite'> {
  return { match: (node, cx) => match(find(node, cx), cx), when: refuse, rewrite };
}

function match(affine: Affine | undefined, cx: RuleContext): Ahead | undefined {
  if (affine === undefined) return undefined;
  const result = nth(affine.node.outputs, 0);
  const readers = [...result.users].map((user) => readerOf(result, user, cx));
  return readers.some((reader) => reader !== undefined) ? { affine, readers } : undefined;
}

function readerOf(value: Value, user: User, cx: RuleContext): Reader | undefined {
  const path: OpNode[] = [];
  let read = value;
  let node = user;
  while (node.kind === 'op' && isMove(node)) {
    path.push(node);
    read = nth(node.outputs, 0);
    const [next, ...others] = read.users;
    if (next === undefined || others.length > 0) return undefined;
    node = next;
  }
  const map = node.kind === 'op' ? linearMapFrom(node, cx) : undefined;
  return map?.x === read ? { map, path } : undefined;
}

function refuse({ affine, readers }: Ahead, cx: RuleContext): string | undefined {
  const { scales, shifts, node, per, weights } = affine;
  const maps = readers.flatMap((reader) => (reader === undefined ? [] : [reader.map]));
  if (maps.length < readers.length) return 'something else reads its result';
  for (const { map, path } of readers as readonly Reader[]) {
    const channels = channelsAfter(per, path);
    if (channels !== 'scalar' && channels?.axis !== map.inputAxis)
      return `the numbers do not belong to the input channels of the ${nameOf(map)}`;
    if (!shifts) continue;
    if (hasEdges(map))
      return `the outputs at the edge of the ${nameOf(map)} read fewer inputs, so its shift would not reach all outputs equally`;
    if (!scales && map.kind === 'matrix' && map.bias === undefined) return 'the product has no bias to take the shift';
  }
  return refuseWeights(cx, {
    readers: [node, ...(readers as readonly Reader[]).flatMap(({ map, path }) => [...path, map.product, map.last])],
    replaced: [
      ...weights,
      ...maps.flatMap(({ weight, bias }) => [...(scales ? [weight] : []), ...(shifts && bias !== undefined ? [bias] : [])]),
    ],
    made: maps.flatMap((map) => [...(scales ? [map.weight.type] : []), ...(shifts ? [biasType(map, { axis: map.outputAxis })] : [])]),
  });
}

/** Replaces each linear map with one that takes the input of the affine map. */
function rewrite(_: GraphBuilder, { affine, readers }: Ahead, cx: RuleContext): readonly Value[] {
  for (const { map, path } of readers as readonly Reader[]) {
    const g = new RewriteBuilder(cx.region, map.last);
    const { factor, combine, shift } = affine.numbers(g);
    const bias = biasOf(g, map);
    const added = shift === undefined ? undefined : ofConstantInput(g, map, shift);
    const weight = factor === undefined ? map.weight : overInputs(g, map, factor, combine);
    const result = writeMap(g, map, { x: moved(g, affine.x, path), weight, bias: sumOf(g, bias, added) });
    cx.region.replaceUses(nth(map.last.outputs, 0), result);
    removeUnread(cx.region, map.last);
  }
  return [affine.x];
}
