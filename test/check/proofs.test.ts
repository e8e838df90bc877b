import { expect, it } from 'vitest';
import { checkText, compileText, complaints, modelOf, outputTypes, rendered } from '../kit/source.js';

const bottleneck = `
layer Conv(out: int, kernel = 1, stride = 1, padding = 0)(x: Tensor[N, C, H, W]) -> Tensor[N, out, H1, W1] {
  param weight: Tensor[out, C, kernel, kernel] = kaiming_uniform(a = sqrt(5))
  return conv2d(x, weight, stride = stride, padding = padding)
}
layer Bottleneck(planes: int, stride = 1)(x: Tensor[N, C, H, W]) -> Tensor[N, 4 * planes, H1, W1] {
  y = x -> conv1: Conv(planes) -> relu -> conv2: Conv(planes, kernel = 3, stride = stride, padding = 1) -> relu -> conv3: Conv(4 * planes)
  skip = if stride != 1 || C != 4 * planes { x -> down: Conv(4 * planes, stride = stride) } else { x }
  return relu(y + skip)
}
`;

it('proves the bottleneck for every stride, without a model around it', () => {
  const result = checkText(bottleneck);
  expect(rendered(result)).toBe('');
});

it('gives ResNet-50 with symbolic sides the output side (H + 31) // 32', () => {
  const source = `${bottleneck}
model ResNet(depths = [3, 4, 6, 3])(image: Tensor[N, 3, H, W]) -> (features: Tensor[N, 2048, H1, W1]) {
  x = image -> stem: Conv(64, kernel = 7, stride = 2, padding = 3) -> relu -> max_pool2d(3, stride = 2, padding = 1)
  for (s, depth) in enumerate(depths) {
    for b in 0..depth { x = x -> "layer{s + 1}"[b]: Bottleneck(64 * 2 ** s, stride = if s > 0 && b == 0 { 2 } else { 1 }) }
  }
  return x
}`;
  expect(outputTypes(source)).toEqual({ features: 'f32[N, 2048, (H + 31) // 32, (W + 31) // 32]' });
  expect(outputTypes(source, { bind: { H: 224, W: 225 } })).toEqual({ features: 'f32[N, 2048, 7, 8]' });
});

const unet = (facts: string) => `
model UNet(levels = 4)(x: Tensor[N, 3, H, W]) -> (y: Tensor[N, C, H, W]) ${facts} {
  skips = []
  for i in 0..levels {
    skips = [*skips, x]
    x = max_pool2d(x, 2)
  }
  for skip in reverse(skips) { x = concat(skip, interpolate(x, scale = [2.0, 2.0], mode = "nearest"), axis = 1) }
  return x
}`;

it('proves the skips of a U-Net from the one divisibility fact', () => {
  expect(outputTypes(unet('where H % 2 ** levels == 0, W % 2 ** levels == 0'))).toEqual({ y: 'f32[N, 15, H, W]' });
});

it('refutes the skips of a U-Net without the fact, with sizes that break them', () => {
  const result = compileText(unet(''));
  expect(complaints(result)).toEqual(['shape-mismatch@8']);
  expect(rendered(result)).toMatch(/for instance when H = \d+/);
});

it('proves the split into heads from D % heads == 0, and asks for the fact without it', () => {
  const heads = (fact: string) => `
layer Split(heads: int)(x: Tensor[N, T, D]) -> Tensor[N, heads, T, d] ${fact} {
  let d = D / heads
  return x -> rearrange([N, T, heads * d] => [N, heads, T, d])
}`;
  expect(rendered(checkText(heads('where D % heads == 0')))).toBe('');
  const without = checkText(heads(''));
  expect(complaints(without)).toEqual(['inexact-division@3']);
  expect(without.diagnostics[0]?.help).toContain('where D % heads == 0');
});

it.each([
  [
    'a product of [N, K] and [J, M]',
    'model M(x: Tensor[N, K], y: Tensor[J, M]) -> (z: Tensor[N, M]) {\n  return x @ y\n}',
    'shape-mismatch@2',
  ],
  [
    'a sum of [N, K] and [N, J]',
    'model M(x: Tensor[N, K], y: Tensor[N, J]) -> (z: Tensor[N, K]) {\n  return x + y\n}',
    'broadcast-mismatch@2',
  ],
  ['a declared output [K, N] for [N, K]', 'model M(x: Tensor[N, K]) -> (z: Tensor[K, N]) {\n  return relu(x)\n}', 'result-mismatch@2'],
  [
    'a convolution of 4 channels on 3',
    'model M(x: Tensor[N, 3, H, W]) -> (z: Tensor[N, 8, H, W]) {\n  param w: Tensor[8, 4, 3, 3] = zeros\n  return conv2d(x, w, padding = 1)\n}',
    'shape-mismatch@3',
  ],
  [
    'a reshape of 512 into 7x64',
    'model M(x: Tensor[N, 512]) -> (z: Tensor[N, 7, 64]) {\n  return x -> reshape([N, 7, 64])\n}',
    'reshape-mismatch@2',
  ],
])('rejects %s at its line', (_, source, wanted) => {
  expect(complaints(compileText(source))).toEqual([wanted]);
});

it('types a layer once for equal uses, however many there are', () => {
  const source = (depth: number) => `
layer Block(D: int)(x: Tensor[N, T, D]) -> Tensor[N, T, D] {
  param w: Tensor[D, D] = zeros
  return x + relu(x @ w)
}
model M(x: Tensor[N, T, 16]) -> (y: Tensor[N, T, 16]) {
  for i in 0..${depth} { x = x -> layers[i]: Block(16) }
  return x
}`;
  const { checked, onnx } = modelOf(source(96));
  const instances = new Set(checked.instance.steps.flatMap((s) => (s.kind === 'call' ? [s.instance] : [])));
  expect(instances.size).toBe(1);
  expect(onnx.parameters.length).toBe(96);
  expect(onnx.parameters[95]?.value.name).toBe('layers.95.w');
});
