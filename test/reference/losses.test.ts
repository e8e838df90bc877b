import { describe, expect, test } from 'vitest';
import { difference } from '../kit/close.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import {
  arrayOf,
  casesOf,
  differentiated,
  gradientFile,
  type Input,
  inHalfPrecision,
  numbers,
  type ReferenceCase,
  sizesOf,
  sourceOf,
} from './cases.js';

const ort = useOrt();

/** The value of a call on ONNX Runtime, for every target, with open and with known sizes. */
async function onOrt(reference: Pick<ReferenceCase, 'call' | 'inputs' | 'y'>, check: (y: ReturnType<typeof arrayOf>, on: string) => void) {
  const feeds = Object.fromEntries(Object.entries(reference.inputs).map(([name, input]) => [name, arrayOf(input)]));
  for (const target of ['portable', 'cpu', 'webgpu'] as const) {
    for (const bind of [{}, sizesOf(reference.inputs)]) {
      const { y } = await ort.run(builtModel(sourceOf(reference), { target, bind }).bytes, feeds);
      check(y!, `${target} ${JSON.stringify(bind)}`);
    }
  }
}

const losses = casesOf('losses.json').map((each) => ({ ...each, name: each.title ?? each.call }));

describe.each(losses)('$name', (reference) => {
  const { inputs, gradients = {} } = reference;
  const wanted = arrayOf(reference.y);

  test('has the value and the gradients of PyTorch in float64', () => {
    const found = differentiated(reference);
    expect(difference(found.y, wanted, 1e-10)).toBeUndefined();
    for (const [name, data] of Object.entries(gradients)) {
      const input = arrayOf(inputs[name]!);
      const got = found.gradients.get(name);
      expect(got, `the gradient of ${name}`).toBeDefined();
      expect(difference(got!, { ...input, data: Float64Array.from(numbers(data)) }, 1e-10), `the gradient of ${name}`).toBeUndefined();
    }
    for (const [name, gradient] of found.gradients)
      expect(gradient?.data.every(Number.isFinite) ?? true, `the gradient of ${name}`).toBe(true);
  });

  test('has this value on ONNX Runtime, for every target, with open and with known sizes', async () => {
    await onOrt(reference, (y, on) => expect(difference(y, wanted, 1e-5), on).toBeUndefined());
  });
});

test.each(losses)('the gradients of $name are the same in f32 on ONNX Runtime', async (reference) => {
  const { inputs, gradients = {} } = reference;
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, arrayOf(input)]));
  const got = await ort.run(gradientFile(reference), feeds);
  for (const [name, data] of Object.entries(gradients)) {
    const wanted = { ...feeds[name]!, data: Float64Array.from(numbers(data)) };
    expect(difference(got[`grad.${name}`]!, wanted, 1e-5), `the gradient of ${name}`).toBeUndefined();
  }
  for (const [name, { data }] of Object.entries(got)) if (name.startsWith('grad.')) expect(data.every(Number.isFinite), name).toBe(true);
});

const library = losses.filter(({ call }) => /^(ctc|triplet|cosine_embedding|dice|focal)_loss\((?!log_softmax)|^info_nce/.test(call));

test.each(library)('$name in half precision is the value in float64, rounded', async (reference) => {
  const { inputs, feeds } = inHalfPrecision(reference.inputs);
  const { y: wanted } = differentiated({ ...reference, inputs });
  const { y } = await ort.run(builtModel(sourceOf(reference), { dtype: 'f16' }).bytes, feeds);
  expect(y?.dtype).toBe('f16');
  // Rounded once, to 11 bits.
  expect(difference({ ...y!, dtype: 'f32' }, { ...wanted, dtype: 'f32' }, 2 ** -11)).toBeUndefined();
});

describe('where nothing counts', () => {
  const x: Input = { axes: 'N, 4', dtype: 'f32', shape: [2, 4], data: [0.5, -1.25, 2, 0.75, -0.5, 1.5, 0.25, -2] };
  const p: Input = { ...x, data: [0.5, 0.25, 0, 1, 0.125, 0.75, 1, 0] };
  const classes = (data: readonly number[]): Input => ({ axes: '4', dtype: 'f32', shape: [4], data });
  const each = (dtype: 'f32' | 'i64', data: readonly number[]): Input => ({ axes: 'N', dtype, shape: [2], data });
  const none = each('i64', [-100, -100]);
  const some = each('i64', [1, 3]);
  const w = classes([0.5, 1, 2, 3]);
  const v = each('f32', [0, 0]);
  const scalar = { dtype: 'f32', shape: [], data: [0] } as const;
  const calls: readonly (readonly [string, Readonly<Record<string, Input>>])[] = [
    ['cross_entropy(x, labels)', { x, labels: none }],
    ['cross_entropy(x, labels, w, label_smoothing = 0.1)', { x, labels: none, w }],
    ['cross_entropy(x, labels, ignore_index = 1)', { x, labels: each('i64', [1, 1]) }],
    ['cross_entropy(x, labels, position_weight = v, label_smoothing = 0.1)', { x, labels: some, v }],
    ['cross_entropy(x, labels, w)', { x, labels: some, w: classes([1, 0, 1, 0]) }],
    ['cross_entropy(x, labels, reduction = "sum")', { x, labels: none }],
    ['nll_loss(x, labels)', { x, labels: none }],
    ['nll_loss(x, labels, w, position_weight = v)', { x, labels: some, w, v }],
    ['bce_loss(x, p, w)', { x: p, p, w: classes([0, 0, 0, 0]) }],
    ['bce_with_logits(x, p, w)', { x, p, w: classes([0, 0, 0, 0]) }],
    ['accuracy(x, labels)', { x, labels: none }],
    ['top_k_accuracy(x, labels, 2)', { x, labels: none }],
    ['precision(x, labels, average = "macro")', { x, labels: none }],
    ['recall(x, labels)', { x, labels: none }],
    ['f1(x, labels, average = "weighted")', { x, labels: none }],
  ];

  test.each(calls)('%s is 0, and so is its gradient', async (call, inputs) => {
    const reference = { call, inputs, y: scalar };
    const { y, gradients } = differentiated(reference);
    expect([...y.data.map((value) => value + 0)]).toEqual([0]);
    for (const [name, gradient] of gradients) {
      // Of a weight that is 0, the gradient is a number, and not always 0.
      const isWeight = name === 'w' || name === 'v' || name === 'p';
      expect(gradient?.data.every((value) => (isWeight ? Number.isFinite(value) : value === 0)) ?? true, `the gradient of ${name}`).toBe(
        true,
      );
    }
    // -0 is 0.
    await onOrt(reference, (got, on) => expect([...got.data.map((value) => value + 0)], on).toEqual([0]));
  });

  test('a perplexity is 1', async () => {
    const reference = { call: 'perplexity(x, labels)', inputs: { x, labels: none }, y: scalar };
    expect([...differentiated(reference).y.data]).toEqual([1]);
    await onOrt(reference, (got, on) => expect([...got.data], on).toEqual([1]));
  });
});

describe('the gradient is a number', () => {
  const rows = (...data: readonly (number | '-inf')[]): Input => ({ axes: 'N, 4', dtype: 'f32', shape: [data.length / 4, 4], data });
  const labels: Input = { axes: 'N', dtype: 'i64', shape: [2], data: [1, 3] };
  const zeros = rows(0, 0, 0, 0);
  const calls: readonly (readonly [string, string, Readonly<Record<string, Input>>])[] = [
    ['of probabilities of 0 and 1', 'bce_loss(x, t)', { x: rows(0, 0, 1, 1), t: rows(0, 1, 0, 1) }],
    [
      'of classes that are ruled out',
      'cross_entropy(x, labels, w)',
      {
        x: rows(0, 1, 2, '-inf', '-inf', 3, 0.5, 1),
        labels,
        w: { axes: '4', dtype: 'f32', shape: [4], data: [0, 1, 2, 0.5] },
      },
    ],
    ['of saturated logits, to a power below 1', 'focal_loss(x, t, gamma = 0.5)', { x: rows(800, -800, 800, -800), t: rows(1, 0, 0, 1) }],
    ['of an error of 0', 'rmse(x, t)', { x: zeros, t: zeros }],
    ['of vectors of zeros', 'cosine_embedding_loss(x, t, sum(x, 1) + 1)', { x: zeros, t: zeros }],
    ['of equal vectors', 'triplet_loss(x, t, x, eps = 0)', { x: zeros, t: zeros }],
    ['of empty masks without smoothing', 'dice_loss(x, t, smooth = 0)', { x: zeros, t: zeros }],
    ['of vectors of zeros among others', 'info_nce(x, t)', { x: rows(0, 0, 0, 0, 1, 2, 3, 4), t: rows(1, 2, 0, 1, 0, 0, 0, 0) }],
  ];
  test.each(calls)('%s: %s', (_, call, inputs) => {
    const { y, gradients } = differentiated({ call, inputs, y: { dtype: 'f32', shape: [], data: [] } });
    expect(y.data.every(Number.isFinite)).toBe(true);
    expect([...gradients.values()].some((gradient) => gradient !== undefined)).toBe(true);
    for (const [name, gradient] of gradients) expect(gradient?.data.every(Number.isFinite) ?? true, `the gradient of ${name}`).toBe(true);
  });
});
