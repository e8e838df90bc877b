import { describe, expect, it } from 'vitest';
import type { CompileOptions } from '../../src/compile.js';
import type { DType, NdArray } from '../../src/ops/types.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

const source = `model M(x: Tensor[N, 2], half: Tensor<f16>[N, 2], ids: Tensor<i64>[N])
  -> (y: Tensor[N, 2], h: Tensor<f16>[N, 2], i: Tensor<i64>[N], copy: Tensor[N, 2])
{
  param w: Tensor[2] = ones
  return (x * w, half * 2, ids + 1, copy = x)
}`;

function edges(options: CompileOptions): string {
  const { inputs, outputs, parameters } = builtModel(source, options).model.onnx;
  const typed = (values: readonly { readonly name: string; readonly type: { readonly dtype: DType } }[]) =>
    values.map(({ name, type }) => `${name}:${type.dtype}`).join(' ');
  return `${typed(inputs)} -> ${typed(outputs)}, ${typed(parameters.map(({ value }) => value))}`;
}

describe('the float type of inputs and outputs', () => {
  it('is that of the build unless it is said', () => {
    expect(edges({ dtype: 'bf16' })).toBe('x:bf16 half:f16 ids:i64 -> y:bf16 h:f16 i:i64 copy:bf16, w:bf16');
  });

  it.each(['f16', 'bf16'] as const)('can stay f32 in an %s build, where types of their own remain', (dtype) => {
    expect(edges({ dtype, io: 'f32' })).toBe(`x:f32 half:f16 ids:i64 -> y:f32 h:f16 i:i64 copy:f32, w:${dtype}`);
  });

  it('changes nothing in an f32 build', () => {
    expect(builtModel(source, { io: 'f32' }).bytes).toEqual(builtModel(source, {}).bytes);
  });

  it('is converted inside', async () => {
    const { bytes } = builtModel(source, { dtype: 'f16', io: 'f32' });
    const array = (dtype: DType, shape: readonly number[], ...data: readonly number[]): NdArray => ({
      dtype,
      shape,
      data: Float64Array.from(data),
    });
    const feeds = {
      x: array('f32', [1, 2], 0.1, 1000.3),
      half: array('f16', [1, 2], 0.5, 2),
      ids: array('i64', [1], 3),
    };
    const { y, h, i, copy } = await ort.run(bytes, feeds);
    // 0.1 and 1000.3, rounded to f16.
    const rounded = array('f32', [1, 2], 0.0999755859375, 1000.5);
    expect([y, copy]).toEqual([rounded, rounded]);
    expect([h, i]).toEqual([array('f16', [1, 2], 1, 4), array('i64', [1], 4)]);
  });
});
