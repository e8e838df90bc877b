import { describe, expect, it } from 'vitest';
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
});
