import { describe, expect, it } from 'vitest';
import { compileText, complaints, modelOf } from '../kit/source.js';

const operators = (source: string | Readonly<Record<string, string>>, options = {}) =>
  modelOf(source, options)
    .onnx.nodes.map((n) => n.opType)
    .join();

/** Which of two operators `if CONDITION { relu } else { tanh }` takes. */
const taken = (condition: string, before = '', inside = '') =>
  operators(`${before}
layer Pick(f: fn, g: fn)(x: Tensor[*B]) -> Tensor[*B] {
  if f == g { return relu(x) }
  return tanh(x)
}
model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {
${inside}
  return x -> Pick(${condition})
}`);

describe('== of functions and layers', () => {
  it('distinguishes functions with the same name in two files', () => {
    const files = {
      'other.arch': 'fn act(x: Tensor[*B]) -> Tensor[*B] { return tanh(x) }',
      'main.arch': `import { act as other } from "./other.arch"
fn act(x: Tensor[*B]) -> Tensor[*B] { return relu(x) }
layer Act(f: fn)(x: Tensor[*B]) -> Tensor[*B] {
  return if f == act { x -> relu } else { x -> f }
}
model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x -> Act(other) }`,
    };
    expect(operators(files)).toBe('Tanh');
    expect(operators({ ...files, 'main.arch': files['main.arch'].replace('Act(other)', 'Act(act)') })).toBe('Relu');
  });

  it('compares the hyperparameters of layers', () => {
    expect(taken('Dropout(0.1), Dropout(0.9)')).toBe('Tanh');
    expect(taken('Dropout(0.5), Dropout(0.5)')).toBe('Relu');
    expect(taken('Linear(8), Linear(out = 8)')).toBe('Relu');
    expect(taken('Linear(8), Linear(8, bias = false)')).toBe('Tanh');
    expect(taken('Linear, Linear')).toBe('Relu');
    expect(taken('Linear, Linear(8)')).toBe('Tanh');
  });

  it('compares hyperparameters that are functions, layers or lists by what they are', () => {
    const wrap = 'layer Wrap(inner: layer, widths = [1])(x: Tensor[*B]) -> Tensor[*B] { return x }';
    expect(taken('Wrap(Linear(8)), Wrap(Linear(8))', wrap)).toBe('Relu');
    expect(taken('Wrap(Linear(8)), Wrap(Linear(9))', wrap)).toBe('Tanh');
    expect(taken('Wrap(relu), Wrap(tanh)', wrap)).toBe('Tanh');
    expect(taken('Wrap(relu, widths = [1, 2]), Wrap(relu, widths = [1, 2])', wrap)).toBe('Relu');
    expect(taken('Wrap(relu, widths = [1, 2]), Wrap(relu, widths = [1, 3])', wrap)).toBe('Tanh');
  });

  it('finds a function and a layer different, and looks for both in lists', () => {
    expect(taken('relu, PReLU')).toBe('Tanh');
    expect(taken('relu, relu')).toBe('Relu');
    const source = `layer Act(f: fn)(x: Tensor[*B]) -> Tensor[*B] { return if f in [tanh, PReLU] { x -> sigmoid } else { x -> f } }
model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x -> Act(relu) -> Act(tanh) -> Act(PReLU) }`;
    expect(operators(source)).toBe('Relu,Sigmoid,Sigmoid');
  });

  it('takes two functions with what they capture for different', () => {
    const inside = `  let add(n) = n + 1
  let a(x) = x * 2
  let b(x) = x * 2`;
    expect(taken('a, a', '', inside)).toBe('Relu');
    expect(taken('a, b', '', inside)).toBe('Tanh');
  });

  it('takes a bound layer for another than one that is equal, and its parts for different ones', () => {
    const inside = `  one = Linear(8)
  two = Linear(8)
  x = x -> one -> two`;
    expect(taken('one, one', '', inside)).toMatch(/Relu$/);
    expect(taken('one, two', '', inside)).toMatch(/Tanh$/);
  });

  it('reads the weights of the part of a layer that it was given', () => {
    const source = `layer Pair(x: Tensor[N, D]) -> Tensor[N, D] { return x -> a: Linear(D) -> b: Linear(D) }
layer Times(of: layer)(x: Tensor[N, D]) -> Tensor[N, D] { return x @ of.weight }
model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {
  pair = Pair
  x = x -> pair
  return x -> Times(pair.a) -> Times(pair.b)
}`;
    const { onnx } = modelOf(source);
    const names = new Map(onnx.parameters.map((p) => [p.value, p.value.name]));
    const used = onnx.nodes.filter((n) => n.opType === 'MatMul').flatMap((n) => n.inputs.flatMap((v) => (v && names.get(v)) ?? []));
    expect(used).toEqual(['pair.a.weight', 'pair.b.weight']);
  });

  it('leaves open what the hyperparameters of a declaration decide', () => {
    const source = `layer Pick(p: float, k: int)(x: Tensor[*B]) -> Tensor[*B] {
  if Dropout(p) == Dropout(0.5) { return relu(x) }
  if Linear(k) == Linear(3) { return tanh(x) }
  return sigmoid(x)
}
model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) { return x -> Pick(0.5, 3) -> Pick(0.1, 3) -> Pick(0.1, 4) }`;
    expect(complaints(compileText(source))).toEqual([]);
    expect(operators(source)).toBe('Relu,Tanh,Sigmoid');
  });
});
