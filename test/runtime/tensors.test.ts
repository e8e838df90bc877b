import { describe, expect, test } from 'vitest';
import { writeNpy } from '../../src/6-emit/weights/npy.js';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import { Report } from '../../src/diagnostics/report.js';
import { memoryFile } from '../../src/memory-host.js';
import { bytesOf, type DType, dtypes, isFloat } from '../../src/ops/types.js';
import { tensorFromJson } from '../../src/runtime/pure/json-tensor.js';
import { randomTensor } from '../../src/runtime/pure/random-tensor.js';
import { isRuntimeDType, runtimeTypes } from '../../src/runtime/pure/runtime-types.js';
import { statisticsOf } from '../../src/runtime/pure/statistics.js';
import { loadTensor, namedOrOnly, storedTensors } from '../../src/runtime/pure/stored-tensors.js';
import { elementCount, elementsOf, type TensorData } from '../../src/runtime/pure/tensor-data.js';
import { TensorError } from '../../src/runtime/pure/tensor-error.js';
import { numbersOf, tensorOf } from '../../src/runtime/pure/tensor-numbers.js';
import { typedTensor } from '../../src/runtime/pure/typed-tensor.js';

const numeric = dtypes.filter((dtype) => dtype !== 'string');

describe('numbers and tensors', () => {
  test.each(numeric)('small numbers survive as %s', (dtype) => {
    const tensor = tensorOf(dtype, [2, 2], [0, 1, 1, 0]);
    expect(tensor.bytes.length).toBe(4 * bytesOf[dtype]);
    expect([...numbersOf(tensor)]).toEqual([0, 1, 1, 0]);
  });

  test('floats are rounded to the nearest, integers are cut, and booleans are 0 or 1', () => {
    expect([...numbersOf(tensorOf('f16', [3], [1.0004, 65504, 1e9]))]).toEqual([1, 65504, Number.POSITIVE_INFINITY]);
    expect([...numbersOf(tensorOf('bf16', [2], [1.001, -3]))]).toEqual([1, -3]);
    expect([...numbersOf(tensorOf('i64', [2], [-2.9, 2.9]))]).toEqual([-2, 2]);
    expect([...numbersOf(tensorOf('bool', [3], [0, 0.5, -7]))]).toEqual([0, 1, 1]);
  });

  test('bytes that are not aligned are copied', () => {
    const bytes = new Uint8Array(9);
    bytes.set(tensorOf('f64', [1], [1.5]).bytes, 1);
    expect([...elementsOf({ dtype: 'f64', shape: [1], bytes: bytes.subarray(1) })]).toEqual([1.5]);
  });

  test('strings have no elements', () => {
    expect(() => elementsOf({ dtype: 'string', shape: [0], bytes: new Uint8Array() })).toThrow(TypeError);
  });

  test('a number alone has one element, and an empty axis none', () => {
    expect([elementCount([]), elementCount([2, 3]), elementCount([2, 0])]).toEqual([1, 6, 0]);
  });
});

describe('random inputs', () => {
  const draw = (dtype: DType, shape: readonly number[], seed = 0, name = 'x') => randomTensor({ name, dtype }, shape, seed);

  test.each(numeric)('%s', (dtype) => {
    const tensor = draw(dtype, [10, 100]);
    expect(tensor).toMatchObject({ dtype, shape: [10, 100] });
    const numbers = [...numbersOf(tensor)];
    if (isFloat(dtype)) {
      expect(Math.min(...numbers)).toBeGreaterThanOrEqual(-1);
      expect(Math.max(...numbers)).toBeLessThanOrEqual(1);
      expect(Math.abs(numbers.reduce((a, b) => a + b) / numbers.length)).toBeLessThan(0.1);
    } else {
      expect([...new Set(numbers)].sort()).toEqual([0, 1]);
    }
  });

  test('the values of seed 0 never change', () => {
    expect([...numbersOf(draw('f64', [3]))]).toEqual([...numbersOf(draw('f64', [3]))]);
    expect([...numbersOf(draw('f64', [3]))].map((value) => value.toFixed(6))).toMatchInlineSnapshot(`
      [
        "-0.596064",
        "-0.635915",
        "0.604834",
      ]
    `);
    expect([...numbersOf(draw('i64', [8]))]).toMatchInlineSnapshot(`
      [
        0,
        0,
        1,
        0,
        1,
        1,
        0,
        1,
      ]
    `);
  });

  test('other seeds and names give other values; a longer tensor starts like a shorter one', () => {
    const numbers = [...numbersOf(draw('f32', [8]))];
    expect([...numbersOf(draw('f32', [8], 1))]).not.toEqual(numbers);
    expect([...numbersOf(draw('f32', [8], 0, 'y'))]).not.toEqual(numbers);
    expect([...numbersOf(draw('f32', [2, 8]))].slice(0, 8)).toEqual(numbers);
  });

  test('a tensor without elements', () => {
    expect(draw('f32', [0, 3])).toEqual({ dtype: 'f32', shape: [0, 3], bytes: new Uint8Array() });
  });
});

describe('tensors from JSON', () => {
  const read = (text: string, dtype: DType = 'f32') => {
    const { shape, ...tensor } = tensorFromJson(text, dtype);
    return { shape, numbers: [...numbersOf({ shape, ...tensor })] };
  };

  test.each<[string, number[], number[]]>([
    ['[[1, 2.5], [3, -4e2]]', [2, 2], [1, 2.5, 3, -400]],
    ['7', [], [7]],
    ['[]', [0], []],
    ['[[], []]', [2, 0], []],
    ['[true, false]', [2], [1, 0]],
    [' [[[1]]]\n', [1, 1, 1], [1]],
  ])('%s', (text, shape, numbers) => {
    expect(read(text)).toEqual({ shape, numbers });
  });

  test.each([
    ['[1, 2', 'it is not JSON'],
    ['', 'it is not JSON'],
    ['[[1, 2], [3]]', 'its lists have different lengths'],
    ['[[1], [[2]]]', 'its lists have different lengths'],
    ['[[1], 2]', 'it is not a nested list of numbers'],
    ['[1, "2"]', 'it is not a nested list of numbers'],
    ['[null]', 'it is not a nested list of numbers'],
    ['{"x": 1}', 'it is not a nested list of numbers'],
    [`${'['.repeat(65)}${']'.repeat(65)}`, 'its lists are nested more than 64 deep'],
  ])('refuses %s', (text, message) => {
    expect(() => read(text)).toThrow(new TensorError(message));
  });

  test('integers must be whole and exact', () => {
    expect(read('[1, 2]', 'i64').numbers).toEqual([1, 2]);
    for (const text of ['[1.5]', '[9007199254740993]', '[1e400]'])
      expect(() => read(text, 'i64')).toThrow(new TensorError('the input is i64, but not all of its numbers are whole'));
    expect(() => read('[0.5]', 'bool')).toThrow(TensorError);
    expect(read('[1.5]', 'f16').numbers).toEqual([1.5]);
  });
});

describe('tensors of files', () => {
  const joined = (chunks: readonly Uint8Array[]) => Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
  const file = (bytes: Uint8Array, path: string) => storedTensors(memoryFile(bytes, path), path);
  const [a, b] = [tensorOf('f32', [2], [1, 2]), tensorOf('i64', [1, 1], [3])];
  const both = joined(
    writeSafetensors([
      { name: 'a', ...a },
      { name: 'b', ...b },
    ]),
  );

  test('a .npy file holds one, whatever name is asked for', () => {
    const tensors = file(joined(writeNpy(a.dtype, a.shape, a.bytes)), 'x.npy');
    const stored = namedOrOnly(tensors, 'image');
    expect(stored && loadTensor(stored)).toEqual(a);
  });

  test('a safetensors file holds several by name', () => {
    const tensors = file(both, 'x.safetensors');
    expect([...tensors.keys()].sort()).toEqual(['a', 'b']);
    const stored = namedOrOnly(tensors, 'b');
    expect(stored && loadTensor(stored)).toEqual(b);
    expect(namedOrOnly(tensors, 'c')).toBeUndefined();
  });

  test('the loaded bytes are a copy', () => {
    const bytes = both.slice();
    const stored = namedOrOnly(file(bytes, 'x.safetensors'), 'a');
    const loaded = stored && loadTensor(stored);
    bytes.fill(0);
    expect(loaded).toEqual(a);
  });

  test.each([
    ['x.npy', 'it is no .npy file'],
    ['x.safetensors', 'it is not a safetensors file'],
  ])('refuses what is no %s', (path, message) => {
    const read = () => file(new TextEncoder().encode('not a tensor'), path);
    expect(read).toThrow(TensorError);
    expect(read).toThrow(message);
  });

  test('refuses to load an element type that archc does not have', () => {
    const stored = namedOrOnly(file(both, 'x.safetensors'), 'a');
    if (stored === undefined) throw new Error('a is missing');
    expect(() => loadTensor({ ...stored, dtype: undefined, storedType: 'F4' })).toThrow(
      new TensorError('its element type F4 cannot be used'),
    );
  });
});

describe('the type of an input', () => {
  const give = (tensor: TensorData, dtype: DType) => {
    const report = new Report();
    const typed = typedTensor({ name: 'x', dtype, span: { file: 'm.arch', start: 0, end: 0 } }, tensor, report);
    return {
      numbers: typed && [...numbersOf(typed)],
      dtype: typed?.dtype,
      said: report.diagnostics.map(({ code, message }) => `${code}: ${message}`),
    };
  };

  test('is taken as it is, or converted among floats and among integers', () => {
    const tensor = tensorOf('f64', [2], [0.5, 2]);
    expect(give(tensor, 'f64')).toEqual({ dtype: 'f64', numbers: [0.5, 2], said: [] });
    expect(give(tensor, 'f16')).toEqual({ dtype: 'f16', numbers: [0.5, 2], said: [] });
    expect(give(tensorOf('i32', [1], [7]), 'i64')).toEqual({ dtype: 'i64', numbers: [7], said: [] });
  });

  test.each<[DType, DType]>([
    ['f32', 'i64'],
    ['i64', 'f32'],
    ['bool', 'f32'],
    ['u8', 'bool'],
  ])('does not turn %s into %s', (from, to) => {
    expect(give(tensorOf(from, [1], [1]), to)).toEqual({
      dtype: undefined,
      numbers: undefined,
      said: [`input-type: the input \`x\` is ${to}, but ${from} was given`],
    });
  });
});

test('ONNX Runtime takes all element types but bf16 and strings', () => {
  expect(dtypes.filter((dtype) => !isRuntimeDType(dtype)).sort()).toEqual(['bf16', 'string']);
  expect(new Set(Object.values(runtimeTypes)).size).toBe(Object.keys(runtimeTypes).length);
});

test('statistics leave out what is not finite', () => {
  expect(statisticsOf(Float64Array.of(1, 3, Number.NaN, Number.POSITIVE_INFINITY))).toEqual({
    finite: { min: 1, max: 3, mean: 2 },
    notFinite: 2,
  });
  expect(statisticsOf(Float64Array.of(Number.NaN))).toEqual({ finite: undefined, notFinite: 1 });
  expect(statisticsOf(new Float64Array())).toEqual({ finite: undefined, notFinite: 0 });
});
