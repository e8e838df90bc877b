import { describe, expect, test } from 'vitest';
import { check } from '../../src/check.js';
import { createMemoryHost } from '../../src/memory-host.js';

/** What a check of a layer with these hyperparameters finds in `y = ..`: the type of `y`, and the code of what follows, which is wrong for every `y` with two axes. */
function found(hyper: string, value: string, more = '') {
  const text = `${more}\nlayer L(${hyper})(x: Tensor[N, 8]) -> Tensor[N, 8] {\n  y = ${value}\n  return y + zeros([N, 5])\n}\n`;
  const file = check('main.arch', createMemoryHost({ 'main.arch': text }));
  return [file.typeAt(text.indexOf('y ='))?.description, ...file.diagnostics.map(({ code }) => code)];
}

const known = ['a tensor [N, 8]', 'broadcast-mismatch'];

describe('types do not depend on a number', () => {
  test.each([
    ['of a layer of the library', 'p = 0.1', 'x -> Dropout(p)'],
    ['without a default', 'p: float', 'x -> Dropout(p)'],
    ['that may be none', 'p: float? = none', 'if p? { x -> Dropout(p) } else { x }'],
    ['of an operator', 'p = 0.1', 'dropout(x, p)'],
    ['of an operator, by name', 'p = 0.1', 'clip(x, max = p)'],
    ['of two options', 'p = 0.1', 'clip(x, 0.0, p)'],
    ['that is a small one', 'p = 1e-5', 'x -> LayerNorm(eps = p)'],
    ['that must be positive', 'p = 0.1', 'celu(x, p)'],
    ['of a layer in a layer', 'p = 0.1', '(x -> unsqueeze(1) -> TransformerEncoderLayer(4, ff = 64, dropout = p))[:, 0]'],
    ['that is computed with', 'p = 0.1', 'x -> Dropout(min(1 - p, half(p)))', 'let half(q) { if q > 0.5 { return q } return q / 2 }'],
    ['that is computed from a size', 'h: int', 'x -> Dropout(1 / sqrt(h))'],
    ['in a list', 'p = 0.1', 'x -> Dropout([p, p][0])'],
    ['in a record', 'c: C', 'x -> Dropout(c.p) -> RMSNorm(eps = c.eps)', 'config C { p = 0.1, eps = 1e-5 }'],
    ['of a function', 'p = 0.1', 'f(x, p)', 'fn f(x: Tensor[*S], p: float) -> Tensor[*S] { return leaky_relu(x, p) }'],
    ['in a loop', 'p = 0.1, n = 2', 'x\n  for i in 0..n { y = y -> Dropout(p * i / n) }'],
    ['of an ONNX operator', 'p = 0.1', 'onnx.Elu(x, alpha = p)'],
    ['of elements', 'p = 0.1', 'x + full([N, 8], p)'],
    ['of whole elements', 'p = 0.1', 'x + cast(full([N, 8], p, dtype = i32), f32)'],
    [
      'of an initial value',
      'p = 0.1',
      'x -> Q(p)',
      'layer Q(p: float)(x: Tensor[N, D]) -> Tensor[N, D] { param w: Tensor[D] = constant(p)\n return x * w }',
    ],
  ])('%s', (_, hyper, value, more = '') => {
    expect(found(hyper, value, more)).toEqual(known);
  });
});

describe('a condition on a number is open', () => {
  test('both branches are checked', () => {
    expect(found('p = 0.1', 'if p > 0.0 && p < 1.0 { x -> Dropout(p) } else { x }')).toEqual(known);
    expect(found('p = 0.1', 'x\n  if p == 0.5 { y = x + zeros([N, 6]) }')).toEqual(['a tensor [N, 8]', 'broadcast-mismatch']);
  });

  test('what only one of them assigns can be used under the same condition, or one that implies it', () => {
    const assigned = (condition: string) => found('p = 0.1', `x\n  if p > 0.0 { q = x -> Dropout(p) }\n  if ${condition} { y = q }`);
    expect(assigned('p > 0.0')).toEqual(known);
    expect(assigned('!(p <= 0)')).toEqual(known);
    expect(assigned('0.5 <= p')).toEqual(known);
    expect(assigned('p == 1')).toEqual(known);
    expect(assigned('p >= 0')).toEqual(['a tensor [N, 8]', 'maybe-unassigned']);
    expect(assigned('p != 1')).toEqual(['a tensor [N, 8]', 'maybe-unassigned']);
  });

  test('an integer in one branch is a number, too', () => {
    expect(found('p = 0.1', 'x -> Dropout(if p > 0.5 { 0 } else { p })')).toEqual(known);
  });
});

describe('options with few values', () => {
  const mode = 'if b { "none" } else { "mean" }';

  test('that lead to one type', () => {
    expect(found('b = true', 'x - var(x, axis = 1, keep = true, unbiased = b)')).toEqual(known);
    expect(found('b = true', `gelu(x, approximate = ${mode})`)).toEqual(known);
  });

  test('that lead to several types are left to the uses', () => {
    expect(found('b = true', 'x + mean(x, axis = 1, keep = b)')).toEqual([undefined]);
    expect(found('b = true', `x + smooth_l1_loss(x, x, reduction = ${mode})`)).toEqual([undefined]);
  });

  test('some of which are refused are those that are not refused', () => {
    const value = `interpolate(unsqueeze(x, 1), scale = 1, align_corners = true, mode = ${mode})[:, 0]`;
    expect(found('b = true', value)).toEqual(known);
  });

  test('that are all refused are a mistake', () => {
    expect(found('b = true', 'topk(x, 9, largest = b)[0]')).toEqual([undefined, 'shape-mismatch']);
  });
});

test('what depends on a number stays unknown', () => {
  expect(found('p = 0.1', 'x -> Linear(int(p * 80))')).toEqual([undefined]);
  expect(found('p = 2.0', 'interpolate(unsqueeze(x, 1), scale = p)[:, 0]')).toEqual([undefined]);
});

describe('the range of a number is checked where it is given', () => {
  const layer = 'layer L(p = 1.5)(x: Tensor[N, 8]) -> Tensor[N, 8] { return dropout(x, p) }\n';
  const codes = (text: string) => check('main.arch', createMemoryHost({ 'main.arch': text })).diagnostics.map(({ code }) => code);

  test('by a use', () => {
    const model = (p: number) => `${layer}model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x -> L(p = ${p}) }\n`;
    expect(codes(model(0.5))).toEqual([]);
    expect(codes(model(-0.5))).toEqual(['bad-option']);
  });

  test('by the default of a model', () => {
    expect(codes(layer.replace('layer L', 'model L').replace('-> Tensor[N, 8]', '-> (y: Tensor[N, 8])'))).toEqual(['bad-option']);
  });
});
