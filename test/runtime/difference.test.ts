import { describe, expect, test } from 'vitest';
import { differenceOf } from '../../src/runtime/pure/difference.js';
import { tensorOf } from '../../src/runtime/pure/tensor-numbers.js';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

function compared(shape: readonly number[], got: readonly number[], wanted: readonly number[]) {
  return differenceOf(tensorOf('f32', shape, got), tensorOf('f32', shape, wanted));
}

describe('the difference of two tensors', () => {
  test('counts the root mean square, the largest difference, the least cosine and the same choices', () => {
    const found = compared([2, 2], [3, 4, 0, 2], [4, 3, 0, 2]);
    expect(found).toMatchObject({ largest: 1, largestNumber: 4, sameChoice: 0.5, rows: 2, undefinedRows: [], lost: undefined });
    expect(found.relative).toBeCloseTo(Math.sqrt(2 / 29), 6);
    expect(found.cosine).toBeCloseTo(24 / 25, 6);
  });

  test('leaves out rows of which the exact tensor has a NaN, and says which', () => {
    const found = compared([2, 2, 2], [1, 1, 5, 5, nan, 0, 1, 2], [1, 1, nan, 5, nan, nan, 1, 2]);
    expect(found).toMatchObject({
      relative: 0,
      largest: 0,
      largestNumber: 2,
      sameChoice: 1,
      rows: 4,
      undefinedRows: [
        [0, 1],
        [1, 0],
      ],
      lost: undefined,
    });
    expect(found.cosine).toBeCloseTo(1, 6);
  });

  test('of one axis leaves out single elements', () => {
    expect(compared([3], [1, nan, 3], [1, nan, 3])).toMatchObject({ relative: 0, rows: 3, undefinedRows: [[1]], cosine: undefined });
    expect(compared([3], [1, 2, 3], [1, 2, 3])).toMatchObject({ sameChoice: 1, rows: 3 });
  });

  test('says nothing if all rows are NaN', () => {
    expect(compared([1, 2], [nan, 1], [nan, nan])).toMatchObject({
      relative: nan,
      cosine: undefined,
      sameChoice: undefined,
      undefinedRows: [[0]],
    });
  });

  test.each([nan, inf, -inf])('finds %d where the exact number is finite', (value) => {
    expect(compared([2, 2], [1, 2, 3, value], [1, 2, 3, 4]).lost).toEqual({ index: [1, 1], value });
  });

  test('skips infinities that are the same, and none that differ', () => {
    expect(compared([2, 2], [-inf, 1, 2, -inf], [-inf, 2, 2, -inf])).toMatchObject({ largest: 1, largestNumber: 2, lost: undefined });
    expect(compared([1, 2], [5, 1], [inf, 1])).toMatchObject({ largest: inf, relative: inf, lost: undefined });
  });

  test('of integers is the share of equal elements', () => {
    const found = differenceOf(tensorOf('i64', [4], [1, 2, 3, 4]), tensorOf('i64', [4], [1, 2, 3, 5]));
    expect(found).toMatchObject({ sameChoice: 0.75, cosine: undefined });
  });
});
