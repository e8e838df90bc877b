import { describe, expect, test } from 'vitest';
import { build, type CheckOptions, check, compile, createMemoryHost, HostError } from '../../src/index.js';
import { buildFile } from '../../src/node.js';

const host = createMemoryHost({ 'm.arch': 'model M(x: Tensor[N]) -> (y: Tensor[N]) { return relu(x) }' });

/** Options that TypeScript does not allow, or cannot tell from good ones. */
const wrong: readonly (readonly [options: object, message: string])[] = [
  [{ dtype: 'F32' }, 'archc builds for the float types f32, f16, bf16, not for "F32"'],
  [{ dtype: 'f64' }, 'archc builds for the float types f32, f16, bf16, not for "f64"'],
  [{ dtype: null }, 'archc builds for the float types f32, f16, bf16, not for null'],
  [{ io: 'f16' }, 'inputs and outputs can be kept as f32, not as "f16"'],
  [{ target: 'gpu' }, 'archc writes for the targets portable, cpu, cuda, webgpu, wasm, not for "gpu"'],
  [{ target: 'toString' }, 'archc writes for the targets portable, cpu, cuda, webgpu, wasm, not for "toString"'],
  [{ opset: 12 }, 'archc writes the ONNX opsets 21 to 26, not 12'],
  [{ opset: '21' }, 'archc writes the ONNX opsets 21 to 26, not "21"'],
  [{ limits: { tokens: 1e9 } }, 'the limit tokens cannot be 1000000000: it can be 10000000 at most'],
  [{ limits: { toString: 1 } }, 'there is no limit toString'],
  [{ limits: { graphNode: 1 } }, 'there is no limit graphNode; did you mean graphNodes?'],
];

describe.each(wrong)('%j is refused at once', (options, message) => {
  const refusal = new HostError(message);
  const given = options as CheckOptions;

  test('by check, without `lower` too, even if there is no file', () => {
    expect(() => check('m.arch', host, given)).toThrow(refusal);
    expect(() => check('missing.arch', host, given)).toThrow(refusal);
  });

  test('by compile and build', async () => {
    expect(() => compile('m.arch', host, given)).toThrow(refusal);
    expect(() => build('m.arch', host, given)).toThrow(refusal);
    await expect(buildFile('missing.arch', 'missing.onnx', given)).rejects.toThrow(refusal);
  });
});

test('an unknown way to store weights is refused, too', async () => {
  const given = { externalData: 'sometimes' } as object;
  await expect(buildFile('missing.arch', 'missing.onnx', given)).rejects.toThrow(
    new HostError('weights can be external auto, always, never, not "sometimes"'),
  );
});

test('undefined is the same as nothing', () => {
  const nothing = { dtype: undefined, io: undefined, target: undefined, opset: undefined, limits: undefined };
  expect(compile('m.arch', host, nothing).failed).toBe(false);
});
