import { expect, test } from 'vitest';
import { Dim } from '../../src/dims/dim.js';
import { Facts } from '../../src/dims/facts.js';
import type { OnnxAttr } from '../../src/ops/onnx-builder.js';
import { checkOnnxCall } from '../../src/ops/onnx-call.js';
import { type DType, showType, type TensorType } from '../../src/ops/types.js';
import { modelOf } from '../kit/source.js';

const [N, M, H] = ['N', 'M', 'H'].map((name) => Dim.variable(name)) as [Dim, Dim, Dim];

function tensor(dtype: DType, ...shape: readonly (Dim | number)[]): TensorType {
  return { dtype, shape: shape.map((size) => (typeof size === 'number' ? Dim.of(size) : size)) };
}

function outputsOf(
  opType: string,
  inputs: readonly (TensorType | undefined)[],
  attrs: Readonly<Record<string, OnnxAttr>> = {},
  opset = 21,
) {
  const { outputs, problems } = checkOnnxCall(opType, inputs, attrs, Facts.none, opset);
  expect(problems).toEqual([]);
  return outputs?.map((type) => showType(type));
}

function problemsOf(
  opType: string,
  inputs: readonly (TensorType | undefined)[],
  attrs: Readonly<Record<string, OnnxAttr>> = {},
  opset = 21,
) {
  const { outputs, problems } = checkOnnxCall(opType, inputs, attrs, Facts.none, opset);
  expect(outputs).toBeUndefined();
  return problems.map(({ message, help }) => (help === undefined ? message : `${message} (${help})`));
}

test('elementwise operators keep or broadcast shapes', () => {
  expect(outputsOf('HardSwish', [tensor('f32', N, 3)])).toEqual(['[N, 3]']);
  expect(outputsOf('Add', [tensor('f32', N, 3), tensor('f32', 3)])).toEqual(['[N, 3]']);
  expect(outputsOf('Equal', [tensor('i64', N, 1), tensor('i64', 4)])).toEqual(['bool[N, 4]']);
  expect(outputsOf('Where', [tensor('bool', N), tensor('f16', N), tensor('f16', 1)])).toEqual(['f16[N]']);
});

test('operators that archc has too take its shape rule', () => {
  expect(
    outputsOf('Conv', [tensor('f32', N, 3, H, H), tensor('f32', 8, 3, 3, 3)], { strides: { ints: [2, 2] }, pads: { ints: [1, 1, 1, 1] } }),
  ).toEqual(['[N, 8, (H + 1) // 2, (H + 1) // 2]']);
  expect(outputsOf('MaxPool', [tensor('f32', N, 3, 28, 28)], { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } })).toEqual([
    '[N, 3, 14, 14]',
  ]);
  expect(outputsOf('Gemm', [tensor('f32', N, 4), tensor('f32', 7, 4)], { transB: { int: 1 } })).toEqual(['[N, 7]']);
  expect(outputsOf('Concat', [tensor('f32', N, 4), tensor('f32', M, 4)], { axis: { int: 0 } })).toEqual(['[M + N, 4]']);
  expect(outputsOf('Flatten', [tensor('f32', N, 4, 5)])).toEqual(['[N, 20]']);
  expect(outputsOf('Shape', [tensor('f32', N, 4, 5)])).toEqual(['i64[3]']);
  expect(outputsOf('Cast', [tensor('f32', N)], { to: { string: 'i32' } })).toEqual(['i32[N]']);
  expect(outputsOf('ReduceMean', [tensor('f32', N, 4)], { keepdims: { int: 0 } })).toEqual(['[]']);
});

test('no number among the attributes is counted up to', () => {
  expect(outputsOf('LRN', [tensor('f32', N, 3, H, H)], { size: { int: 1e9 } })).toEqual(['[N, 3, H, H]']);
  expect(problemsOf('Split', [tensor('f32', N, H)], { num_outputs: { int: 1e9 } })).toEqual([
    '`onnx.Split` has 1000000000 outputs here, and archc takes at most 65536',
  ]);
});

test('a size that the elements of an input decide is a new one', () => {
  const { outputs, sizes } = checkOnnxCall('NonZero', [tensor('f32', N, 4)], {}, Facts.none);
  expect(outputs?.[0]?.shape.map((size) => size.variableName ?? size.constant)).toEqual([2, sizes?.[0]?.placeholder]);
  expect(sizes?.map(({ least, most }) => `${least} to ${most}`)).toEqual(['0 to 4*N']);
});

test('what depends on the elements of an input is left to the user', () => {
  expect(outputsOf('Reshape', [tensor('f32', N, 4), tensor('i64', 2)])).toBeUndefined();
  expect(outputsOf('ReduceMean', [tensor('f32', N, 4), tensor('i64', 1)])).toBeUndefined();
});

test('attributes are converted to the type that the operator requires', () => {
  expect(checkOnnxCall('LeakyRelu', [tensor('f32', N)], { alpha: { int: 1 } }, Facts.none).attrs).toEqual({ alpha: { float: 1 } });
  expect(checkOnnxCall('Cast', [tensor('f32', N)], { to: { string: 'f16' } }, Facts.none).attrs).toEqual({ to: { int: 10 } });
  expect(checkOnnxCall('Transpose', [tensor('f32', N)], { perm: { int: 0 } }, Facts.none).attrs).toEqual({ perm: { ints: [0] } });
});

test('the file has attributes of the type that the operator requires', () => {
  const { onnx } = modelOf('model M(x: Tensor[N, 5]) -> (y: Tensor[N, 5]) { return onnx.LeakyRelu(x, alpha = 1) }');
  expect(onnx.nodes.map(({ opType, attrs }) => ({ opType, attrs }))).toEqual([{ opType: 'LeakyRelu', attrs: { alpha: { float: 1 } } }]);
});

test('mistakes are told in words', () => {
  const x = tensor('f32', N, 3);
  expect([
    ...problemsOf('HardSwich', [x]),
    ...problemsOf('Foo', [x]),
    ...problemsOf('Relu', [x, x]),
    ...problemsOf('MatMul', [x]),
    ...problemsOf('Erf', [tensor('bool', N)]),
    ...problemsOf('Add', [x, tensor('f16', N, 3)]),
    ...problemsOf('LeakyRelu', [x], { slope: { float: 0.1 } }),
    ...problemsOf('LeakyRelu', [x], { alhpa: { float: 0.1 } }),
    ...problemsOf('LeakyRelu', [x], { alpha: { string: 'a' } }),
    ...problemsOf('Concat', [x, x]),
    ...problemsOf('Loop', [undefined, undefined, x]),
    ...problemsOf('Swish', [x]),
    ...problemsOf('Add', [x, tensor('f32', M, 3)]),
    ...problemsOf('MatMul', [x, tensor('f32', 4, 5)]),
    ...problemsOf('MaxPool', [tensor('f32', N, 3, 8)], { kernel_shape: { int: 2 }, strides: { int: 0 } }),
  ]).toMatchInlineSnapshot(`
    [
      "ONNX has no operator \`HardSwich\` (did you mean \`onnx.HardSwish\`?)",
      "ONNX has no operator \`Foo\` (other domains are written \`onnx("domain", "Name", ..)\`)",
      "\`onnx.Relu\` takes 1 input, but got 2 (X)",
      "\`onnx.MatMul\` needs its input 2, \`B\`",
      "the input \`input\` of \`onnx.Erf\` is bool, which it does not take (it takes f16, bf16, f32, f64)",
      "the inputs \`A\` and \`B\` of \`onnx.Add\` must have one element type, but are f32 and f16 (convert one of them, for instance with \`cast(.., f32)\`)",
      "\`onnx.LeakyRelu\` has no attribute \`slope\` (it has \`alpha\`)",
      "\`onnx.LeakyRelu\` has no attribute \`alhpa\` (did you mean \`alpha\`?)",
      "the attribute \`alpha\` of \`onnx.LeakyRelu\` is a number, not "a"",
      "\`onnx.Concat\` needs the attribute \`axis\` (add \`axis = ..\`: an integer)",
      "\`onnx.Loop\` needs a graph as \`body\`, which cannot be written here (use \`scan\` or \`cond\`)",
      "\`onnx.Swish\` came with opset 24, but the build is for 21 (build with \`--opset 24\`)",
      "cannot add [N, 3] and [M, 3]: axis 0 is N in one and M in the other (use the same name for sizes that are equal; only a size written as 1 is stretched)",
      "the inner sizes of this product differ: the last axis of \`a\` is 3, the second last axis of \`b\` is 4",
      "stride must be at least 1, but is 0",
    ]
  `);
});

test('operators of later opsets are known', () => {
  expect(outputsOf('Swish', [tensor('f32', N)], {}, 24)).toEqual(['[N]']);
  expect(outputsOf('RMSNormalization', [tensor('f32', N, 8), tensor('f32', 8)], {}, 23)).toEqual(['[N, 8]']);
});

test('element types of later opsets are known', () => {
  expect(outputsOf('Elu', [tensor('bf16', N)], {}, 22)).toEqual(['bf16[N]']);
  expect(problemsOf('Elu', [tensor('bf16', N)])).toEqual([
    'the input `X` of `onnx.Elu` is bf16, which it does not take (it takes f16, f32, f64; with `--opset 22` also bf16)',
  ]);
});
