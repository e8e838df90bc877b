import { describe, expect, test } from 'vitest';
import { operatorName } from '../../src/3-graph/graph.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { modelOf } from '../kit/source.js';

const ort = useOrt();

/** The operators of a model that returns `value`, and its constants of several numbers. */
function computed(value: string, shape: string, dtype: 'f32' | 'f64' = 'f32') {
  const { graph, onnx } = modelOf(`model M(x: Tensor<${dtype}>[N, 1]) -> (y: Tensor<${dtype}>[N, ${shape}]) { return x * ${value} }`);
  const tables = onnx.constants.filter(({ array }) => array.data.length > 1);
  return { operators: [...graph.nodes].map(operatorName), tables: tables.map(({ array }) => [...array.data]) };
}

describe('constant-tables', () => {
  test('computes what depends on constants alone, and rounds each step', () => {
    const { operators, tables } = computed('(1.0 / 10000.0 ** (range(5, dtype = f32) / 5))', '5');
    expect(operators).toEqual(['mul']);
    const f = Math.fround;
    expect(tables).toEqual([[0, 1, 2, 3, 4].map((i) => f(1 / f(10000 ** f(i / 5))))]);
  });

  test('computes in f64 where the program does', () => {
    const { operators, tables } = computed('(range(3, dtype = f64) / 3)', '3', 'f64');
    expect(operators).toEqual(['mul']);
    expect(tables).toEqual([[0, 1 / 3, 2 / 3]]);
  });

  test('leaves what depends on an open size, and what would be large', () => {
    expect(computed('range(N, dtype = f32)', 'N').operators).toEqual(['range', 'mul']);
    expect(computed('range(1024, dtype = f32)', '1024').operators).toEqual(['mul']);
    expect(computed('range(1025, dtype = f32)', '1025').operators).toEqual(['range', 'mul']);
  });

  test('leaves a number that is repeated, which is shorter as an operator', () => {
    expect(computed('ones([3])', '3').operators).toEqual(['full', 'mul']);
  });

  test('leaves integers, which no kernel rounds, and numbers that are drawn', () => {
    expect(computed('cast(range(3), f32)', '3').operators).toEqual(['range', 'cast', 'mul']);
    expect(computed('onnx.RandomNormal(shape = [3])', '3').operators).toEqual(['onnx.RandomNormal', 'mul']);
  });

  test('may be all that a model returns, or a body of control flow', async () => {
    const source = `model M(x: Tensor[N]) -> (y: Tensor[3], z: Tensor[3]) {
      z = cond sum(x) > 0.0 { range(3, dtype = f32) / 2 } else { range(3, dtype = f32) / 4 }
      return (range(3, dtype = f32) / 2, z)
    }`;
    const x = { dtype: 'f32' as const, shape: [1], data: Float64Array.of(-1) };
    const { y, z } = await ort.run(builtModel(source).bytes, { x });
    expect([[...y!.data], [...z!.data]]).toEqual([
      [0, 0.5, 1],
      [0, 0.25, 0.5],
    ]);
  });
});
