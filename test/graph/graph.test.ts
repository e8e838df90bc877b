import { describe, expect, test } from 'vitest';
import { Graph, type Node, type Origin, operatorName, type Value } from '../../src/3-graph/graph.js';
import { GraphBuilder } from '../../src/3-graph/graph-builder.js';
import { printGraph } from '../../src/3-graph/print.js';
import { verify } from '../../src/3-graph/verify.js';
import { Dim } from '../../src/dims/dim.js';
import { relu } from '../../src/ops/elementwise/relu.js';
import type { TensorType } from '../../src/ops/types.js';

const origin: Origin = { path: ['layer'], kinds: ['M', 'L'], span: undefined };
const vector: TensorType = { dtype: 'f32', shape: [Dim.variable('N')] };

/** `y0 = relu(x); y1 = relu(x) + tanh(relu(x))`. */
function sample(): { readonly graph: Graph; readonly x: Value; readonly a: Value; readonly b: Value; readonly sum: Value } {
  const graph = new Graph('M');
  const x = graph.input('x', vector);
  const g = new GraphBuilder(graph, origin);
  const a = g.relu(x);
  const b = g.tanh(a);
  const sum = g.add(a, b);
  graph.output('y0', a);
  graph.output('y1', sum);
  return { graph, x, a, b, sum };
}

function maker(value: Value): Node {
  if (value.source.kind !== 'node') throw new Error('not made by a node');
  return value.source.node;
}

function users(value: Value): readonly string[] {
  return [...value.users].map((user) => (user.kind === 'output' ? user.name : operatorName(user)));
}

describe('a graph', () => {
  test('knows the users of every value', () => {
    const { graph, x, a, b, sum } = sample();
    expect([x, a, b, sum].map(users)).toEqual([['relu'], ['tanh', 'add', 'y0'], ['add'], ['y1']]);
    expect(verify(graph)).toEqual([]);
  });

  test('replaces the uses of a value, in nodes, lists and outputs', () => {
    const { graph, x, a } = sample();
    const parts = new GraphBuilder(graph, origin).concat([a, x, a], 0);
    graph.output('y2', parts);
    graph.replaceUses(a, x);
    expect(users(a)).toEqual([]);
    expect(users(x)).toEqual(['relu', 'concat', 'tanh', 'add', 'y0']);
    expect(maker(parts).inputs).toEqual([[x, x, x]]);
    expect(graph.outputs[0]?.value).toBe(x);
    graph.remove(maker(a));
    expect(verify(graph)).toEqual([]);
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "graph M
        input x : [N]
        %0 = tanh(x) : [N]    # layer
        %1 = add(x, %0) : [N]    # layer
        %2 = concat([x, x, x], axis = 0) : [3*N]    # layer
        output y0 = x
        output y1 = %1
        output y2 = %2
      "
    `);
  });

  test('takes new nodes before any node', () => {
    const { graph, a, b } = sample();
    const doubled = new GraphBuilder(graph, origin, maker(b)).scale(a, 2);
    graph.replaceUses(b, doubled);
    graph.remove(maker(b));
    expect([...graph.nodes].map(operatorName)).toEqual(['relu', 'mul', 'add']);
    expect(verify(graph)).toEqual([]);
  });

  test('does not remove a node whose result is used', () => {
    const { graph, a } = sample();
    expect(() => graph.remove(maker(a))).toThrow('relu is removed, but its result is used');
  });
});

describe('verify reports', () => {
  test('a use before its definition', () => {
    const { graph, a, sum } = sample();
    new GraphBuilder(graph, origin, maker(a)).neg(sum);
    expect(verify(graph)).toEqual(['node 0 (neg) uses a value before it is defined']);
  });

  test('a value of another graph', () => {
    const { graph } = sample();
    graph.output('y2', sample().a);
    expect(verify(graph)[0]).toBe('the output y2 is not defined');
  });

  test('a type that the shape rule does not give', () => {
    const { graph, x } = sample();
    graph.op(relu, [x], {}, [{ dtype: 'f32', shape: [Dim.variable('M')] }], origin);
    graph.op(relu, [x], {}, [{ ...vector, dtype: 'f16' }], origin);
    expect(verify(graph)).toEqual([
      'node 3 (relu): output 0 has the type [M], not [N]',
      'node 4 (relu): output 0 has the type f16[N], not [N]',
    ]);
  });

  test('inputs that the operator refuses', () => {
    const graph = new Graph('M');
    const x = graph.input('x', { dtype: 'bool', shape: [] });
    graph.op(relu, [x], {}, [{ dtype: 'bool', shape: [] }], origin);
    expect(verify(graph)[0]).toContain('node 0 (relu): ');
  });

  test('names that are used twice', () => {
    const { graph, a } = sample();
    graph.input('x', vector);
    graph.output('y0', a);
    expect(verify(graph)).toEqual(['two values are called x', 'two outputs are called y0']);
  });
});
