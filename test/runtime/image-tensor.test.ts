import { describe, expect, test } from 'vitest';
import { Dim } from '../../src/dims/dim.js';
import type { DType } from '../../src/ops/types.js';
import { inputTensor } from '../../src/runtime/pure/input-tensor.js';
import { elementsOf } from '../../src/runtime/pure/tensor-data.js';
import { tensor } from '../../src/runtime.js';

/** Two rows of three pixels: red rises to the right, green downwards; blue is full, and alpha differs everywhere. */
const image = {
  width: 3,
  height: 2,
  data: Uint8ClampedArray.from([0, 0, 255, 1, 51, 0, 255, 2, 102, 0, 255, 3, 0, 255, 255, 4, 51, 255, 255, 5, 102, 255, 255, 6]),
};

function planes(shape: readonly (number | string)[], options = {}, given: unknown = image, dtype: DType = 'f32') {
  const sizes = shape.map((size) => (typeof size === 'number' ? Dim.of(size) : Dim.variable(size, 1)));
  const result = inputTensor({ name: 'image', dtype, shape: sizes }, given, options);
  return { shape: result.shape, data: [...elementsOf(result)].map((value) => Math.round(Number(value) * 1000) / 1000) };
}

const expected = [0, 0.2, 0.4, 0, 0.2, 0.4, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1];

describe('an image as an input', () => {
  test('becomes planes of red, green and blue from 0 to 1', () => {
    expect(planes(['N', 3, 2, 3])).toEqual({ shape: [1, 3, 2, 3], data: expected });
    expect(planes([3, 'H', 'W'])).toEqual({ shape: [3, 2, 3], data: expected });
    expect(planes([1, 3, 2, 3], {}, { ...image, data: Float32Array.from(image.data, (value) => value / 255) }).data).toEqual(expected);
  });

  test('of another size is scaled if that is asked for', () => {
    const larger = planes(['N', 3, 4, 3], { resize: true });
    expect(larger.shape).toEqual([1, 3, 4, 3]);
    expect(larger.data.slice(12, 24)).toEqual([0, 0, 0, 0.25, 0.25, 0.25, 0.75, 0.75, 0.75, 1, 1, 1]);
    expect(planes([3, 1, 1], { resize: true }).data).toEqual([0.2, 0.5, 1]);
    expect(() => planes([3, 4, 3])).toThrow(
      'the input `image` cannot be used: it is [3, 4, 3], but the image is 3 wide and 2 high: give the option `resize: true` to scale it',
    );
  });

  test.each([
    [['N', 1, 2, 3], 'f32', '[1, 3, 2, 3] of floats, but it is [N, 1, 2, 3] f32'],
    [[2, 3, 2, 3], 'f32', 'but it is [2, 3, 2, 3] f32'],
    [[3, 2, 3], 'i32', 'but it is [3, 2, 3] i32: give its elements'],
  ] as const)('is refused for %s %s', (shape, dtype, message) => {
    expect(() => planes(shape, {}, image, dtype)).toThrow(message);
  });
});

describe('tensor', () => {
  test('keeps elements and sizes', () => {
    const data = new Float32Array(6);
    const made = tensor(data, [2, 3]);
    expect(made).toEqual({ data, shape: [2, 3] });
    expect(made.data).toBe(data);
    expect(planes([2, 3], {}, tensor([0, 0, 0, 1, 1, 1], [2, 3]))).toEqual({ shape: [2, 3], data: [0, 0, 0, 1, 1, 1] });
  });

  test('says what does not fit', () => {
    expect(() => tensor(new Float32Array(6), [2, 4])).toThrow(new RangeError('a tensor of [2, 4] has 8 elements, not 6'));
    expect(() => tensor([1], [0.5])).toThrow(new RangeError('a size is a whole number from 0 on, not 0.5'));
    expect(() => tensor('x' as never, [1])).toThrow(new TypeError('the elements of a tensor are a typed array or a list, not a string'));
    expect(() => tensor([1], 1 as never)).toThrow(new TypeError('the sizes of a tensor are a list, such as [1, 28, 28], not a number'));
  });
});
