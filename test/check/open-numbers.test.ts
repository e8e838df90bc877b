import { expect, test } from 'vitest';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { compileText, complaints, rendered } from '../kit/source.js';

const ort = useOrt();

const model = (expression: string) => `model M(x: Tensor[T]) -> (y: Tensor[T]) { return ${expression} }`;

/** Expressions of the size `T`, which only a run knows, and what they are. */
const numbers: Readonly<Record<string, (T: number) => number>> = {
  T: (T) => T,
  'T / 2.0': (T) => T / 2,
  'T // 2 * 0.1': (T) => Math.floor(T / 2) * 0.1,
  'float(T)': (T) => T,
  'float(T // 2) / 3': (T) => Math.floor(T / 2) / 3,
  'sqrt(T)': (T) => Math.sqrt(T),
  '2.0 ** T': (T) => 2 ** T,
  'exp(-T)': (T) => Math.exp(-T),
  'max(T, 3)': (T) => Math.max(T, 3),
  'max(T, 2.5)': (T) => Math.max(T, 2.5),
  'max([T, 2.5, 3.5])': (T) => Math.max(T, 3.5),
  'min(T, 0.5, 0.25)': () => 0.25,
  'sum([T, 1.5, 2 * T])': (T) => 3 * T + 1.5,
  'sum([x, T, 1.5])': (T) => T + 1.5,
  'max([x, float(T), 2])': (T) => Math.max(T, 2),
  'abs(float(T) - 4.5)': (T) => Math.abs(T - 4.5),
  'floor(max(T, 2.5) / 2)': (T) => Math.floor(Math.max(T, 2.5) / 2),
};

test.each(Object.entries(numbers))('x + %s is computed when the model runs', async (expression, wanted) => {
  const { bytes } = builtModel(model(`x + ${expression}`));
  for (const T of [1, 2, 6]) {
    const { y } = await ort.run(bytes, { x: { dtype: 'f32', shape: [T], data: new Float64Array(T) } });
    for (const value of y?.data ?? [Number.NaN]) expect(value).toBeCloseTo(wanted(T), 5);
  }
});

/** What must be known in the compiler and is not. None of it may compile to some number, or to nothing without a word. */
const refused: Readonly<Record<string, string>> = {
  'where((x > 0) & (T > 3), x, -x)': 'not-a-constant',
  'where((x > 0) & (T % 2 == 0), x, -x)': 'not-a-constant',
  'full([T], T) + x': 'not-a-constant',
  'leaky_relu(x, T)': 'not-a-constant',
  'leaky_relu(x, max(T, 2.5))': 'argument-kind',
  'x + floor(inf)': 'builtin-kind',
  'x + int(1e300)': 'builtin-kind',
};

test.each(Object.entries(refused))('%s is refused', (expression, code) => {
  const result = compileText(model(expression));
  expect(complaints(result), rendered(result)).toEqual([`${code}@1`]);
});
