import { expect, test } from 'vitest';
import { encodeModel, joinChunks } from '../../src/6-emit/onnx/encode.js';
import type { ModelProto } from '../../src/6-emit/onnx/proto.js';
import { useOrt } from '../kit/ort.js';
import { webgpu } from '../kit/webgpu.js';

const ort = useOrt();

const tensorType = (dim: readonly object[]) => ({ tensorType: { elemType: 1, shape: { dim } } });

function unary(opType: string): Uint8Array {
  const model: ModelProto = {
    irVersion: 10,
    opsetImport: [{ domain: '', version: 21 }],
    graph: {
      name: 'g',
      node: [{ opType, input: ['x'], output: ['y'], metadataProps: [{ key: 'archc.src', value: 'm.arch:1:1' }] }],
      input: [{ name: 'x', type: tensorType([{ dimParam: 'N' }]) }],
      output: [{ name: 'y', type: tensorType([{ dimParam: 'N' }]) }],
    },
  };
  return joinChunks(encodeModel(model).write());
}

const x = { dtype: 'f32', shape: [3], data: Float64Array.of(-1, 0, 2) } as const;

test('ONNX Runtime runs a model and gives its outputs', async () => {
  expect(await ort.run(unary('Relu'), { x })).toEqual({ y: { dtype: 'f32', shape: [3], data: Float64Array.of(0, 0, 2) } });
  expect(await ort.load(unary('Relu'))).toEqual({ inputs: ['x'], outputs: ['y'] });
});

test.runIf(webgpu)('ONNX Runtime runs a model on WebGPU', async () => {
  expect(await ort.run(unary('Relu'), { x }, { provider: 'webgpu' })).toEqual({
    y: { dtype: 'f32', shape: [3], data: Float64Array.of(0, 0, 2) },
  });
});

test('a model that does not load rejects with the reason', async () => {
  await expect(ort.run(unary('NoSuchOp'), { x })).rejects.toThrow(/NoSuchOp/);
});

test('a crash of the process rejects its own call only', async () => {
  const crash = ort.run('archc-test:abort', {});
  const after = ort.run(unary('Relu'), { x });
  await expect(crash).rejects.toThrow(/ONNX Runtime crashed/);
  expect((await after).y?.data).toEqual(Float64Array.of(0, 0, 2));
});

test('a call that takes too long is rejected, and the next one runs', async () => {
  await expect(ort.run('archc-test:silence', { x }, { timeout: 50 })).rejects.toThrow(/no answer within 50 ms/);
  expect((await ort.run(unary('Relu'), { x })).y?.data).toEqual(Float64Array.of(0, 0, 2));
});
