import { expect, test } from 'vitest';
import { bindInputs, mapBound } from '../../src/ops/bind.js';
import { typeOf } from '../../src/ops/evaluate.js';
import { formOf } from '../../src/ops/forms.js';
import { anyOpNamed, opNamed } from '../../src/ops/registry.js';
import { targets } from '../../src/ops/targets.js';
import { everyOp } from '../kit/every-op.js';
import { drawSamples } from '../kit/op-samples.js';

/** The names of the forms of a sample for each target, at the opset. */
function formsOf(name: string, opset: number, index = 0): Readonly<Record<string, string | undefined>> {
  const op = anyOpNamed(name) ?? expect.fail(`there is no operator ${name}`);
  const { inputs, attrs, types } = drawSamples(op)[index] ?? expect.fail(`${name} has no sample ${index}`);
  const call = { inputs: mapBound(bindInputs(op, inputs), typeOf), attrs, outputs: types };
  return Object.fromEntries(targets.map((target) => [target, formOf(op, { target, opset }, call)?.name]));
}

test('the forms of an operator have different names', () => {
  for (const op of everyOp) {
    const names = op.kind === 'composite' ? (op.forms ?? []).map(({ name }) => name) : [];
    expect(new Set(names).size, op.name).toBe(names.length);
  }
});

test('only the last form may fit every call, since any form after it would never be written', () => {
  for (const op of everyOp) {
    const early = op.kind === 'composite' ? (op.forms ?? []).slice(0, -1) : [];
    for (const { name, targets, fits } of early) expect(targets ?? fits, `${op.name}: ${name}`).toBeDefined();
  }
});

test('a call takes the first form that fits it, or none', () => {
  expect(formsOf('rms_norm', 22)).toMatchObject({ portable: 'ONNX Pow and ReduceMean', cpu: 'ONNX Pow and ReduceMean' });
  expect(formsOf('rms_norm', 23)).toMatchObject({ portable: 'ONNX RMSNormalization', webgpu: 'ONNX RMSNormalization' });
  expect(formsOf('attention', 22)).toMatchObject({ portable: undefined, cpu: undefined });
  const joined = 'com.microsoft.MultiHeadAttention';
  expect(formsOf('attention', 23)).toEqual({
    portable: undefined,
    cpu: 'ONNX Attention',
    wasm: 'ONNX Attention',
    cuda: joined,
    webgpu: joined,
  });
  // Six query heads share two key heads.
  expect(formsOf('attention', 21, 3)).toMatchObject({ cuda: undefined, webgpu: undefined });
  expect(formsOf('relu', 21)).toMatchObject({ portable: undefined });
});

test('what is one kernel on WebGPU is several operators elsewhere', () => {
  for (const [name, form] of [
    ['bias_gelu', 'com.microsoft.BiasGelu'],
    ['skip_layer_norm', 'com.microsoft.SkipLayerNormalization'],
    ['packed_attention', 'com.microsoft.Attention'],
  ] as const) {
    expect(formsOf(name, 21)).toEqual({ portable: undefined, cpu: undefined, cuda: undefined, wasm: undefined, webgpu: form });
    expect(opNamed(name)).toBeUndefined();
  }
});
