import { Dim } from '../../dims/dim.js';
import { product } from '../sizes.js';
import { broadcastDemand } from '../symbolic-rule.js';
import type { Shape } from '../types.js';
import { type OnnxCall, type Translation, TypeOnly } from './call.js';
import { axisOf } from './demands.js';

/** A size of 0 copies that of `x` on the same axis, unless `allowzero` is set; one size of -1 is computed. */
const reshape: Translation = (c) => {
  const own = c.shape(0);
  const wanted = c.sizes(1) ?? c.ints('shape')?.map((size) => Dim.of(size)) ?? [];
  const copied = (axis: number): Dim =>
    own[axis] ?? c.rule.fail('bad-option', { message: `a size of 0 copies axis ${axis} of \`data\`, which has rank ${own.length}` });
  const target = wanted.map((size, axis) => (size.constant === 0 && !c.flag('allowzero') ? copied(axis) : size));
  return [c.g.reshape(c.in(0), target)];
};

/** Both shapes broadcast: a size of 1 in the target keeps the size. */
const expand: Translation = (c) => {
  const [from, to] = [c.shape(0), c.sizes(1) ?? []];
  return [
    c.g.expand(
      c.in(0),
      c.rule.broadcast(from, to, (axis) => broadcastDemand('expand', axis, from, to)),
    ),
  ];
};

/** A matrix of the axes before an axis and those from it on. */
const flatten: Translation = (c) => {
  const own = c.shape(0);
  const given = c.int('axis', 1);
  const axis = given === own.length ? given : c.rule.axis(given, own.length);
  if (axis === 1 && own.length > 1) return [c.g.op('flatten', [c.in(0)])];
  return [c.g.reshape(c.in(0), [product(own.slice(0, axis)), product(own.slice(axis))])];
};

/** Parts of the given sizes, or as many of equal size as there are outputs; the last one may be smaller. */
const split: Translation = (c) => {
  const axis = axisOf(c, 0);
  const given = c.sizes(1) ?? c.ints('split')?.map((size) => Dim.of(size));
  if (given !== undefined) return c.g.call('split', [c.in(0)], { sizes: given, axis });
  const parts = c.int('num_outputs', c.node.outputs.length);
  const whole = c.shape(0)[axis] ?? Dim.one;
  const usual = whole.ceilDiv(parts);
  const last = whole.sub(usual.mul(parts - 1));
  c.rule.atLeast(last, 1, () => ({ message: `\`onnx.Split\` cannot cut axis ${axis} of size ${whole} into ${parts} parts` }));
  if (last.equals(usual)) return c.g.call('split', [c.in(0)], { parts, axis });
  return c.g.call('split', [c.in(0)], { sizes: Array.from({ length: parts }, (_, i) => (i < parts - 1 ? usual : last)), axis });
};

const tile: Translation = (c) => [c.g.op('tile', [c.in(0)], { repeats: c.sizes(1) })];

const trilu: Translation = (c) => {
  c.rule.rank('input', c.type(0), { min: 2 }, '[..., N, M]');
  if (!c.isKnown(1)) return [new TypeOnly(c.type(0), 'the diagonal of `triu` and `tril` is known before the model runs')];
  return [c.g.op(c.flag('upper', true) ? 'triu' : 'tril', [c.in(0)], { k: c.numbers(1)?.[0] })];
};

const unsqueeze: Translation = (c) => [c.g.unsqueeze(c.in(0), c.numbers(1) ?? c.ints('axes') ?? [])];

const squeeze: Translation = (c) => [c.g.op('squeeze', [c.in(0)], { axes: c.numbers(1) ?? c.ints('axes') })];

/** The part of the shape from `start` to `end`, both clamped to the axes that there are. */
function shapePart<V>(c: OnnxCall<V>): Shape {
  const own = c.shape(0);
  const at = (name: string, fallback: number): number => {
    const place = c.int(name, fallback);
    return Math.min(Math.max(place < 0 ? place + own.length : place, 0), own.length);
  };
  return own.slice(at('start', 0), at('end', own.length));
}

const shape: Translation = (c) => {
  const { g } = c;
  const part = shapePart(c);
  const numbers = part.map((size) => size.constant);
  if (numbers.every((size) => size !== undefined))
    return [g.constant({ dtype: 'i64', shape: [numbers.length], data: Float64Array.from(numbers) })];
  return [g.op('stack', [part.map((size) => g.size(size, 'i64'))])];
};

export const shapes: Readonly<Record<string, Translation>> = {
  Concat: (c) => [c.g.concat(c.all(), c.int('axis', 0))],
  Expand: expand,
  Flatten: flatten,
  Reshape: reshape,
  Shape: shape,
  Size: (c) => [c.g.size(product(c.shape(0)), 'i64')],
  Split: split,
  Squeeze: squeeze,
  Tile: tile,
  Transpose: (c) => [c.g.op('transpose', [c.in(0)], { perm: c.ints('perm') })],
  Trilu: trilu,
  Unsqueeze: unsqueeze,
};
