import { describe, expect, it } from 'vitest';
import { expectSameResults, ruleEvents } from '../kit/optimized.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

/** The optimized nodes of a model, and what the rule says of it. */
async function run(
  body: string,
): Promise<{ readonly nodes: readonly string[]; readonly inputs: readonly number[]; readonly events: unknown }> {
  const source = `model M(x: Tensor[2, 4, 9, 8], z: Tensor[2, 3, 9, 8]) -> (y: Tensor[*S]) {
    param k: Tensor[6, 4, 3, 3] = normal
    param l: Tensor[6, 3, 1, 1] = normal
    param b: Tensor[6] = normal
    param c: Tensor[6] = normal
    param s: Tensor[1] = normal
    param u: Tensor[8, 8] = normal
    param v: Tensor[8, 8] = normal
    param d: Tensor[8] = normal
    ${body.replace(/; /g, '\n    ')}
  }`;
  const { model } = await expectSameResults(ort, source);
  return {
    nodes: model.onnx.nodes.map(({ opType }) => opType),
    inputs: model.onnx.nodes.filter(({ opType }) => opType === 'Conv').map(({ inputs }) => inputs.length),
    events: ruleEvents(model)['merge-biases'],
  };
}

describe('merge-biases', () => {
  it('leaves the bias to the convolution that is not added to', async () => {
    const block = '(x -> Conv2d(6, kernel = 3, padding = 1, bias = false) -> BatchNorm2d)';
    const skip = '(z -> Conv2d(6, kernel = 1, bias = false) -> BatchNorm2d)';
    for (const sum of ['conv2d(x, k, b, padding = 1) + conv2d(z, l, c)', `${block} + ${skip}`]) {
      const { nodes, inputs, events } = await run(`return relu(${sum})`);
      expect(events).toEqual(['applied']);
      expect(nodes).toEqual(['Conv', 'Conv', 'Add', 'Relu']);
      expect(inputs).toEqual([2, 3]);
    }
  });

  it.each(['return (x[:, 0] @ u + d) + (z[:, 0] @ v + exp(d))', 'return (x[:, 0] @ u + d) + (z[:, 0] @ v + s)'])('%s', async (body) => {
    const { nodes, events } = await run(body);
    expect(events).toEqual(['applied']);
    expect(nodes.filter((name) => name === 'Add')).toHaveLength(2);
  });

  it.each([
    [
      'a result that something else reads',
      'y = conv2d(z, l, c); return conv2d(x, k, b, padding = 1) + y + exp(y)',
      ['something else reads the result of a convolution'],
    ],
    ['one bias', 'return conv2d(x, k, padding = 1) + conv2d(z, l, c)', undefined],
  ])('leaves %s', async (_, body, events) => {
    expect((await run(body)).events).toEqual(events);
  });
});
