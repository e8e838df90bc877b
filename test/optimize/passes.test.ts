import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Graph, type Origin } from '../../src/3-graph/graph.js';
import { printGraph } from '../../src/3-graph/print.js';
import { verify } from '../../src/3-graph/verify.js';
import { commonSubexpressions } from '../../src/5-optimize/passes/common-subexpressions.js';
import { deadCode } from '../../src/5-optimize/passes/dead-code.js';
import { noOps } from '../../src/5-optimize/passes/no-ops.js';
import { pipeline } from '../../src/5-optimize/pipeline.js';
import { Dim } from '../../src/dims/dim.js';
import type { TensorType } from '../../src/ops/types.js';
import { modelOf } from '../kit/source.js';

const origin: Origin = { path: [], kinds: ['test'], span: undefined };
const vector: TensorType = { dtype: 'f32', shape: [Dim.variable('N')] };

/** A graph of one input `x`; `build` adds nodes and gives the outputs. */
function graphWith(
  build: (
    graph: Graph,
    x: Graph['inputs'][number],
    op: (name: string, input: Graph['inputs'][number], attrs?: object) => Graph['inputs'][number],
  ) => readonly Graph['inputs'][number][],
): Graph {
  const graph = new Graph('test');
  const x = graph.input('x', vector);
  const op = (name: string, input: typeof x, attrs: object = {}) =>
    graph.node(name, [input], { ...attrs }, [vector], origin)[0] as typeof x;
  for (const [i, value] of build(graph, x, op).entries()) graph.output(`y${i}`, value);
  expect(verify(graph)).toEqual([]);
  return graph;
}

describe('dead-code', () => {
  it('removes a chain that nobody uses, and keeps what is an output', () => {
    const graph = graphWith((_, x, op) => {
      op('exp', op('tanh', x));
      return [op('relu', x)];
    });
    expect(deadCode.run(graph)).toBe(2);
    expect(graph.nodes.map((n) => n.op)).toEqual(['relu']);
    expect(deadCode.run(graph)).toBe(0);
  });
});

describe('common-subexpressions', () => {
  it('merges equal nodes through equal inputs, also where they are outputs', () => {
    const graph = graphWith((_, x, op) => [op('exp', op('tanh', x)), op('exp', op('tanh', x))]);
    expect(commonSubexpressions.run(graph)).toBe(2);
    expect(graph.nodes.map((n) => n.op)).toEqual(['tanh', 'exp']);
    expect(graph.outputs[0]?.value).toBe(graph.outputs[1]?.value);
  });

  it('keeps apart what differs in an attribute or an input', () => {
    const graph = graphWith((_, x, op) => [
      op('softmax', x, { axis: 0 }),
      op('softmax', x, { axis: -1 }),
      op('softmax', op('exp', x), { axis: 0 }),
    ]);
    expect(commonSubexpressions.run(graph)).toBe(0);
  });

  it('keeps apart numbers that JSON cannot tell apart', () => {
    const values = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0, -0];
    const graph = graphWith((_, x, op) => values.map((value) => op('full_like', x, { value })));
    expect(commonSubexpressions.run(graph)).toBe(0);
  });
});

describe('no-ops', () => {
  it('removes casts to the same dtype and dropout, in chains and at outputs', () => {
    const graph = graphWith((_, x, op) => [op('relu', op('dropout', op('cast', x, { dtype: 'f32' }), { p: 0.5 })), op('dropout', x)]);
    expect(noOps.run(graph)).toBe(3);
    expect(graph.nodes.map((n) => n.op)).toEqual(['relu']);
    expect(graph.outputs[1]?.value).toBe(graph.inputs[0]);
    expect(verify(graph)).toEqual([]);
  });

  it('removes a concat of one tensor', () => {
    const graph = graphWith((graph, x) => graph.node('concat', [[x]], { axis: 0 }, [vector], origin));
    expect(noOps.run(graph)).toBe(1);
    expect(graph.outputs[0]?.value).toBe(graph.inputs[0]);
  });

  it('keeps a transpose that moves something, and a reshape to another shape', () => {
    const graph = new Graph('test');
    const x = graph.input('x', { dtype: 'f32', shape: [Dim.of(2), Dim.of(3)] });
    const [t] = graph.node('transpose', [x], { perm: [1, 0] }, [{ dtype: 'f32', shape: [Dim.of(3), Dim.of(2)] }], origin);
    graph.output('y', t as typeof x);
    expect(noOps.run(graph)).toBe(0);
  });
});

describe.each(['cnn', 'lstm', 'transformer', 'unet'])('the pipeline on %s', (name) => {
  it('leaves a legal graph that a second run does not change', () => {
    const source = readFileSync(resolve(import.meta.dirname, `../../examples/${name}/model.arch`), 'utf8');
    const { graph } = modelOf(source);
    const before = printGraph(graph);
    expect(verify(graph)).toEqual([]);
    for (const pass of pipeline) expect(pass.run(graph), pass.name).toBe(0);
    expect(printGraph(graph)).toBe(before);
  });
});
