import { type OpNode, Value } from '../../3-graph/graph.js';
import type { GraphBuilder } from '../../3-graph/graph-builder.js';
import { Dim } from '../../dims/dim.js';
import type { Padding } from '../../ops/attrs.js';
import { nth } from '../../ops/only.js';
import { sameShape } from '../../ops/sizes.js';
import type { Shape } from '../../ops/types.js';
import { type WindowAxis, windowAxes } from '../../ops/window.js';
import { biasOf, biasType, groupsOf, type LinearMap, linearMapOf, writeMap } from '../linear/linear-map.js';
import { sumOf } from '../linear/weight-algebra.js';
import { rule } from '../rule.js';
import { refuseWeights } from '../stored-weights.js';

interface Match {
  readonly sum: OpNode;
  /** The filter of the first covers that of the second, if either covers the other. */
  readonly maps: readonly [LinearMap, LinearMap];
}

/**
 * Merges two convolutions of the same input whose results are added, as in networks that are trained in the style of RepVGG.
 *
 * Before: `y = conv2d(x, w, padding = 1) + conv2d(x, v)`, with filters of 3 by 3 and 1 by 1. After: `y = conv2d(x, w + pad(v), padding = 1)`, where `pad` puts zeros around `v` so that its taps stay where they were.
 * Convolutions are linear in their filters. Batch norms after the two are part of their filters by then. ONNX Runtime does not do this: it computes both and adds the results.
 */
export const mergeConvolutions = rule<Match>({
  name: 'merge-convolutions',
  summary: 'merges two convolutions of the same input that are added into one',
  level: 2,
  match: (sum, cx) => {
    const [a, b] = sum.inputs;
    if (sum.op.name !== 'add' || !(a instanceof Value) || !(b instanceof Value) || a === b) return undefined;
    const [left, right] = [linearMapOf(a, cx), linearMapOf(b, cx)];
    if (left?.kind !== 'conv' || right?.kind !== 'conv' || left.x !== right.x || !sameShape(a.type, b.type)) return undefined;
    return { sum, maps: margins(left, right) === undefined ? [right, left] : [left, right] };
  },
  when: ({ sum, maps }, cx) => {
    const [large, small] = maps;
    if (maps.some(({ last }) => nth(last.outputs, 0).users.size > 1)) return 'something else reads the result of a convolution';
    if (groupsOf(large) !== groupsOf(small)) return 'the convolutions have different groups';
    if (margins(large, small) === undefined) return 'neither window of the convolutions contains the other';
    const biases = maps.flatMap(({ bias }) => bias ?? []);
    return refuseWeights(cx, {
      readers: [sum, ...maps.map(({ product }) => product)],
      replaced: [...maps.map(({ weight }) => weight), ...biases],
      made: [large.weight.type, ...(biases.length === 0 ? [] : [biasType(large, { axis: 1 })])],
    });
  },
  rewrite: (g, { maps: [large, small] }) => {
    const weight = g.add(large.weight, padded(g, small.weight, margins(large, small) ?? []));
    return [writeMap(g, large, { weight, bias: sumOf(g, biasOf(g, large), biasOf(g, small)) })];
  },
});

/** How many taps the filter of `large` extends beyond that of `small`, at the beginning and at the end of each spatial axis; undefined if its windows do not contain those of `small`. */
function margins(large: LinearMap, small: LinearMap): readonly (readonly [number, number])[] | undefined {
  const [outer, inner] = [axesOf(large), axesOf(small)];
  const found = outer.flatMap((axis, i) => {
    const other = nth(inner, i);
    const before = axis.begin.sub(other.begin).constant;
    const after = axis.kernel.sub(other.kernel).constant;
    const steps = axis.stride.equals(other.stride) && axis.dilation.equals(other.dilation);
    if (!steps || before === undefined || after === undefined) return [];
    const isAligned = (before === 0 && after === 0) || axis.dilation.constant === 1;
    return isAligned && before >= 0 && after >= before ? [[before, after - before] as const] : [];
  });
  return found.length === outer.length ? found : undefined;
}

function axesOf({ x, weight, product: { attrs } }: LinearMap): readonly WindowAxis[] {
  const { stride, padding, dilation } = attrs as { readonly stride: Shape; readonly padding: Padding; readonly dilation: Shape };
  return windowAxes(x.type.shape.slice(2), weight.type.shape.slice(2), { stride, padding, dilation });
}

/** A filter with zeros around it. */
function padded(g: GraphBuilder, weight: Value, around: readonly (readonly [number, number])[]): Value {
  if (around.every(([before, after]) => before === 0 && after === 0)) return weight;
  const sizes = [0, 0, ...around.map(([before]) => before), 0, 0, ...around.map(([, after]) => after)];
  return g.op('pad', [weight], { pads: sizes.map(Dim.of), axes: [...g.shape(weight).keys()] });
}
