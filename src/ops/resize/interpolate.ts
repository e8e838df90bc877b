import { Dim } from '../../dims/dim.js';
import { bool, choice, dimsAttr, floats, optionalAttr, positional, type Values } from '../attrs.js';
import type { Builder } from '../builder.js';
import { isPortable } from '../capabilities/capability.js';
import { core } from '../define.js';
import { ndArray } from '../nd/array.js';
import { forEachLane, lanesOf } from '../nd/lanes.js';
import { nth, only } from '../only.js';
import { demandCount, demandNotEmpty, demandOption } from '../option-bounds.js';
import type { Rule } from '../rule.js';
import { floats32 } from '../sample.js';
import { concrete, product } from '../sizes.js';
import type { NdArray, Shape } from '../types.js';
import { sizesOf } from '../window.js';
import { gatherNearest, resizeAgrees } from './nearest.js';
import { type Resampling, resamplingMatrix, resamplingTaps } from './sampling.js';

const attrs = {
  size: positional(optionalAttr(dimsAttr('the new sides, for all spatial axes or one each'))),
  scale: positional(optionalAttr(floats('factors of the sides, for all spatial axes or one each; given instead of `size`'))),
  mode: positional(
    choice('which pixels count: the nearest one, the nearest two an axis, or the nearest four', ['nearest', 'linear', 'cubic'], 'nearest'),
  ),
  align_corners: positional(bool('map the centers of the corner pixels onto each other, not their outer edges; not for `nearest`', false)),
};

type InterpolateAttrs = Values<typeof attrs>;

export const interpolate = core({
  name: 'interpolate',
  family: 'resize',
  doc: {
    summary: 'Resizes images to given sides or by given factors.',
    example: 'x -> interpolate(scale = 2.0)',
    source: 'torch.nn.functional.interpolate (where linear is called bilinear and trilinear, cubic bicubic), ONNX Resize',
  },
  inputs: { x: 'images, channels on axis 1: `[N, C, ..]`' },
  attrs,
  outputs: ['y'],
  infer: (rule, { x }, attrs) => {
    rule.dtype('x', x, 'float');
    rule.rank('x', x, { min: 3, max: 5 }, '[N, C, H, W]');
    demandModes(rule, x.shape.length - 2, attrs);
    demandNotEmpty(rule, '`interpolate`', 'x', x, [...x.shape.keys()].slice(1));
    return [{ dtype: x.dtype, shape: [...x.shape.slice(0, 2), ...newSides(rule, x.shape.slice(2), attrs)] }];
  },
  flops: ({ x }, { mode }, y) => {
    const taps = mode === 'nearest' ? 0 : (mode === 'linear' ? 2 : 4) ** (x.shape.length - 2);
    return product(only(y).shape).mul(2 * taps);
  },
  onnx: (g, { x }, attrs, y) => {
    const { shape } = g.type(x);
    const isExact = isPortable(g.target, 'Resize', 'f32', 'uneven');
    const axes = shape.slice(2).map((input, i) => ({ input, output: nth(only(y).shape, i + 2), scale: at(attrs.scale, i) }));
    if (attrs.mode === 'nearest' && !axes.every((axis) => resizeAgrees(axis, isExact))) return [gatherNearest(g, x, axes)];
    const { align_corners, mode } = attrs;
    const scales = align_corners ? undefined : safeScales(shape.slice(2), only(y).shape.slice(2), attrs);
    const factors = scales && g.constant({ dtype: 'f32', shape: [shape.length], data: Float64Array.from([1, 1, ...scales]) });
    return g.node(
      'Resize',
      factors === undefined ? [x, null, null, g.dims(only(y).shape)] : [x, null, factors],
      {
        mode: { string: mode },
        coordinate_transformation_mode: { string: mode === 'nearest' ? 'asymmetric' : align_corners ? 'align_corners' : 'half_pixel' },
        nearest_mode: mode === 'nearest' ? { string: 'floor' } : undefined,
        cubic_coeff_a: mode === 'cubic' ? { float: -0.75 } : undefined,
      },
      [only(y)],
    );
  },
  evaluate: ({ x }, attrs) => {
    const sides = sizesOf(...x.shape.slice(2));
    const outputs = sides.map((side, i) => concrete(sideOf(side, i, attrs)));
    return [outputs.reduce((image, output, i) => resampled(image, i + 2, resampling(sides, i, output, attrs)), x)];
  },
  // y = A x on each axis, so dx = A' dy; A is a constant, or repetition by whole numbers
  grad: (g, { x: { x }, dy, attrs }) => {
    const sides = g.shape(x).slice(2);
    let dx = only(dy);
    for (const [i, side] of sides.entries()) dx = resizedBack(g, dx, i + 2, side, nth(g.shape(only(dy)), i + 2), attrs);
    return { x: dx };
  },
  samples: [
    { inputs: { x: floats32([2, 3, 4, 5]) }, attrs: { scale: [2] } },
    { inputs: { x: floats32([1, 2, 4, 6]) }, attrs: { size: sizesOf(7, 3) } },
    { inputs: { x: floats32([1, 2, 5, 4]) }, attrs: { scale: [0.5, 1.5] } },
    // 7 is 14 / 2, but not 1 / (2 / 14) in float32.
    { inputs: { x: floats32([1, 1, 14, 3]) }, attrs: { size: sizesOf(2, 9) } },
    { inputs: { x: floats32([1, 2, 4, 5]) }, attrs: { scale: [2], mode: 'linear' } },
    { inputs: { x: floats32([1, 2, 6, 5]) }, attrs: { size: sizesOf(3, 8), mode: 'linear' } },
    { inputs: { x: floats32([1, 2, 4, 5]) }, attrs: { size: sizesOf(7, 1), mode: 'linear', align_corners: true } },
    // The factors are not the quotients of the sides: 5 * 1.3 = 6.5.
    { inputs: { x: floats32([1, 1, 5, 7]) }, attrs: { scale: [1.3, 0.7], mode: 'linear' } },
    { inputs: { x: floats32([1, 2, 4, 5]) }, attrs: { scale: [2], mode: 'cubic' } },
    { inputs: { x: floats32([1, 2, 4, 5]) }, attrs: { size: sizesOf(6, 9), mode: 'cubic', align_corners: true } },
    { inputs: { x: floats32([2, 3, 6]) }, attrs: { scale: [2], mode: 'linear' } },
    { inputs: { x: floats32([2, 3, 6]) }, attrs: { size: sizesOf(4) } },
    { inputs: { x: floats32([1, 2, 2, 3, 4]) }, attrs: { scale: [2], mode: 'linear' } },
    { inputs: { x: floats32([1, 2, 2, 3, 4]) }, attrs: { scale: [2, 1, 3] } },
  ],
});

function demandModes(rule: Rule, count: number, { size, scale, mode, align_corners }: InterpolateAttrs): void {
  if ((size === undefined) === (scale === undefined)) {
    rule.fail('bad-option', {
      message: `interpolate needs either \`size\` or \`scale\`${size === undefined ? '' : ', not both'}`,
      ...(size === undefined ? {} : { attr: 'scale' }),
    });
  }
  const lengths = count === 1 ? [1] : [1, count];
  if (size !== undefined) demandCount(rule, 'size', size, lengths);
  for (const side of size ?? []) demandOption(rule, 'size', side, 1);
  if (scale !== undefined) demandCount(rule, 'scale', scale, lengths);
  for (const factor of scale ?? []) {
    if (!(factor > 0 && Number.isFinite(factor)))
      rule.fail('bad-option', { message: `scale must be positive, but is ${factor}`, attr: 'scale' });
  }
  if (mode === 'cubic' && count !== 2)
    rule.fail('bad-option', { message: 'cubic interpolation is for images `[N, C, H, W]` only', attr: 'mode' });
  if (mode === 'nearest' && align_corners) {
    rule.fail('bad-option', { message: 'align_corners has no meaning for the nearest pixel', attr: 'align_corners' });
  }
}

function newSides(rule: Rule, sides: Shape, attrs: InterpolateAttrs): Shape {
  return sides.map((side, i) => {
    const factor = at(attrs.scale, i);
    if (factor !== undefined && side.constant === undefined && fraction(factor) === undefined) {
      rule.fail('bad-option', {
        message: `a side of ${side} cannot be scaled by ${factor} before its size is known`,
        attr: 'scale',
        help: 'use a factor that is a whole number or a simple binary fraction such as 0.5, or give `size`',
      });
    }
    const output = sideOf(side, i, attrs);
    rule.atLeast(output, 1, () => ({ message: `a side of ${side} scaled by ${factor} vanishes`, attr: 'scale' }));
    return output;
  });
}

/** The new side `i`: as given, or `floor(side * factor)`. */
function sideOf(side: Dim, i: number, { size, scale }: InterpolateAttrs): Dim {
  const given = at(size, i);
  if (given !== undefined) return given;
  const factor = at(scale, i) ?? 1;
  if (side.constant !== undefined) return Dim.of(Math.floor(side.constant * factor));
  const exact = fraction(factor) ?? { numerator: 1, denominator: 1 };
  return side.mul(exact.numerator).floorDiv(exact.denominator);
}

/** The value for axis `i` of a list with one value for all axes or one each. */
function at<T>(list: readonly T[] | undefined, i: number): T | undefined {
  return list?.length === 1 ? list[0] : list?.[i];
}

/** A factor as an exact fraction with a denominator up to 1024, which always works for a power of two. */
export function fraction(factor: number): { readonly numerator: number; readonly denominator: number } | undefined {
  for (let denominator = 1; denominator <= 1024; denominator *= 2) {
    if (Number.isInteger(factor * denominator)) return { numerator: factor * denominator, denominator };
  }
  return undefined;
}

/** The factors, if Resize computes the same sides from them in float32. */
function safeScales(sides: Shape, outputs: Shape, attrs: InterpolateAttrs): readonly number[] | undefined {
  if (attrs.scale === undefined) return undefined;
  const factors = sides.map((_, i) => at(attrs.scale, i) ?? 1);
  const isSafe = factors.every((factor, i) => {
    const [side, output] = [nth(sides, i).constant, nth(outputs, i).constant];
    if (side === undefined || output === undefined) return fraction(factor) !== undefined;
    return Math.floor(Math.fround(side * Math.fround(factor))) === output && Math.floor(side * Math.fround(factor)) === output;
  });
  return isSafe ? factors : undefined;
}

function resampling(sides: Shape, i: number, output: number, attrs: InterpolateAttrs): Resampling {
  const scale = attrs.align_corners ? undefined : at(attrs.scale, i);
  return { mode: attrs.mode, input: concrete(nth(sides, i)), output, scale, alignCorners: attrs.align_corners };
}

function resampled(x: NdArray, axis: number, plan: Resampling): NdArray {
  const taps = resamplingTaps(plan);
  const y = ndArray(
    x.dtype,
    x.shape.map((size, i) => (i === axis ? plan.output : size)),
  );
  const from = lanesOf(x.shape, axis);
  const starts: number[] = [];
  forEachLane(from, (start) => starts.push(start));
  forEachLane(lanesOf(y.shape, axis), (start, stride, lane) => {
    for (const [i, reads] of taps.entries()) {
      let sum = 0;
      for (const { position, weight } of reads) sum += weight * (x.data[nth(starts, lane) + position * stride] as number); // inside the lane
      y.data[start + i * stride] = sum;
    }
  });
  return y;
}

/** The gradient along one axis. */
function resizedBack<V>(g: Builder<V>, dy: V, axis: number, input: Dim, output: Dim, attrs: InterpolateAttrs): V {
  if (input.equals(output)) return dy;
  const factor = at(attrs.scale, axis - 2);
  const isKnown = input.constant !== undefined && output.constant !== undefined;
  if (!isKnown && attrs.mode === 'nearest' && factor !== undefined && Number.isInteger(factor))
    return repeatedBack(g, dy, axis, input, factor);
  const matrix = isKnown ? constantMatrix(g, dy, axis, input, output, attrs) : computedMatrix(g, dy, axis, input, output, attrs);
  const last = g.rank(dy) - 1;
  if (axis === last) return g.matmul(dy, matrix);
  if (axis === last - 1) return g.matmul(g.swap(matrix), dy);
  const perm = Array.from({ length: last + 1 }, (_, i) => (i === axis ? last : i === last ? axis : i));
  return g.transpose(g.matmul(g.transpose(dy, perm), matrix), perm);
}

function repeatedBack<V>(g: Builder<V>, dy: V, axis: number, input: Dim, factor: number): V {
  const shape = g.shape(dy);
  const split = g.reshape(dy, [...shape.slice(0, axis), input, factor, ...shape.slice(axis + 1)]);
  return g.sum(split, [axis + 1]);
}

/** The matrix `[output, input]` of a resampling between known sides. */
function constantMatrix<V>(g: Builder<V>, dy: V, axis: number, input: Dim, output: Dim, attrs: InterpolateAttrs): V {
  const scale = attrs.align_corners ? undefined : at(attrs.scale, axis - 2);
  const [from, to] = [concrete(input), concrete(output)];
  const data = resamplingMatrix({ mode: attrs.mode, input: from, output: to, scale, alignCorners: attrs.align_corners });
  return g.constant({ dtype: g.type(dy).dtype, shape: [to, from], data });
}

/** The same if a side is known only at run time: the resampling is linear, so its matrix is its result for the unit vectors. */
function computedMatrix<V>(g: Builder<V>, dy: V, axis: number, input: Dim, output: Dim, attrs: InterpolateAttrs): V {
  const unit = g.reshape(g.op('eye', [], { rows: input, dtype: g.type(dy).dtype }), [1, input, input, 1]);
  const factor = at(attrs.scale, axis - 2);
  const target = factor === undefined ? { size: [output, Dim.one] } : { scale: [factor, 1] };
  const resampled = g.op('interpolate', [unit], { ...target, mode: attrs.mode, align_corners: attrs.align_corners });
  return g.swap(g.reshape(resampled, [input, output]));
}
