import { describe, expect, test } from 'vitest';
import { Graph, operatorName, type Value } from '../../src/3-graph/graph.js';
import { GraphBuilder } from '../../src/3-graph/graph-builder.js';
import { foldConstants } from '../../src/5-optimize/passes/fold-constants.js';
import { Dim } from '../../src/dims/dim.js';
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

describe('fold-constants', () => {
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

  test('keeps what depends on an open size, and what would be large', () => {
    expect(computed('range(N, dtype = f32)', 'N').operators).toEqual(['range', 'mul']);
    expect(computed('range(1024, dtype = f32)', '1024').operators).toEqual(['mul']);
    expect(computed('range(1025, dtype = f32)', '1025').operators).toEqual(['range', 'mul']);
  });

  test('keeps a number that is repeated, which is shorter as an operator', () => {
    expect(computed('ones([17])', '17').operators).toEqual(['full', 'mul']);
    expect(computed('ones([16])', '16').operators).toEqual(['mul']);
  });

  test('computes integers and booleans', () => {
    expect(computed('cast(range(3) // 2, f32)', '3')).toEqual({ operators: ['mul'], tables: [[0, 0, 1]] });
    expect(computed('where(unsqueeze(range(2), 1) >= range(2), 0.0, -1.0)[0]', '2')).toEqual({ operators: ['mul'], tables: [[0, -1]] });
  });

  test('keeps integers that exceed their type, and casts of floats that exceed the type, where kernels differ', () => {
    expect(computed('cast(cast(range(2) + 254, u8) * cast(range(2) + 3, u8), f32)', '2').operators).toEqual(['mul', 'cast', 'mul']);
    expect(computed('cast(cast(1e10 * range(2, dtype = f32), i32), f32)', '2').operators).toEqual(['cast', 'cast', 'mul']);
    expect(computed('cast(cast(0.0 / range(2, dtype = f32), i64), f32)', '2').operators).toEqual(['cast', 'cast', 'mul']);
  });

  test('stores no more than it replaces', () => {
    const operators = (make: (g: GraphBuilder, table: Value) => Value) => {
      const graph = new Graph('G');
      const g = new GraphBuilder(graph, { path: [], kinds: [], span: undefined });
      graph.output('y', make(g, g.constant({ dtype: 'f32', shape: [2000], data: Float64Array.from({ length: 2000 }, (_, i) => i) })));
      foldConstants.run(graph);
      expect(foldConstants.run(graph)).toBe(0);
      return [...graph.nodes].map(operatorName);
    };
    expect(operators((g, table) => g.sqrt(table))).toEqual([]);
    expect(operators((g) => g.sqrt(g.op('range', [], { end: Dim.of(2000), dtype: 'f32' })))).toEqual(['range', 'sqrt']);
    expect(operators((g, table) => g.op('concat', [[g.sqrt(table), table]], { axis: 0 }))).toEqual(['sqrt', 'concat']);
    expect(operators((g, table) => g.op('slice', [table], { axes: [0], starts: [Dim.zero], ends: [Dim.of(9)] }))).toEqual([]);
  });

  test('keeps random numbers', () => {
    expect(computed('onnx.RandomNormal(shape = [3])', '3').operators).toEqual(['onnx.RandomNormal', 'mul']);
  });

  test('may compute everything that a model or a body of control flow returns', async () => {
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
