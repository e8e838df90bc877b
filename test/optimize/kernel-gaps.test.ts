import { describe, expect, test } from 'vitest';
import { kernelGaps } from '../../src/5-optimize/kernel-gaps.js';
import type { CompileOptions } from '../../src/compile.js';
import { hasKernel, isPortable, kernelOf } from '../../src/ops/capabilities/capability.js';
import { compileText, complaints, modelOf } from '../kit/source.js';

const source = `model M(x: Tensor[N, 4], ids: Tensor<i64>[N]) -> (y: Tensor[N, 4], odd: Tensor<bool>[N]) {
  whole = round(x) + round(cast(range(4), f32))
  rest = ids % 2
  return (whole, rest == 1)
}`;

/** The operators without a kernel, and the place of each in the source. */
function gapsOf(options: CompileOptions) {
  return kernelGaps(modelOf(source, options).onnx, options.target).map(({ span, outcome, gaps }) => [
    outcome,
    span && source.slice(span.start, span.end),
    gaps.map(({ opType, dtype }) => `${opType} ${dtype}`),
  ]);
}

describe('what leaves the device', () => {
  test('is told by place, once for each operator, and without what depends on constants alone', () => {
    expect(gapsOf({ target: 'webgpu' })).toEqual([
      ['on-cpu', 'round(x)', ['Round f32']],
      ['on-cpu', 'ids % 2', ['Mod i64']],
      ['on-cpu', 'rest == 1', ['Equal i64']],
    ]);
  });

  test.each(['portable', 'cpu'] as const)('is nothing for %s', (target) => {
    expect(gapsOf({ target })).toEqual([]);
    expect(compileText(source, { target }).diagnostics).toEqual([]);
  });

  test('is what the documentation of ONNX Runtime lists no kernel for, for CUDA', () => {
    expect(gapsOf({ target: 'cuda' })).toEqual([['on-cpu', 'rest == 1', ['Equal i64']]]);
    expect(complaints(compileText(source, { target: 'cuda' }))).toEqual(['no-kernel@4']);
  });

  test('is told for every target where the CPU has no kernel either, since the model does not load', () => {
    const doubles = 'model M(x: Tensor<f64>[N]) -> (y: Tensor<f64>[N]) { return cosh(x) }';
    for (const target of ['portable', 'cpu', 'webgpu'] as const) {
      const [gap] = kernelGaps(modelOf(doubles, { target }).onnx, target);
      expect([target, gap?.outcome]).toEqual([target, 'not-loaded']);
    }
  });

  test('is told for bf16, which only CUDA computes in, but not for portable files', () => {
    const layer = 'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 4]) { return x -> fc: Linear(4) }';
    const outcomes = (target: 'portable' | 'cpu' | 'webgpu' | 'wasm' | 'cuda') =>
      kernelGaps(modelOf(layer, { target, dtype: 'bf16' }).onnx, target).map(({ outcome }) => outcome);
    expect(outcomes('portable')).toEqual([]);
    expect(outcomes('cuda')).toEqual([]);
    for (const target of ['cpu', 'webgpu', 'wasm'] as const) expect(new Set(outcomes(target))).toEqual(new Set(['not-loaded']));
  });

  test.each([
    [
      'booleans',
      'model M(keep: Tensor<bool>[2, 3], more: Tensor<bool>[2, 1]) -> (all: Tensor<bool>[2, 4]) { return concat(keep, more, axis = 1) }',
    ],
    ['bytes', 'model M(a: Tensor<u8>[4], b: Tensor<u8>[4]) -> (c: Tensor<u8>[4]) { return a + b }'],
    ['i32', 'model M(x: Tensor<i32>[4, 4]) -> (y: Tensor<i32>[4, 4]) { return x @ x }'],
    ['u32', 'model M(x: Tensor<u32>[4]) -> (y: Tensor<u32>[4]) { return abs(x) }'],
    ['i64', 'model M(x: Tensor<i64>[4, 4]) -> (y: Tensor<i64>[4, 4]) { return tril(x) }'],
  ])('is told of %s', (_, text) => {
    expect(kernelGaps(modelOf(text, { target: 'webgpu' }).onnx, 'webgpu').map(({ outcome }) => outcome)).toEqual(['on-cpu']);
  });

  test('is told as not tried for an operator that nobody tried', () => {
    const text = 'model M(x: Tensor[N, 3, 3]) -> (y: Tensor[N]) { return onnx.Det(x) }';
    for (const target of ['portable', 'cpu', 'webgpu', 'wasm'] as const)
      expect(complaints(compileText(text, { target }))).toEqual(['untried-kernel@1']);
    expect(compileText(text, { target: 'webgpu', denyFallback: true }).failed).toBe(true);
  });

  test('is told of what fails on the CPU, where it runs instead', () => {
    const text = `model M(x: Tensor<f64>[2, 4, 3], w: Tensor<f64>[20, 3], r: Tensor<f64>[20, 5]) -> (y: Tensor<f64>[2, 4, 5]) {
  (y, _, _) = lstm(x, w, r)
  return y
}`;
    const { outcome } = kernelGaps(modelOf(text, { target: 'webgpu' }).onnx, 'webgpu').find(({ gaps }) => gaps[0]?.opType === 'LSTM') ?? {};
    expect(outcome).toBe('wrong-on-cpu');
    expect(complaints(compileText(text, { target: 'webgpu' }))).toContain('wrong-kernel@2');
  });

  test('is told of constants in an element type that the CPU does not make', () => {
    const text = 'model M() -> (y: Tensor<bf16>[40, 40]) { return zeros([40, 40], dtype = bf16) }';
    expect(complaints(compileText(text, { target: 'cpu' }))).toEqual(['no-kernel@1']);
  });

  test('is told in the file of the user for what a layer of the library does', () => {
    const layer = 'model M(x: Tensor[N, 3, 8, 8]) -> (y: Tensor[N, 4, 6, 6]) {\n  return x -> conv: Conv2d(4, kernel = 3)\n}';
    expect(complaints(compileText(layer, { target: 'webgpu', opset: 25 }))).toEqual(['no-kernel@2']);
    const allowed = layer.replace('  return', '  # archc: allow no-kernel\n  return');
    expect(complaints(compileText(allowed, { target: 'webgpu', opset: 25 }))).toEqual([]);
  });

  test('is not a size of the model, nor what converts one for a tensor', () => {
    const mean = 'model M(x: Tensor[N, T]) -> (y: Tensor[]) { return sum(x) / (N * T) }';
    expect(complaints(compileText(mean, { target: 'webgpu' }))).toEqual([]);
  });

  test('is reported with its line, and may be allowed', () => {
    expect(complaints(compileText(source, { target: 'webgpu' }))).toEqual(['no-kernel@2', 'no-kernel@3', 'no-kernel@4']);
    const allowed = source.replace('  rest =', '  # archc: allow no-kernel\n  rest =');
    expect(complaints(compileText(allowed, { target: 'webgpu' }))).toEqual(['no-kernel@2', 'no-kernel@5']);
  });
});

describe('the table of kernels', () => {
  test('says what a provider does with a form, from an opset on', () => {
    expect(kernelOf('Conv', ['f32', 'rank=4'], 'webgpu', 24)).toBe('kernel');
    expect(kernelOf('Conv', ['f32', 'rank=4'], 'webgpu', 25)).toBe('none');
    expect(kernelOf('Conv', ['f32', 'rank=4'], 'cpu', 25)).toBe('kernel');
    expect(kernelOf('Conv', ['f64', 'rank=4'], 'cpu')).toBe('none');
    expect(kernelOf('ConvTranspose', ['f32', 'rank=4', 'groups-to-one-channel'], 'webgpu')).toBe('wrong');
    expect(kernelOf('Conv', ['bf16', 'rank=9'], 'cpu')).toBeUndefined();
    expect(kernelOf('constructor', [], 'cpu')).toBeUndefined();
  });

  test('decides for targets: `portable` means everywhere it may run, and CUDA has what is documented', () => {
    expect(['portable', 'cpu', 'cuda', 'webgpu'].map((target) => isPortable(target as 'cpu', 'Sign'))).toEqual([false, true, true, false]);
    expect(['portable', 'cpu', 'cuda', 'webgpu'].map((target) => hasKernel(target as 'cpu', 'Scan'))).toEqual([true, true, true, false]);
    expect(hasKernel('webgpu', 'Add', 'i32')).toBe(true);
    expect(hasKernel('webgpu', 'Add', 'i64')).toBe(false);
  });
});
