import { describe, expect, it } from 'vitest';
import type { CompileOptions } from '../../src/compile.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

const x = { dtype: 'f32', shape: [2], data: Float64Array.of(-1, 3) } as const;
const column = { dtype: 'f32', shape: [2, 1], data: Float64Array.of(-1, 3) } as const;

/** What ONNX Runtime gives for each output, by its name. */
async function outputsOf(source: string, feeds = { x } as Parameters<typeof ort.run>[1], options: CompileOptions = {}) {
  const got = await ort.run(builtModel(source, options).bytes, feeds);
  return Object.fromEntries(Object.entries(got).map(([name, { data }]) => [name, [...data]]));
}

describe('outputs with the same value', () => {
  it('that is an input are an output each', async () => {
    const source = 'model M(x: Tensor[N]) -> (y: Tensor[N], z: Tensor[N], u: Tensor[N]) { return (x, x, x) }';
    expect(await outputsOf(source)).toEqual({ y: [-1, 3], z: [-1, 3], u: [-1, 3] });
  });

  it('that a node computes are an output each', async () => {
    const source = `model M(x: Tensor[N]) -> (a: Tensor[N], b: Tensor[N], c: Tensor[N], d: Tensor[N]) {
      h = relu(x)
      return (h, h, relu(x), h)
    }`;
    expect(await outputsOf(source)).toEqual({ a: [0, 3], b: [0, 3], c: [0, 3], d: [0, 3] });
  });

  it('that is a weight are an output each', async () => {
    const source = `model M(x: Tensor[2]) -> (a: Tensor[2], b: Tensor[2], c: Tensor[2]) {
      param p: Tensor[2] = ones
      return (p, p, p + x)
    }`;
    expect(await outputsOf(source)).toEqual({ a: [1, 1], b: [1, 1], c: [0, 4] });
  });

  it('that is a constant are an output each', async () => {
    const source = `model M(x: Tensor[2]) -> (a: Tensor[2], b: Tensor[2], c: Tensor[2]) {
      return (zeros([2]), zeros([2]), x)
    }`;
    expect(await outputsOf(source)).toEqual({ a: [0, 0], b: [0, 0], c: [-1, 3] });
  });

  it('that are equal once the operators that change nothing are gone are an output each', async () => {
    const source = `model M(x: Tensor[N, 1]) -> (a: Tensor[N, 1], b: Tensor[N, 1], c: Tensor[N, 1], d: Tensor[N, 1], e: Tensor[N, 1]) {
      return (dropout(x), x, roll(x, 1, axis = 1), expand(x, [N, 1]), x.T.T)
    }`;
    const same = [-1, 3];
    expect(await outputsOf(source, { x: column })).toEqual({ a: same, b: same, c: same, d: same, e: same });
  });

  it('that are equal where an optional branch is absent are an output each', async () => {
    const source = `model M(x: Tensor[N], bias: Tensor[N]?) -> (a: Tensor[N], b: Tensor[N], c: Tensor[N]) {
      h = if bias? { x + bias } else { x }
      return (h, x, h)
    }`;
    expect(await outputsOf(source)).toEqual({ a: [-1, 3], b: [-1, 3], c: [-1, 3] });
    expect(await outputsOf(source, { x, bias: x }, { with: ['bias'] })).toEqual({ a: [-2, 6], b: [-1, 3], c: [-2, 6] });
  });

  it('keep the sizes of the signature that each of them has', () => {
    const source = `model M(x: Tensor[N, 4]) -> (a: Tensor[N, 4], b: Tensor[N, D], c: Tensor[N, 4]) { return (x, x, x) }`;
    const { outputs } = builtModel(source).model.onnx;
    expect(outputs.map(({ name, type }) => `${name} ${type.shape.join()}`)).toEqual(['a N,4', 'b N,4', 'c N,4']);
  });
});
