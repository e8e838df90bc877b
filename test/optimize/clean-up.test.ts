import { describe, expect, it } from 'vitest';
import type { CompileOptions } from '../../src/compile.js';
import { expectSameResults, ruleEvents } from '../kit/optimized.js';
import { useOrt } from '../kit/ort.js';
import { modelOf } from '../kit/source.js';

const ort = useOrt();

const model = (x: string, y: string, body: string) => `model M(${x}) -> (y: ${y}) { ${body} }`;

/** The ONNX operators of a model, in order. */
function opTypes(source: string, options: CompileOptions = {}): readonly string[] {
  return modelOf(source, options).onnx.nodes.map(({ opType }) => opType);
}

describe('neutral-numbers', () => {
  const source = (y: string) => model('x: Tensor[N, 4]', 'Tensor[N, 4]', `return tanh(${y})`);

  it.each(['x * 1', '1 * x', 'x / 1', 'x ** 1', 'x - 0', 'x + ones([4]) * -0.0', 'x * ones([4])', '(x * 1 - 0) / 1'])(
    'leaves out %s',
    (y) => {
      expect(opTypes(source(y))).toEqual(['Tanh']);
    },
  );

  it.each([
    ['x + 0', ['-0 + 0 is 0, and not -0']],
    ['x - -0.0', ['-0 + 0 is 0, and not -0']],
    ['x - 1', undefined],
    ['1 / x', undefined],
    ['1 ** x', undefined],
    ['0 - x', undefined],
    ['x * 0', undefined],
    ['x * (ones([4]) + range(4, dtype = f32))', undefined],
  ] as const)('leaves %s', (y, reasons) => {
    expect(ruleEvents(modelOf(source(y)))['neutral-numbers']).toEqual(reasons);
    expect(opTypes(source(y)).length).toBeGreaterThan(1);
  });

  it('keeps a number that broadcasts the tensor, and drops a zero that is added to integers', () => {
    const wide = model('x: Tensor[1, 4]', 'Tensor[3, 4]', 'return x * ones([3, 4])');
    expect(ruleEvents(modelOf(wide))['neutral-numbers']).toEqual(['the shape of the number repeats the tensor']);
    expect(opTypes(model('x: Tensor<i64>[N]', 'Tensor<i64>[N]', 'return (x + 0) * x'))).toEqual(['Mul']);
  });

  it('keeps zeros, infinities and NaN as they are', async () => {
    const text = model('x: Tensor[2, 3]', 'Tensor[2, 3]', 'return 1 / (((x * 1) / 1 - 0) ** 1)');
    await expectSameResults(ort, text);
    expect(opTypes(text)).toEqual(['Div']);
  });
});

describe('merge-moves', () => {
  const source = (y: string, result: string) => model('x: Tensor[N, T, 2, 4]', result, `return ${y}`);

  it('merges several reshapes into one, and drops them if the shape is the original one', () => {
    expect(opTypes(source('reshape(reshape(x, [N, T, 8]), [-1, 8])', 'Tensor[N * T, 8]'))).toEqual(['Reshape']);
    expect(opTypes(source('unsqueeze(reshape(x, [N, T, 8]), 1)', 'Tensor[N, 1, T, 8]'))).toEqual(['Reshape']);
    expect(opTypes(source('tanh(reshape(reshape(unsqueeze(x, 0), [N, T, 8]), [N, T, 2, 4]))', 'Tensor[N, T, 2, 4]'))).toEqual(['Tanh']);
  });

  it('keeps the inner one if something else reads it, and both if sizes would have to be computed', () => {
    const both = `model M(x: Tensor[N, T, 2, 4]) -> (y: Tensor[N * T, 8], z: Tensor[N, T, 8]) {
      z = reshape(x, [N, T, 8])
      return (y = reshape(z, [-1, 8]), z)
    }`;
    expect(opTypes(both)).toEqual(['Reshape', 'Reshape']);
    const open = model(
      'x: Tensor[N, T, 8], z: Tensor[N, T, 4]',
      'Tensor[T, N, 8]',
      'return unsqueeze(reshape(x, [T, N * 8]), 0)[0] -> reshape([T, N, 8])',
    );
    expect(opTypes(open).filter((type) => type === 'Reshape').length).toBeGreaterThan(0);
  });

  it('computes the same', async () => {
    const text = model('x: Tensor[2, 3, 8]', 'Tensor[4, 12]', 'return reshape(unsqueeze(reshape(x, [6, 8]), 1), [4, 12]) * 2');
    const { model: optimized } = await expectSameResults(ort, text);
    expect(optimized.onnx.nodes.map(({ opType }) => opType)).toEqual(['Reshape', 'Mul']);
  });
});

describe('merge-slices', () => {
  it('makes one slice of two that cut different axes', async () => {
    const text = model('x: Tensor[3, 5, 6]', 'Tensor[3, 2, 3]', 'return x[:, 1 .. 3][:, :, -3 ..]');
    const { model: optimized } = await expectSameResults(ort, text);
    expect(optimized.onnx.nodes.map(({ opType }) => opType)).toEqual(['Slice']);
  });

  it.each([
    ['one axis', 'x[:, 1 ..][:, 1 ..]'],
    ['steps', 'x[:, 0 .. 4 by 2][:, :, 1 .. 3]'],
    ['a position that a run computes', 'x[N // 2 ..][:, :, 1 .. 3]'],
  ])('leaves %s', (_, y) => {
    expect(opTypes(model('x: Tensor[N, 5, 6]', 'Tensor[*S]', `return ${y}`)).filter((type) => type === 'Slice').length).toBe(2);
  });
});

describe('drop-expands', () => {
  it('leaves it to operators that broadcast to repeat a tensor', async () => {
    const text = model(
      'x: Tensor[2, 3, 4], b: Tensor[4]',
      'Tensor[2, 3, 4]',
      'return where(expand(b, [2, 3, 4]) > x, expand(b, [2, 3, 4]) * x, x)',
    );
    const { model: optimized } = await expectSameResults(ort, text);
    expect(optimized.onnx.nodes.map(({ opType }) => opType)).not.toContain('Expand');
  });

  it('keeps the expand of 1 / n, which ONNX Runtime would otherwise move before its other factor', async () => {
    const text = model('x: Tensor[2, 3], n: Tensor[1]', 'Tensor[2, 3]', 'y = x * 2 + 1\n return y * y + expand(1 / n, [2, 3]) * y');
    const { bytes, model: optimized } = await expectSameResults(ort, text);
    expect(optimized.onnx.nodes.map(({ opType }) => opType)).toContain('Expand');
    await ort.load(bytes, { optimization: 'all' });
  });

  it.each([
    ['what gives the result its shape', 'b: Tensor[4], c: Tensor[4]', 'expand(b, [3, 4]) * c'],
    ['what another operator reads', 'b: Tensor[1, 4], c: Tensor[3, 4]', 'concat(expand(b, [3, 4]), c, axis = 0)'],
  ])('leaves %s', (_, inputs, y) => {
    expect(opTypes(model(inputs, 'Tensor[*S]', `return ${y}`))).toContain('Expand');
  });
});
