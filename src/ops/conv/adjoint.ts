import { Dim } from '../../dims/dim.js';
import type { Builder } from '../builder.js';
import { nth } from '../only.js';
import { concrete, product } from '../sizes.js';
import type { Shape } from '../types.js';
import { covered, padSpatial, padsOf, reach, type WindowAxis } from '../window.js';

/**
 * The transpose of a convolution as a linear map: from `[N, O, windows]` back to `[N, C, *input]`, with the convolution's own `weight`. It
 * is the gradient of a convolution with respect to its input, and of pooling with fixed filters.
 */
export function inputGradient<V>(g: Builder<V>, dy: V, weight: V, axes: readonly WindowAxis[], groups: Dim): V {
  const plans = axes.map(planAxis);
  const [batch, ...others] = g.shape(dy) as readonly [Dim, ...Dim[]];
  // Poolings take batches of nothing, and transposed convolutions do not: such a batch gets one image of zeros, which is taken out again.
  const lacking = Dim.one.sub(batch).max(0);
  const mayBeEmpty = lacking.constant !== 0;
  const zeros = mayBeEmpty ? [g.op('full', [], { shape: [lacking, ...others], value: 0, dtype: g.type(dy).dtype })] : [];
  let dx = g.op(`conv_transpose${axes.length}d`, [mayBeEmpty ? g.concat([dy, ...zeros], 0) : dy, weight], {
    stride: axes.map((axis) => axis.stride),
    padding: [...plans.map((plan) => plan.begin), ...plans.map((plan) => plan.end)],
    output_padding: plans.map((plan) => plan.extra),
    dilation: axes.map((axis) => axis.dilation),
    groups,
  });
  for (const [i, { input }] of axes.entries()) {
    const cut = plans[i]?.cut;
    if (cut !== undefined) dx = g.slice(dx, i + 2, cut, input.add(cut));
  }
  return mayBeEmpty ? g.slice(dx, 0, 0, batch) : dx;
}

/** How a transposed convolution restores exactly the input's size: by options if they are numbers, otherwise by a slice that starts at `cut`. */
function planAxis(axis: WindowAxis): { readonly begin: Dim; readonly end: Dim; readonly extra: Dim; readonly cut: Dim | undefined } {
  const over = covered(axis).sub(axis.input).constant;
  const isFixed = over !== undefined && axis.begin.constant !== undefined;
  if (isFixed) return { begin: axis.begin, end: Dim.of(Math.max(over, 0)), extra: Dim.of(Math.max(-over, 0)), cut: undefined };
  // Windows leave at most stride - 1 positions uncovered.
  return { begin: Dim.zero, end: Dim.zero, extra: axis.stride.sub(1), cut: axis.begin };
}

/** The required shape of a weight gradient. */
export interface WeightSpec {
  readonly groups: Dim;
  readonly shape: Shape;
}

/**
 * `dw[o, c, j] = sum over n, i of dy[n, o, i] * x[n, c, i*stride - begin + j*dilation]`: matrix products if the filter has few taps, and otherwise a convolution in which batch and channels are
 * swapped, as are stride and dilation.
 */
export function weightGradient<V>(g: Builder<V>, x: V, dy: V, axes: readonly WindowAxis[], { groups, shape }: WeightSpec): V {
  const isPointwise = groups.constant === 1 && axes.every((axis) => axis.kernel.constant === 1) && padsOf(axes)?.every((pad) => pad === 0);
  if (isPointwise === true) return pointwiseWeightGradient(g, x, dy, axes, shape);
  const taps = tapsOf(shape);
  if (groups.constant === 1 && taps.length > 0) return tapWeightGradient(g, x, dy, axes, { taps, shape });
  const fixed = padsOf(axes) !== undefined;
  const inner = fixed ? axes : axes.map(unpadded);
  const image = fixed ? x : padSpatial(g, x, axes);
  const ends = inner.map((axis) => {
    const over = covered(axis).sub(axis.input).constant;
    return over === undefined ? axis.end : Dim.of(Math.max(over, 0));
  });
  let dw = g.op(`conv${axes.length}d`, [channelsAsBatch(g, image, groups), swapLeading(g, dy)], {
    stride: axes.map((axis) => axis.dilation),
    padding: [...inner.map((axis) => axis.begin), ...ends],
    dilation: axes.map((axis) => axis.stride),
    groups,
  });
  // Positions that no window reached give taps beyond the last one.
  for (const [i, axis] of axes.entries()) {
    if (g.shape(dw)[i + 2]?.equals(axis.kernel) !== true) dw = g.slice(dw, i + 2, 0, axis.kernel);
  }
  return swapLeading(g, dw);
}

/** The axis of an input that has been padded beforehand. */
function unpadded(axis: WindowAxis): WindowAxis {
  return { ...axis, input: axis.input.add(axis.begin).add(axis.end), begin: Dim.zero, end: Dim.zero };
}

/** `[N, C, ..]` to `[C, N, ..]`; with groups to `[C/groups, groups*N, ..]`, so that each group is paired with its own filters. */
function channelsAsBatch<V>(g: Builder<V>, x: V, groups: Dim): V {
  if (groups.constant === 1) return swapLeading(g, x);
  const shape = g.shape(x);
  const [batch, channels] = [nth(shape, 0), nth(shape, 1)];
  const spatial = shape.slice(2);
  const perGroup = channels.floorDiv(groups);
  const split = g.reshape(x, [batch, groups, perGroup, ...spatial]);
  const turned = g.transpose(split, [2, 1, 0, ...spatial.map((_, i) => i + 3)]);
  return g.reshape(turned, [perGroup, groups.mul(batch), ...spatial]);
}

function swapLeading<V>(g: Builder<V>, x: V): V {
  return g.transpose(x, [
    1,
    0,
    ...g
      .shape(x)
      .slice(2)
      .map((_, i) => i + 2),
  ]);
}

/** `dw = sum over n of dy[n] @ x[n]'` with the positions that the stride skips removed. */
function pointwiseWeightGradient<V>(g: Builder<V>, x: V, dy: V, axes: readonly WindowAxis[], shape: Shape): V {
  let seen = x;
  for (const [i, axis] of axes.entries()) {
    const stride = axis.stride.constant ?? 1;
    if (stride !== 1) seen = g.slice(seen, i + 2, 0, axis.input, stride);
  }
  const [batch, channels] = [nth(g.shape(x), 0), nth(g.shape(x), 1)];
  const windows = product(axes.map((axis) => axis.output));
  const flatX = g.reshape(seen, [batch, channels, windows]);
  const flatDy = g.reshape(dy, [batch, nth(shape, 0), windows]);
  return g.reshape(g.sum(g.matmul(flatDy, g.swap(flatX)), [0]), shape);
}

/** The taps of a filter, row-major: an index for each axis. None if there are so many that a matrix product for each would not be faster than a convolution. */
function tapsOf(shape: Shape): readonly (readonly number[])[] {
  const sides = shape.slice(2).map((side) => side.constant ?? Number.POSITIVE_INFINITY);
  const most = fewChannels(shape) ? 9 : 25;
  if (sides.reduce((a, b) => a * b, 1) > most) return [];
  return sides.reduce<readonly (readonly number[])[]>(
    (heads, side) => heads.flatMap((head) => Array.from({ length: side }, (_, i) => [...head, i])),
    [[]],
  );
}

/** Whether there are too few channels for a matrix product of its own for each tap. */
function fewChannels(shape: Shape): boolean {
  return (nth(shape, 1).constant ?? 0) < 16;
}

/**
 * `dw[:, :, j] = dy @ x_j'`, where x_j has what tap j sees, and both are `[channels, N*windows]`. On ONNX Runtime's CPU two to three times as fast as the convolution, each of whose results is
 * only as large as the filter. Few channels of all taps are multiplied together.
 */
function tapWeightGradient<V>(
  g: Builder<V>,
  x: V,
  dy: V,
  axes: readonly WindowAxis[],
  { taps, shape }: { readonly taps: readonly (readonly number[])[]; readonly shape: Shape },
): V {
  const [outputs, channels] = [nth(shape, 0), nth(shape, 1)];
  const columns = nth(g.shape(x), 0).mul(product(axes.map((axis) => axis.output)));
  const image = padSpatial(g, swapLeading(g, x), axes);
  const seen = taps.map((tap) => {
    const part = axes.reduce((rest, { dilation, stride, output }, i) => {
      const start = dilation.mul(nth(tap, i));
      return g.slice(rest, i + 2, start, start.add(output.sub(1).mul(stride)).add(1), concrete(stride));
    }, image);
    return g.reshape(part, [channels, columns]);
  });
  const turned = g.reshape(swapLeading(g, dy), [outputs, columns]);
  const dw = fewChannels(shape)
    ? g.matmul(turned, g.swap(g.concat(seen, 0)))
    : g.concat(
        seen.map((part) => g.matmul(turned, g.swap(part))),
        1,
      );
  const apart = g.reshape(dw, [outputs, ...shape.slice(2), channels]);
  const last = shape.length - 1;
  return g.transpose(apart, [0, last, ...axes.map((_, i) => i + 1)]);
}

/** The sum of `dy` over the batch and all positions. */
export function biasGradient<V>(g: Builder<V>, dy: V): V {
  return g.sum(dy, [
    0,
    ...g
      .shape(dy)
      .slice(2)
      .map((_, i) => i + 2),
  ]);
}

/** The size that a transposed convolution makes of `output` positions: `(output - 1)*stride - begin - end + reach + extra`. */
export function transposedSize(axis: Omit<WindowAxis, 'input'>, extra: Dim): Dim {
  return axis.output.sub(1).mul(axis.stride).sub(axis.begin).sub(axis.end).add(reach(axis)).add(extra);
}
