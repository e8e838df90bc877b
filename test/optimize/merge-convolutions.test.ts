import { describe, expect, it } from 'vitest';
import { expectSameResults, ruleEvents } from '../kit/optimized.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

async function run(body: string): Promise<readonly [readonly string[], readonly string[] | undefined]> {
  const source = `model M(x: Tensor[2, 4, 9, 8]) -> (y: Tensor[*S]) {
    param k3: Tensor[6, 4, 3, 3] = normal
    param l3: Tensor[6, 4, 3, 3] = normal
    param k1: Tensor[6, 4, 1, 1] = normal
    param k31: Tensor[6, 4, 3, 1] = normal
    param g3: Tensor[6, 2, 3, 3] = normal
    param g1: Tensor[6, 2, 1, 1] = normal
    param b: Tensor[6] = normal
    param c: Tensor[6] = normal
    ${body.replace(/; /g, '\n    ')}
  }`;
  const { model } = await expectSameResults(ort, source);
  return [model.onnx.nodes.map(({ opType }) => opType), ruleEvents(model)['merge-convolutions']];
}

describe('merge-convolutions', () => {
  it.each([
    'return conv2d(x, k3, b, padding = 1) + conv2d(x, k1)',
    'return conv2d(x, k1, b) + conv2d(x, k3, c, padding = 1)',
    'return conv2d(x, k3, padding = 1, stride = 2) + conv2d(x, k1, stride = 2)',
    'return conv2d(x, k3) + conv2d(x, l3, b)',
    'return conv2d(x, k3, padding = 1) + conv2d(x, k31, b, padding = [1, 0])',
    'return conv2d(x, k3, padding = 2, dilation = 2) + conv2d(x, l3, padding = 2, dilation = 2)',
    'return conv2d(x, g3, groups = 2, padding = "same") + conv2d(x, g1, c, groups = 2)',
    'return relu((x -> Conv2d(6, kernel = 3, padding = 1, bias = false) -> BatchNorm2d) + (x -> Conv2d(6, kernel = 1) -> BatchNorm2d))',
    'return conv2d(x, k3, padding = 1) + conv2d(x, k1) + conv2d(x, k31, b, padding = [1, 0])',
  ])('%s', async (body) => {
    expect((await run(body))[0]).toEqual(body.includes('relu') ? ['Conv', 'Relu'] : ['Conv']);
  });

  it.each([
    ['return conv2d(x, k3, padding = 1) + conv2d(x, g1, groups = 2)', 'the convolutions have different groups'],
    ['return conv2d(x, k3, padding = 2, dilation = 2) + conv2d(x, k1)', 'neither window of the convolutions contains the other'],
    [
      'return conv2d(x, k3, padding = [0, 1, 2, 1]) + conv2d(x, k31, padding = [1, 0])',
      'neither window of the convolutions contains the other',
    ],
    ['y = conv2d(x, k1); return conv2d(x, k3, padding = 1) + y + exp(y)', 'something else reads the result of a convolution'],
  ])('refuses %s', async (body, reason) => {
    expect((await run(body))[1]).toEqual([reason]);
  });
});
