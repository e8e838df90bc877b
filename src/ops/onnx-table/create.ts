import { Dim } from '../../dims/dim.js';
import type { Shape } from '../types.js';
import { type Translation, TypeOnly } from './call.js';

/** A constant in one of the forms that files have for it. */
const constant: Translation = (c) => {
  const stored = c.tensor('value');
  if (stored !== undefined) return [c.g.constant(stored)];
  const vector = (dtype: 'f32' | 'i64', list: readonly number[]) =>
    c.g.constant({ dtype, shape: [list.length], data: Float64Array.from(list) });
  if (c.has('value_float')) return [c.g.scalar(c.float('value_float', 0), 'f32')];
  if (c.has('value_int')) return [c.g.scalar(c.int('value_int', 0), 'i64')];
  if (c.has('value_floats')) return [vector('f32', c.floats('value_floats') ?? [])];
  if (c.has('value_ints')) return [vector('i64', c.ints('value_ints') ?? [])];
  return c.unknown('archc has no constants of strings and no sparse ones');
};

const constantOfShape: Translation = (c) => {
  const { dtype, data } = c.tensor('value') ?? { dtype: 'f32', data: [0] };
  return [c.g.op('full', [], { shape: c.sizes(0), value: data[0], dtype })];
};

const eyeLike: Translation = (c) => {
  const { dtype } = c.type(0);
  c.rule.rank('input', c.type(0), 2, '[rows, columns]');
  const [rows, columns] = c.shape(0);
  return [c.g.op('eye', [], { rows, columns, k: c.int('k', 0), dtype: c.dtype('dtype', dtype) })];
};

/** Numbers in equal steps: of integers from sizes, of floats only if the limits are known as numbers. */
const range: Translation = (c) => {
  const { g } = c;
  const { dtype } = c.type(0);
  for (const i of [0, 1, 2]) c.rule.rank(c.nameOf(i), c.type(i), 0, 'a scalar');
  if (dtype.startsWith('i')) {
    const [[start], [end], [step]] = [c.sizes(0) ?? [], c.sizes(1) ?? [], c.numbers(2) ?? []];
    const isEmpty = start?.constant !== undefined && end?.constant !== undefined && (end.constant - start.constant) * (step ?? 1) <= 0;
    return [g.op('range', [], { start, end: isEmpty ? start : end, step, dtype })];
  }
  const [[start = 0], [end = 0], [step = 1]] = [c.numbers(0) ?? [], c.numbers(1) ?? [], c.numbers(2) ?? []];
  const count = Math.max(0, Math.ceil((end - start) / step));
  if (!Number.isSafeInteger(count))
    c.rule.fail('bad-option', { message: `a range from ${start} to ${end} in steps of ${step} has no number of elements` });
  return [g.shift(g.scale(g.op('range', [], { end: count, dtype }), step), start)];
};

/** A window of a cosine series: `a0 - a1*cos(2πi/M) + a2*cos(4πi/M)`, where M is the size, or one less for a symmetric window. */
function cosineWindow(a0: number, a1: number, a2: number): Translation {
  return (c) => {
    const { g } = c;
    const dtype = c.dtype('output_datatype', 'f32');
    const [size = Dim.one] = c.sizes(0) ?? [];
    const period = c.flag('periodic', true) ? size : size.sub(1);
    const turns = g.div(g.op('range', [], { end: size, dtype: 'f32' }), g.size(period, 'f32'));
    const wave = (k: number) => g.op('cos', [g.scale(turns, 2 * Math.PI * k)]);
    const first = g.shift(g.scale(wave(1), -a1), a0);
    return [g.cast(a2 === 0 ? first : g.add(first, g.scale(wave(2), a2)), dtype)];
  };
}

const noChance = 'archc draws no random numbers in a graph';

/** Random numbers of a shape that an attribute gives. */
const random: Translation = (c) => {
  const shape: Shape = (c.ints('shape') ?? []).map((size) => Dim.of(size));
  return [new TypeOnly({ dtype: c.dtype('dtype', 'f32'), shape }, noChance)];
};

const randomLike: Translation = (c) => {
  const { dtype, shape } = c.type(0);
  return [new TypeOnly({ dtype: c.dtype('dtype', dtype), shape }, noChance)];
};

const multinomial: Translation = (c) => {
  c.rule.rank('input', c.type(0), 2, '[N, classes]');
  const [batch = Dim.one] = c.shape(0);
  return [new TypeOnly({ dtype: c.dtype('dtype', 'i32'), shape: [batch, Dim.of(c.int('sample_size', 1))] }, noChance)];
};

export const creations: Readonly<Record<string, Translation>> = {
  Bernoulli: randomLike,
  BlackmanWindow: cosineWindow(0.42, 0.5, 0.08),
  Constant: constant,
  ConstantOfShape: constantOfShape,
  EyeLike: eyeLike,
  HammingWindow: cosineWindow(25 / 46, 21 / 46, 0),
  HannWindow: cosineWindow(0.5, 0.5, 0),
  Multinomial: multinomial,
  RandomNormal: random,
  RandomNormalLike: randomLike,
  RandomUniform: random,
  RandomUniformLike: randomLike,
  Range: range,
};
