import { describe, expect, it } from 'vitest';
import { expectSameResults, ruleEvents } from '../kit/optimized.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

async function nodesOf(
  rule: string,
  signature: string,
  body: string,
): Promise<readonly [readonly string[], readonly string[] | undefined]> {
  const source = `model M(${signature}) -> (y: Tensor[*S]) {\n${body.replace(/;/g, '\n')}\n}`;
  const { model } = await expectSameResults(ort, source);
  return [model.onnx.nodes.map(({ opType }) => opType), ruleEvents(model)[rule]];
}

describe('merge-lora', () => {
  const weights = `param w: Tensor[16, 24] = normal; param wt: Tensor[24, 16] = normal; param b: Tensor[24] = normal
    param a: Tensor[16, 2] = normal; param at: Tensor[2, 16] = normal; param c: Tensor[2, 24] = normal; param ct: Tensor[24, 2] = normal
    param s: Tensor[] = uniform(0.5, 2.0); param c24: Tensor[24] = normal; param big: Tensor[16, 600] = normal; param tall: Tensor[2, 600] = normal;`;
  const run = (body: string) => nodesOf('merge-lora', 'x: Tensor[3, 5, 16]', `${weights} ${body}`);

  it.each([
    'return x @ w + b + 0.5 * (x @ a @ c)',
    'return x @ w + 2 * ((x @ a) @ c) + b',
    'return x @ wt.T + (x @ at.T @ ct.T) * 2 + b',
    'return b + (x @ wt.T + s * (x @ at.T) @ ct.T)',
    'return (s * x) @ a @ c + (x @ w + b)',
    'return x @ w + b + (x @ a @ c + c24) / 3',
    'return x @ w + x @ a @ c + dropout(x, 0.1) @ at.T @ ct.T + b',
    'return (x -> Linear(24)) + 0.25 * (x -> Linear(2, bias = false) -> Linear(24, bias = false))',
    'return x @ w + x @ wt.T + b',
  ])('%s', async (body) => {
    const [nodes] = await run(body);
    expect(nodes).toEqual(body.includes('b') ? ['MatMul', 'Add'] : ['MatMul']);
  });

  it('merges products whose weights are on the left', async () => {
    const source = 'return wt @ x[0].T + ct @ (at @ x[0].T) * 2 + unsqueeze(b, 1)';
    expect((await run(source))[0]).toEqual(['Gather', 'Transpose', 'MatMul', 'Add']);
  });

  it.each([
    ['l = x @ a; return x @ w + l @ c + sum(l)', 'something else reads the result of a product'],
    ['return (x @ big + x @ a @ tall) @ big.T', '`big` is also read elsewhere'],
  ])('refuses %s', async (body, reason) => {
    expect((await run(body))[1]).toEqual([reason]);
  });

  it('keeps an adapter of another input, and one with an activation', async () => {
    expect((await run('return x @ w + exp(x) @ a @ c'))[1]).toBeUndefined();
    expect((await run('return x @ w + relu(x @ a) @ c'))[1]).toBeUndefined();
  });
});

describe('merge-linear', () => {
  const weights = `param a: Tensor[16, 24] = normal; param at: Tensor[24, 16] = normal; param c: Tensor[24, 10] = normal; param ct: Tensor[10, 24] = normal
    param b: Tensor[24] = normal; param d: Tensor[10] = normal; param low: Tensor[24, 4] = normal; param high: Tensor[4, 24] = normal; param t: Tensor[16, 500] = normal;`;
  const run = (body: string) => nodesOf('merge-linear', 'x: Tensor[3, 16]', `${weights} ${body}`);

  it.each([
    ['return (x @ a + b) @ c + d', ['MatMul', 'Add']],
    ['return (x @ at.T - b) @ c', ['MatMul', 'Add']],
    ['return x @ a @ c', ['MatMul']],
    ['return x @ a @ c + d', ['MatMul', 'Add']],
    ['return ((x @ a) * b + 1) @ c + d', ['MatMul', 'Add']],
    ['return ct @ (at @ x.T + unsqueeze(b, 1)) + unsqueeze(d, 1)', ['Transpose', 'MatMul', 'Add']],
    ['return x -> Linear(40) -> Linear(30) -> Linear(20)', ['MatMul', 'Add']],
  ])('%s', async (body, operators) => {
    expect((await run(body))[0]).toEqual(operators);
  });

  it.each([
    ['return x @ a @ low @ high', 'one product with a matrix of [16, 24] costs no less than the two'],
    ['h = x @ a + b; return h @ c + sum(h)', 'something else reads the result of the first product'],
    ['return exp(x @ t @ (t.T @ a)) + exp(x) @ t @ (t.T @ a) + x @ a', '`t` is also read elsewhere'],
  ])('refuses %s', async (body, reason) => {
    expect((await run(body))[1]).toContain(reason);
  });
});

describe('scale-embedding', () => {
  const weights =
    'param t: Tensor[30, 16] = normal; param s: Tensor[16] = uniform(0.5, 2.0); param p: Tensor[1, 16] = normal; param big: Tensor[300, 16] = normal;';
  const run = (body: string) => nodesOf('scale-embedding', 'ids: Tensor<i64>[2, 5]', `${weights} ${body}`);

  it.each([
    ['return embedding(t, ids) * 4', ['Gather']],
    ['return sqrt(16.0) * (ids -> Embedding(30, 16))', ['Gather']],
    ['return (gather(t, ids, axis = 0) / s) * 2', ['Gather']],
    ['return embedding(t, ids) * 4 + p[0]', ['Gather']],
    ['return rearrange(embedding(t, ids), [N, T, 2 * d] => [N, 2, T, d]) * 4', ['Gather', 'Reshape', 'Transpose']],
  ])('%s', async (body, operators) => {
    expect((await run(body))[0]).toEqual(operators);
  });

  it.each([
    ['return (embedding(big, ids) * 4) @ big.T', '`big` is also read elsewhere'],
    ['e = embedding(t, ids); return e * 4 + exp(e)', 'something else reads the rows'],
    ['return embedding(t, ids) * unsqueeze(range(5, dtype = f32), 1)', 'the numbers do not belong to the columns of the table'],
  ])('refuses %s', async (body, reason) => {
    expect((await run(body))[1]).toEqual([reason]);
  });
});
