import { describe, expect, it } from 'vitest';
import type { CompileOptions } from '../../src/compile.js';
import type { NdArray } from '../../src/ops/types.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { randomNumbers } from '../kit/random.js';

const ort = useOrt();

function tensor(shape: readonly number[], at: (index: readonly number[]) => number, dtype: NdArray['dtype'] = 'f32'): NdArray {
  const data = new Float64Array(shape.reduce((a, b) => a * b, 1));
  for (const [i] of data.entries()) {
    const index: number[] = [];
    for (let rest = i, axis = shape.length - 1; axis >= 0; axis--) {
      index.unshift(rest % (shape[axis] ?? 1));
      rest = Math.floor(rest / (shape[axis] ?? 1));
    }
    data[i] = at(index);
  }
  return { dtype, shape, data };
}

function random(seed: number, shape: readonly number[]): NdArray {
  const next = randomNumbers(seed);
  return tensor(shape, () => Math.fround(2 * next() - 1));
}

function boolean(value: boolean): NdArray {
  return { dtype: 'bool', shape: [], data: Float64Array.of(value ? 1 : 0) };
}

/** Element of a tensor. */
function at({ shape, data }: NdArray, ...index: readonly number[]): number {
  return data[index.reduce((place, i, axis) => place * (shape[axis] ?? 1) + i, 0)] ?? Number.NaN;
}

function expectClose(got: NdArray | undefined, wanted: NdArray, tolerance = 1e-6): void {
  expect(got?.shape).toEqual(wanted.shape);
  for (const [i, value] of wanted.data.entries()) expect(Math.abs((got?.data[i] ?? Number.NaN) - value)).toBeLessThanOrEqual(tolerance);
}

const relu = (x: number) => Math.max(x, 0);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** A linear recurrence with a weight, along axis 1: what is emitted, and the last value. */
function recurrence(x: NdArray, { isReversed }: { readonly isReversed: boolean }): { readonly y: NdArray; readonly h: NdArray } {
  const [N = 0, T = 0, D = 0] = x.shape;
  const state = Array.from({ length: N }, () => new Float64Array(D));
  const y = tensor([N, T, D], () => 0);
  for (let step = 0; step < T; step++) {
    const t = isReversed ? T - 1 - step : step;
    for (let n = 0; n < N; n++)
      for (let d = 0; d < D; d++) {
        const h = 0.5 * (state[n]?.[d] ?? 0) + at(x, n, t, d);
        (state[n] as Float64Array)[d] = h;
        y.data[(n * T + t) * D + d] = relu(h);
      }
  }
  return { y, h: tensor([N, D], ([n = 0, d = 0]) => state[n]?.[d] ?? 0) };
}

const recurrent = (reverse: string, where = '') => `model M(x: Tensor[N, T, 3]) -> (y: Tensor[N, T, 3], h: Tensor[N, 3]) ${where} {
  scan xt over x axis 1 ${reverse} carry h: Tensor[N, 3] = zeros {
    h1 = 0.5 * h + xt
    next h = h1
    emit y = relu(h1)
  }
  return (y, h)
}`;

/** What the same model is built for. The last needs numbers for its lengths. */
const builds: readonly (readonly [string, CompileOptions])[] = [
  ['the default', {}],
  ['opset 26', { opset: 26 }],
  ['cpu', { target: 'cpu' }],
  ['steps that are written out', { target: 'webgpu' }],
];

describe.each(builds)('a scan, %s', (_, options) => {
  it.each([1, 2, 7])('of %i steps is a loop, forward and reversed', async (T) => {
    const x = random(T, [2, T, 3]);
    for (const isReversed of [false, true]) {
      const bind = options.target === 'webgpu' ? { T } : {};
      const { bytes } = builtModel(recurrent(isReversed ? 'reverse' : ''), { ...options, bind });
      const wanted = recurrence(x, { isReversed });
      const got = await ort.run(bytes, { x });
      expectClose(got.y, wanted.y);
      expectClose(got.h, wanted.h);
    }
  });

  it('goes through a different axis of each tensor, and stacks along that of the first', async () => {
    const source = `model M(x: Tensor[N, 2, T], k: Tensor[T, N]) -> (y: Tensor[N, T], z: Tensor[N, 2, T], total: Tensor[N]) {
  scan (xt, kt) over (x, k) axis (-1, 0) carry total: Tensor[N] = 1 {
    next total = total + kt
    emit y = sum(xt, axis = 1) * kt
    emit z = xt - unsqueeze(total, axis = 1)
  }
  return (y, z, total)
}`;
    const [N, T] = [3, 4];
    const x = random(1, [N, 2, T]);
    const k = random(2, [T, N]);
    const { bytes } = builtModel(source, { ...options, bind: options.target === 'webgpu' ? { T } : {} });
    const got = await ort.run(bytes, { x, k });
    const sumBefore = (n: number, t: number) => Array.from({ length: t }, (_, s) => at(k, s, n)).reduce((a, b) => a + b, 1);
    expectClose(
      got.y,
      tensor([N, T], ([n = 0, t = 0]) => (at(x, n, 0, t) + at(x, n, 1, t)) * at(k, t, n)),
    );
    expectClose(
      got.z,
      tensor([N, 2, T], ([n = 0, c = 0, t = 0]) => at(x, n, c, t) - sumBefore(n, t)),
    );
    expectClose(
      got.total,
      tensor([N], ([n = 0]) => sumBefore(n, T)),
    );
  });

  it('may hold another scan, whose carry is that of the outer one', async () => {
    const source = `model M(x: Tensor[A, B, 2]) -> (y: Tensor[A, B, 2], sums: Tensor[A, 2]) {
  scan row over x axis 0 carry total: Tensor[2] = zeros {
    scan cell over row axis 0 reverse carry h: Tensor[2] = total {
      next h = h * 0.5 + cell
      emit y = h
    }
    next total = h
    emit sums = h + 1
    emit y = y
  }
  return (y, sums)
}`;
    const [A, B] = [3, 4];
    const x = random(3, [A, B, 2]);
    const y = tensor([A, B, 2], () => 0);
    const sums = tensor([A, 2], () => 0);
    for (let d = 0; d < 2; d++) {
      let h = 0;
      for (let a = 0; a < A; a++) {
        for (let b = B - 1; b >= 0; b--) {
          y.data[(a * B + b) * 2 + d] = h;
          h = h * 0.5 + at(x, a, b, d);
        }
        sums.data[a * 2 + d] = h + 1;
      }
    }
    const { bytes } = builtModel(source, { ...options, bind: options.target === 'webgpu' ? { A, B } : {} });
    const got = await ort.run(bytes, { x });
    expectClose(got.y, y);
    expectClose(got.sums, sums);
  });

  it('uses one set of weights, inside and outside', async () => {
    const source = `model M(x: Tensor[N, T, 2]) -> (y: Tensor[N, T, 2], z: Tensor[N, T, 2], w: Tensor[2, 2], b: Tensor[2]) {
  fc = Linear(2)
  scan xt over x axis 1 carry h: Tensor[N, 2] = zeros {
    h1 = tanh(xt + (h -> fc))
    next h = h1
    emit y = h1
  }
  return (y, z = x -> fc, w = fc.weight + 0, b = fc.bias + 0)
}`;
    const [N, T] = [2, 3];
    const x = random(4, [N, T, 2]);
    const { bytes, model } = builtModel(source, { ...options, optimize: 1, bind: options.target === 'webgpu' ? { T } : {} });
    expect(model.onnx.parameters.map(({ parameter }) => parameter.name)).toEqual(['fc.weight', 'fc.bias']);
    const got = await ort.run(bytes, { x });
    const { w, b } = got as { w: NdArray; b: NdArray };
    const linear = (v: readonly number[]) => [0, 1].map((i) => at(b, i) + at(w, i, 0) * (v[0] ?? 0) + at(w, i, 1) * (v[1] ?? 0));
    const y = tensor([N, T, 2], () => 0);
    for (let n = 0; n < N; n++) {
      let h: readonly number[] = [0, 0];
      for (let t = 0; t < T; t++) {
        h = linear(h).map((v, d) => Math.tanh(v + at(x, n, t, d)));
        for (const [d, v] of h.entries()) y.data[(n * T + t) * 2 + d] = v;
      }
    }
    expectClose(got.y, y, 1e-5);
    expectClose(
      got.z,
      tensor([N, T, 2], ([n = 0, t = 0, d = 0]) => linear([at(x, n, t, 0), at(x, n, t, 1)])[d] ?? 0),
      1e-5,
    );
  });

  it('reads sizes of the run at each step', async () => {
    const source = `model M(x: Tensor[N, T, 3]) -> (y: Tensor[N, T, 3]) {
  scan xt over x axis 1 carry h: Tensor[N, 3] = zeros {
    next h = h + xt / T
    emit y = reshape(reshape(h, [3 * N]), [N, 3]) + N
  }
  return y
}`;
    const [N, T] = [2, 5];
    const x = random(5, [N, T, 3]);
    const { bytes } = builtModel(source, { ...options, bind: options.target === 'webgpu' ? { T } : {} });
    const { y } = await ort.run(bytes, { x });
    const sum = (n: number, t: number, d: number) => Array.from({ length: t }, (_, s) => at(x, n, s, d) / T).reduce((a, b) => a + b, 0);
    expectClose(
      y,
      tensor([N, T, 3], ([n = 0, t = 0, d = 0]) => sum(n, t, d) + N),
    );
  });

  it('chooses at each step', async () => {
    const source = `model M(x: Tensor[T, 3], on: Tensor<bool>[T]) -> (y: Tensor[T, 3], h: Tensor[3]) {
  scan (xt, c) over (x, on) axis 0 carry h: Tensor[3] = ones {
    (h1, y) = cond c { (h * xt, relu(xt)) } else { (h, h + xt) }
    next h = h1
    emit y = y
  }
  return (y, h)
}`;
    const T = 5;
    const x = random(6, [T, 3]);
    const on = tensor([T], ([t = 0]) => t % 2, 'bool');
    const y = tensor([T, 3], () => 0);
    const h = tensor([3], () => 1);
    for (let t = 0; t < T; t++)
      for (let d = 0; d < 3; d++) {
        y.data[t * 3 + d] = t % 2 === 1 ? relu(at(x, t, d)) : at(h, d) + at(x, t, d);
        if (t % 2 === 1) h.data[d] = at(h, d) * at(x, t, d);
      }
    const { bytes } = builtModel(source, { ...options, bind: options.target === 'webgpu' ? { T } : {} });
    const got = await ort.run(bytes, { x, on });
    expectClose(got.y, y);
    expectClose(got.h, h);
  });

  it('in f16 is that of f32 up to rounding', async () => {
    const x = random(7, [2, 4, 3]);
    const bind = options.target === 'webgpu' ? { T: 4 } : {};
    const { bytes } = builtModel(recurrent(''), { ...options, dtype: 'f16', io: 'f32', bind });
    const wanted = recurrence(x, { isReversed: false });
    const got = await ort.run(bytes, { x });
    expectClose(got.y, wanted.y, 4e-3);
    expectClose(got.h, wanted.h, 4e-3);
  });
});

describe('a scan whose sizes may be 0', () => {
  const model = builtModel(recurrent('', 'where N >= 0, T >= 0'));

  it.each([
    [2, 0],
    [0, 3],
    [0, 0],
    [2, 3],
    [1, 1],
  ])('of %i by %i', async (N, T) => {
    const x = random(8, [N, T, 3]);
    const wanted = recurrence(x, { isReversed: false });
    const got = await ort.run(model.bytes, { x });
    expectClose(got.y, wanted.y);
    expectClose(got.h, wanted.h);
  });

  it('keeps the initial carries where the length is the number 0', async () => {
    const source = `model M(x: Tensor[N, T, 3], start: Tensor[N, 3]) -> (y: Tensor[T, N], h: Tensor[N, 3]) where T >= 0 {
  scan xt over transpose(x, [1, 0, 2]) axis 0 carry h: Tensor[N, 3] = start {
    next h = h + xt
    emit y = sum(h, axis = 1)
  }
  return (y, h)
}`;
    const { bytes, model: built } = builtModel(source, { bind: { T: 0 } });
    expect(built.onnx.nodes.map(({ opType }) => opType)).not.toContain('Scan');
    const start = random(9, [2, 3]);
    const got = await ort.run(bytes, { x: random(10, [2, 0, 3]), start });
    expectClose(got.h, start);
    expectClose(got.y, { dtype: 'f32', shape: [0, 2], data: new Float64Array() });
  });
});

describe('sizes that the data decide', () => {
  const source = `model M(x: Tensor[T, 4], m: Tensor[S]) -> (y: Tensor[T], z: Tensor[T, K], on: Tensor[]) {
  i = nonzero(m > 0) as [K, 1]
  scan xt over x axis 0 {
    j = nonzero(xt > 0) as [J, 1]
    emit y = sum(zeros([J, K]) + 1) + J
    emit z = cast(i[:, 0], f32) + sum(cast(j, f32))
  }
  on = cond any(m > 0) {
    j = nonzero(x > 0) as [J, 2]
    sum(zeros([J]) + 2) + K
  } else { -1 }
  return (y, z, on)
}`;

  it.each([{}, { target: 'webgpu', bind: { T: 3 } }] as const)(
    'are those of each step and of each side: %o',
    async (options: CompileOptions) => {
      const { bytes } = builtModel(source, options);
      const [T, S] = [3, 5];
      for (const m of [random(21, [S]), tensor([S], () => -1)]) {
        const x = random(22, [T, 4]);
        const got = await ort.run(bytes, { x, m });
        const places = [...m.data.keys()].filter((s) => at(m, s) > 0);
        const K = places.length;
        const positive = (t: number) => [0, 1, 2, 3].filter((d) => at(x, t, d) > 0);
        expectClose(
          got.y,
          tensor([T], ([t = 0]) => positive(t).length * K + positive(t).length),
        );
        expectClose(
          got.z,
          tensor([T, K], ([t = 0, k = 0]) => (places[k] ?? 0) + positive(t).reduce((a, b) => a + b, 0)),
        );
        const all = [0, 1, 2].reduce((sum, t) => sum + positive(t).length, 0);
        expectClose(
          got.on,
          tensor([], () => (K > 0 ? 2 * all + K : -1)),
        );
      }
    },
  );
});

describe.each([
  ['the default', {}],
  ['opset 26', { opset: 26 }],
  ['webgpu', { target: 'webgpu' }],
] as const)('a cond, %s', (_, options: CompileOptions) => {
  it('takes the side of its condition', async () => {
    const source = `model M(x: Tensor[N, 3], on: Tensor<bool>[]) -> (y: Tensor[N, 3], z: Tensor[N], w: Tensor[3, 3]) {
  fc = Linear(3, bias = false)
  (y, z) = cond on {
    (x -> fc -> sigmoid, sum(x, axis = 1))
  } else {
    (x, x[:, 0] * N)
  }
  return (y, z, w = fc.weight * 1)
}`;
    const x = random(11, [4, 3]);
    const { bytes } = builtModel(source, options);
    for (const on of [true, false]) {
      const got = await ort.run(bytes, { x, on: boolean(on) });
      const w = got.w as NdArray;
      const linear = (n: number, i: number) => [0, 1, 2].reduce((sum, j) => sum + at(w, i, j) * at(x, n, j), 0);
      expectClose(
        got.y,
        tensor([4, 3], ([n = 0, i = 0]) => (on ? sigmoid(linear(n, i)) : at(x, n, i))),
      );
      expectClose(
        got.z,
        tensor([4], ([n = 0]) => (on ? at(x, n, 0) + at(x, n, 1) + at(x, n, 2) : 4 * at(x, n, 0))),
      );
    }
  });

  it('may hold others, and a scan', async () => {
    const source = `model M(x: Tensor[T, 3], p: Tensor<bool>[], q: Tensor<bool>[]) -> (y: Tensor[3]) {
  return cond p {
    cond q { x[0] } else { x[-1] }
  } else {
    start = cond q { ones([3]) } else { zeros([3]) }
    scan xt over x axis 0 carry h: Tensor[3] = start { next h = h * 2 + xt }
    h
  }
}`;
    const T = 4;
    const x = random(12, [T, 3]);
    const { bytes } = builtModel(source, { ...options, bind: options.target === 'webgpu' ? { T } : {} });
    for (const [p, q] of [
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ] as const) {
      const { y } = await ort.run(bytes, { x, p: boolean(p), q: boolean(q) });
      const folded = (d: number) => Array.from({ length: T }, (_, t) => at(x, t, d)).reduce((h, v) => h * 2 + v, q ? 1 : 0);
      expectClose(
        y,
        tensor([3], ([d = 0]) => (p ? at(x, q ? 0 : T - 1, d) : folded(d))),
        1e-5,
      );
    }
  });

  it('gives an input or a weight as it is', async () => {
    const source = `model M(x: Tensor[2], on: Tensor<bool>[]) -> (y: Tensor[2], z: Tensor[2], same: Tensor[2]) {
  param w: Tensor[2] = [3, 4]
  (y, z) = cond on { (x, w) } else { (w, x) }
  same = cond on { x } else { x }
  return (y, z, same)
}`;
    const x = random(13, [2]);
    const w = tensor([2], ([i = 0]) => 3 + i);
    const { bytes } = builtModel(source, options);
    for (const on of [true, false]) {
      const got = await ort.run(bytes, { x, on: boolean(on) });
      expectClose(got.y, on ? x : w);
      expectClose(got.z, on ? w : x);
      expectClose(got.same, x);
    }
  });
});
