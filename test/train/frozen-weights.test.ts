import { describe, expect, test } from 'vitest';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import type { BuildOptions } from '../../src/api/options.js';
import { build } from '../../src/build.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { tensorOf } from '../../src/runtime/pure/tensor-numbers.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

const source = `
model Large(x: Tensor[N, 2]) -> (y: Tensor[N, 1]) { return x -> fc: Linear(1, bias = false) }
model Small(x: Tensor[N, 2]) -> (y: Tensor[N, 1]) { return x -> fc: Linear(1, bias = false) }
train Distill for Small {
  teacher = frozen Large
  loss = mse_loss(y, teacher(x))
  optimizer sgd(lr = 1.0)
}`;

/** A weights file: names with the two numbers of a matrix. */
const file = (weights: Readonly<Record<string, readonly number[]>>) =>
  joinChunks(
    writeSafetensors(Object.entries(weights).map(([name, data]) => ({ name, ...tensorOf('f32', [1, 2], Float64Array.from(data)) }))),
  );

const files = {
  'main.arch': source,
  'small.safetensors': file({ 'fc.weight': [1, 2] }),
  'large.safetensors': file({ 'net.fc.weight': [30, 400] }),
  'both.safetensors': file({ 'fc.weight': [1, 2], 'teacher.fc.weight': [30, 400] }),
};

function built(options: BuildOptions): Uint8Array {
  const { artifacts, diagnostics } = build('main.arch', createMemoryHost(files), { train: 'Distill', ...options });
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return artifacts?.find(({ name }) => name === 'main.eval.onnx')?.bytes ?? expect.fail('no graph');
}

describe('the weights of a frozen model', () => {
  const x = { dtype: 'f32', shape: [1, 2], data: Float64Array.of(1, 0) } as const;
  const weight = { dtype: 'f32', shape: [1, 2], data: Float64Array.of(1, 2) } as const;
  const lossOf = async (bytes: Uint8Array) => (await ort.run(bytes, { x, 'fc.weight': weight })).loss?.data[0];

  test('come from a file of their own, whose names are those of the model', async () => {
    const own = { weights: 'small.safetensors', frozenWeights: { teacher: 'large.safetensors' }, map: { 'net.*': '*' } };
    expect(await lossOf(built(own))).toBe(29 ** 2);
  });

  test('or are in the file of the trained model, below its name', async () => {
    expect(await lossOf(built({ weights: 'both.safetensors' }))).toBe(29 ** 2);
  });

  test('may be read while those of the trained model are drawn', async () => {
    const own = { frozenWeights: { teacher: 'large.safetensors' }, map: { 'net.*': '*' } };
    expect(await lossOf(built(own))).toBe(29 ** 2);
  });
});
