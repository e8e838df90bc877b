import { describe, expect, test } from 'vitest';
import type { Graph, Value } from '../../src/3-graph/graph.js';
import { mapInputs } from '../../src/3-graph/node.js';
import { EvalBuilder } from '../../src/ops/evaluate.js';
import { nth } from '../../src/ops/only.js';
import type { NdArray } from '../../src/ops/types.js';
import { type OrtOptions, useOrt } from '../kit/ort.js';
import { randomNumbers } from '../kit/random.js';
import { largestDifference } from '../kit/reference.js';
import { type Arrays, Trainer } from '../kit/trainer.js';
import { webgpu } from '../kit/webgpu.js';

const ort = useOrt();

/** What the graph draws for its masks, in order, by the reference evaluation of its own generator. */
function uniforms(graph: Graph, given: Arrays): readonly NdArray[] {
  const find = (value: Value): NdArray => {
    const { source } = value;
    if (source.kind === 'constant') return source.array;
    if (source.kind === 'node' && source.node.kind === 'op') {
      const { op, inputs, attrs } = source.node;
      return nth(new EvalBuilder().apply(op, mapInputs(inputs, find), attrs), source.index);
    }
    return given[value.hint ?? ''] as NdArray;
  };
  return [...graph.nodes].flatMap((node) => (node.kind === 'op' && node.op.name === 'random_uniform' ? node.outputs.map(find) : []));
}

function array(shape: readonly number[], data: ArrayLike<number>, dtype: 'f32' | 'i32' | 'bool' = 'f32'): NdArray {
  return { dtype, shape, data: Float64Array.from(data) };
}

const count = (value: number) => array([], [value], 'i32');

/** The state before a step. */
function at(trainer: Trainer, step: number, seed = 0): Arrays {
  return { ...trainer.start, step: count(step), seed: count(seed) };
}

describe('a network with dropout', () => {
  const p = 0.3;
  const source = `
model M(x: Tensor[N, 3]) -> (y: Tensor[N, 2]) { return x -> a: Linear(8, bias = false) -> tanh -> Dropout(${p}) -> b: Linear(2, bias = false) }
train T for M {
  input target: Tensor[N, 2]
  loss = mse_loss(y, target)
  optimizer sgd(lr = 0.5)
}`;
  const draw = randomNumbers(3);
  const drawn = (...shape: number[]) =>
    array(
      shape,
      Array.from({ length: shape.reduce((n, m) => n * m, 1) }, () => Math.fround(draw() * 2 - 1)),
    );
  const weights = { 'a.weight': drawn(8, 3), 'b.weight': drawn(2, 8) };
  const batch = { x: drawn(4, 3), target: drawn(4, 2) };

  /** Loss and gradients in float64, as calculus gives them for `mean((tanh(x A') * mask B' - target)^2)`. */
  function byHand(a: Float64Array, b: Float64Array, mask: (n: number, j: number) => number) {
    const [x, target] = [batch.x.data, batch.target.data];
    const gradient = { a: new Float64Array(24), b: new Float64Array(16) };
    let loss = 0;
    for (let n = 0; n < 4; n++) {
      const h = [...Array(8).keys()].map((j) => Math.tanh([0, 1, 2].reduce((sum, i) => sum + x[3 * n + i]! * a[3 * j + i]!, 0)));
      const slopes = new Float64Array(8);
      for (let k = 0; k < 2; k++) {
        const y = h.reduce((sum, value, j) => sum + value * mask(n, j) * b[8 * k + j]!, 0);
        const error = y - target[2 * n + k]!;
        loss += error ** 2 / 8;
        for (let j = 0; j < 8; j++) {
          gradient.b[8 * k + j]! += (error / 4) * h[j]! * mask(n, j);
          slopes[j]! += (error / 4) * b[8 * k + j]! * mask(n, j);
        }
      }
      for (let j = 0; j < 8; j++) for (let i = 0; i < 3; i++) gradient.a[3 * j + i]! += slopes[j]! * (1 - h[j]! ** 2) * x[3 * n + i]!;
    }
    return { loss, gradient };
  }

  test('keeps what its generator says, and divides it by what is kept on average', async () => {
    const trainer = new Trainer(ort, source, { train: 'T', weights, bind: { N: 4 } });
    const seed = 123_456;
    const { steps, state } = await trainer.steps(Array(5).fill(batch), at(trainer, 0, seed));
    const [a, b] = [weights['a.weight'].data.slice(), weights['b.weight'].data.slice()];
    for (const [step, { loss }] of steps.entries()) {
      const [uniform, ...others] = uniforms(trainer.entry('train').graph, at(trainer, step, seed));
      expect([uniform?.shape, others]).toEqual([[4, 8], []]);
      const wanted = byHand(a, b, (n, j) => (uniform!.data[8 * n + j]! >= p ? 1 / (1 - p) : 0));
      expect(Math.abs(loss!.data[0]! - wanted.loss)).toBeLessThanOrEqual(1e-6);
      for (const [i, value] of wanted.gradient.a.entries()) a[i]! -= 0.5 * value;
      for (const [i, value] of wanted.gradient.b.entries()) b[i]! -= 0.5 * value;
    }
    expect(largestDifference(state['a.weight']!.data, a)).toBeLessThanOrEqual(1e-6);
    expect(largestDifference(state['b.weight']!.data, b)).toBeLessThanOrEqual(1e-6);
  });

  test('uses everything on held-out data', async () => {
    const trainer = new Trainer(ort, source, { train: 'T', weights });
    const { loss } = await trainer.evaluate(batch);
    const wanted = byHand(weights['a.weight'].data, weights['b.weight'].data, () => 1);
    expect(Math.abs(loss!.data[0]! - wanted.loss)).toBeLessThanOrEqual(1e-6);
  });
});

/** A model whose loss is the sum of `masked`: the gradients of its weights, which begin with 0, are masks. A step with the rate 1 subtracts them. */
function sums(weights: Readonly<Record<string, readonly number[]>>, masked: string, clauses = '', options = {}): Trainer {
  const params = Object.entries(weights).map(([name, shape]) => `param ${name}: Tensor[${shape}] = zeros`);
  const source = `
model M(x: Tensor[1], flag: Tensor<bool>[]) -> (y: Tensor[]) {
  ${params.join('\n')}
  ${masked}
}
train T for M { loss = y * mean(x)\n ${clauses}\n optimizer sgd(lr = 1.0) }`;
  return new Trainer(ort, source, { train: 'T', ...options });
}

async function masksOf(
  trainer: Trainer,
  state: Arrays = trainer.start,
  flag = true,
  options: OrtOptions = {},
): Promise<Readonly<Record<string, Float64Array>>> {
  const flags = trainer.entry('train').graph.inputs.some(({ hint }) => hint === 'flag') ? { flag: array([], [Number(flag)], 'bool') } : {};
  const after = await trainer.steps([{ x: array([1], [1]), ...flags }], state, options);
  return Object.fromEntries(trainer.training.step.weights.map((name) => [name, after.state[name]!.data.map((value) => 0 - value)]));
}

/** The correlation of two masks whose elements are kept with the probability `kept`. */
function correlation(a: Float64Array, b: Float64Array, kept: number): number {
  const centred = (mask: Float64Array) => mask.map((value) => Number(value !== 0) - kept);
  const [x, y] = [centred(a), centred(b)];
  return x.reduce((sum, value, i) => sum + value * y[i]!, 0) / x.length / (kept * (1 - kept));
}

/** The limit for masks and pairs of masks, in units of the standard error of the mean of independent elements. The draws are always the same. */
const sigmas = 4.5;

function expectIndependent(masks: readonly Float64Array[], kept: number): void {
  for (const [i, a] of masks.entries())
    for (const b of masks.slice(i + 1)) expect(Math.abs(correlation(a, b, kept))).toBeLessThanOrEqual(sigmas / Math.sqrt(a.length));
}

describe('masks', () => {
  test('keep their share, and are independent of each other between steps, layers and seeds, and within', async () => {
    const trainer = sums({ a: [64, 64], b: [64, 64] }, 'return sum(dropout(a, 0.3)) + sum(dropout(b, 0.3))');
    const masks: Float64Array[] = [];
    for (const seed of [0, 1, -77_777])
      for (const step of [0, 1, 2, 1000]) masks.push(...Object.values(await masksOf(trainer, at(trainer, step, seed))));
    expect(masks.length).toBe(24);
    for (const mask of masks) {
      expect([...new Set(mask)].sort()).toEqual([0, Math.fround(1 / 0.7)]);
      const kept = mask.filter((value) => value !== 0).length / mask.length;
      expect(Math.abs(kept - 0.7)).toBeLessThanOrEqual(sigmas * Math.sqrt((0.3 * 0.7) / mask.length));
      for (const shift of [1, 2, 64]) expectIndependent([mask.subarray(shift), mask.subarray(0, mask.length - shift)], 0.7);
    }
    expectIndependent(masks, 0.7);
  });

  test('of one value twice are two', async () => {
    const { w } = await masksOf(sums({ w: [4096] }, 'return sum(dropout(w, 0.5)) + sum(dropout(w, 0.5))'));
    const share = (value: number) => w!.filter((known) => known === value).length / 4096;
    expect(share(0) + share(2) + share(4)).toBe(1);
    for (const [value, wanted] of [
      [0, 0.25],
      [2, 0.5],
      [4, 0.25],
    ] as const)
      expect(Math.abs(share(value) - wanted)).toBeLessThanOrEqual(sigmas * Math.sqrt((wanted * (1 - wanted)) / 4096));
  });

  const scan = `scan row over w axis 0 carry h: Tensor[256] = zeros([256]) { next h = h + dropout(row, 0.5) }
  return sum(h)`;
  const inner = `scan plane over w axis 0 carry h: Tensor[256] = zeros([256]) {
    scan row over plane axis 0 carry k: Tensor[256] = zeros([256]) { next k = k + dropout(row, 0.5) }
    next h = h + k
  }
  return sum(h)`;

  test.each([
    ['a scan', [12, 256], scan],
    ['a scan in a scan', [4, 4, 256], inner],
  ] as const)('in %s are others at each step', async (_, shape, body) => {
    const trainer = sums({ w: shape }, body);
    const { w } = await masksOf(trainer);
    const next = (await masksOf(trainer, at(trainer, 1))).w!;
    const rows = [w!, next].flatMap((all) => [...Array(all.length / 256).keys()].map((i) => all.subarray(256 * i, 256 * (i + 1))));
    for (const row of rows) expect([...new Set(row)].sort()).toEqual([0, 2]);
    expectIndependent(rows, 0.5);
    // Where the target has no scans, the steps are unrolled.
    const unrolled = (await masksOf(sums({ w: shape }, body, '', { target: 'webgpu' }))).w!;
    expect([...new Set(unrolled)].sort()).toEqual([0, 2]);
  });

  test('in a choice are those of the side that is taken', async () => {
    const trainer = sums({ w: [512], v: [512] }, 'return cond flag { sum(dropout(w, 0.5)) } else { sum(dropout(v, 0.5)) }');
    const [yes, no] = [await masksOf(trainer), await masksOf(trainer, trainer.start, false)];
    expect([yes.w, no.v].map((mask) => [...new Set(mask)].sort())).toEqual([
      [0, 2],
      [0, 2],
    ]);
    expect([yes.v, no.w].map((mask) => [...new Set(mask)])).toEqual([[0], [0]]);
    expectIndependent([yes.w!, no.v!], 0.5);
  });

  test('are the same where inner values are computed again', async () => {
    const source = (clause: string) => `
model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return x -> block: Block -> fc: Linear(4) }
layer Block(x: Tensor[N, 4]) -> Tensor[N, 4] { return x -> fc: Linear(64) -> bn: BatchNorm1d -> tanh -> Dropout(0.5) -> out: Linear(4) }
train T for M { loss = mean(y * y)\n ${clause}\n optimizer sgd(lr = 0.1) }`;
    const x = array([3, 4], [...Array(12).keys()].map(Math.sin));
    const [kept, again] = ['', 'checkpoint block'].map((clause) => new Trainer(ort, source(clause), { train: 'T' })) as [Trainer, Trainer];
    const [wanted, got] = [await kept.steps([{ x }, { x }, { x }]), await again.steps([{ x }, { x }, { x }])];
    for (const [name, { data }] of Object.entries(wanted.state))
      expect(largestDifference(got.state[name]!.data, data), name).toBeLessThanOrEqual(1e-6);
  });

  test.skipIf(!webgpu)('are the same on WebGPU', async () => {
    const trainer = sums({ w: [300], v: [300] }, 'return sum(dropout(w, 0.5)) + sum(dropout(v, 0.3))', '', { target: 'webgpu' });
    const state = at(trainer, 3, 99);
    expect(await masksOf(trainer, state, true, { provider: 'webgpu' })).toEqual(await masksOf(trainer, state));
  });

  const named = 'return sum(w -> one: Dropout(0.5)) + sum(v -> two: Dropout(0.5))';

  test('are not drawn under `eval`', async () => {
    const some = sums({ w: [64], v: [64] }, named, 'eval one');
    const { w, v } = await masksOf(some);
    expect([...new Set(w)]).toEqual([1]);
    expect([...new Set(v)].sort()).toEqual([0, 2]);
    const none = sums({ w: [64], v: [64] }, named, 'eval *');
    expect(Object.keys(none.start)).not.toContain('seed');
    expect(Object.values(await masksOf(none)).map((mask) => [...new Set(mask)])).toEqual([[1], [1]]);
  });

  test('keep nothing with the probability 1, and everything with 0', async () => {
    const trainer = sums({ w: [8], v: [8] }, 'return sum(dropout(w, 1.0)) + sum(dropout(v, 0.0))');
    expect(trainer.training.step.weights).toEqual(['v']);
    expect([...new Set((await masksOf(trainer)).v)]).toEqual([1]);
  });

  test('are not drawn in a model that is never trained', () => {
    const source = `
model Teacher(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return x -> fc: Linear(4) -> dropout(0.5) }
model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return x -> fc: Linear(4) }
train T for M {
  teacher = frozen Teacher
  loss = mse_loss(y, teacher(x))
  optimizer sgd(lr = 0.1)
}`;
    expect(Object.keys(new Trainer(ort, source, { train: 'T' }).start).sort()).toEqual(['fc.bias', 'fc.weight', 'step']);
  });
});
