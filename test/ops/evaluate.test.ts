import { expect, test } from 'vitest';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { ndArray } from '../../src/ops/nd/array.js';
import { expanded, offsetsOf } from '../../src/ops/nd/broadcast.js';
import { erf } from '../../src/ops/nd/erf.js';
import { roundHalfEven, roundNumber } from '../../src/ops/nd/round.js';
import { opNamed } from '../../src/ops/registry.js';
import { RuleFailure } from '../../src/ops/rule.js';

test('a call that breaks the shape rule throws a RuleFailure', () => {
  const a = ndArray('f32', [2, 3]);
  const b = ndArray('f32', [2]);
  expect(() => evaluateOp(operator('add'), [a, b])).toThrow(RuleFailure);
});

test('a call with too few inputs is a bug of the caller', () => {
  expect(() => evaluateOp(operator('add'), [ndArray('f32', [])])).toThrow('add needs its input b');
  expect(() => evaluateOp(operator('neg'), [[ndArray('f32', [])]])).toThrow('the input x of neg is required');
});

test('views read the elements that their strides say', () => {
  expect([...offsetsOf([2, 3], [0, 2], 1)]).toEqual([1, 3, 5, 1, 3, 5]);
  expect([...offsetsOf([3], [-1], 2)]).toEqual([2, 1, 0]);
  expect([...offsetsOf([2, 0], [0, 1])]).toEqual([]);
  const column = ndArray('f32', [2, 1], Float64Array.of(7, 8));
  expect([...expanded(column, [2, 2, 2]).data]).toEqual([7, 7, 8, 8, 7, 7, 8, 8]);
});

test('halves are rounded to even', () => {
  expect([-2.5, -1.5, -0.4, 0.5, 1.5, 2.5, 2.6].map(roundHalfEven).map((x) => x + 0)).toEqual([-2, -2, 0, 0, 2, 2, 3]);
});

test('numbers are rounded to what an element type can hold', () => {
  expect(roundNumber('f32', 0.1)).toBe(Math.fround(0.1));
  // The neighbours of 0.1 in half precision and bfloat16, from IEEE 754.
  expect(roundNumber('f16', 0.1)).toBe(0.0999755859375);
  expect(roundNumber('bf16', 0.1)).toBe(0.10009765625);
  expect(roundNumber('f16', 65519)).toBe(65504);
  expect(roundNumber('f16', -65520)).toBe(Number.NEGATIVE_INFINITY);
  expect(roundNumber('f16', 2 ** -24)).toBe(2 ** -24);
  expect(roundNumber('f16', 2 ** -25)).toBe(0);
  expect(roundNumber('f16', Number.NaN)).toBeNaN();
  expect(roundNumber('i8', 200)).toBe(-56);
  expect(roundNumber('u8', -1)).toBe(255);
  expect(roundNumber('i32', 2 ** 31)).toBe(-(2 ** 31));
  expect(roundNumber('i64', -1.9)).toBe(-1);
  expect(roundNumber('bool', -0.5)).toBe(1);
});

test('erf agrees with tables', () => {
  // Abramowitz and Stegun, table 7.1, and DLMF 7.23.
  const table: readonly (readonly [number, number])[] = [
    [0, 0],
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [3, 0.9999779095030014],
    [5, 0.9999999999984626],
  ];
  for (const [x, y] of table) {
    expect(Math.abs(erf(x) - y)).toBeLessThan(1e-15);
    expect(erf(-x) + 0).toBe(-erf(x) + 0);
  }
});

test('the mean of one element is that element, and nothing is left of it in a variance', () => {
  const x = ndArray('f32', [3, 1], Float64Array.of(1 / 5, 1 / 11, 1 / 17));
  expect(evaluateOp(operator('mean'), [x], { axes: [1] })[0]?.data).toEqual(x.data);
  expect(evaluateOp(operator('var'), [x], { axes: [1] })[0]?.data).toEqual(Float64Array.of(Number.NaN, Number.NaN, Number.NaN));
  expect(evaluateOp(operator('std'), [x], { axes: [1], unbiased: false })[0]?.data).toEqual(new Float64Array(3));
});

function operator(name: string) {
  const op = opNamed(name);
  if (op === undefined) throw new Error(`there is no operator ${name}`);
  return op;
}
