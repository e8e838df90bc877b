import { dtypeOfDataType } from '../../../src/6-emit/onnx/data-type.js';
import { Dim } from '../../../src/dims/dim.js';
import { openEnd } from '../../../src/ops/shape/slice-range.js';
import type { NodeCall, Translation } from '../node-call.js';

function sizes<V>(c: NodeCall<V>, i = 0): readonly number[] {
  return c.g.shape(c.in(i)).map((size) => size.constant!);
}

/** ONNX clamps positions to the axis; archc takes none beyond it. */
function clamped(position: number, size: number, backward: boolean): number {
  if (Math.abs(position) >= openEnd) return Math.sign(position) * openEnd;
  const counted = position < 0 ? position + size : position;
  if (!backward) return Math.min(Math.max(counted, 0), size);
  return counted < 0 ? -openEnd : Math.min(counted, size - 1);
}

const split: Translation = (c) => {
  const axis = c.int('axis', 0);
  const given = c.numbers(1) ?? c.ints('split');
  if (given !== undefined) return c.g.call('split', [c.in(0)], { sizes: given, axis });
  const parts = c.node.output!.length;
  const whole = sizes(c).at(axis)!;
  if (whole % parts === 0) return c.g.call('split', [c.in(0)], { parts, axis });
  const part = Math.ceil(whole / parts);
  return c.g.call('split', [c.in(0)], {
    sizes: Array.from({ length: parts }, (_, i) => Math.min(part, whole - i * part)),
    axis,
  });
};

const shape: Translation = (c) => {
  const rank = c.g.rank(c.in(0));
  const at = (name: string, fallback: number): number => {
    const position = c.int(name, fallback);
    return Math.min(Math.max(position < 0 ? position + rank : position, 0), rank);
  };
  const part = c.g.shape(c.in(0)).slice(at('start', 0), at('end', rank));
  if (part.length === 0) return [c.g.op('zeros', [], { shape: [0], dtype: 'i64' })];
  return [c.g.op('stack', [part.map((size) => c.g.op('dim_value', [], { size }))])];
};

export const shapes: Readonly<Record<string, Translation>> = {
  Concat: (c) => [
    c.g.concat(
      c.x.map((_, i) => c.in(i)),
      c.int('axis', 0),
    ),
  ],
  ConstantOfShape: (c) => {
    const value = c.attribute('value')?.t;
    const dtype = dtypeOfDataType(value?.dataType ?? 1);
    const raw = value?.rawData;
    const [number] =
      raw === undefined ? (value?.floatData ?? value?.int32Data ?? value?.int64Data ?? [0]) : new Int32Array(raw.slice().buffer);
    return [c.g.op('full', [], { shape: c.numbers(0), value: Number(number), dtype })];
  },
  Expand: (c) => {
    // ONNX broadcasts both ways: 1 keeps the size.
    const target = c.numbers(1)!;
    const own = sizes(c);
    const rank = Math.max(target.length, own.length);
    const aligned = (list: readonly number[]) => [...new Array<number>(rank - list.length).fill(1), ...list];
    const [to, from] = [aligned(target), aligned(own)];
    return [
      c.g.expand(
        c.in(0),
        to.map((size, i) => Math.max(size, from[i]!)),
      ),
    ];
  },
  EyeLike: (c) => {
    const [rows, columns] = sizes(c);
    const dtype = c.has('dtype') ? dtypeOfDataType(c.int('dtype', 1)) : c.g.type(c.in(0)).dtype;
    return [c.g.op('eye', [], { rows, columns, k: c.int('k', 0), dtype })];
  },
  Flatten: (c) => {
    const rank = c.g.rank(c.in(0));
    const given = c.int('axis', 1);
    const axis = given < 0 ? given + rank : given;
    if (axis === 0) return [c.g.unsqueeze(c.g.op('flatten', [c.in(0)], { start: 0 }), [0])];
    return [c.g.op('flatten', [c.g.op('flatten', [c.in(0)], { start: 0, end: axis - 1 })])];
  },
  Pad: (c) => {
    const pads = c.numbers(1) ?? c.ints('pads');
    const [value] = c.numbers(2) ?? [0];
    // Without axes, ONNX pads all of them, in its own order.
    const axes = c.numbers(3) ?? c.g.shape(c.in(0)).map((_, axis) => axis);
    return [c.g.op('pad', [c.in(0)], { pads, axes, mode: c.string('mode', 'constant'), value })];
  },
  Reshape: (c) => {
    const own = c.g.shape(c.in(0));
    const copies = c.int('allowzero', 0) === 0;
    return [
      c.g.reshape(
        c.in(0),
        c.numbers(1)!.map((size, i) => (size === 0 && copies ? own[i]! : Dim.of(size))),
      ),
    ];
  },
  Shape: shape,
  Slice: (c) => {
    const own = sizes(c);
    const starts = c.numbers(1)!;
    const axes = c.numbers(3) ?? starts.map((_, i) => i);
    const steps = c.numbers(4) ?? starts.map(() => 1);
    const limit = (list: readonly number[]) => list.map((position, i) => clamped(position, own.at(axes[i]!)!, steps[i]! < 0));
    return [c.g.op('slice', [c.in(0)], { axes, starts: limit(starts), ends: limit(c.numbers(2)!), steps })];
  },
  Split: split,
  Squeeze: (c) => [c.g.op('squeeze', [c.in(0)], { axes: c.numbers(1) })],
  Tile: (c) => [c.g.op('tile', [c.in(0)], { repeats: c.numbers(1) })],
  Transpose: (c) => [c.g.op('transpose', [c.in(0)], { perm: c.ints('perm') })],
  Trilu: (c) => [c.g.op(c.int('upper', 1) === 1 ? 'triu' : 'tril', [c.in(0)], { k: c.numbers(1)?.[0] })],
  Unsqueeze: (c) => [c.g.unsqueeze(c.in(0), c.numbers(1)!)],
};
