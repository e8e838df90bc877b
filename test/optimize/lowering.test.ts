import { describe, expect, it } from 'vitest';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { modelOf } from '../kit/source.js';

const ort = useOrt();

/** The ONNX operators of a model, in order. */
function opTypes(source: string): readonly string[] {
  return modelOf(source).onnx.nodes.map((node) => node.opType);
}

describe('the nodes that lowering writes', () => {
  it('make the mask of all attentions once', () => {
    const attend = (times: number) => `model M(x: Tensor[N, 2, T, 4]) -> (y: Tensor[N, 2, T, 4]) {
      for i in 0..${times} { x = attention(x, x, x, causal = true) }
      return x
    }`;
    const count = (times: number, opType: string) => opTypes(attend(times)).filter((op) => op === opType).length;
    for (const op of ['Range', 'LessOrEqual', 'Shape']) expect([op, count(3, op)]).toEqual([op, count(1, op)]);
    expect(count(3, 'Softmax')).toBe(3);
  });

  it('are written as often as the source has them if they draw random numbers, or may do so', () => {
    const source = (call: string) => `model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {
      a = ${call} as Tensor[N, 8]
      b = ${call} as Tensor[N, 8]
      return a + b
    }`;
    expect(opTypes(source('onnx.RandomNormalLike(x)'))).toEqual(['RandomNormalLike', 'RandomNormalLike', 'Add']);
    expect(opTypes(source('onnx("com.example", "Draw", x)'))).toEqual(['Draw', 'Draw', 'Add']);
    expect(opTypes(source('onnx.Relu(x)'))).toEqual(['Relu', 'Add']);
  });

  it('transpose once where two transposes are consecutive, and not at all where the second undoes the first', () => {
    const source = (second: string) => `model M(x: Tensor[2, 3, 4]) -> (y: Tensor[A, B, C]) {
      return onnx.Transpose(onnx.Transpose(x, perm = [1, 2, 0]), perm = ${second}) * 2
    }`;
    expect(opTypes(source('[2, 0, 1]'))).toEqual(['Mul']);
    const { onnx } = modelOf(source('[0, 2, 1]'));
    expect(onnx.nodes.map((node) => [node.opType, node.attrs])).toEqual([
      ['Transpose', { perm: { ints: [1, 0, 2] } }],
      ['Mul', {}],
    ]);
  });

  it('leave the first of two transposes where it is an output, or read otherwise', () => {
    const source = `model M(x: Tensor[2, 3, 4]) -> (a: Tensor[3, 4, 2], b: Tensor[3, 2, 4]) {
      a = transpose(x, [1, 2, 0])
      return (a, transpose(a, [0, 2, 1]))
    }`;
    expect(opTypes(source)).toEqual(['Transpose', 'Transpose']);
  });

  it('reshape once where two reshapes are consecutive, and not at all where the second undoes the first, even with open sizes', () => {
    const source = (
      type: string,
      first: string,
      second: string,
      result: string,
      facts = '',
    ) => `model M(x: ${type}) -> (y: ${result}) ${facts} {
      return reshape(reshape(x, ${first}), ${second}) * 2
    }`;
    const heads = '[N, T, 4, D / 4]';
    expect(opTypes(source('Tensor[N, T, D]', heads, '[N, T, D]', 'Tensor[N, T, D]', 'where D % 4 == 0'))).toEqual(['Mul']);
    expect(opTypes(source('Tensor[2, 6]', '[3, 4]', '[12]', 'Tensor[12]'))).toEqual(['Reshape', 'Mul']);
    expect(opTypes(source('Tensor[N, T, 8]', '[N, T, 2, 4]', '[N, 2 * T, 4]', 'Tensor[N, 2 * T, 4]'))).toEqual(['Reshape', 'Mul']);
    // Two open sizes that are not sizes of an axis of x must be computed in any case.
    const twice = opTypes(source('Tensor[A, B, 4]', '[4, A, B]', '[2 * A, 2 * B]', 'Tensor[2 * A, 2 * B]'));
    expect(twice.filter((name) => name === 'Reshape')).toHaveLength(2);
  });

  it('move nothing where the operators around two transposes or reshapes undo each other, too', () => {
    const source = (perm: string) => `model M(x: Tensor[N, T, 8]) -> (y: Tensor[N, T, 8]) {
      heads = transpose(reshape(x, [N, T, 2, 4]), [0, 2, 1, 3])
      return reshape(transpose(heads, ${perm}), [N, T, 8]) * 2
    }`;
    expect(opTypes(source('[0, 2, 1, 3]'))).toEqual(['Mul']);
    expect(opTypes(source('[0, 2, 3, 1]'))).toEqual(['Reshape', 'Transpose', 'Reshape', 'Mul']);
  });

  it('read an axis of an input as the vector that Reshape requires', () => {
    const source = 'model M(x: Tensor[N, 6]) -> (y: Tensor[N, 2, 3]) { return rearrange(x, [N, 2 * d] => [N, 2, d]) }';
    expect(opTypes(source)).not.toContain('Squeeze');
  });

  it('leave no constants that nothing reads', () => {
    const { onnx } = modelOf('model M(x: Tensor[N, T]) -> (y: Tensor[N, 1]) { return x[:, T - 1..T] }');
    const read = new Set(onnx.nodes.flatMap((node) => node.inputs));
    for (const { value } of onnx.constants) expect(read.has(value), value.name).toBe(true);
  });

  it('keep infinities and the sign of zero', async () => {
    const source = `model M(x: Tensor[2]) -> (a: Tensor[2], b: Tensor[2], c: Tensor[2], d: Tensor[2], e: Tensor[2]) {
      return (maximum(full([2], -inf), x), minimum(full([2], inf), x), x / full([2], -0.0), x / -0.0, x / 0.0)
    }`;
    const { bytes } = builtModel(source);
    const outputs = await ort.run(bytes, { x: { dtype: 'f32', shape: [2], data: Float64Array.of(1, -2) } });
    const values = Object.fromEntries(Object.entries(outputs).map(([name, array]) => [name, [...array.data]]));
    expect(values).toEqual({ a: [1, -2], b: [1, -2], c: [-Infinity, Infinity], d: [-Infinity, Infinity], e: [Infinity, -Infinity] });
  });

  it('write an rms norm as the standard has it, with squares of f16 that do not overflow', async () => {
    const source = `model M(x: Tensor[N, D], w: Tensor[D]) -> (y: Tensor[N, D], z: Tensor[N, D]) {
      return (rms_norm(x, w, eps = 1e-6), rms_norm(x, eps = 1e-6))
    }`;
    const forms = { 21: 'Pow', 22: 'Pow', 23: 'RMSNormalization', 26: 'RMSNormalization' };
    for (const [opset, form] of Object.entries(forms)) {
      const { model, bytes } = builtModel(source, { dtype: 'f16', opset: Number(opset) });
      const opTypes = model.onnx.nodes.map((node) => node.opType);
      expect(opTypes).toContain(form);
      expect(opTypes).not.toContain('SimplifiedLayerNormalization');
      const x = { dtype: 'f16', shape: [1, 4], data: Float64Array.of(-1200, 1200, 600, 0) } as const;
      const w = { dtype: 'f16', shape: [4], data: Float64Array.of(1, 2, 1, 1) } as const;
      const { y, z } = await ort.run(bytes, { x, w });
      const root = Math.sqrt((2 * 1200 ** 2 + 600 ** 2) / 4);
      for (const [i, wanted] of [-1200, 2400, 600, 0].entries()) expect(y?.data[i]).toBeCloseTo(wanted / root, 2);
      for (const [i, wanted] of [-1200, 1200, 600, 0].entries()) expect(z?.data[i]).toBeCloseTo(wanted / root, 2);
    }
  });
});
