import { describe, expect, it } from 'vitest';
import { operatorName } from '../../src/3-graph/graph.js';
import { expectSameResults, ruleEvents } from '../kit/optimized.js';
import { useOrt } from '../kit/ort.js';
import { modelOf } from '../kit/source.js';

const ort = useOrt();

/** Weights of all shapes that the programs below read. A program declares those that it mentions. */
const weights: Readonly<Record<string, string>> = {
  w: 'param w: Tensor[6, 4] = normal',
  v: 'param v: Tensor[4, 6] = normal',
  b: 'param b: Tensor[6] = normal',
  b1: 'param b1: Tensor[6, 1] = normal',
  s: 'param s: Tensor[6] = uniform(0.5, 2.0)',
  s1: 'param s1: Tensor[6, 1] = uniform(0.5, 2.0)',
  si: 'param si: Tensor[4] = uniform(0.5, 2.0)',
  c4: 'param c4: Tensor[4] = normal',
  tied: 'param tied: Tensor[4, 200] = normal',
  k: 'param k: Tensor[6, 4, 3, 3] = normal',
  k2: 'param k2: Tensor[6, 2, 3, 3] = normal',
  k1: 'param k1: Tensor[6, 4, 1, 1] = normal',
  kt: 'param kt: Tensor[4, 6, 3, 3] = normal',
  kt2: 'param kt2: Tensor[4, 3, 3, 3] = normal',
  so: 'param so: Tensor[6, 1, 1] = uniform(0.5, 2.0)',
  co: 'param co: Tensor[1, 6, 1, 1] = normal',
  sc: 'param sc: Tensor[4, 1, 1] = uniform(0.5, 2.0)',
  cc: 'param cc: Tensor[1, 4, 1, 1] = normal',
  one: 'param one: Tensor[1] = uniform(0.5, 2.0)',
  mean: 'buffer mean: Tensor[6] = normal',
  deviation: 'buffer deviation: Tensor[6] = uniform(0.5, 2.0)',
  mean4: 'buffer mean4: Tensor[4] = normal',
  deviation4: 'buffer deviation4: Tensor[4] = uniform(0.5, 2.0)',
};

/** A model with the inputs `x: [2, 5, 4]`, `m: [5, 4]` and images `i: [2, 4, 7, 7]`, some of which it reads. */
function model(body: string): string {
  const mentions = (name: string) => new RegExp(`\\b${name}\\b`).test(body);
  const inputs = Object.entries({ x: '[2, 5, 4]', m: '[5, 4]', i: '[2, 4, 7, 7]', u: '[2, 7, 7, 4]' }).filter(([name]) => mentions(name));
  const declared = Object.entries(weights).flatMap(([name, text]) => (mentions(name) ? [text] : []));
  const lines = body.includes('return') ? body : `return ${body}`;
  return `model M(${inputs.map(([name, shape]) => `${name}: Tensor${shape}`).join(', ')}) -> (y: Tensor[*S]) {\n${[...declared, lines].join('\n')}\n}`;
}

async function nodesOf(body: string): Promise<readonly [readonly string[], ReturnType<typeof ruleEvents>]> {
  const { model: made } = await expectSameResults(ort, model(body));
  return [made.onnx.nodes.map(({ opType }) => opType), ruleEvents(made)];
}

describe('fold-affine', () => {
  it.each([
    ['(x @ v + b) * s', ['MatMul', 'Add']],
    ['s * (b + x @ w.T)', ['MatMul', 'Add']],
    ['(x @ v) / s + b', ['MatMul', 'Add']],
    ['(x @ v - b) * 0.125', ['MatMul', 'Add']],
    ['(x @ v) * one * 2 / 3', ['MatMul']],
    ['(x @ v + b) + s', ['MatMul', 'Add']],
    ['(x @ v) * s + b + 1', ['MatMul', 'Add']],
    ['(w @ transpose(x, [0, 2, 1]) + b1) * s1', ['Transpose', 'MatMul', 'Add']],
    ['(w @ m.T) * s1 - b1', ['Transpose', 'MatMul', 'Add']],
    ['w @ m[0] * s + b', ['Gather', 'MatMul', 'Add']],
    ['m[0] @ v * s', ['Gather', 'MatMul']],
    ['rearrange(x @ v + b, [N, T, 2 * d] => [N, 2, T, d]) * 0.5', ['MatMul', 'Add', 'Reshape', 'Transpose']],
    ['transpose(x @ v + b, [0, 2, 1]) * s1', ['MatMul', 'Add', 'Transpose']],
    ['conv2d(i, k, b, padding = 1) * so', ['Conv']],
    ['(conv2d(i, k, stride = 2) - co) / 3', ['Conv']],
    ['conv2d(i, k) * 2 + 1', ['Conv']],
    ['conv2d(i, k) + one', ['Conv']],
    ['conv2d(i, k2, b, groups = 2) * so + co', ['Conv']],
    ['conv_transpose2d(i, kt, b, stride = 2) * so', ['ConvTranspose']],
    ['conv_transpose2d(i, kt2, stride = 2, groups = 2) * so - co', ['ConvTranspose']],
  ])('into %s', async (body, operators) => {
    const [nodes] = await nodesOf(body);
    expect(nodes).toEqual(operators);
  });

  it.each([
    ['y = x @ v\n return y * s + exp(y)', 'something else reads the result of the product'],
    ['conv2d(i, k) * unsqueeze(range(5, dtype = f32), 1)', 'the numbers do not belong to the output channels of the convolution'],
    ['(x @ tied + 1) * 2 @ tied.T', '`tied` is also read elsewhere'],
  ])('not into %s', async (body, reason) => {
    const [, events] = await nodesOf(body);
    expect(events['fold-affine']).toEqual([reason]);
  });
});

describe('fold-affine in a layer with one parameter for several projections', () => {
  const layer = (scale: string) => `model M(x: Tensor[2, 5, 16]) -> (y: Tensor[2, 5, 48]) {
    param w: Tensor[48, 16] = normal
    param b: Tensor[48] = normal
    q = (x @ w[0..16].T + b[0..16])${scale}
    k = x @ w[16..32].T + b[16..32]
    return concat(q, k, x @ w[32..].T, axis = 2)
  }`;

  it('scales only the part for the queries', async () => {
    const { model: made } = await expectSameResults(ort, layer(' * 0.25'));
    expect(made.onnx.nodes.map(({ opType }) => opType)).toEqual(['MatMul', 'Add', 'MatMul', 'Add', 'MatMul', 'Concat']);
  });

  it('folds the scale of attention into the projection of the queries in the standard library', async () => {
    const source = `model M(x: Tensor[2, 5, 16]) -> (y: Tensor[2, 5, 16]) { return MultiheadAttention(4)(x, x, x) }`;
    const { model: made } = await expectSameResults(ort, source);
    expect(made.onnx.nodes.map(({ opType }) => opType)).not.toContain('Mul');
  });
});

describe('fold-affine-ahead', () => {
  it.each([
    ['(x * si) @ v + b', ['MatMul', 'Add']],
    ['(x / si) @ v', ['MatMul']],
    ['((x - c4) / si) @ v + b', ['MatMul', 'Add']],
    ['(x - c4) * 2 @ v', ['Sub', 'MatMul']],
    ['w @ transpose((x - c4) / 2, [0, 2, 1]) + b1', ['Transpose', 'MatMul', 'Add']],
    ['conv2d((i / 255 - cc) / sc, k, b)', ['Conv']],
    ['conv2d((i / 255 - 0.5) * 2, k, padding = "valid")', ['Conv']],
    ['conv2d((i - cc) / sc, k1, padding = "same")', ['Conv']],
    ['conv2d((i - cc) / sc, k2, b, groups = 2)', ['Conv']],
    ['conv2d(transpose((u / 255 - c4) / si, [0, 3, 1, 2]), k)', ['Transpose', 'Conv']],
    ['conv_transpose2d(i * sc, kt, b)', ['ConvTranspose']],
    ['conv_transpose2d(i * sc, kt2, groups = 2, stride = 2)', ['ConvTranspose']],
    ['h = x * si\n return (h @ v + b) + exp(h @ w.T)', ['MatMul', 'Add', 'MatMul', 'Exp', 'Add']],
  ])('into %s', async (body, operators) => {
    const [nodes] = await nodesOf(body);
    expect(nodes).toEqual(operators);
  });

  const edge = 'the outputs at the edge of the convolution read fewer inputs, so its shift would not reach all outputs equally';
  it.each([
    ['conv2d(i - cc, k, b, padding = 1)', edge],
    ['conv2d(i - 0.5, k, padding = "same")', edge],
    ['conv_transpose2d(i - cc, kt)', edge],
    ['h = x * si\n return h @ v + sum(h)', 'something else reads its result'],
    ['(x + c4) @ v', 'the product has no bias to take the shift'],
    ['(x * unsqueeze(range(5, dtype = f32), 1)) @ v', 'the numbers do not belong to the input channels of the product'],
    ['exp((x * si) @ tied) @ tied.T', '`tied` is also read elsewhere'],
  ])('not into %s', async (body, reason) => {
    const [, events] = await nodesOf(body);
    expect(events['fold-affine-ahead']).toEqual([reason]);
  });
});

describe('fold-batch-norm', () => {
  const norm = (x: string) => `batch_norm(${x}, mean, deviation, s, b, eps = 0.001)`;
  const ahead = (x: string) => `batch_norm(${x}, mean4, deviation4, si, c4)`;

  it.each([
    [norm('conv2d(i, k, padding = 1)'), ['Conv']],
    [norm('conv2d(i, k2, groups = 2)'), ['Conv']],
    [norm('conv_transpose2d(i, kt, stride = 2)'), ['ConvTranspose']],
    [norm('conv_transpose2d(i, kt2, groups = 2, output_padding = 1, stride = 2)'), ['ConvTranspose']],
    [norm('m @ v'), ['MatMul', 'Add']],
    [norm('w @ transpose(x, [0, 2, 1])'), ['Transpose', 'MatMul', 'Add']],
    [`conv2d(${ahead('i')}, k, stride = 2)`, ['Conv']],
    [`${ahead('m')} @ v + b`, ['MatMul', 'Add']],
  ])('%s', async (body, operators) => {
    const [nodes] = await nodesOf(body);
    expect(nodes).toEqual(operators);
  });

  it('leaves a convolution whose result is read elsewhere', async () => {
    const [nodes, events] = await nodesOf(`c = conv2d(i, k)\n return ${norm('c')} + c`);
    expect(nodes).toEqual(['Conv', 'BatchNormalization', 'Add']);
    expect(events['fold-batch-norm']).toEqual(['something else reads the result of the convolution']);
  });

  it('keeps a batch norm before a padded convolution, and says why', async () => {
    const [nodes, events] = await nodesOf(`conv2d(${ahead('i')}, k, padding = 1)`);
    expect(nodes).toEqual(['BatchNormalization', 'Conv']);
    expect(events['fold-batch-norm-ahead']?.[0]).toMatch(/^the outputs at the edge of the convolution read fewer inputs/);
  });
});

describe('rules on weights', () => {
  it.each(['f16', 'bf16', 'f64'])('apply to %s, and round each weight once', async (dtype) => {
    const source = `model M(x: Tensor<${dtype}>[3, 16]) -> (y: Tensor<${dtype}>[3, 8]) {
      param w: Tensor<${dtype}>[16, 8] = normal
      param s: Tensor<${dtype}>[8] = uniform(0.5, 2.0)
      return (x @ w + 0.5) / s
    }`;
    const { graph, history } = modelOf(source, { optimize: 2 });
    expect([...graph.nodes].map(operatorName)).toEqual(['matmul', 'add']);
    expect(ruleEvents({ history })['fold-affine']).toEqual(['applied']);
    if (dtype !== 'bf16') await expectSameResults(ort, source, {}, dtype === 'f16' ? 4e-3 : 1e-12);
  });

  it('leave alone what a tap reads', async () => {
    const source = model('h = x @ v\n return h * s');
    const { model: made } = await expectSameResults(ort, source, { tap: ['h'] });
    expect(made.onnx.nodes.map(({ opType }) => opType)).toEqual(['MatMul', 'Mul']);
  });

  it('do not apply in the body of a loop, where weights are inputs', async () => {
    const source = `model M(x: Tensor[3, 4, 4]) -> (y: Tensor[4, 4]) {
      param w: Tensor[4, 4] = normal
      scan t over x axis 0 carry h: Tensor[4, 4] = zeros([4, 4]) {
        next h = (h + t) @ w * 0.5
      }
      return h
    }`;
    const { model: made } = await expectSameResults(ort, source);
    expect(ruleEvents(made)['fold-affine']).toBeUndefined();
  });
});
