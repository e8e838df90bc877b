import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Graph, type Origin, operatorName, type Value } from '../../src/3-graph/graph.js';
import { GraphBuilder } from '../../src/3-graph/graph-builder.js';
import { printGraph } from '../../src/3-graph/print.js';
import { verify } from '../../src/3-graph/verify.js';
import { Recorder } from '../../src/5-optimize/history.js';
import { commonSubexpressions } from '../../src/5-optimize/passes/common-subexpressions.js';
import { deadCode } from '../../src/5-optimize/passes/dead-code.js';
import { noOps } from '../../src/5-optimize/passes/no-ops.js';
import { poolsFirst } from '../../src/5-optimize/passes/pools-first.js';
import { passes } from '../../src/5-optimize/pipeline.js';
import { Dim } from '../../src/dims/dim.js';
import type { TensorType } from '../../src/ops/types.js';
import { modelOf } from '../kit/source.js';

const origin: Origin = { path: [], kinds: ['test'], span: undefined };
const vector: TensorType = { dtype: 'f32', shape: [Dim.variable('N')] };

/** A graph of one input `x`; `build` writes nodes and returns the outputs. */
function graphWith(build: (g: GraphBuilder, x: Value) => readonly Value[], type = vector): Graph {
  const graph = new Graph('test');
  const x = graph.input('x', type);
  for (const [i, value] of build(new GraphBuilder(graph, origin), x).entries()) graph.output(`y${i}`, value);
  expect(verify(graph)).toEqual([]);
  return graph;
}

function operators(graph: Graph): readonly string[] {
  return [...graph.nodes].map(operatorName);
}

describe('dead-code', () => {
  it('removes a chain that nobody uses, and keeps what is an output', () => {
    const graph = graphWith((g, x) => {
      g.exp(g.tanh(x));
      return [g.relu(x)];
    });
    expect(deadCode.run(graph)).toBe(2);
    expect(operators(graph)).toEqual(['relu']);
    expect(deadCode.run(graph)).toBe(0);
  });

  it('keeps what makes a size that only an option mentions', () => {
    const source = (size: string) => `model M(keep: Tensor<bool>[N]) -> (y: Tensor[${size}]) {
      _at = nonzero(keep) as [K, 1]
      return zeros([${size}])
    }`;
    expect(operators(modelOf(source('K')).graph)).toEqual(['nonzero', 'full']);
    expect(operators(modelOf(source('N')).graph)).toEqual(['full']);
  });
});

describe('common-subexpressions', () => {
  it('merges equal nodes through equal inputs, even where they are outputs', () => {
    const graph = graphWith((g, x) => [g.exp(g.tanh(x)), g.exp(g.tanh(x))]);
    expect(commonSubexpressions.run(graph)).toBe(2);
    expect(operators(graph)).toEqual(['tanh', 'exp']);
    expect(graph.outputs[0]?.value).toBe(graph.outputs[1]?.value);
  });

  it('keeps apart what differs in an attribute or an input', () => {
    const graph = graphWith((g, x) => [g.softmax(x, 0), g.softmax(x, -1), g.softmax(g.exp(x), 0)]);
    expect(commonSubexpressions.run(graph)).toBe(0);
  });

  it('keeps apart what makes a size, which has a name of its own', () => {
    const source = `model M(x: Tensor[N], y: Tensor[N, 4], keep: Tensor<bool>[N]) -> (a: Tensor[A], b: Tensor[B, 4], c: Tensor[B]) {
      b = y[keep] as [B, 4]
      return (x[keep], b, zeros([B]))
    }`;
    const { graph, onnx } = modelOf(source);
    expect(operators(graph).filter((name) => name === 'nonzero')).toHaveLength(2);
    expect(onnx.nodes.filter(({ opType }) => opType === 'NonZero')).toHaveLength(2);
  });

  it('distinguishes numbers that JSON cannot distinguish', () => {
    const values = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0];
    const graph = graphWith((g, x) => values.map((value) => g.op('full_like', [x], { value })));
    expect(commonSubexpressions.run(graph)).toBe(0);
  });
});

describe('no-ops', () => {
  it('removes casts to the same dtype and dropout, in chains and at outputs', () => {
    const graph = graphWith((g, x) => [g.relu(g.op('dropout', [g.op('cast', [x], { dtype: 'f32' })])), g.op('dropout', [x])]);
    expect(noOps.run(graph)).toBe(3);
    expect(operators(graph)).toEqual(['relu']);
    expect(graph.outputs[1]?.value).toBe(graph.inputs[0]);
    expect(verify(graph)).toEqual([]);
  });

  it('removes a concat of one tensor', () => {
    const graph = graphWith((g, x) => [g.concat([x], 0)]);
    expect(noOps.run(graph)).toBe(1);
    expect(graph.outputs[0]?.value).toBe(graph.inputs[0]);
  });

  it('keeps a transpose that moves something, and a reshape to another shape', () => {
    const graph = graphWith((g, x) => [g.transpose(x, [1, 0]), g.reshape(x, [6])], { dtype: 'f32', shape: [2, 3].map(Dim.of) });
    expect(noOps.run(graph)).toBe(0);
  });
});

describe('pools-first', () => {
  const images: TensorType = { dtype: 'f32', shape: [2, 3, 8, 8].map(Dim.of) };
  const pool = (g: GraphBuilder, x: Value, attrs: object = {}) => g.op('max_pool2d', [x], { kernel: [Dim.of(2)], ...attrs });

  it('takes the maximum before relu, also several times in a row', () => {
    const graph = graphWith((g, x) => [pool(g, pool(g, g.relu(g.exp(x))))], images);
    expect(poolsFirst.run(graph)).toBe(2);
    expect(operators(graph)).toEqual(['exp', 'max_pool2d', 'max_pool2d', 'relu']);
    expect(verify(graph)).toEqual([]);
    expect(poolsFirst.run(graph)).toBe(0);
  });

  it('leaves a relu that something else reads, and windows that may be empty', () => {
    const read = (g: GraphBuilder, x: Value) => {
      const y = g.relu(x);
      return [pool(g, y), g.exp(y)];
    };
    expect(poolsFirst.run(graphWith(read, images))).toBe(0);
    expect(poolsFirst.run(graphWith((g, x) => [pool(g, g.relu(x), { dilation: [Dim.of(3)], padding: [Dim.one] })], images))).toBe(0);
    expect(poolsFirst.run(graphWith((g, x) => [pool(g, g.sigmoid(x))], images))).toBe(0);
  });
});

describe.each(['cnn', 'lstm', 'transformer', 'unet'])('the pipeline on %s', (name) => {
  it('leaves a legal graph that a second run does not change', () => {
    const source = readFileSync(resolve(import.meta.dirname, `../../examples/${name}/model.arch`), 'utf8');
    const { graph } = modelOf(source);
    const before = printGraph(graph);
    expect(verify(graph)).toEqual([]);
    for (const pass of passes({ target: 'portable', opset: 21, fused: true }, 1, new Recorder()))
      expect(pass.run(graph), pass.name).toBe(0);
    expect(printGraph(graph)).toBe(before);
  });
});
