import type { Dim } from '../../dims/dim.js';
import { axis, bool, optionalAttr } from '../attrs.js';
import type { Builder } from '../builder.js';
import { core } from '../define.js';
import { ndArray, sizeOf } from '../nd/array.js';
import { lanesOf } from '../nd/lanes.js';
import { nth, only } from '../only.js';
import { castNode } from '../onnx-cast.js';
import { demandNotEmpty } from '../option-bounds.js';
import { bools, exactly, floats32, ints64 } from '../sample.js';
import { elements, fromStart, product, withSize } from '../sizes.js';
import { type DType, isInt, type NdArray, type TensorType } from '../types.js';

export const unique = core({
  name: 'unique',
  family: 'index',
  doc: {
    summary: 'The distinct elements in ascending order; with an axis, the distinct slices, compared element by element.',
    example: 'unique(x) as [K]',
    source: 'torch.unique, ONNX Unique. NaN has no place in the order: it may hide other elements',
  },
  inputs: { x: 'booleans or numbers of rank 1 or more' },
  attrs: {
    inverse: bool('also where each element is among the results: i64, in the shape of `x`, or, with an axis, for each slice', false),
    counts: bool('also how often each one occurs, as i64', false),
    axis: optionalAttr(axis('the axis of the slices; without it, elements are compared')),
  },
  outputs: ['values', 'inverse', 'counts'],
  outputsFor: ({ inverse, counts }) => ['values', ...(inverse ? ['inverse'] : []), ...(counts ? ['counts'] : [])],
  effects: 'new-size',
  infer: (rule, { x }, { inverse, counts, axis }) => {
    rule.rank('x', x, { min: 1 }, '[..., size]');
    rule.dtype('x', x, x.dtype === 'bool' ? 'bool' : 'number');
    const along = axis === undefined ? undefined : rule.axis(axis, x.shape.length);
    // ONNX Runtime 1.30 ends the process where slices have no elements.
    if (along !== undefined) demandNotEmpty(rule, '`unique` with an axis', 'x', x, others(x.shape, along));
    const all = along === undefined ? elements(x) : nth(x.shape, along);
    const size = rule.newSize('distinct', all.min(1), all);
    const places = along === undefined ? x.shape : [all];
    return [
      { dtype: x.dtype, shape: along === undefined ? [size] : withSize(x.shape, along, size) },
      ...(inverse ? [{ dtype: 'i64', shape: places } as const] : []),
      ...(counts ? [{ dtype: 'i64', shape: [size] } as const] : []),
    ];
  },
  flops: ({ x }) => elements(x),
  onnx: (g, { x }, { inverse, counts, axis }, y) => {
    const { shape } = g.type(x);
    const along = axis === undefined ? undefined : fromStart(axis, shape.length);
    const values = nth(y, 0);
    const given = castNode(g, x, kernelFor(values.dtype));
    const all = along === undefined ? elements(shape) : nth(shape, along);
    const vector = (size: Dim): TensorType => ({ dtype: 'i64', shape: [size] });
    const size = nth(values.shape, along ?? 0);
    const attrs = { sorted: { int: 1 }, axis: along === undefined ? undefined : { int: along } };
    const made = g.node('Unique', [given], attrs, [{ ...values, dtype: g.type(given).dtype }, vector(size), vector(all), vector(size)]);
    const places = nth(made, 2);
    const isFlat = along === undefined && shape.length > 1;
    return [
      castNode(g, nth(made, 0), values.dtype),
      ...(inverse ? [isFlat ? only(g.node('Reshape', [places, g.dims(shape)], { allowzero: { int: 1 } }, [nth(y, 1)])) : places] : []),
      ...(counts ? [nth(made, 3)] : []),
    ];
  },
  evaluate: ({ x }, { inverse, counts, axis }) => {
    const found =
      axis === undefined ? distinct([...x.data].map((value) => [value])) : distinct(slicesOf(x, fromStart(axis, x.shape.length)));
    const { slices, places, occurrences } = found;
    const values =
      axis === undefined
        ? ndArray(x.dtype, [slices.length], Float64Array.from(slices.flat()))
        : joined(x, slices, fromStart(axis, x.shape.length));
    return [
      values,
      ...(inverse ? [ndArray('i64', axis === undefined ? x.shape : [places.length], Float64Array.from(places))] : []),
      ...(counts ? [ndArray('i64', [slices.length], Float64Array.from(occurrences))] : []),
    ];
  },
  // dx = dvalues where each slice of x went, shared by equal ones
  grad: (g, { x: { x }, y, dy, attrs: { axis } }) => {
    const along = axis === undefined ? undefined : fromStart(axis, g.rank(x));
    const [slices, distinct] = [rows(g, x, along), rows(g, nth(y, 0), along)];
    const pairs = g.equal(g.unsqueeze(slices, [1]), g.unsqueeze(distinct, [0]));
    const same = g.cast(g.op('all', [pairs], { axes: [2] }), g.type(x).dtype);
    const shares = g.div(same, g.sum(same, [0], true));
    return { x: like(g, g.matmul(shares, rows(g, nth(dy, 0), along)), x, along) };
  },
  samples: [
    { inputs: { x: exactly('f32', [2, 3], [2, -1, 4, 0.5, -3, 1]) } },
    { inputs: { x: exactly('i64', [6], [2, -1, 2, 3, -1, 2]) } },
    { inputs: { x: ints64([3, 4], 0, 5) }, attrs: { inverse: true, counts: true } },
    { inputs: { x: ints64([2, 3, 2], -2, 2) }, attrs: { inverse: true } },
    { inputs: { x: exactly('i32', [5], [7, 7, 7, 7, 7]) }, attrs: { counts: true } },
    { inputs: { x: bools([4, 2]) }, attrs: { counts: true, inverse: true } },
    { inputs: { x: exactly('i64', [4, 2], [1, 2, 0, 5, 1, 2, 0, 4]) }, attrs: { axis: 0, inverse: true, counts: true } },
    { inputs: { x: exactly('f32', [2, 4], [3, 1, 4, 2, 0, 2, 0.5, 1]) }, attrs: { axis: -1, inverse: true } },
    { inputs: { x: exactly('i8', [2, 3, 2], [1, 0, 2, 0, 1, 0, 0, 0, 0, 1, 0, 0]) }, attrs: { axis: 1, counts: true } },
    { inputs: { x: floats32([0]) }, attrs: { inverse: true, counts: true } },
    { inputs: { x: exactly('f16', [4], [1, 0.5, 2, 0.25]) } },
  ],
});

/** The type in which ONNX Runtime compares elements of a type. */
function kernelFor(dtype: DType): DType {
  if (dtype === 'bool') return 'i8';
  if (isInt(dtype)) return dtype === 'i8' ? 'i8' : 'i64';
  return dtype === 'f64' ? 'f64' : 'f32';
}

/** The slices along an axis, each as one row; without an axis, each element is one. */
function rows<V>(g: Builder<V>, x: V, axis: number | undefined): V {
  const shape = g.shape(x);
  if (axis === undefined) return g.reshape(x, [product(shape), 1]);
  const rest = others(shape, axis);
  return g.reshape(axis === 0 ? x : g.transpose(x, [axis, ...rest]), [nth(shape, axis), product(rest.map((i) => nth(shape, i)))]);
}

/** Rows as slices of a tensor like `x`: the inverse of `rows`. */
function like<V>(g: Builder<V>, rows: V, x: V, axis: number | undefined): V {
  const shape = g.shape(x);
  if (axis === undefined) return g.reshape(rows, shape);
  const perm = [axis, ...others(shape, axis)];
  const moved = g.reshape(
    rows,
    perm.map((i) => nth(shape, i)),
  );
  return axis === 0
    ? moved
    : g.transpose(
        moved,
        perm.map((_, i) => perm.indexOf(i)),
      );
}

function others(shape: readonly unknown[], axis: number): readonly number[] {
  return [...shape.keys()].filter((i) => i !== axis);
}

/** The distinct slices in order, the place among them of each one given, and how often each occurs. */
function distinct(slices: readonly (readonly number[])[]) {
  const sorted = slices.toSorted(compare).filter((slice, i, all) => i === 0 || compare(slice, all[i - 1] ?? []) !== 0);
  const places = slices.map((slice) => sorted.findIndex((other) => compare(slice, other) === 0));
  return { slices: sorted, places, occurrences: sorted.map((_, i) => places.filter((place) => place === i).length) };
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) if (value !== b[i]) return value - (b[i] ?? 0);
  return 0;
}

/** The elements at each position of an axis, in row-major order. */
function slicesOf({ data, shape }: NdArray, axis: number): readonly (readonly number[])[] {
  const { outers, length, inners } = lanesOf(shape, axis);
  return Array.from({ length }, (_, at) =>
    Array.from({ length: outers }, (_, outer) => [
      ...data.subarray((outer * length + at) * inners, (outer * length + at + 1) * inners),
    ]).flat(),
  );
}

/** A tensor like `x` with these slices along an axis. */
function joined(x: NdArray, slices: readonly (readonly number[])[], axis: number): NdArray {
  const shape = x.shape.map((size, i) => (i === axis ? slices.length : size));
  const { outers, length, inners } = lanesOf(shape, axis);
  const data = new Float64Array(sizeOf(shape));
  for (const [at, slice] of slices.entries())
    for (let outer = 0; outer < outers; outer++)
      data.set(slice.slice(outer * inners, (outer + 1) * inners), (outer * length + at) * inners);
  return { dtype: x.dtype, shape, data };
}
