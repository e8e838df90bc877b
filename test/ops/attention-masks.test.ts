import { describe, expect, test } from 'vitest';
import type { CompileOptions } from '../../src/compile.js';
import { attention } from '../../src/ops/attention/attention.js';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { ndArray } from '../../src/ops/nd/array.js';
import { roundTo } from '../../src/ops/nd/round.js';
import { only } from '../../src/ops/only.js';
import type { Target } from '../../src/ops/targets.js';
import type { DType, NdArray } from '../../src/ops/types.js';
import { difference } from '../kit/close.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { gradientsOf } from '../kit/tape.js';
import { webgpu } from '../kit/webgpu.js';

const ort = useOrt();
const inf = Number.POSITIVE_INFINITY;
const low = -3.4028234663852886e38;

const x = [1, 0, 2, -1, 0.5, 1, -1, 0, 2, -0.5, 0, 1];
const zeros = [0, 0, 0, 0];

interface Case {
  readonly mask: readonly number[];
  readonly dtype: 'bool' | 'f32';
  readonly shape: readonly number[];
  readonly causal: boolean;
  /** What torch.nn.functional.scaled_dot_product_attention gives once, and applied to its own result (PyTorch 2, f32). */
  readonly once: readonly number[];
  readonly twice: readonly number[];
}

const cases: Readonly<Record<string, Case>> = {
  'left padding': {
    mask: [-inf, -inf, -inf, -inf, 0, -inf, -inf, 0, 0],
    dtype: 'f32',
    shape: [3, 3],
    causal: false,
    once: [...zeros, 0.5, 1, -1, 0, 1.872352, -0.372351, -0.085099, 0.914901],
    twice: [...zeros, 0.5, 1, -1, 0, 1.696858, -0.196858, -0.202095, 0.797905],
  },
  'booleans with causal': {
    mask: [0, 1, 1],
    dtype: 'bool',
    shape: [1, 3],
    causal: true,
    once: [...zeros, 0.5, 1, -1, 0, 1.872352, -0.372351, -0.085099, 0.914901],
    twice: [...zeros, 0.5, 1, -1, 0, 1.696858, -0.196858, -0.202095, 0.797905],
  },
  'floats with causal': {
    mask: [-inf, 0.5, 0],
    dtype: 'f32',
    shape: [1, 1, 1, 3],
    causal: true,
    once: [...zeros, 0.5, 1, -1, 0, 1.800554, -0.300554, -0.132964, 0.867036],
    twice: [...zeros, 0.5, 1, -1, 0, 1.495915, 0.004085, -0.336057, 0.663943],
  },
  'no key at all': {
    mask: [0],
    dtype: 'bool',
    shape: [1, 1],
    causal: false,
    once: [...zeros, ...zeros, ...zeros],
    twice: [...zeros, ...zeros, ...zeros],
  },
  'low finite masks': {
    mask: [low, low, low, low, 0, -inf, -inf, -1e30, -1e30],
    dtype: 'f32',
    shape: [3, 3],
    causal: false,
    once: [1.166667, 0.166667, 0.333333, 0, 0.5, 1, -1, 0, 1.25, 0.25, -0.5, 0.5],
    twice: [0.972222, 0.472222, -0.388889, 0.166667, 0.5, 1, -1, 0, 0.875, 0.625, -0.75, 0.25],
  },
};

const forms: readonly { readonly target: Target; readonly opset: number }[] = (['portable', 'cpu', 'webgpu'] as const).flatMap((target) =>
  [21, 22, 23, 24, 25, 26].map((opset) => ({ target, opset })),
);

describe.each(Object.entries(cases))('a mask with rows without any key: %s', (_, { mask, dtype, shape, causal, once, twice }) => {
  const q = ndArray('f32', [1, 1, 3, 4], Float64Array.from(x));
  const m = ndArray(dtype, shape, Float64Array.from(mask));
  const wanted = { once: ndArray('f32', q.shape, Float64Array.from(once)), twice: ndArray('f32', q.shape, Float64Array.from(twice)) };
  const sizes = shape.length === 4 ? '1, 1, 1, S' : shape.map((size) => (size === 1 ? '1' : 'S')).join(', ');
  const source = [
    `model M(x: Tensor[N, h, S, d], m: Tensor${dtype === 'bool' ? '<bool>' : ''}[${sizes}]) -> (once: Tensor[N, h, S, d], twice: Tensor[N, h, S, d]) {`,
    `  a = attention(x, x, x, m, causal = ${causal})`,
    `  return (once = a, twice = attention(a, a, a, m, causal = ${causal}))`,
    '}',
  ].join('\n');

  const run = async (provider: 'cpu' | 'webgpu', type: DType, options: CompileOptions) => {
    const { bytes } = builtModel(source, options);
    const feeds = { x: roundTo(type, { ...q, dtype: type }), m: dtype === 'bool' ? m : roundTo(type, { ...m, dtype: type }) };
    const outputs = await ort.run(bytes, feeds, { provider });
    for (const name of ['once', 'twice'] as const) {
      const got = outputs[name] ?? expect.fail(`there is no output ${name}`);
      const right = { ...wanted[name], dtype: type };
      expect(
        difference(got, right, type === 'f16' ? 4e-3 : provider === 'webgpu' ? 1e-4 : 1e-5),
        `${name}, ${JSON.stringify(options)}`,
      ).toBe(undefined);
    }
  };

  test('the reference', () => {
    const a = only(evaluateOp(attention, [q, q, q, m], { causal }));
    expect(difference(a, wanted.once, 1e-5)).toBe(undefined);
    expect(difference(only(evaluateOp(attention, [a, a, a, m], { causal })), wanted.twice, 1e-5)).toBe(undefined);
  });

  // The low masks are beyond the range of f16.
  test.each(mask.includes(low) ? (['f32'] as const) : (['f32', 'f16'] as const))('%s, for every target and opset', async (type) => {
    for (const form of forms) {
      await run('cpu', type, { ...form, dtype: type });
      if (form.opset % 2 === 1) await run('cpu', type, { ...form, dtype: type, bind: { N: 1, h: 1, S: 3, d: 4 } });
    }
  });

  test.runIf(webgpu)('on WebGPU', async () => {
    await run('webgpu', 'f32', { target: 'webgpu' });
    await run('webgpu', 'f32', { target: 'portable', opset: 23 });
  });

  test('the gradient is finite', () => {
    const inputs = [{ ...q }, { ...q }, { ...q }, { ...m }];
    const gradient = gradientsOf(attention, inputs, { causal, scale: undefined }, [
      ndArray(
        'f32',
        q.shape,
        q.data.map(() => 1),
      ),
    ]);
    for (const input of inputs.slice(0, 3)) {
      const values = gradient(input)?.data ?? expect.fail('there is no gradient');
      expect(values.every((value) => Number.isFinite(value))).toBe(true);
    }
    expect((gradient(inputs[3] as NdArray)?.data ?? []).every((value) => Number.isFinite(value))).toBe(true);
  });
});

test('half floats and a mask of their lowest number: the sum is taken in f32, as in PyTorch', async () => {
  const source = [
    'model M(q: Tensor[1, 1, 3, 4], k: Tensor[1, 1, 3, 4], v: Tensor[1, 1, 3, 4], m: Tensor[3, 3]) -> (y: Tensor[1, 1, 3, 4]) {',
    '  return attention(q, k, v, m)',
    '}',
  ].join('\n');
  const lowest = -65504;
  const f16 = (shape: readonly number[], data: readonly number[]) => ndArray('f16', shape, Float64Array.from(data));
  const rows = (...values: readonly number[]) =>
    f16(
      [1, 1, 3, 4],
      values.flatMap((value) => Array(4).fill(value) as number[]),
    );
  const feeds = {
    q: rows(-8, -8, -8),
    k: rows(4, 8, 8),
    v: f16([1, 1, 3, 4], x),
    m: f16([3, 3], [lowest, lowest, lowest, 0, lowest, lowest, 0, 0, 0]),
  };
  for (const form of forms) {
    const { y } = await ort.run(builtModel(source, { ...form, dtype: 'f16' }).bytes, feeds);
    expect(y === undefined ? 'no output' : difference(y, f16([1, 1, 3, 4], [1, 0, 2, -1, 1, 0, 2, -1, 1, 0, 2, -1]), 1e-3)).toBe(undefined);
  }
});

test('f64, and a scale that ONNX Runtime does not take', async () => {
  const source = [
    'model M(x: Tensor<f64>[1, 1, 3, 4], m: Tensor<bool>[3, 3]) -> (y: Tensor<f64>[1, 1, 3, 4], z: Tensor<f64>[1, 1, 3, 4]) {',
    '  return (y = attention(x, x, x, m), z = attention(x, x, x, m, scale = -0.5))',
    '}',
  ].join('\n');
  const q = ndArray('f64', [1, 1, 3, 4], Float64Array.from(x));
  const m = ndArray('bool', [3, 3], Float64Array.of(0, 0, 0, 1, 0, 1, 1, 1, 1));
  for (const form of forms) {
    const { y, z } = await ort.run(builtModel(source, form).bytes, { x: q, m });
    for (const [got, scale] of [
      [y, undefined],
      [z, -0.5],
    ] as const) {
      const [wanted] = evaluateOp(attention, [q, q, q, m], { scale });
      expect(got === undefined || wanted === undefined ? 'no output' : difference(got, wanted, 1e-6), JSON.stringify(form)).toBe(undefined);
    }
  }
});

test('layers of the library: the row of such a query holds what its projection adds', async () => {
  const source = [
    'model M(x: Tensor[N, T, 8], m: Tensor<bool>[N, 1, T, T]) -> (y: Tensor[N, T, 8], z: Tensor[N, T, 8]) {',
    '  a = attn: MultiheadAttention(2)(x, x, x, m)',
    '  return (y = second: MultiheadAttention(2)(a, a, a, m), z = x -> encoder: TransformerEncoderLayer(2, ff = 16)(m))',
    '}',
  ].join('\n');
  const data = Float64Array.from({ length: 48 }, (_, i) => Math.sin(3 * i));
  const feeds = {
    x: ndArray('f32', [2, 3, 8], data),
    m: ndArray('bool', [2, 1, 3, 3], Float64Array.of(1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1)),
  };
  for (const form of forms) {
    const { y, z } = await ort.run(builtModel(source, form).bytes, feeds);
    expect([...(y?.data ?? []), ...(z?.data ?? [])].filter((value) => !Number.isFinite(value))).toEqual([]);
    // The bias of a new projection is 0.
    expect([...(y?.data.slice(8, 16) ?? []), ...(y?.data.slice(24, 32) ?? [])]).toEqual(Array(16).fill(0));
  }
});
