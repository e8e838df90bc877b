import { describe, expect, it } from 'vitest';
import { decodeOnnx } from '../../src/6-emit/onnx/decode.js';
import { build, createMemoryHost } from '../../src/index.js';
import { expectSameResults, ruleEvents } from '../kit/optimized.js';
import { useOrt } from '../kit/ort.js';
import { programOf } from '../kit/source.js';

const ort = useOrt();

describe('fold-weights', () => {
  it('stores transposed and computed weights, and says what they are computed from', async () => {
    const source = `model M(x: Tensor[2, 8]) -> (y: Tensor[2, 6]) {
      param w: Tensor[6, 8] = normal
      param s: Tensor[6] = uniform(1.0)
      h = x -> fc: Linear(8)
      return relu(h) @ (w * unsqueeze(exp(s), 1)).T
    }`;
    const { model } = await expectSameResults(ort, source);
    expect(model.onnx.parameters.map(({ value }) => value.name)).toEqual(['fc.bias', 'fc.weight.T', 'w+s']);
    expect(model.onnx.nodes.map(({ opType }) => opType)).toEqual(['MatMul', 'Add', 'Relu', 'MatMul']);
    expect(model.onnx.parameters[2]?.parameter.derived?.text).toBe('transpose(mul(w, unsqueeze(exp(s), axes = [1])), perm = [1, 0])');
    expect(model.parameters.map(({ name }) => name)).toEqual(['fc.bias', 'fc.weight', 'w', 's']);
  });

  it('leaves a tied weight as it is, and says why', async () => {
    const source = `model M(ids: Tensor<i64>[2, 3]) -> (y: Tensor[2, 3, 500]) {
      param table: Tensor[500, 8] = normal
      return embedding(table, ids) @ table.T
    }`;
    const { model } = await expectSameResults(ort, source);
    expect(model.onnx.parameters.map(({ value }) => value.name)).toEqual(['table']);
    expect(ruleEvents(model)).toEqual({ 'fold-weights': ['it would make the file larger: `table` is also read directly'] });
  });

  it('keeps bytes of other element types', async () => {
    const source = `model M(x: Tensor[2, 8]) -> (y: Tensor[2, 6]) {
      param w: Tensor[6, 8] = normal
      param v: Tensor<f64>[6] = normal
      return exp(x @ w.T) * cast(v, f32)
    }`;
    const { model } = await expectSameResults(ort, source);
    expect(model.onnx.parameters.map(({ value }) => value.name)).toEqual(['w.T', 'v.folded']);
  });

  it('keeps the weights of entries that need them in different forms', () => {
    const entries = (first: string) => `model M {
      fc = Linear(600, bias = false)
      entry one(x: Tensor[2, 8]) -> (y: Tensor[*S]) { return ${first} }
      entry two(x: Tensor[2, 8]) -> (y: Tensor[2, 600]) { return x -> fc }
    }`;
    const names = (first: string) =>
      programOf(entries(first), { optimize: 2 }).entries.map(({ onnx }) => onnx.parameters.map(({ value }) => value.name));
    expect(names('relu(x -> fc)')).toEqual([['fc.weight.T'], ['fc.weight.T']]);
    expect(names('relu(x -> fc) @ fc.weight')).toEqual([['fc.weight'], ['fc.weight']]);
    // A separate form for each entry takes more than the one weight.
    expect(names('2 * (x -> fc)')).toEqual([['fc.weight'], ['fc.weight']]);
  });

  it('does not touch the weights of portable files or of models that are trained', () => {
    const source = `model M(x: Tensor[N, 8]) -> (y: Tensor[N, 6]) { return x -> fc: Linear(6) }
train T for M {
  loss = mean(y * y)
  optimizer sgd(0.1)
}`;
    const names = (options: object) => programOf(source, options).entries[0]?.onnx.parameters.map(({ value }) => value.name);
    expect(names({})).toEqual(['fc.weight', 'fc.bias']);
    expect(names({ target: 'cpu' })).toEqual(['fc.bias', 'fc.weight.T']);
    expect(names({ target: 'cpu', train: 'T' })).toEqual(['fc.weight', 'fc.bias']);
    expect(names({ target: 'cpu', optimize: 1 })).toEqual(['fc.weight', 'fc.bias']);
  });

  it.each([
    ['integers that wrap around', 'u8', 'cast(a * b - b, i32)'],
    ['sums of integers above 2^53', 'i64', 'a + b'],
    ['quotients of integers, by zero', 'i32', 'a // (b - b)'],
    ['what makes an integer of a float', 'f32', 'cast(a * 1e12, i32)'],
    ['what jumps', 'f32', 'floor(a * 3)'],
    ['the order of numbers', 'f32', 'topk(a, 2)[1]'],
    ['rows that weights select', 'i64', 'gather(exp(cast(b, f32)), a, axis = 0)'],
    ['rows that are not there', 'f32', 'gather(a, range(6), axis = 0)'],
  ])('does not compute %s', (_, dtype, expression) => {
    const source = `model M(x: Tensor[4]) -> (y: Tensor[*S]) {
      buffer a: Tensor<${dtype}>[4] = zeros
      buffer b: Tensor<${dtype}>[4] = zeros
      return x + cast(sum(cast(${expression}, f32)), f32)
    }`;
    const { entries } = programOf(source, { target: 'cpu' });
    const derived = entries[0]?.onnx.parameters.flatMap(({ parameter }) => parameter.derived?.text ?? []) ?? [];
    expect(derived.filter((text) => /floor|topk|gather\(|i32|sub|add/.test(text))).toEqual([]);
  });

  it('leaves out what nothing reads', async () => {
    const source = `model M(x: Tensor[2, 4]) -> (y: Tensor[2, 4]) {
      param w: Tensor[4, 4] = normal
      u = w @ w.T
      return x @ w.T
    }`;
    const { model } = await expectSameResults(ort, source);
    expect(model.onnx.parameters.map(({ value }) => value.name)).toEqual(['w.T']);
  });

  it.each(['where(t == 0.1, x, 0.0)', 'where(t > 0.1, x, 0.0)', 'where(t - 0.1 > 0, x, 0.0)', 'x + (t % 0.1)'])(
    'compares numbers as their element type has them: %s',
    async (expression) => {
      for (const made of ['t = full([3], 0.1)', 'buffer t: Tensor[3] = 0.1'])
        await expectSameResults(ort, `model M(x: Tensor[3]) -> (y: Tensor[3]) {\n ${made}\n return ${expression}\n}`);
    },
  );

  it('rounds where the program casts', async () => {
    const source = `model M(x: Tensor<f64>[2]) -> (y: Tensor<f64>[2]) {
      param w: Tensor[2] = normal
      return x * cast(cast(cast(w, f16), f32), f64)
    }`;
    const { model } = await expectSameResults(ort, source, {}, 1e-12);
    expect(model.onnx.nodes.map(({ opType }) => opType)).toEqual(['Mul']);
  });

  it('leaves a result that is too large to the model, instead of storing infinity', () => {
    const source = `model M(x: Tensor[N, 2]) -> (y: Tensor[N, 2]) {
      param w: Tensor[2, 2] = normal(1e30)
      return relu(x * 1e-20) @ w / 1e-15
    }`;
    const { diagnostics, bytes } = build('main.arch', createMemoryHost({ 'main.arch': source }), { target: 'cpu' });
    expect(diagnostics).toEqual([]);
    const { graph } = decodeOnnx(bytes ?? expect.fail());
    expect(graph?.initializer?.map(({ name }) => name)).toContain('w');
  });
});
