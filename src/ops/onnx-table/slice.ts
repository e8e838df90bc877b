import { Dim } from '../../dims/dim.js';
import { openEnd } from '../shape/slice-range.js';
import { type Translation, TypeOnly } from './call.js';

/** ONNX clamps positions to the axis, and archc takes none beyond it. On an axis of open size, a position must be one that it has. */
function clamped(position: Dim, size: Dim, backward: boolean): Dim {
  const [at, length] = [position.constant, size.constant];
  if (at === undefined) return position;
  if (Math.abs(at) >= openEnd) return Dim.of(Math.sign(at) * openEnd);
  if (length === undefined) return position;
  const counted = at < 0 ? at + length : at;
  if (!backward) return Dim.of(Math.min(Math.max(counted, 0), length));
  return Dim.of(counted < 0 ? -openEnd : Math.min(counted, length - 1));
}

const slice: Translation = (c) => {
  const own = c.shape(0);
  const asSizes = (name: string) => c.ints(name)?.map((position) => Dim.of(position));
  const starts = c.sizes(1) ?? asSizes('starts') ?? [];
  const ends = c.sizes(2) ?? asSizes('ends') ?? [];
  const axes = (c.numbers(3) ?? c.ints('axes') ?? starts.map((_, i) => i)).map((axis) => c.rule.axis(axis, own.length, 'axes'));
  const steps = c.numbers(4) ?? starts.map(() => 1);
  const limited = (positions: readonly Dim[]) =>
    positions.map((position, i) => clamped(position, own[axes[i] ?? 0] ?? Dim.one, (steps[i] ?? 1) < 0));
  return [c.g.op('slice', [c.in(0)], { axes, starts: limited(starts), ends: limited(ends), steps })];
};

/** Negative pads cut positions off. */
const pad: Translation = (c) => {
  const { g } = c;
  const pads = c.sizes(1) ?? c.ints('pads')?.map((size) => Dim.of(size)) ?? [];
  const axes = (c.numbers(3) ?? c.ints('axes') ?? [...c.shape(0).keys()]).map((axis) => c.rule.axis(axis, c.rank(0), 'axes'));
  const mode = c.string('mode', 'constant');
  const value = c.isKnown(2) ? (c.numbers(2)?.[0] ?? c.float('value', 0)) : 0;
  const cuts = pads.map((size) => (size.constant !== undefined && size.constant < 0 ? -size.constant : 0));
  const isCut = cuts.some((size) => size > 0);
  const padded = g.op('pad', [c.in(0)], {
    pads: isCut ? pads.map((size, i) => (cuts[i] === 0 ? size : Dim.zero)) : pads,
    axes,
    mode,
    value,
  });
  if (!isCut) return [c.isKnown(2) ? padded : new TypeOnly(g.type(padded), 'the constant of `pad` is known before the model runs')];
  const starts = axes.map((_, i) => Dim.of(cuts[i] ?? 0));
  const ends = axes.map((axis, i) => (g.shape(padded)[axis] ?? Dim.one).sub(cuts[i + axes.length] ?? 0));
  const cut = g.op('slice', [padded], { axes, starts, ends });
  return [
    mode === 'constant' && c.isKnown(2) ? cut : new TypeOnly(g.type(cut), 'what is cut off is not known to be cut before it is copied'),
  ];
};

export const slices: Readonly<Record<string, Translation>> = { Pad: pad, Slice: slice };
