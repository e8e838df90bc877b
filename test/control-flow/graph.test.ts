import { describe, expect, it } from 'vitest';
import { type CondNode, type Graph, inputValues, type Node, operatorName, type ScanNode } from '../../src/3-graph/graph.js';
import { printGraph } from '../../src/3-graph/print.js';
import { regionsIn } from '../../src/3-graph/regions.js';
import { verify } from '../../src/3-graph/verify.js';
import { Recorder } from '../../src/5-optimize/history.js';
import { bodiesIn } from '../../src/5-optimize/lowering/onnx-graph.js';
import { optimize, passes } from '../../src/5-optimize/pipeline.js';
import { costOf } from '../../src/6-emit/cost.js';
import { compileText, complaints, modelOf, rendered } from '../kit/source.js';

const gated = `model M(x: Tensor[N, 8], on: Tensor<bool>[]) -> (y: Tensor[N, 8]) {
  param w: Tensor[8] = ones
  y = cond on { x -> fc: Linear(8) -> relu } else { x * w }
  return y + w
}`;

const recurrent = `model M(x: Tensor[N, T, 8]) -> (y: Tensor[N, T, 8], last: Tensor[N, 8]) {
  scan xt over x axis 1 reverse carry h: Tensor[N, 8] = zeros {
    h1 = xt -> cell: Linear(8) -> tanh
    next h = h1 + h
    emit y = h1 * 2
  }
  return (y, last = h)
}`;

function only<K extends Node['kind']>(graph: Graph, kind: K): Extract<Node, { kind: K }> {
  const found = regionsIn(graph).flatMap((region) => [...region.nodes].filter((node) => node.kind === kind));
  expect(found.length).toBe(1);
  return found[0] as Extract<Node, { kind: K }>;
}

it('a cond is printed with both of its bodies', () => {
  expect(printGraph(modelOf(gated).graph)).toMatchInlineSnapshot(`
    "graph M
      input x : [N, 8]
      input on : bool[]
      parameter w : [8]
      parameter fc.weight : [8, 8]
      parameter fc.bias : [8]
      %13 = cond(on, x, fc.weight, fc.bias, w) : [N, 8]
        then(%0, %1, %2, %3)
          %4 = transpose(%1, perm = [1, 0]) : [8, 8]    # fc
          %5 = matmul(%0, %4) : [N, 8]    # fc
          %6 = add(%5, %2) : [N, 8]    # fc
          %7 = relu(%6) : [N, 8]
          gives %7
        else(%8, %9, %10, %11)
          %12 = mul(%8, %11) : [N, 8]
          gives %12
      %14 = add(%13, w) : [N, 8]
      output y = %14
    "
  `);
});

it('a scan is printed with its body', () => {
  expect(printGraph(modelOf(recurrent).graph)).toMatchInlineSnapshot(`
    "graph M
      input x : [N, T, 8]
      parameter cell.weight : [8, 8]
      parameter cell.bias : [8]
      %0 = full(shape = [N, 8], value = 0, dtype = "f32") : [N, 8]
      %1 = transpose(cell.weight, perm = [1, 0]) : [8, 8]    # cell
      %11, %12 = scan(%0, x, cell.bias, %1, carries = 1, over = [1], stack = [1], reverse, length = T) : [N, 8], [N, T, 8]
        each(%2, %3, %4, %5)
          %6 = matmul(%3, %5) : [N, 8]    # cell
          %7 = add(%6, %4) : [N, 8]    # cell
          %8 = tanh(%7) : [N, 8]
          %9 = add(%8, %2) : [N, 8]
          %10 = mul(%8, 2) : [N, 8]
          gives %9, %10
      output y = %12
      output last = %11
    "
  `);
});

describe('what bodies capture', () => {
  it('is an input of the node, once, and only if a body reads it', () => {
    const { graph } = modelOf(gated);
    const node: CondNode = only(graph, 'cond');
    expect(inputValues(node).map((value) => value.hint)).toEqual(['on', 'x', 'fc.weight', 'fc.bias', 'w']);
    for (const body of node.bodies) expect(body.inputs.map((value) => value.hint)).toEqual(['x', 'fc.weight', 'fc.bias', 'w']);
    expect(verify(graph)).toEqual([]);
  });

  it('goes through all bodies on the way', () => {
    const { graph, onnx } = modelOf(`model M(x: Tensor[T, S, 4], on: Tensor<bool>[]) -> (y: Tensor[4]) {
  w = sum(x) * 2
  return cond on {
    scan row over x axis 0 carry a: Tensor[4] = zeros {
      scan cell over row axis 0 carry b: Tensor[4] = a { next b = b + cell * w }
      next a = b
    }
    a
  } else { zeros([4]) }
}`);
    expect(verify(graph)).toEqual([]);
    expect(regionsIn(graph).length).toBe(5);
    expect(bodiesIn(onnx.nodes).length).toBe(4);
  });

  it('is dropped when passes leave it unread', () => {
    const { graph } = modelOf(`model M(x: Tensor[N, 4], z: Tensor[N, 4], on: Tensor<bool>[]) -> (y: Tensor[N, 4], z2: Tensor[N, 4]) {
  y = cond on {
    _unused = exp(z)
    x
  } else { x * 2 }
  return (y, z2 = z)
}`);
    expect(inputValues(only(graph, 'cond')).map((value) => value.hint)).toEqual(['on', 'x']);
  });

  it('is one input when passes make two values one', () => {
    const { graph } = modelOf(`model M(x: Tensor[N, 4], z: Tensor[4], on: Tensor<bool>[]) -> (y: Tensor[N, 4]) {
  same = x -> dropout(p = 0.5)
  return cond on {
    _unused = x * z
    same
  } else { same + x }
}`);
    expect(inputValues(only(graph, 'cond')).map((value) => value.hint)).toEqual(['on', 'x']);
    expect(verify(graph)).toEqual([]);
  });

  it('is not moved into the body around: equal work inside and outside stays twice', () => {
    const { graph } = modelOf(`model M(x: Tensor[N, 4], on: Tensor<bool>[]) -> (y: Tensor[N, 4]) {
  z = exp(x)
  return z + cond on { exp(x) + exp(x) } else { x }
}`);
    const exps = regionsIn(graph).map((region) => [...region.nodes].filter((node) => node.kind === 'op' && node.op.name === 'exp').length);
    expect(exps.sort()).toEqual([0, 1, 1]);
  });
});

it('results that nothing reads are not computed', () => {
  const { graph } = modelOf(`model M(x: Tensor[T, 4], on: Tensor<bool>[]) -> (y: Tensor[4], z: Tensor[T, 4]) {
  (y, _) = cond on { (x[0], x -> a: Linear(4)) } else { (x[1 % T], x -> b: Linear(4)) }
  scan xt over x axis 0 carry h: Tensor[4] = zeros {
    next h = h + xt
    emit _sums = exp(h)
    emit z = relu(h)
  }
  return (y, z)
}`);
  expect(verify(graph)).toEqual([]);
  const all = regionsIn(graph).flatMap((region) => [...region.nodes].map(operatorName));
  expect(all).not.toContain('matmul');
  expect(all).not.toContain('exp');
  expect(only(graph, 'scan').outputs.length).toBe(2);
  expect(inputValues(only(graph, 'cond')).map((value) => value.hint)).toEqual(['on', 'x']);
});

it('what no step changes is computed once, before the scan, but not before a cond around it', () => {
  const names = (source: string) => regionsIn(modelOf(source).graph).map((region) => [...region.nodes].map(operatorName));
  const scan = `scan xt over x axis 0 carry h: Tensor[4] = zeros {
    a = exp(z) * 2
    scan yt over x axis 0 { emit q = yt * tanh(z) + a }
    next h = h + xt * a + q[0]
  }`;
  const [inner, body, graph] = names(`model M(x: Tensor[T, 4], z: Tensor[4]) -> (y: Tensor[4]) {\n  ${scan}\n  return h\n}`);
  expect(inner).toEqual(['mul', 'add']);
  expect(body).toEqual(expect.not.arrayContaining(['exp', 'tanh']));
  expect(graph).toEqual(expect.arrayContaining(['exp', 'mul', 'tanh', 'scan']));
  const [, , side, , top] = names(`model M(x: Tensor[T, 4], z: Tensor[4], on: Tensor<bool>[]) -> (y: Tensor[4]) {
  return cond on {
    ${scan}
    h
  } else { z }
}`);
  expect(side).toEqual(expect.arrayContaining(['exp', 'tanh', 'scan']));
  expect(top).toEqual(['cond']);
});

it('a second run of the passes changes nothing', () => {
  for (const source of [gated, recurrent, `${recurrent.replace('{', 'where N >= 0, T >= 0 {')}`]) {
    const { graph } = modelOf(source);
    const before = printGraph(graph);
    for (const pass of passes({ target: 'portable', opset: 21, fused: true }, 1, new Recorder()))
      expect([pass.name, regionsIn(graph).reduce((sum, region) => sum + pass.run(region), 0)]).toEqual([pass.name, 0]);
    optimize(graph);
    expect(printGraph(graph)).toBe(before);
    expect(verify(graph)).toEqual([]);
  }
});

describe('verify', () => {
  it('finds a value of the graph that a body reads without capturing it', () => {
    const { graph } = modelOf(gated);
    const node: CondNode = only(graph, 'cond');
    const [body] = node.bodies;
    const [first] = body.nodes;
    const [x] = graph.inputs;
    if (first === undefined || x === undefined) throw new Error('an empty body');
    body.onnx({ opType: 'Relu', domain: '', attrs: {} }, [x], [x.type], node.origin, first);
    expect(verify(graph).join()).toContain('uses a value before it is defined');
  });

  it('finds bodies whose results are not those of the node', () => {
    const { graph } = modelOf(recurrent);
    const node: ScanNode = only(graph, 'scan');
    (node as { steps: unknown }).steps = { ...node.steps, emitAxes: [0] };
    expect(verify(graph).join()).toContain('result 0 has the type');
  });
});

describe('cost', () => {
  it('of a scan is that of its body times its length', () => {
    const [model, cell] = costOf(modelOf(recurrent).graph);
    // 2*8*8 + 8 for the linear layer, and 8 each for tanh, the sum and the product.
    expect(String(model?.flops)).toBe(`${2 * 64 + 8 + 3 * 8}*N*T`);
    expect(String(cell?.flops)).toBe(`${2 * 64 + 8}*N*T`);
    expect(model?.parameters).toBe(72);
  });

  it('of a cond is that of its dearer side', () => {
    const rows = costOf(modelOf(gated).graph).map(({ path, flops }) => [path, String(flops)]);
    expect(rows[0]).toEqual(['', `${2 * 64 + 8 + 8 + 8}*N`]);
    expect(rows).toContainEqual(['fc', `${2 * 64 + 8}*N`]);
  });
});

describe('targets', () => {
  const bound = (options: Parameters<typeof modelOf>[1]) => {
    const result = compileText(recurrent, options);
    return {
      ops: result.model?.entries[0]?.onnx.nodes.map(({ opType }) => opType) ?? [],
      said: complaints(result),
      text: rendered(result),
    };
  };

  it('write the steps out where there is no kernel for a scan and the length is a number', () => {
    const { ops, said } = bound({ target: 'webgpu', bind: { T: 4 } });
    expect(ops).not.toContain('Scan');
    expect(ops.filter((op) => op === 'Tanh').length).toBe(4);
    expect(said).toEqual([]);
  });

  it('say that a scan runs on the CPU, with its line, where the length is open', () => {
    const { ops, said } = bound({ target: 'webgpu' });
    expect(ops).toContain('Scan');
    expect(said).toEqual(['scan-on-cpu@2']);
  });

  it('do not write out steps without end', () => {
    const { ops, text } = bound({ target: 'webgpu', bind: { T: 100_000 } });
    expect(ops).toContain('Scan');
    expect(text).toContain('its 100000 steps are not unrolled');
  });

  it('have a scan otherwise', () => {
    for (const target of ['portable', 'cpu', 'cuda'] as const) expect(bound({ target, bind: { T: 4 } })).toMatchObject({ said: [] });
    expect(bound({ bind: { T: 4 } }).ops).toContain('Scan');
  });
});
