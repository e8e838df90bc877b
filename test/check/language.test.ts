import { describe, expect, it } from 'vitest';
import { compileText, complaints, modelOf, outputTypes, rendered } from '../kit/source.js';

const linear = `
layer Lin(out: int, bias = true)(x: Tensor[*B, In]) -> Tensor[*B, out] {
  param weight: Tensor[out, In] = kaiming_uniform(a = sqrt(5))
  y = x @ weight.T
  if bias {
    param bias_: Tensor[out] = uniform(1 / sqrt(In)) named "bias"
    y = y + bias_
  }
  return y
}
`;

const parameters = (source: string, options = {}) =>
  modelOf(source, options).onnx.parameters.map((p) => `${p.value.name} [${p.parameter.type.shape}]`);
const errors = (source: string) => complaints(compileText(source));

describe('layers and labels', () => {
  it('names parameters after the labels, and unlabelled layers after their kind', () => {
    expect(
      parameters(`${linear}
layer Two(D: int)(x: Tensor[*B, In]) -> Tensor[*B, D] { return x -> Lin(D) -> relu -> Lin(D, bias = false) }
model M(x: Tensor[N, 4]) -> (y: Tensor[N, 2]) {
  for i in 0..2 { x = x -> "stage{i + 1}"[i]: Two(3) }
  return x -> head.out[0]: Lin(2)
}`),
    ).toEqual([
      'stage1.0.lin.weight [3,4]',
      'stage1.0.lin.bias [3]',
      'stage1.0.lin_1.weight [3,3]',
      'stage2.1.lin.weight [3,3]',
      'stage2.1.lin.bias [3]',
      'stage2.1.lin_1.weight [3,3]',
      'head.out.0.weight [2,3]',
      'head.out.0.bias [2]',
    ]);
  });

  it('applies a bound layer twice with one set of weights, and reads a weight of it', () => {
    const source = `${linear}
layer Table(V: int, D: int)(ids: Tensor<i64>[*B]) -> Tensor[*B, D] {
  param weight: Tensor[V, D] = normal
  return gather(weight, ids, axis = 0)
}
model M(ids: Tensor<i64>[N, T]) -> (logits: Tensor[N, T, 10]) {
  tok = "model.embed": Table(10, 4)
  mix = Lin(4)
  h = tok(ids) -> mix -> mix
  return h @ tok.weight.T
}`;
    expect(parameters(source)).toEqual(['model.embed.weight [10,4]', 'mix.weight [4,4]', 'mix.bias [4]']);
    expect(outputTypes(source)).toEqual({ logits: 'f32[N, T, 10]' });
  });

  it('reads a tied weight before the layer is applied', () => {
    const source = `
layer Table(V: int, D: int)(ids: Tensor<i64>[*B]) -> Tensor[*B, D] {
  param weight: Tensor[V, D] = normal
  return gather(weight, ids, axis = 0)
}
model M(ids: Tensor<i64>[N], h: Tensor[N, 4]) -> (a: Tensor[N, 10], b: Tensor[N, 4]) {
  tok = Table(10, 4)
  a = h @ tok.weight.T
  return (a, b = tok(ids))
}`;
    expect(parameters(source)).toEqual(['tok.weight [10,4]']);
  });

  it('keeps one set of weights for a shared layer that is handed to another layer', () => {
    const source = `${linear}
layer Twice(f: layer)(x: Tensor[*B, D]) -> Tensor[*B, D] { return f(f(x)) }
model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {
  shared = Lin(4)
  return x -> a: Twice(shared) -> b: Twice(shared)
}`;
    expect(parameters(source)).toEqual(['shared.weight [4,4]', 'shared.bias [4]']);
  });

  it('makes a list of layers into instances with numbered names', () => {
    const source = `${linear}
model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {
  blocks = [Lin(8), Lin(4)]
  for block in blocks { x = x -> block }
  return x
}`;
    expect(parameters(source)).toEqual(['blocks.0.weight [8,4]', 'blocks.0.bias [8]', 'blocks.1.weight [4,8]', 'blocks.1.bias [4]']);
  });

  it('takes layers and functions as hyperparameters, with defaults', () => {
    const source = `${linear}
layer Block(D: int, act = relu, proj = Lin)(x: Tensor[*B, In]) -> Tensor[*B, D] { return x -> fc: proj(D) -> act }
model M(x: Tensor[N, 4]) -> (y: Tensor[N, 3]) { return x -> a: Block(5, act = tanh) -> b: Block(3) }`;
    expect(modelOf(source).onnx.nodes.map((n) => n.opType)).toEqual([
      'Transpose',
      'MatMul',
      'Add',
      'Tanh',
      'Transpose',
      'MatMul',
      'Add',
      'Relu',
    ]);
    expect(parameters(source)[0]).toBe('a.fc.weight [5,4]');
  });

  it('applies a layer without hyperparameters directly', () => {
    expect(
      outputTypes(
        'layer Half(x: Tensor[*S]) -> Tensor[*S] { return 0.5 * x }\nmodel M(x: Tensor[N]) -> (y: Tensor[N]) { return x -> Half -> h: Half -> relu }',
      ),
    ).toEqual({ y: 'f32[N]' });
  });
});

describe('values of the compiler', () => {
  it('computes with integers, lists, ranges, functions and comprehensions', () => {
    const source = `
let make_divisible(v, d) = max(d, (v + d // 2) // d * d)
let widths = [make_divisible(w, 8) for w in [3, 13, 30]]
model M(x: Tensor[N, sum(widths)]) -> (y: Tensor[N, K]) {
  let (unused) = 1
  return x[:, 0..last(widths)]
}`.replace('  let (unused) = 1\n', '');
    expect(outputTypes(source)).toEqual({ y: 'f32[N, 32]' });
  });

  it('unrolls loops over zipped and enumerated lists', () => {
    const source = `
model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {
  for (i, (a, b)) in enumerate(zip([1, 2], [3.0, 4.0])) { x = x * a + b - i }
  return x
}`;
    expect(
      modelOf(source, { optimize: 0 })
        .onnx.nodes.map((n) => n.opType)
        .join(),
    ).toBe('Mul,Add,Sub,Mul,Add,Sub');
  });

  it('takes specialised models and settings', () => {
    const source = `${linear}
model Net(classes = 10, widths = [4])(x: Tensor[N, 3]) -> (y: Tensor[N, classes]) {
  for (i, w) in enumerate(widths) { x = x -> fc[i]: Lin(w) -> relu }
  return x -> out: Lin(classes)
}
model Big = Net(classes = 5, widths = [6, 7])`;
    expect(errors(source)).toEqual(['several-models@16']);
    expect(outputTypes(source, { model: 'Big' })).toEqual({ y: 'f32[N, 5]' });
    expect(parameters(source, { model: 'Net', set: { widths: '[2 * 8]', classes: '3' } })[0]).toBe('fc.0.weight [16,3]');
  });

  it('decides optional inputs in the compiler', () => {
    const source = `
model M(x: Tensor[N, T], mask: Tensor<bool>[N, T]?) -> (y: Tensor[N, T]) {
  if mask? { x = where(mask, x, 0.0) }
  return x -> relu
}`;
    expect(modelOf(source).onnx.inputs.map((v) => v.name)).toEqual(['x']);
    expect(modelOf(source, { with: ['mask'] }).onnx.nodes.map((n) => n.opType)).toEqual(['Where', 'Relu']);
  });

  it('turns a size that is known at run time into a scalar', () => {
    const source = 'model M(x: Tensor[N, T]) -> (y: Tensor[N, T]) { return x * T / sqrt(T) }';
    expect(modelOf(source).onnx.nodes.map((n) => n.opType)).toContain('Shape');
    expect(outputTypes(source)).toEqual({ y: 'f32[N, T]' });
  });
});

describe('tensors', () => {
  it('finds axes by the names of dimensions', () => {
    expect(outputTypes('model M(x: Tensor[N, T, D]) -> (y: Tensor[N, D]) { return mean(x, axis = T) }')).toEqual({ y: 'f32[N, D]' });
    expect(errors('model M(x: Tensor[N, T, T]) -> (y: Tensor[N, T]) { return mean(x, axis = T) }')).toEqual(['bad-axis-name@1']);
  });

  it('keeps a named axis where two sizes happen to be equal in one use', () => {
    const source = `
layer Pool(x: Tensor[N, T, D]) -> Tensor[N, D] { return mean(x, axis = T) }
model M(x: Tensor[N, 8, 8]) -> (y: Tensor[N, 8]) { return x -> Pool }`;
    const reduce = modelOf(source).onnx;
    expect(reduce.constants.map((c) => [...c.array.data])).toEqual([[1]]);
  });

  it('indexes and slices', () => {
    const source = `
model M(x: Tensor[N, T, 6]) -> (a: Tensor[N, 6], b: Tensor[N, T], c: Tensor[N, T, 2], d: Tensor[T, 6], e: Tensor[N, T, 3]) {
  return (a = x[:, -1], b = x[.., 0], c = x[.., 1..3], d = x[0], e = x[:, :, 0..6 by 2])
}`;
    expect(Object.keys(outputTypes(source))).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('refuses slices beyond the axis, unless a fact rules them out', () => {
    const source = (fact: string) => `model M(x: Tensor[N, 64], y: Tensor[N, T]) -> (z: Tensor[N, T]) ${fact} { return x[:, 0..T] + y }`;
    expect(errors(source(''))).toEqual(['slice-range@1']);
    expect(outputTypes(source('where T <= 64'))).toEqual({ z: 'f32[N, T]' });
  });

  it('rearranges by name', () => {
    const source =
      'model M(x: Tensor[N, T, 12]) -> (y: Tensor[N, 3, T, 4]) { let h = 3\n  return x -> rearrange([N, T, h * d] => [N, h, T, d]) }';
    expect(outputTypes(source)).toEqual({ y: 'f32[N, 3, T, 4]' });
    expect(errors(source.replace('[N, h, T, d]) }', '[N, h, T, e]) }'))).toEqual(['rearrange-names@2']);
    expect(errors(source.replace('let h = 3', 'let h = 5'))).toEqual(['inexact-division@2']);
  });

  it('checks shapes written with as', () => {
    expect(errors('model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return x -> relu as [N, 5] -> tanh as [N, 6] }')).toEqual([
      'as-mismatch@1',
    ]);
  });

  it('broadcasts only a literal 1', () => {
    expect(outputTypes('model M(x: Tensor[N, 1, D], y: Tensor[T, D]) -> (z: Tensor[N, T, D]) { return x + y }')).toEqual({
      z: 'f32[N, T, D]',
    });
    expect(
      outputTypes(
        'layer F(x: Tensor[N, D], m: Tensor[N|1, D]) -> Tensor[N, D] { return x * m }\nmodel M(x: Tensor[N, D], m: Tensor[1, D]) -> (z: Tensor[N, D]) { return F(x, m) }',
      ),
    ).toEqual({ z: 'f32[N, D]' });
  });

  it('takes sizes of arguments apart', () => {
    const source = `
layer Cache(x: Tensor[N, T], all: Tensor[N, P + T]) -> Tensor[N, P] { return all[:, 0..P] }
model M(x: Tensor[N, 3], all: Tensor[N, 10]) -> (y: Tensor[N, 7]) { return Cache(x, all) }`;
    expect(outputTypes(source)).toEqual({ y: 'f32[N, 7]' });
  });

  it('returns several named outputs, also through layers', () => {
    const source = `
layer Both(x: Tensor[N, D]) -> (up: Tensor[N, D], down: Tensor[N, D]) { return (up = x + 1, down = x - 1) }
model M(x: Tensor[N, D]) -> (a: Tensor[N, D], b: Tensor[N, D]) {
  (u, _) = x -> Both
  both = Both(x)
  return (a = u, b = both.down)
}`;
    expect(modelOf(source).onnx.outputs.map((o) => o.name)).toEqual(['a', 'b']);
  });
});

describe('one mistake, one message', () => {
  it.each([
    [
      'an unknown name in a long chain',
      'model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {\n  a = x -> rleu -> tanh\n  b = a + x\n  return b * a\n}',
      ['unknown-name@2'],
    ],
    [
      'a wrong layer used in a loop',
      `${linear}model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {\n  for i in 0..3 { x = x -> l[i]: Lin(4, bais = true) }\n  return x\n}`,
      ['unknown-argument@12'],
    ],
    [
      'a broken layer that is used twice',
      'layer Bad(x: Tensor[N, K]) -> Tensor[K, N] { return x }\nmodel M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return x -> Bad -> Bad }',
      ['result-mismatch@1'],
    ],
  ])('%s', (_, source, wanted) => {
    expect(rendered(compileText(source)).length).toBeGreaterThan(0);
    expect(errors(source)).toEqual(wanted);
  });
});

describe('imports', () => {
  it('reads other files, relative to the one that imports', () => {
    const main = 'import { Twice as Double } from "./blocks.arch"\nmodel M(x: Tensor[N]) -> (y: Tensor[N]) { return x -> Double }';
    const blocks = 'let factor = 2\nlayer Twice(x: Tensor[*S]) -> Tensor[*S] { return factor * x }';
    expect(outputTypes({ 'main.arch': main, 'blocks.arch': blocks })).toEqual({ y: 'f32[N]' });
  });

  it('reports a circle as a path', () => {
    const files = { 'main.arch': 'import { b } from "./b.arch"\nlet a = 1', 'b.arch': 'import { a } from "./main.arch"\nlet b = 1' };
    const result = compileText(files);
    expect(result.diagnostics.map((d) => d.code)).toContain('import-cycle');
    expect(rendered(result)).toContain('main.arch -> b.arch -> main.arch');
  });
});
