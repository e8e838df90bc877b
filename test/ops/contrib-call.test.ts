import { describe, expect, test } from 'vitest';
import { Dim } from '../../src/dims/dim.js';
import { Facts } from '../../src/dims/facts.js';
import type { OnnxAttr } from '../../src/ops/onnx-builder.js';
import { checkOnnxCall } from '../../src/ops/onnx-call.js';
import { operatorName, operatorNamed } from '../../src/ops/onnx-schema.js';
import type { DType, TensorType } from '../../src/ops/types.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { checkText, rendered } from '../kit/source.js';

const ort = useOrt();

const matrix = (dtype: DType): TensorType => ({ dtype, shape: [Dim.of(2), Dim.of(3)] });

describe("a call of one of ONNX Runtime's own operators", () => {
  const problems = (opType: string, inputs: readonly TensorType[], attrs: Readonly<Record<string, OnnxAttr>> = {}) =>
    checkOnnxCall(opType, inputs, attrs, Facts.none, 26, { domain: 'com.microsoft', written: matrix('f32') }).problems.map(
      ({ message, help }) => (help === undefined ? message : `${message} (${help})`),
    );

  test('is checked against its schema', () => {
    expect(problems('FastGelu', [matrix('f32'), matrix('f32')])).toEqual([]);
    expect(problems('FastGelu', [matrix('i32')])).toEqual([
      'the input `X` of `com.microsoft.FastGelu` is i32, which it does not take (it takes f16, bf16, f32, f64)',
    ]);
    expect(problems('QuickGelu', [matrix('f32')], { beta: { float: 1 } })).toEqual([
      '`com.microsoft.QuickGelu` has no attribute `beta` (it has `alpha`)',
    ]);
    expect(problems('BiasGelu', [matrix('f32')])).toEqual(['`com.microsoft.BiasGelu` needs its input 2, `B`']);
    expect(problems('Gelu', [matrix('f16')])).toEqual([
      'the output `Y` of `com.microsoft.Gelu` is f16, not f32 (write `as Tensor<f16>[..]`)',
    ]);
  });

  test('is not mistaken for a call of the standard operator with the same name', () => {
    expect(problems('Attention', [matrix('i32'), matrix('f32')])).toContain(
      'the input `input` of `com.microsoft.Attention` is i32, which it does not take (it takes f16, bf16, f32)',
    );
  });

  test('is accepted if archc does not know the operator', () => {
    expect(problems('Unheard', [matrix('i32')], { beta: { float: 1 } })).toEqual([]);
  });

  test('has attributes of the types that the operator requires', async () => {
    const source = `model M(x: Tensor[2, 3]) -> (y: Tensor[2, 3]) {
  return onnx("com.microsoft", "QuickGelu", x, alpha = 1) as Tensor[2, 3]
}`;
    const { bytes, model } = builtModel(source);
    expect(model.onnx.domains).toEqual({ 'com.microsoft': 1 });
    const x = Float64Array.of(-2, -1, 0, 1, 2, 3);
    const { y } = await ort.run(bytes, { x: { dtype: 'f32', shape: [2, 3], data: x } });
    for (const [i, got] of y!.data.entries()) expect(got).toBeCloseTo(x[i]! / (1 + Math.exp(-x[i]!)), 5);
  });

  test('is reported at its place', () => {
    const source = `model M(x: Tensor[2, 3]) -> (y: Tensor[2, 3]) {
  return onnx("com.microsoft", "QuickGelu", x, alfa = 1) as Tensor[2, 3]
}`;
    expect(rendered(checkText(source))).toContain('`com.microsoft.QuickGelu` has no attribute `alfa`');
  });
});

test('an operator has a one-word name', () => {
  for (const name of ['Attention', 'com.microsoft.Attention']) expect(operatorName(operatorNamed(name))).toBe(name);
  expect(operatorNamed('com.microsoft.Attention')).toEqual({ domain: 'com.microsoft', opType: 'Attention' });
});
