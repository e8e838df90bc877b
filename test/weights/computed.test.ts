import { describe, expect, test } from 'vitest';
import { computedBlocks } from '../../src/6-emit/weights/init/computed.js';
import { initializeWeights } from '../../src/6-emit/weights/initialize-weights.js';
import { wholeTensor } from '../../src/6-emit/weights/tensor-source.js';
import type { CompileOptions } from '../../src/compile.js';
import { Report } from '../../src/diagnostics/report.js';
import { lineStarts, positionAt } from '../../src/diagnostics/span.js';
import { roundNumber } from '../../src/ops/nd/round.js';
import { modelOf } from '../kit/source.js';

const text = (storage: string, declarations = ''): string => `${declarations}
model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {
  ${storage}
  return x
}
`;

function parameterOf(storage: string, declarations = '', options: CompileOptions = {}) {
  const [only] = modelOf(text(storage, declarations), options).graph.parameters;
  const parameter = only?.source.kind === 'parameter' ? only.source.parameter : undefined;
  return parameter ?? expect.fail('there is no parameter');
}

/** The first values of the one parameter of a model, as they are stored. */
function bytesOf(storage: string, declarations = '', options: CompileOptions = {}, seed = 0): Uint8Array {
  const parameter = parameterOf(storage, declarations, options);
  const report = new Report();
  const source = initializeWeights([parameter], seed, report).get(parameter.name);
  expect(report.diagnostics).toEqual([]);
  return wholeTensor(source ?? expect.fail());
}

const f32 = (storage: string, declarations = ''): readonly number[] => [...new Float32Array(bytesOf(storage, declarations).buffer)];
const i64 = (storage: string): readonly number[] => [...new BigInt64Array(bytesOf(storage).buffer)].map(Number);

const numbers = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));

describe('computed initial values', () => {
  test('are those of float64, rounded once', () => {
    expect(f32('param w: Tensor[4] = log(range(5, start = 1, dtype = float_type))')).toEqual(
      numbers(4, (i) => Math.fround(Math.log(i + 1))),
    );
    expect(f32('param w: Tensor[] = log(1 / 0.07)')).toEqual([Math.fround(Math.log(1 / 0.07))]);
    // In f32, 1 + 1e-9 is 1.
    expect(f32('param w: Tensor[2] = (ones([2]) + 1e-9 - 1) * 1e9')).toEqual(numbers(2, () => Math.fround((1 + 1e-9 - 1) * 1e9)));
    // By way of f32, 2^-30 would be lost, and the tie would go down.
    const value = 1 + 2 ** -11 + 2 ** -30;
    const [bits = 0] = new Uint16Array(
      bytesOf(`param w: Tensor[1] = ones([1], dtype = float_type) * ${value}`, '', { dtype: 'f16' }).buffer,
    );
    expect(bits).toBe(0x3c01);
    // Positions above 2048 are not exact in f16, but their sines are computed from exact ones.
    const sines = bytesOf('buffer w: Tensor[4096] = sin(cast(range(4096), float_type))', '', { dtype: 'f16' });
    const view = new DataView(sines.buffer);
    for (const i of [3, 2049, 4095]) expect(half(view.getUint16(2 * i, true))).toBe(roundNumber('f16', Math.sin(i)));
  });

  test('broadcast to the declared type', () => {
    expect(f32('param w: Tensor[2, 3] = range(3, dtype = float_type)')).toEqual([0, 1, 2, 0, 1, 2]);
    expect(f32('param w: Tensor[2, 3] = unsqueeze(range(2, dtype = float_type), 1)')).toEqual([0, 0, 0, 1, 1, 1]);
    expect(f32('param w: Tensor[2, 2] = [[1, 2.5], [-3, 4]]')).toEqual([1, 2.5, -3, 4]);
    expect(f32('param w: Tensor[2, 2] = [7, 8]')).toEqual([7, 8, 7, 8]);
    expect(f32('param w: Tensor[0, 2] = [7, 8]')).toEqual([]);
  });

  test('are integers and booleans, too', () => {
    expect(i64('buffer w: Tensor<i64>[5] = (range(5) - 2) // 2')).toEqual([-1, -1, 0, 0, 1]);
    expect(i64('buffer w: Tensor<i64>[3] = [9007199254740991, -1, 0]')).toEqual([9007199254740991, -1, 0]);
    expect([...bytesOf('buffer w: Tensor<bool>[2, 2] = tril(ones([2, 2], dtype = bool))')]).toEqual([1, 0, 1, 1]);
    expect([...bytesOf('buffer w: Tensor<bool>[3] = true')]).toEqual([1, 1, 1]);
    expect([...bytesOf('buffer w: Tensor<u8>[2] = cast(range(2), u8) + 255')]).toEqual([255, 0]);
  });

  test('follow the functions of the file', () => {
    const sinusoids = `fn sinusoids(length: int, channels: int) -> Tensor[length, channels] where channels % 2 == 0 {
  increment = log(10000) / (channels / 2 - 1)
  scales = exp(range(channels / 2, dtype = float_type) * -increment)
  angles = unsqueeze(range(length, dtype = float_type), 1) * scales
  return concat(sin(angles), cos(angles), axis = 1)
}`;
    // openai/whisper, model.py, \`sinusoids\`.
    const scale = numbers(32, (j) => Math.exp(-(Math.log(10000) / 31) * j));
    const expected = numbers(1500 * 64, (i) => {
      const angle = Math.floor(i / 64) * (scale[i % 32] ?? 0);
      return Math.fround(i % 64 < 32 ? Math.sin(angle) : Math.cos(angle));
    });
    expect(f32('buffer w: Tensor[1500, 64] = sinusoids(1500, 64)', sinusoids)).toEqual(expected);
  });

  test('do not depend on the seed', () => {
    const storage = 'param w: Tensor[100] = exp(range(100, dtype = float_type) / 10)';
    expect(bytesOf(storage, '', {}, 1)).toEqual(bytesOf(storage, '', {}, 2));
  });
});

/** The float that 16 bits mean. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  return exponent === 0 ? sign * (bits & 0x3ff) * 2 ** -24 : sign * (1 + (bits & 0x3ff) / 1024) * 2 ** (exponent - 15);
}

describe('in blocks', () => {
  const n = 300;
  const d = 500;
  const each = (of: (i: number, j: number) => number): number[] => numbers(n * d, (k) => of(Math.floor(k / d), k % d));
  const row = `range(${d}, dtype = float_type)`;
  const column = `unsqueeze(range(${n}, dtype = float_type), 1)`;

  test.each<[string, (i: number, j: number) => number]>([
    [`${column} * ${row}`, (i, j) => i * j],
    [`cos(${column} / 7 + ${row}) ** 2 - 1`, (i, j) => Math.cos(i / 7 + j) ** 2 - 1],
    [`where(${column} > ${row}, sin(${row}), ${column})`, (i, j) => (i > j ? Math.sin(j) : i)],
    [`reshape(range(${n * d}, dtype = float_type) * 2, [${n}, ${d}]) + ${row}`, (i, j) => 2 * (i * d + j) + j],
    [`full([${n}, ${d}], 0.5) + expand(${row}, [${n}, ${d}])`, (_, j) => 0.5 + j],
    [`concat(${column} * range(${d - 1}, dtype = float_type), ${column}, axis = 1) + 1`, (i, j) => (j === d - 1 ? i : i * j) + 1],
    [`transpose(unsqueeze(range(${d}, dtype = float_type), 1) - range(${n}, dtype = float_type))`, (i, j) => j - i],
    [`cumsum(ones([${n}, ${d}]), axis = 1) * cast(${column} // 2, float_type)`, (i, j) => (j + 1) * Math.floor(i / 2)],
    [row, (_, j) => j],
    [column, (i) => i],
  ])('%s', (expression, of) => {
    const { init } = parameterOf(`param w: Tensor[${n}, ${d}] = ${expression}`);
    if (init.kind !== 'computed') expect.fail();
    const blocks = [...computedBlocks(init.program, [n, d])].map((block) => Float64Array.from(block));
    expect(blocks.length).toBe(3);
    expect(blocks.flatMap((block) => [...block])).toEqual(each(of));
  });

  test('a tensor of many elements needs no array of its size', () => {
    const { init } = parameterOf(
      'buffer w: Tensor[2000, 2000] = cos(unsqueeze(range(2000, dtype = float_type), 1) * range(2000, dtype = float_type))',
    );
    if (init.kind !== 'computed') expect.fail();
    let count = 0;
    let largest = 0;
    for (const block of computedBlocks(init.program, [2000, 2000])) {
      count += block.length;
      largest = Math.max(largest, block.buffer.byteLength);
    }
    expect({ count, largest }).toEqual({ count: 4_000_000, largest: 8 << 16 });
  });
});

test.each([
  ['gather(ones([3]), range(4), axis = 0)', 'index 3 is outside an axis of size 3'],
  ['cast(1 // (range(4) - 2), float_type)', 'an integer is divided by 0, or is too large for its type'],
])('%s is reported where it is declared', (expression, problem) => {
  const source = text(`param w: Tensor[4] = ${expression}`);
  const { graph } = modelOf(source);
  const report = new Report();
  const parameters = graph.parameters.flatMap((value) => (value.source.kind === 'parameter' ? [value.source.parameter] : []));
  initializeWeights(parameters, 0, report);
  expect(report.diagnostics.map((d) => [d.code, positionAt(lineStarts(source), d.span.start).line, d.message])).toEqual([
    ['weights-init', 3, `${problem}; \`w\` is [4]`],
  ]);
});
