import { describe, expect, test } from 'vitest';
import { Dim } from '../../src/dims/dim.js';
import type { DType } from '../../src/ops/types.js';
import { FeedError } from '../../src/runtime/pure/feed-error.js';
import { inputTensor } from '../../src/runtime/pure/input-tensor.js';
import { elementsOf } from '../../src/runtime/pure/tensor-data.js';

/** The shape and the elements that an input `x` gets; a size that is a text is open. */
function made(dtype: DType, sizes: readonly (number | string)[], value: unknown) {
  const shape = sizes.map((size) => (typeof size === 'number' ? Dim.of(size) : Dim.variable(size, 0)));
  const tensor = inputTensor({ name: 'x', dtype, shape }, value);
  expect(tensor.dtype).toBe(dtype);
  return { shape: tensor.shape, elements: [...(elementsOf(tensor) as Iterable<unknown>)] };
}

function complaint(dtype: DType, sizes: readonly (number | string)[], value: unknown): string {
  try {
    made(dtype, sizes, value);
  } catch (error) {
    if (error instanceof FeedError) return error.message;
    throw error;
  }
  return 'none';
}

describe('what a program gives for an input', () => {
  test.each<[string, DType, (number | string)[], unknown, number[], unknown[]]>([
    ['a number', 'f32', [], 1.5, [], [1.5]],
    ['a list', 'i64', ['N'], [1, 2, 3], [3], [1n, 2n, 3n]],
    [
      'lists of lists',
      'f32',
      ['N', 2],
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [3, 2],
      [1, 2, 3, 4, 5, 6],
    ],
    ['lists of typed arrays', 'f32', ['N', 2], [new Float32Array([1, 2]), new Float32Array([3, 4])], [2, 2], [1, 2, 3, 4]],
    ['a typed array for one open size', 'f32', ['N', 2, 2], new Float32Array(8), [2, 2, 2], Array(8).fill(0)],
    ['a flat list for one open size', 'i32', [2, 'N'], [1, 2, 3, 4], [2, 2], [1, 2, 3, 4]],
    ['elements with their shape', 'i32', ['N', 'M'], { data: [1, 2, 3, 4, 5, 6], shape: [3, 2] }, [3, 2], [1, 2, 3, 4, 5, 6]],
    ['numbers of another type', 'i64', ['N'], new Int32Array([-1, 2]), [2], [-1n, 2n]],
    ['big integers', 'i64', ['N'], [2n ** 63n - 1n, -(2n ** 63n)], [2], [2n ** 63n - 1n, -(2n ** 63n)]],
    ['unsigned 64-bit integers for signed ones', 'i64', ['N'], new BigUint64Array([7n]), [1], [7n]],
    ['truth values', 'bool', ['N'], [true, false, 1, 0], [4], [1, 0, 1, 0]],
    ['bytes', 'f32', ['N'], new Uint8Array([0, 255]), [2], [0, 255]],
    ['what is not finite', 'f32', ['N'], [Number.NaN, Number.POSITIVE_INFINITY], [2], [Number.NaN, Number.POSITIVE_INFINITY]],
    ['half precision, rounded', 'f16', ['N'], [1, 65504], [2], [0x3c00, 0x7bff]],
    ['no elements', 'f32', [0, 3], [], [0, 3], []],
  ])('%s', (_, dtype, sizes, value, shape, elements) => {
    expect(made(dtype, sizes, value)).toEqual({ shape, elements });
  });

  test('a typed array of the right type is not copied', () => {
    const data = new Float32Array(6);
    const { bytes } = inputTensor({ name: 'x', dtype: 'f32', shape: [Dim.of(4)] }, data.subarray(2));
    expect(bytes.buffer).toBe(data.buffer);
    expect([bytes.byteOffset, bytes.byteLength]).toEqual([8, 16]);
  });
});

test('shared memory is copied, since ONNX Runtime does not read it', () => {
  const data = new Float32Array(new SharedArrayBuffer(8));
  data[1] = 2;
  const { bytes } = inputTensor({ name: 'x', dtype: 'f32', shape: [Dim.of(2)] }, data);
  expect(bytes.buffer).toBeInstanceOf(ArrayBuffer);
  expect([...new Float32Array(bytes.buffer)]).toEqual([0, 2]);
});

describe('what is refused', () => {
  test.each<[string, DType, (number | string)[], unknown, string]>([
    ['a fraction', 'i64', ['N'], [0, 2.5], 'the input `x` is i64, but its element [1] is 2.5'],
    [
      'an integer out of range',
      'i32',
      ['N', 2],
      [
        [1, 2],
        [3, 2 ** 31],
      ],
      'the input `x` is i32, but its element [1, 1] is 2147483648',
    ],
    ['a big integer out of range', 'i64', ['N'], [2n ** 63n], 'the input `x` is i64, but its element [0] is 9223372036854775808'],
    ['a negative number', 'u8', [], -1, 'the input `x` is u8, but it is -1'],
    ['NaN for an integer', 'i64', ['N'], [Number.NaN], 'the input `x` is i64, but its element [0] is NaN'],
    ['a number that would be infinite', 'f32', ['N'], new Float64Array([1, 1e39]), 'the input `x` is f32, but its element [1] is 1e+39'],
    ['the same in half precision', 'f16', ['N'], [65520], 'the input `x` is f16, but its element [0] is 65520'],
    ['a truth value for an integer', 'i32', ['N'], [true], 'the input `x` is i32, but its element [0] is true'],
    ['2 for a truth value', 'bool', ['N'], [2], 'the input `x` is bool, but its element [0] is 2'],
    ['a text', 'f32', ['N'], ['1'], 'the input `x` is f32, but its element [0] is "1"'],
    ['a hole', 'f32', ['N'], [1, undefined], 'the input `x` is f32, but its element [1] is undefined'],
    ['lists of different lengths', 'f32', ['N', 2], [[1, 2], [3]], 'the input `x` cannot be used: its lists have different lengths'],
    ['an object', 'f32', ['N'], {}, 'the input `x` cannot be used: it is neither a number nor an array, and has no `data` and `shape`'],
    [
      'nothing',
      'f32',
      ['N'],
      undefined,
      'the input `x` cannot be used: it is neither a number nor an array, and has no `data` and `shape`',
    ],
    [
      'a shape of other elements',
      'f32',
      ['N', 'M'],
      { data: [1, 2, 3], shape: [2, 2] },
      'the input `x` cannot be used: its shape is [2, 2], but it has 3 elements',
    ],
    [
      'elements for two open sizes',
      'f32',
      ['N', 'M'],
      new Float32Array(4),
      'the input `x` cannot be used: several sizes of [N, M] are open: give `{ data, shape }`',
    ],
    [
      'elements that do not fill the shape',
      'f32',
      ['N', 3],
      new Float32Array(4),
      'the input `x` cannot be used: it is [N, 3], and 4 elements do not fill that',
    ],
  ])('%s', (_, dtype, sizes, value, message) => {
    expect(complaint(dtype, sizes, value)).toBe(message);
  });
});
