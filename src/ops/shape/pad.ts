import { Dim } from '../../dims/dim.js';
import { axes, choice, dimsAttr, float, optionalAttr, positional } from '../attrs.js';
import type { Builder } from '../builder.js';
import { core } from '../define.js';
import { at, eachIndex, positionOf } from '../index-space.js';
import { sizeOf, stridesOf } from '../nd/array.js';
import { only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import type { Rule } from '../rule.js';
import { floats32, ints64 } from '../sample.js';
import { concrete, fromStart, mayBeEmpty, noFlops, withSize } from '../sizes.js';
import type { Shape } from '../types.js';
import { widenInts } from '../widen-ints.js';
import { distinctAxes } from './distinct-axes.js';
import { type PadMode, padModes, padSource } from './pad-source.js';
import { reversed } from './reversed.js';

interface PadAttrs {
  readonly pads: Shape;
  readonly axes: readonly number[] | undefined;
  readonly mode: PadMode;
}

export const pad = core({
  name: 'pad',
  family: 'shape',
  doc: {
    summary: 'Adds positions before and after the axes: a constant, a mirror image, the edge, or the other end.',
    example: 'pad(x, pads = [1, 2], axes = 1)',
    source: 'ONNX Pad, torch.nn.functional.pad',
  },
  inputs: { x: 'any tensor' },
  attrs: {
    pads: dimsAttr('how many positions to add: before each of `axes`, then after each'),
    axes: optionalAttr(axes('the axes to pad; the last one if left out, where `pads` has two sizes')),
    mode: positional(choice('what the new positions hold', padModes, 'constant')),
    value: positional(float('the constant', 0)),
  },
  outputs: ['y'],
  infer: (rule, { x }, { pads, axes, mode }) => {
    rule.rank('x', x, { min: 1 }, '[..., size]');
    if (x.dtype === 'string' && mode === 'constant')
      rule.fail('dtype-mismatch', {
        message: 'pad has no number to put between strings',
        input: 'x',
        help: 'copy elements: `mode = "edge"`',
      });
    if (axes === undefined && pads.length > 2) refuseOrder(rule, pads);
    const padded = distinctAxes(rule, axes ?? [-1], x.shape.length);
    if (pads.length !== 2 * padded.length) {
      rule.fail('bad-option', {
        message: `pad needs ${2 * padded.length} sizes, one before and one after each of ${padded.length} axes, but got ${pads.length}`,
        attr: 'pads',
      });
    }
    let shape: Shape = x.shape;
    for (const [i, axis] of padded.entries()) {
      const size = x.shape[axis] ?? Dim.one;
      const amounts = [pads[i] ?? Dim.zero, pads[i + padded.length] ?? Dim.zero];
      for (const amount of amounts) demandSource(rule, axis, size, amount, mode);
      shape = withSize(
        shape,
        axis,
        amounts.reduce((a, b) => a.add(b), size),
      );
    }
    return [{ dtype: x.dtype, shape }];
  },
  flops: noFlops,
  onnx: (g, { x }, attrs, y) => {
    const { before, after } = perAxis(g.type(x).shape.length, attrs);
    const padded = (wide: typeof x) => {
      const { dtype, shape } = g.type(wide);
      // ONNX Runtime refuses to wrap a tensor without elements.
      if (attrs.mode === 'wrap' && shape.some(mayBeEmpty)) return wrapped(g, wide, before, after);
      const inputs = [wide, g.dims([...before, ...after]), attrs.mode === 'constant' ? g.scalar(attrs.value, dtype) : null];
      return only(g.node('Pad', inputs, { mode: { string: attrs.mode } }, [{ ...only(y), dtype }]));
    };
    return [widenInts(g, [x], ['i8', 'i32', 'i64', 'u8', 'u32', 'u64'], padded)];
  },
  evaluate: ({ x }, attrs) => {
    const { before, after } = perAxis(x.shape.length, attrs);
    const lead = before.map(concrete);
    const shape = x.shape.map((size, axis) => size + (lead[axis] ?? 0) + concrete(after[axis] ?? Dim.zero));
    const strides = stridesOf(x.shape);
    const data = new Float64Array(sizeOf(shape)).fill(attrs.value);
    eachIndex(shape, (index, position) => {
      const source = index.map((i, axis) => padSource(i - (lead[axis] ?? 0), x.shape[axis] ?? 1, attrs.mode));
      const inside = source.filter((i) => i !== undefined);
      if (inside.length === source.length) data[position] = at(x, positionOf(inside, strides));
    });
    return [{ dtype: x.dtype, shape, data }];
  },
  // dx = the middle of dy, plus, except for constants, the gradients of what the added positions copied, axis by axis from the last
  grad: (g, { x: { x }, dy, attrs }) => {
    const { before, after } = perAxis(g.rank(x), attrs);
    let dx = only(dy);
    for (let axis = g.rank(x) - 1; axis >= 0; axis--) {
      const size = g.shape(x)[axis] ?? Dim.one;
      dx = foldedBack(g, dx, axis, size, before[axis] ?? Dim.zero, after[axis] ?? Dim.zero, attrs.mode);
    }
    return { x: dx };
  },
  samples: [
    { inputs: { x: floats32([2, 3]) }, attrs: { pads: [1, 2].map(Dim.of), axes: [1] } },
    { inputs: { x: floats32([2, 3]) }, attrs: { pads: [1, 0, 0, 2].map(Dim.of), axes: [0, 1], value: -1.5 } },
    { inputs: { x: floats32([3, 4]) }, attrs: { pads: [2, 1, 1, 3].map(Dim.of), axes: [0, 1], mode: 'reflect' } },
    { inputs: { x: floats32([2, 3]) }, attrs: { pads: [1, 0, 3, 2].map(Dim.of), axes: [-2, -1], mode: 'edge' } },
    { inputs: { x: floats32([4]) }, attrs: { pads: [2, 3].map(Dim.of), mode: 'wrap', axes: [-1] } },
    { inputs: { x: floats32([2, 3]) }, attrs: { pads: [1, 0, 2, 3].map(Dim.of), mode: 'wrap', axes: [0, 1] } },
    { inputs: { x: ints64([2, 3], 0, 9) }, attrs: { pads: [1, 2].map(Dim.of), mode: 'wrap', axes: [1] } },
    { inputs: { x: ints64([2], 0, 9) }, attrs: { pads: [0, 1].map(Dim.of), value: 7 } },
    { inputs: { x: { dtype: 'i16', shape: [2, 3], min: -9, max: 9 } }, attrs: { pads: [0, 1, 2, 1].map(Dim.of), axes: [0, 1], value: -7 } },
    { inputs: { x: { dtype: 'u16', shape: [3], min: 0, max: 9 } }, attrs: { pads: [2, 1].map(Dim.of), mode: 'reflect' } },
    { inputs: { x: floats32([2, 3, 2]) }, attrs: { pads: [1, 2].map(Dim.of) } },
  ],
});

/** The last positions of each axis, the axis, and its first positions. */
function wrapped<V>(g: OnnxBuilder<V>, x: V, before: Shape, after: Shape): V {
  return before.reduce((y, lead, axis) => {
    const { dtype, shape } = g.type(y);
    const tail = after[axis] ?? Dim.zero;
    const size = shape[axis] ?? Dim.one;
    const part = (start: Dim, end: Dim, length: Dim): readonly V[] =>
      length.constant === 0
        ? []
        : g.node('Slice', [y, g.dims([start]), g.dims([end]), g.ints([axis])], {}, [{ dtype, shape: withSize(shape, axis, length) }]);
    const parts = [...part(size.sub(lead), size, lead), y, ...part(Dim.zero, tail, tail)];
    if (parts.length === 1) return y;
    return only(g.node('Concat', parts, { axis: { int: axis } }, [{ dtype, shape: withSize(shape, axis, lead.add(size).add(tail)) }]));
  }, x);
}

/** Several pairs of sizes are counted in one way here and in ONNX, and in another in PyTorch. Shows both. */
function refuseOrder(rule: Rule, pads: Shape): never {
  const pairs = Math.floor(pads.length / 2);
  const axes = `axes = [${Array.from({ length: pairs }, (_, i) => i - pairs).join(', ')}]`;
  const backwards = Array.from({ length: pairs }, (_, i) => 2 * (pairs - 1 - i));
  const fromTheLast = [...backwards.map((i) => pads[i]), ...backwards.map((i) => pads[i + 1])];
  return rule.fail('bad-option', {
    message: `pad with ${pads.length} sizes needs \`axes\``,
    attr: 'pads',
    help:
      `PyTorch's \`pad(x, [${pads.join(', ')}])\`, in pairs from the last axis, is \`pad(x, [${fromTheLast.join(', ')}], ${axes})\`; ` +
      `all sizes before the axes, then all after them, is \`pad(x, [${pads.join(', ')}], ${axes})\``,
  });
}

/** Demands a valid amount and enough positions to copy from. */
function demandSource(rule: Rule, axis: number, size: Dim, amount: Dim, mode: PadMode): void {
  rule.atLeast(amount, 0, () => ({ message: `pad cannot add ${amount} positions; use slice to remove some`, attr: 'pads' }));
  if (mode === 'constant' || amount.constant === 0) return;
  const most = mode === 'reflect' ? size.sub(1) : size;
  const least = mode === 'edge' ? Dim.one : amount;
  rule.atLeast(most, least, () => ({
    message:
      mode === 'edge'
        ? `axis ${axis} is empty, so it has no edge to repeat`
        : `mode "${mode}" can add at most ${most} positions to axis ${axis} of size ${size}, not ${amount}`,
    attr: 'pads',
  }));
}

function perAxis(rank: number, { pads, axes }: PadAttrs): { readonly before: Shape; readonly after: Shape } {
  const before = pads.slice(0, pads.length / 2);
  const after = pads.slice(pads.length / 2);
  const all = { before: Array.from({ length: rank }, () => Dim.zero), after: Array.from({ length: rank }, () => Dim.zero) };
  for (const [i, axis] of (axes ?? [-1]).entries()) {
    all.before[fromStart(axis, rank)] = before[i] ?? Dim.zero;
    all.after[fromStart(axis, rank)] = after[i] ?? Dim.zero;
  }
  return all;
}

function foldedBack<V>(g: Builder<V>, dy: V, axis: number, size: Dim, before: Dim, after: Dim, mode: PadMode): V {
  if (before.constant === 0 && after.constant === 0) return dy;
  const start = before;
  const end = before.add(size);
  let dx = g.slice(dy, axis, start, end);
  if (mode === 'constant') return dx;
  const place = (part: V, lead: Dim, tail: Dim): void => {
    dx = g.add(dx, g.op('pad', [part], { axes: [axis], pads: [lead, tail] }));
  };
  const rest = size.sub(1);
  if (before.constant !== 0) {
    const head = g.slice(dy, axis, 0, start);
    if (mode === 'edge') place(g.sum(head, [axis], true), Dim.zero, rest);
    else if (mode === 'wrap') place(head, size.sub(before), Dim.zero);
    else place(reversed(g, head, axis), Dim.one, rest.sub(before));
  }
  if (after.constant !== 0) {
    const tail = g.slice(dy, axis, end, end.add(after));
    if (mode === 'edge') place(g.sum(tail, [axis], true), rest, Dim.zero);
    else if (mode === 'wrap') place(tail, Dim.zero, size.sub(after));
    else place(reversed(g, tail, axis), rest.sub(after), Dim.one);
  }
  return dx;
}
