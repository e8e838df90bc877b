import { Dim } from '../../dims/dim.js';
import { fraction } from '../resize/interpolate.js';
import { isFloat, type Shape } from '../types.js';
import { type OnnxCall, type Translation, TypeOnly } from './call.js';

/** What a Resize asks for on every axis. */
interface Resizing {
  readonly sides: Shape;
  /** The factor of each axis, where it is known as a number. */
  readonly factors: readonly (number | undefined)[];
  readonly isScaled: boolean;
}

const resize: Translation = (c) => {
  const { g } = c;
  const { dtype } = c.type(0);
  const wanted = resizingOf(c);
  const why = difference(c, wanted);
  if (why !== undefined) return [new TypeOnly({ dtype, shape: wanted.sides }, why)];
  const mode = c.string('mode', 'nearest');
  const size = wanted.isScaled ? { scale: wanted.factors.slice(2) } : { size: wanted.sides.slice(2) };
  const align_corners = mode !== 'nearest' && c.string('coordinate_transformation_mode', 'half_pixel') === 'align_corners';
  return [g.op('interpolate', [c.in(0)], { ...size, mode, align_corners })];
};

function resizingOf<V>(c: OnnxCall<V>): Resizing {
  const own = c.shape(0);
  const axes = (c.ints('axes') ?? [...own.keys()]).map((axis) => c.rule.axis(axis, own.length, 'axes'));
  const sizes = c.sizes(3);
  const given = sizes ?? c.numbers(2) ?? c.rule.fail('bad-option', { message: '`onnx.Resize` needs `scales` or `sizes`' });
  const list = sizes === undefined ? 'scales' : 'sizes';
  if (given.length !== axes.length)
    c.rule.fail('bad-option', { message: `\`${list}\` has ${given.length} numbers for ${axes.length} axes` });
  if (sizes !== undefined) return toSizes(c, axes, sizes);
  const scales = c.numbers(2) ?? [];
  for (const factor of scales) if (!(factor > 0)) c.rule.fail('bad-option', { message: `a scale must be positive, but is ${factor}` });
  const factors = own.map((_, axis) => (axes.includes(axis) ? scales[axes.indexOf(axis)] : 1) ?? 1);
  return { factors, sides: own.map((size, axis) => scaled(c, size, factors[axis] ?? 1)), isScaled: true };
}

function toSizes<V>(c: OnnxCall<V>, axes: readonly number[], sizes: Shape): Resizing {
  const own = c.shape(0);
  const ratio = (to: Dim, from: Dim): number | undefined =>
    to.equals(from) ? 1 : to.constant !== undefined && from.constant !== undefined ? to.constant / from.constant : undefined;
  const policy = c.string('keep_aspect_ratio_policy', 'stretch');
  const stretched = own.map((size, axis) => (axes.includes(axis) ? sizes[axes.indexOf(axis)] : size) ?? size);
  if (policy === 'stretch') return { sides: stretched, factors: own.map((size, i) => ratio(stretched[i] ?? size, size)), isScaled: false };
  const ratios = axes.map((axis) => ratio(stretched[axis] ?? Dim.one, own[axis] ?? Dim.one));
  const known = ratios.filter((one) => one !== undefined);
  if (known.length < ratios.length) return c.unknown(`the ratio of the sides is kept, and one of them is not a number`);
  const factor = known.reduce((a, b) => (policy === 'not_larger' ? Math.min(a, b) : Math.max(a, b)), known[0] ?? 1);
  const sides = own.map((size, axis) => (axes.includes(axis) ? Dim.of(Math.floor((size.constant ?? 1) * factor + 0.5)) : size));
  return { sides, factors: own.map((_, axis) => (axes.includes(axis) ? factor : 1)), isScaled: false };
}

/** `floor(size * factor)`. */
function scaled<V>(c: OnnxCall<V>, size: Dim, factor: number): Dim {
  if (size.constant !== undefined) return Dim.of(Math.floor(size.constant * factor));
  const exact = fraction(factor);
  if (exact === undefined) return c.unknown(`a side of ${size} cannot be scaled by ${factor} before its size is known`);
  return size.mul(exact.numerator).floorDiv(exact.denominator);
}

/** In which way `interpolate` differs from this call, if it does. */
function difference<V>(c: OnnxCall<V>, { sides, factors }: Resizing): string | undefined {
  const { dtype, shape } = c.type(0);
  const mode = c.string('mode', 'nearest');
  const coordinates = c.string('coordinate_transformation_mode', 'half_pixel');
  if (!isFloat(dtype)) return '`interpolate` takes floats';
  if (shape.length < 3 || shape.length > 5) return '`interpolate` takes images of 1 to 3 axes';
  if (mode === 'cubic' && shape.length !== 4) return 'cubic interpolation is for images of two axes';
  if (!shape.slice(0, 2).every((size, axis) => sides[axis]?.equals(size))) return '`interpolate` keeps images and channels';
  if (c.string('keep_aspect_ratio_policy', 'stretch') !== 'stretch') return '`interpolate` does not keep the ratio of the sides';
  if (mode === 'nearest') return isNearest(c, coordinates, factors) ? undefined : '`interpolate` takes the nearest pixel as PyTorch does';
  if (c.flag('antialias') && !factors.every((factor) => factor !== undefined && factor >= 1))
    return '`interpolate` does not smooth before it shrinks';
  if (mode === 'cubic' && Math.abs(c.float('cubic_coeff_a', -0.75) + 0.75) > 1e-6) return '`interpolate` has the coefficient -0.75';
  if (c.flag('exclude_outside')) return '`interpolate` repeats the edge';
  const isOfPyTorch = coordinates === 'pytorch_half_pixel' && sides.every((side) => side.constant !== undefined && side.constant > 1);
  if (coordinates === 'half_pixel' || coordinates === 'align_corners' || isOfPyTorch) return undefined;
  return `\`interpolate\` has no coordinates of the mode ${coordinates}`;
}

/** archc and PyTorch round the quotient of position and factor down; for whole factors, that is what centers of pixels give, too. */
function isNearest<V>(c: OnnxCall<V>, coordinates: string, factors: readonly (number | undefined)[]): boolean {
  const rounding = c.string('nearest_mode', 'round_prefer_floor');
  if (coordinates === 'asymmetric' && rounding === 'floor') return true;
  const isCentered = ['half_pixel', 'pytorch_half_pixel', 'half_pixel_symmetric'].includes(coordinates);
  return isCentered && rounding.startsWith('round') && factors.every((factor) => factor !== undefined && Number.isInteger(factor));
}

export const resizings: Readonly<Record<string, Translation>> = { Resize: resize };
