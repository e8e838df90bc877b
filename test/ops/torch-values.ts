/// <reference types="node" />
import { readFileSync } from 'node:fs';
import type { DType } from '../../src/ops/types.js';

/** Element type, elements, and shape where it is not that of a vector. */
export type Values = readonly [DType, readonly number[], (readonly number[])?];

export interface TorchValues {
  readonly title: string;
  readonly source: string;
  readonly inputs: Readonly<Record<string, Values>>;
  /** What PyTorch 2 gives for the same call. */
  readonly wanted: Readonly<Record<string, Values>>;
  /** The sizes, for a build that knows them. */
  readonly bind?: Readonly<Record<string, number>>;
  /** Allowed error of each element relative to it; 1e-6 by default. */
  readonly relative?: number;
  /** The same on WebGPU; `none` where the software GPU lacks the element type. */
  readonly onWebGpu?: number | 'none';
}

const functionsNearZero: readonly { readonly name: string; readonly x: readonly number[]; readonly y: readonly number[] }[] = JSON.parse(
  readFileSync(new URL('./small-values.json', import.meta.url), 'utf8'),
);

const vector = (expression: string, type = 'Tensor[N]') => `model M(x: ${type}) -> (y: ${type}) { return ${expression} }`;

const rolled: readonly TorchValues[] = [
  ['5', [2, 3, 1]],
  ['-7', [2, 3, 1]],
  ['3', [1, 2, 3]],
  ['-1', [2, 3, 1]],
  ['1', [3, 1, 2]],
  ['1_000_001', [2, 3, 1]],
  ['N // 2', [3, 1, 2]],
  ['2 * N - 1', [2, 3, 1]],
].map(([shift, wanted]) => ({
  title: 'roll is modulo the axis',
  source: vector(`roll(x, shift = ${shift}, axis = 0)`),
  inputs: { x: ['f32', [1, 2, 3]] },
  wanted: { y: ['f32', wanted as readonly number[]] },
  bind: { N: 3 },
}));

const rolledTable: TorchValues = {
  title: 'roll is modulo the axis',
  source: 'model M(x: Tensor<i64>[N, T]) -> (y: Tensor<i64>[N, T]) { return roll(x, T // 2, axis = 1) }',
  inputs: { x: ['i64', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [2, 5]] },
  wanted: { y: ['i64', [3, 4, 0, 1, 2, 8, 9, 5, 6, 7], [2, 5]] },
};

/** ONNX Runtime 1.30 takes (1 / n) * m for m / n, also in integers. */
const oneOverSize: TorchValues = {
  title: 'a quotient of sizes is rounded down before it is multiplied',
  source: vector('x + N * (1 // N)'),
  inputs: { x: ['f32', [1, 2, 3]] },
  wanted: { y: ['f32', [1, 2, 3]] },
  bind: { N: 3 },
};

const inf = Number.POSITIVE_INFINITY;
const nan = Number.NaN;

const floatDivisions: readonly TorchValues[] = [
  {
    title: '`//` and `%` of floats agree, as in Python',
    source: 'model M(a: Tensor[N], b: Tensor[N]) -> (q: Tensor[N], m: Tensor[N]) { return (q = a // b, m = a % b) }',
    inputs: {
      a: ['f32', [1, 6, -1, 7.5, -7.5, 7.5, -7.5, 6, -6, 0, -0, 0, -0, 1e20]],
      b: ['f32', [0.1, 0.1, 0.1, 2, 2, -2, -2, 3, 3, 3, 3, -3, -3, 3]],
    },
    wanted: {
      q: ['f32', [9, 59, -10, 3, -4, -4, 3, 2, -2, 0, -0, -0, 0, 33333333268354826000]],
      m: ['f32', [0.09999998658895493, 0.09999991208314896, 1.4901161193847656e-8, 1.5, 0.5, -0.5, -1.5, 0, -0, 0, -0, 0, -0, 2]],
    },
    bind: { N: 14 },
  },
  {
    title: '`//` and `%` of floats by 0 and infinity',
    source: 'model M(a: Tensor[N], b: Tensor[N]) -> (q: Tensor[N], m: Tensor[N]) { return (q = a // b, m = a % b) }',
    inputs: {
      a: ['f32', [-5, 5, 5, -5, inf, -inf, 1, -1, 0, nan, 1, inf]],
      b: ['f32', [inf, inf, -inf, -inf, 2, 2, 0, 0, 0, 1, nan, inf]],
    },
    wanted: {
      q: ['f32', [-1, 0, -1, 0, nan, nan, inf, -inf, nan, nan, nan, nan]],
      m: ['f32', [inf, 5, -inf, -5, nan, nan, nan, nan, nan, nan, nan, nan]],
    },
    bind: { N: 12 },
  },
  {
    title: '`//` and `%` of floats by a literal, and at compile time',
    source: `let q = 1.0 // 0.1
let m = -5.0 % inf
model M(x: Tensor[N]) -> (q: Tensor[N], m: Tensor[N], known: Tensor[N], rest: Tensor[N]) {
  return (q = x // 0.1, m = x % -0.3, known = x * q, rest = x * m)
}`,
    inputs: { x: ['f32', [1, -1, 6]] },
    wanted: {
      q: ['f32', [9, -10, 59]],
      m: ['f32', [-0.20000004768371582, -0.09999996423721313, -2.384185791015625e-7]],
      known: ['f32', [9, -9, 54]],
      rest: ['f32', [inf, -inf, inf]],
    },
  },
];

const lowest = { i8: -128, i16: -32768, i32: -(2 ** 31), i64: -(2 ** 53) + 1 } as const;

/** At the limits of each type, where `(a - a % b) / b` overflows. */
const intDivisions: readonly TorchValues[] = (['i8', 'i16', 'i32', 'i64'] as const).flatMap((type) => {
  const low = lowest[type];
  const high = -low - 1;
  const a = [low, low, low + 1, high, high, low, 7, -7, 0];
  const b = [3, -3, 7, -2, 2, low, -2, 2, -5];
  const q = a.map((value, i) => Math.floor(value / (b[i] as number)));
  // Exactly: the products are beyond 2^53.
  const m = a.map((value, i) => Number(BigInt(value) - BigInt(b[i] as number) * BigInt(q[i] as number)));
  const some = a.filter((value) => value !== low);
  return [
    {
      title: `\`//\` and \`%\` of ${type} up to its limits`,
      source: `model M(a: Tensor<${type}>[N], b: Tensor<${type}>[N]) -> (q: Tensor<${type}>[N], m: Tensor<${type}>[N]) { return (q = a // b, m = a % b) }`,
      inputs: { a: [type, a], b: [type, b] },
      wanted: { q: [type, q], m: [type, m] },
      bind: { N: a.length },
    },
    {
      title: `\`//\` and \`%\` of ${type} by a literal`,
      source: `model M(a: Tensor<${type}>[N]) -> (q: Tensor<${type}>[N], m: Tensor<${type}>[N], n: Tensor<${type}>[N], z: Tensor<${type}>[N]) { return (q = a // 3, m = a % 3, n = a // -1, z = a % -1) }`,
      inputs: { a: [type, some] },
      wanted: {
        q: [type, some.map((value) => Math.floor(value / 3))],
        m: [type, some.map((value) => value - 3 * Math.floor(value / 3))],
        n: [type, some.map((value) => 0 - value)],
        z: [type, some.map(() => 0)],
      },
    },
  ] satisfies readonly TorchValues[];
});

/** The lowest number by -1 is beyond the type; it wraps, and the process lives. */
const lowestByMinusOne: readonly TorchValues[] = (['i8', 'i16', 'i32', 'i64'] as const).map((type) => {
  const low = type === 'i64' ? -(2 ** 63) : lowest[type];
  return {
    title: `the lowest ${type} by -1`,
    source: `model M(a: Tensor<${type}>[N], b: Tensor<${type}>[N]) -> (q: Tensor<${type}>[N], m: Tensor<${type}>[N]) { return (q = a // b, m = a % b) }`,
    inputs: { a: [type, [low, 9]], b: [type, [-1, -1]] },
    wanted: { q: [type, [low, -9]], m: [type, [0, 0]] },
  };
});

/** ONNX Runtime 1.30 takes (1 / x) * y for y / x, also in integers. */
const reciprocals: readonly TorchValues[] = (['i32', 'i64', 'u8', 'u32'] as const).map((type) => ({
  title: `a quotient of ${type} is rounded down before it is multiplied`,
  source: `model M(x: Tensor<${type}>[N], y: Tensor<${type}>[N]) -> (z: Tensor<${type}>[N]) { return (1 // x) * y }`,
  inputs: { x: [type, [1, 2, 3]], y: [type, [5, 6, 7]] },
  wanted: { z: [type, [5, 0, 0]] },
}));

const clips: readonly TorchValues[] = [
  ['min = 0', [inf, 0, nan, 2, 0], [9, 0, 4, 0, 3]],
  ['max = 0', [0, -inf, nan, 0, -3], [0, -9, 0, -2, 0]],
  ['min = -1, max = 1', [1, -1, nan, 1, -1], [1, -1, 1, -1, 1]],
  ['min = 1', [inf, 1, nan, 2, 1], [9, 1, 4, 1, 3]],
].flatMap(([limits, floats, ints]) => [
  ...(['f32', 'f16', 'f64'] as const).map((type) => ({
    title: `clip of ${type} keeps what is on the open side`,
    source: vector(`clip(x, ${limits})`, `Tensor<${type}>[N]`),
    inputs: { x: [type, [inf, -inf, nan, 2, -3]] as const },
    wanted: { y: [type, floats as readonly number[]] as const },
    onWebGpu: type === 'f32' ? 1e-6 : ('none' as const),
  })),
  ...(['i8', 'i16', 'i32', 'i64'] as const).map((type) => ({
    title: `clip of ${type}`,
    source: vector(`clip(x, ${limits})`, `Tensor<${type}>[N]`),
    inputs: { x: [type, [9, -9, 4, -2, 3]] as const },
    wanted: { y: [type, ints as readonly number[]] as const },
  })),
]);

/** Small values keep their digits; the wanted ones are PyTorch's in float64. */
const smallValues: readonly TorchValues[] = functionsNearZero.flatMap(({ name, x, y }) => [
  {
    title: 'small values keep their digits',
    source: vector(`${name}(x)`),
    inputs: { x: ['f32', x] },
    wanted: { y: ['f32', y] },
    onWebGpu: 1e-5,
  },
  {
    title: 'small values keep their digits',
    source: vector(`${name}(x)`, 'Tensor<f64>[N]'),
    inputs: { x: ['f64', x.map(Math.fround)] },
    wanted: { y: ['f64', y] },
    relative: 1e-14,
    onWebGpu: 'none',
  },
]);

/** WGSL promises nothing about NaN, and about logarithms of numbers without one. */
const beyondNumbers: readonly TorchValues[] = (
  [
    ['softplus', [inf, -inf, nan], [inf, 0, nan]],
    ['logsigmoid', [inf, -inf, nan], [0, -inf, nan]],
    ['mish', [inf, nan], [inf, nan]],
    ['log1p', [inf, -inf, nan, -1, -2], [inf, nan, nan, -inf, nan]],
    ['expm1', [inf, -inf, nan], [inf, -1, nan]],
  ] as const
).map(([name, x, y]) => ({
  title: 'infinities and NaN',
  source: vector(`${name}(x)`),
  inputs: { x: ['f32', x] },
  wanted: { y: ['f32', y] },
  onWebGpu: 'none',
}));

/** Windows that see only padding, or hang over by less than a stride. */
const windows: readonly TorchValues[] = [
  {
    title: 'a window of padding alone',
    source: 'model M(x: Tensor[N, 1, L]) -> (y: Tensor[N, 1, K]) { return max_pool1d(x, 2, 1, padding = 1, dilation = 3) }',
    inputs: { x: ['f32', [1, 2], [1, 1, 2]] },
    wanted: { y: ['f32', [-inf], [1, 1, 1]] },
    bind: { L: 2 },
  },
  {
    title: 'a window of padding alone beside others',
    source: 'model M(x: Tensor[N, 1, L]) -> (y: Tensor[N, 1, K]) { return max_pool1d(x, 2, 1, padding = 1, dilation = 2) }',
    inputs: { x: ['f32', [5], [1, 1, 1]] },
    wanted: { y: ['f32', [-inf], [1, 1, 1]] },
    bind: { L: 1 },
  },
  {
    title: 'a window that hangs over',
    source: 'model M(x: Tensor[N, 1, L]) -> (y: Tensor[N, 1, K]) { return avg_pool1d(x, 4, 3, ceil_mode = true) }',
    inputs: { x: ['f32', [1, 3, 5], [1, 1, 3]] },
    wanted: { y: ['f32', [3], [1, 1, 1]] },
    bind: { L: 3 },
  },
];

/** The spread of one element: nothing is left of it, and as a sample it is 0 / 0. */
const spreads: readonly TorchValues[] = (
  [
    ['var(x, 1)', nan],
    ['std(x, 1)', nan],
    ['std(x, 1, unbiased = false)', 0],
  ] as const
).map(([call, wanted]) => ({
  title: 'the spread of one element',
  source: `model M(x: Tensor[N, K]) -> (y: Tensor[N]) { return ${call} }`,
  inputs: { x: ['f32', [1 / 5, 1 / 11, 1 / 17].map(Math.fround), [3, 1]] },
  wanted: { y: ['f32', [wanted, wanted, wanted]] },
  bind: { K: 1 },
  onWebGpu: 'none',
}));

export const torchValues: readonly TorchValues[] = [
  ...rolled,
  rolledTable,
  oneOverSize,
  ...floatDivisions,
  ...intDivisions,
  ...lowestByMinusOne,
  ...reciprocals,
  ...clips,
  ...smallValues,
  ...beyondNumbers,
  ...windows,
  ...spreads,
];
