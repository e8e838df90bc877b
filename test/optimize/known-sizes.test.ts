import { describe, expect, it } from 'vitest';
import { difference } from '../kit/close.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { randomNumbers } from '../kit/random.js';
import { modelOf } from '../kit/source.js';

const ort = useOrt();

/** A network of depthwise convolutions in the style of MobileNetV2, whose sides are halved after each stage. */
const mobile = (facts: string) => `
layer Conv(out: int, kernel: int, stride = 1, groups = 1)(x: Tensor[N, C, H, W]) -> Tensor[N, out, H1, W1]
  where C % groups == 0, out % groups == 0
{
  return x -> conv: Conv2d(out, kernel, stride = stride, padding = "same", groups = groups, bias = false) -> norm: BatchNorm2d -> relu6
}

layer Inverted(out: int, stride: int)(x: Tensor[N, C, H, W]) -> Tensor[N, out, H1, W1] {
  y = x -> expand: Conv(2 * C, 1) -> depthwise: Conv(2 * C, 3, stride = stride, groups = 2 * C) -> reduce: Conv(out, 1)
  return if stride == 1 && C == out { x + y } else { y }
}

model Mobile(x: Tensor[N, 3, H, W]) -> (y: Tensor[N, 12, h, w])${facts} {
  x = x -> stem: Conv(4, 3, stride = 2)
  for (i, (out, stride)) in enumerate([(4, 1), (6, 2), (6, 1), (8, 2), (10, 2), (12, 2)]) { x = x -> blocks[i]: Inverted(out, stride) }
  return x
}
`;
const facts = ' where H % 32 == 0, W % 32 == 0';

describe('facts about sizes', () => {
  const nodes = (source: string, optimize?: 0 | 1) => modelOf(source, { optimize }).onnx.nodes;
  const types = (source: string, optimize?: 0 | 1) => nodes(source, optimize).map(({ opType }) => opType);

  it('make the padding of convolutions a number', () => {
    const arithmetic = new Set(['Shape', 'Concat', 'Div', 'Mul', 'Max', 'Sub', 'Pad', 'Expand']);
    const counted = (source: string, optimize?: 0 | 1) => {
      const all = types(source, optimize);
      return [all.length, all.filter((type) => arithmetic.has(type)).length];
    };
    expect(counted(mobile(facts))).toEqual([59, 0]);
    for (const [all, left] of [counted(mobile('')), counted(mobile(facts), 0)]) {
      expect(all).toBeGreaterThan(100);
      expect(left).toBe(50);
    }
  });

  it.each([
    [1, 32, 64],
    [2, 96, 32],
  ])('do not change what is computed: %i images of %i x %i', async (n, h, w) => {
    const random = randomNumbers(1);
    const data = Float64Array.from({ length: n * 3 * h * w }, random);
    const feeds = { x: { dtype: 'f32', shape: [n, 3, h, w], data } } as const;
    const { y: wanted } = await ort.run(builtModel(mobile(facts), { optimize: 0 }).bytes, feeds);
    const { y: got } = await ort.run(builtModel(mobile(facts)).bytes, feeds);
    expect(wanted && got && difference(got, wanted, 1e-6)).toBeUndefined();
    expect(got?.shape).toEqual([n, 12, h / 32, w / 32]);
  });

  it('do not change how the sizes of inputs and outputs are written', () => {
    const source = (where: string) => `model M(x: Tensor[A, B], z: Tensor[B]) -> (y: Tensor[A, B], u: Tensor[A, (B + 1) // 2])${where} {
      return (y = x * z, u = x[:, .. by 2])
    }`;
    const interfaceOf = (where: string) => {
      const { inputs, outputs } = modelOf(source(where)).onnx;
      return [...inputs, ...outputs].map(({ name, type }) => `${name}[${type.shape.join(', ')}]`);
    };
    expect(interfaceOf(' where A == B, B % 4 == 0')).toEqual(interfaceOf(''));
  });

  it('keep the names of the model for sizes inside the file', () => {
    const shapes = nodes(mobile(facts)).flatMap(({ outputs }) => outputs.map((output) => `[${output?.type.shape.join(', ')}]`));
    expect(new Set(shapes)).toContain('[N, 8, H // 2, W // 2]');
    expect(shapes.filter((shape) => shape.includes("'"))).toEqual([]);
  });

  it('make it possible to compute equal sizes once', () => {
    const source = (where: string) => `model M(x: Tensor[N, T]) -> (a: Tensor[T // 4, 3], b: Tensor[(T + 3) // 4, 3])${where} {
      return (a = ones([T // 4, 3]) * sum(x), b = ones([(T + 3) // 4, 3]) * sum(x))
    }`;
    const sizes = (where: string) => nodes(source(where)).filter(({ path }) => path[0] === 'sizes').length;
    expect(sizes(' where T % 4 == 0')).toBeLessThan(sizes(''));
  });

  it('hold for sizes that the body of a loop computes with', async () => {
    const source = `model M(x: Tensor[T, 6], s: Tensor[N, K]) -> (y: Tensor[T // 2, 12], z: Tensor[N, K]) where T % 8 == 0, K == 2 * T {
      scan row over x axis 0 carry h: Tensor[T // 4, 8] = zeros { next h = tanh(h + ones([(T + 3) // 4, 8]) * sum(row)) }
      y = reshape(x, [T // 2, 12]) + reshape(h, [T // 2, 4])[:, ..1]
      return (y, z = s * 2)
    }`;
    const random = randomNumbers(2);
    const array = (...shape: number[]) => ({
      dtype: 'f32' as const,
      shape,
      data: Float64Array.from({ length: shape.reduce((a, b) => a * b) }, random),
    });
    const feeds = { x: array(8, 6), s: array(1, 16) };
    const [wanted, got] = [await ort.run(builtModel(source, { optimize: 0 }).bytes, feeds), await ort.run(builtModel(source).bytes, feeds)];
    for (const [name, array] of Object.entries(wanted)) expect(got[name] && difference(got[name], array, 1e-6), name).toBeUndefined();
  });
});

describe('sizes that a run computes', () => {
  const sizes = (source: string) => modelOf(source).onnx.nodes.flatMap(({ opType, path }) => (path[0] === 'sizes' ? [opType] : []));

  it('take adjacent axes of an input with one operator', () => {
    const source = (shape: string) =>
      `model M(x: Tensor[N, 3, H, W], y: Tensor[1, 1, 1]) -> (z: Tensor${shape}) { return expand(y, ${shape}) }`;
    expect(sizes(source('[N, 3, H, W]'))).toEqual(['Shape']);
    expect(sizes(source('[3, H, W]'))).toEqual(['Shape']);
    expect(sizes(source('[H, W, N]'))).toEqual(['Shape', 'Shape', 'Concat']);
  });

  it('are computed from a single axis where possible', () => {
    const source = `model M(x: Tensor[2 * K], y: Tensor[1]) -> (z: Tensor[K]) { return expand(y, [K]) }`;
    expect(sizes(source)).toEqual(['Shape', 'Div']);
  });
});
