import { describe, expect, test } from 'vitest';
import { Graph } from '../../src/3-graph/graph.js';
import { GraphBuilder } from '../../src/3-graph/graph-builder.js';
import { lowerToOnnx } from '../../src/5-optimize/pipeline.js';
import { Dim } from '../../src/dims/dim.js';
import type { Fact } from '../../src/dims/fact.js';
import { Facts } from '../../src/dims/facts.js';
import { completeAttrs } from '../../src/ops/attributes.js';
import { openNumber } from '../../src/ops/attrs.js';
import { bindInputs, mapBound } from '../../src/ops/bind.js';
import type { Op } from '../../src/ops/define.js';
import { concreteRule, typeOf } from '../../src/ops/evaluate.js';
import { opNamed } from '../../src/ops/registry.js';
import { RuleFailure } from '../../src/ops/rule.js';
import { openEnd } from '../../src/ops/shape/slice-range.js';
import { SymbolicRule } from '../../src/ops/symbolic-rule.js';
import { type DType, showType, type TensorType } from '../../src/ops/types.js';
import { everyOp } from '../kit/every-op.js';
import { drawSamples } from '../kit/op-samples.js';

const dim = (name: string): Dim => Dim.variable(name);
const [N, T, D, P] = ['N', 'T', 'D', 'P'].map(dim) as [Dim, Dim, Dim, Dim];
type Size = Dim | number;

function tensor(shape: readonly Size[], dtype: DType = 'f32'): TensorType {
  return { dtype, shape: shape.map((size) => (typeof size === 'number' ? Dim.of(size) : size)) };
}

type Inputs = readonly (TensorType | readonly TensorType[])[];

function infer(name: string, inputs: Inputs, attrs: Readonly<Record<string, unknown>> = {}, facts: readonly Fact[] = []) {
  const op = opNamed(name)!;
  const open: string[] = [];
  const known = facts.reduce((all, fact) => all.assume(fact), Facts.none);
  const rule = new SymbolicRule(known, (residual) => open.push(`${residual.kind}(${residual.left}, ${residual.right})`), name);
  const types: readonly TensorType[] = op.infer(rule, bindInputs(op, inputs), completeAttrs(op, attrs));
  return { types: types.map((type) => showType(type)).join(' '), open };
}

/** The type, where nothing is left open. */
function proved(name: string, inputs: Inputs, attrs: Readonly<Record<string, unknown>> = {}, facts: readonly Fact[] = []): string {
  const { types, open } = infer(name, inputs, attrs, facts);
  expect(open).toEqual([]);
  return types;
}

function refused(name: string, inputs: Inputs, attrs: Readonly<Record<string, unknown>> = {}): string {
  try {
    infer(name, inputs, attrs);
  } catch (failure) {
    if (failure instanceof RuleFailure) return `${failure.code}: ${failure.demand.message}`;
    throw failure;
  }
  return 'accepted';
}

describe('proved with names', () => {
  test('reshape', () => {
    expect(proved('reshape', [tensor([N, T, 768])], { shape: [T, N, 12, 64] })).toBe('[T, N, 12, 64]');
    expect(proved('reshape', [tensor([N, T, 768])], { shape: [N, T, -1, 64] })).toBe('[N, T, 12, 64]');
    expect(proved('reshape', [tensor([N, T, 768])], { shape: [-1, 768] })).toBe('[N*T, 768]');
    expect(
      proved('reshape', [tensor([N, T, D])], { shape: [N, T, 8, D.floorDiv(8)] }, [{ kind: 'divides', divisor: Dim.of(8), value: D }]),
    ).toMatch(/^\[N, T, 8, /);
  });

  test('flatten, concat, split, slice, pad', () => {
    expect(proved('flatten', [tensor([N, 16, 7, 7])])).toBe('[N, 784]');
    expect(proved('concat', [[tensor([N, P, D]), tensor([N, T, D])]], { axis: 1 })).toBe('[N, P + T, D]');
    expect(proved('split', [tensor([N, D.mul(3)])], { parts: 3, axis: -1 })).toBe('[N, D] [N, D] [N, D]');
    expect(proved('split', [tensor([N, T.add(D)])], { sizes: [T, D], axis: 1 })).toBe('[N, T] [N, D]');
    expect(proved('slice', [tensor([N, T])], { axes: [1], starts: [1], ends: [openEnd] })).toBe('[N, T - 1]');
    expect(proved('slice', [tensor([N, T])], { axes: [1], starts: [0], ends: [T.sub(1)] })).toBe('[N, T - 1]');
    expect(proved('slice', [tensor([N, T])], { axes: [1], starts: [-1], ends: [-openEnd], steps: [-1] })).toBe('[N, T]');
    expect(proved('slice', [tensor([N, T])], { axes: [1], starts: [0], ends: [openEnd], steps: [2] })).toBe('[N, (T + 1) // 2]');
    expect(proved('pad', [tensor([N, T])], { pads: [T, 0], axes: [1] })).toBe('[N, 2*T]');
  });

  test('matmul, einsum and indices', () => {
    expect(proved('matmul', [tensor([N, 8, T, D]), tensor([N, 1, D, P])])).toBe('[N, 8, T, P]');
    expect(proved('einsum', [[tensor([N, T, D]), tensor([N, P, D])]], { equation: 'ntd,npd->ntp' })).toBe('[N, T, P]');
    expect(proved('embedding', [tensor([1000, D]), tensor([N, T], 'i64')])).toBe('[N, T, D]');
    expect(proved('index_at', [tensor([N, T, D])], { axis: 1, position: -1 })).toBe('[N, D]');
    expect(proved('range', [], { end: T.add(P), start: P })).toBe('i64[T]');
    expect(proved('cross_entropy', [tensor([N, T, D]), tensor([N, T], 'i64')])).toBe('[]');
  });
});

test('what may fail for some sizes stays open', () => {
  expect(infer('slice', [tensor([N, T])], { axes: [1], starts: [0], ends: [4] })).toEqual({ types: '[N, 4]', open: ['at-least(T, 4)'] });
  expect(infer('index_at', [tensor([N, T])], { axis: 1, position: 3 })).toEqual({ types: '[N]', open: ['at-least(T, 4)'] });
});

test('mistakes are told in words', () => {
  const ids = tensor([N], 'i64');
  expect(
    [
      refused('reshape', [tensor([512])], { shape: [7, 64] }),
      refused('reshape', [tensor([N, 512])], { shape: [N, 7, 64] }),
      refused('reshape', [tensor([N, 10])], { shape: [N, 3, -1] }),
      refused('reshape', [tensor([N, 10])], { shape: [-1, -1] }),
      refused('transpose', [tensor([N, T])], { perm: [0, 0] }),
      refused('squeeze', [tensor([N, 3])], { axes: [1] }),
      refused('expand', [tensor([N, 3])], { shape: [N, 6] }),
      refused('concat', [[tensor([N, 3]), tensor([N, 4])]], { axis: 0 }),
      refused('concat', [[tensor([N, 3]), tensor([N, 3], 'i64')]], { axis: 0 }),
      refused('stack', [[tensor([N, 3]), tensor([T, 3])]]),
      refused('split', [tensor([N, 10])], { parts: 3, axis: 1 }),
      refused('split', [tensor([N, 10])], { sizes: [3, 3], axis: 1 }),
      refused('split', [tensor([N, 10])], { axis: 1 }),
      refused('slice', [tensor([N, 10])], { axes: [1], starts: [0], ends: [12] }),
      refused('slice', [tensor([N, 10])], { axes: [1], starts: [6], ends: [2] }),
      refused('slice', [tensor([N, 10])], { axes: [1], starts: [-12], ends: [2] }),
      refused('pad', [tensor([N, 3])], { pads: [3, 0], axes: [1], mode: 'reflect' }),
      refused('pad', [tensor([N, 3])], { pads: [1, 1] }),
      refused('tile', [tensor([N, 3])], { repeats: [2] }),
      refused('matmul', [tensor([N, 3]), tensor([4, 5])]),
      refused('matmul', [tensor([N, 4, 3]), tensor([T, 3, 5])]),
      refused('einsum', [[tensor([2, 3]), tensor([4, 5])]], { equation: 'ij,jk->ik' }),
      refused('einsum', [[tensor([2, 3])]], { equation: 'iij->j' }),
      refused('einsum', [[tensor([2, 2])]], { equation: 'ii->i' }),
      refused('einsum', [[tensor([2, 3])]], { equation: 'ij->k' }),
      refused('gather', [tensor([N, 3]), tensor([N])], { axis: 1 }),
      refused('embedding', [tensor([10, 3]), tensor([N, T])]),
      refused('index_at', [tensor([N, 3])], { axis: 1, position: 3 }),
      refused('gather_nd', [tensor([N, 3]), tensor([4, 3], 'i64')]),
      refused('scatter_elements', [tensor([N, 3]), tensor([N, 2], 'i64'), tensor([N, 1])], { axis: 1 }),
      refused('range', [], { end: 2, start: 5 }),
      refused('range', [], { end: 2, step: 0 }),
      refused('cross_entropy', [tensor([N, 10]), tensor([T], 'i64')]),
      refused('cross_entropy', [tensor([N, 10, T]), tensor([N, T], 'i64')]),
      refused('cross_entropy', [tensor([N, 10]), tensor([N])]),
      refused('cross_entropy', [tensor([N, 10]), ids, tensor([9])]),
      refused('mse_loss', [tensor([N, 10]), tensor([N, 1])]),
    ].join('\n'),
  ).toMatchInlineSnapshot(`
    "reshape-mismatch: reshape cannot turn [512] into [7, 64]: that is 512 elements into 448
    reshape-mismatch: reshape cannot turn [N, 512] into [N, 7, 64]: that is 512*N elements into 448*N
    reshape-mismatch: reshape cannot compute the open size of [N, 3, -1]: 10 is not a multiple of 3
    bad-option: reshape to [-1, -1] leaves two sizes open, and only one can be computed
    bad-axis: transpose needs each of the 2 axes exactly once, but \`perm\` is [0, 0]
    shape-mismatch: squeeze removes axes of size 1, but axis 1 has size 3
    shape-mismatch: expand repeats only axes of size 1: 3 cannot become 6
    shape-mismatch: concat along axis 0 needs equal sizes on all other axes, but axis 1 is 3 in the first part and 4 in another
    dtype-mismatch: concat needs parts of one element type, but the first is f32 and number 2 is i64
    shape-mismatch: stack needs tensors of one shape, but axis 0 is N in the first and T in another
    not-divisible: axis 1 of size 10 cannot be split into 3 equal parts
    shape-mismatch: the parts of split add up to 6, but axis 1 has size 10
    bad-option: split needs either \`parts\` or \`sizes\`
    shape-mismatch: the slice 0..12 ends beyond axis 1, which has size 10
    shape-mismatch: the slice 6..2 of axis 1 ends before it starts
    shape-mismatch: the slice -2..2 of axis 1 begins before its first position
    shape-mismatch: mode "reflect" can add at most 2 positions to axis 1 of size 3, not 3
    accepted
    bad-option: tile needs one number of repeats for each axis: \`x\` has 2, \`repeats\` 1
    shape-mismatch: the inner sizes of this product differ: the last axis of \`a\` is 3, the second last axis of \`b\` is 4
    broadcast-mismatch: cannot multiply batches of [N] and [T]: axis 0 is N in one and T in the other
    shape-mismatch: \`j\` of the equation "ij,jk->ik" is 3 in one operand and 4 in another
    bad-option: the equation "iij->j" uses \`i\` twice in "iij"
    bad-option: the equation "ii->i" uses \`i\` twice in "ii"
    bad-option: the output of the equation "ij->k" has \`k\`, which no operand has
    dtype-mismatch: \`gather\` needs a tensor of i64 or i32, but \`indices\` is f32
    dtype-mismatch: \`embedding\` needs a tensor of i64 or i32, but \`ids\` is f32
    shape-mismatch: there is no position 3 on axis 1, which has size 3
    shape-mismatch: a row of \`indices\` has 3 coordinates, but there are only 2 axes
    shape-mismatch: each index needs one update: axis 1 is 2 in \`indices\` and 1 in \`updates\`
    shape-mismatch: the range from 5 to 2 in steps of 1 runs the wrong way
    bad-option: a range cannot go in steps of 0
    shape-mismatch: \`logits\` [N, 10] with classes on axis 1 needs labels [N], but axis 0 is T
    shape-mismatch: \`logits\` [N, 10, T] with classes on axis 2 needs labels [N, 10], but axis 1 is T
    dtype-mismatch: \`cross_entropy\` needs a tensor of i64 or i32, but \`labels\` is f32
    shape-mismatch: there are 10 classes, but \`weight\` has 9 values
    shape-mismatch: the loss compares element by element, but axis 1 is 10 in \`x\` and 1 in \`target\`"
  `);
});

describe('ONNX forms avoid sizes that are computed in the graph', () => {
  test.each([
    ['reshape', [N, T, 768], { shape: [N, T, 12, 64] }, [0, 0, 12, 64]],
    ['reshape', [N, T, 768], { shape: [N.mul(T), 768] }, [-1, 768]],
    ['reshape', [N, 16, 7, 7], { shape: [N, 784] }, [0, 784]],
    ['slice', [N, T], { axes: [1], starts: [0], ends: [T.sub(1)] }, [-1]],
    ['slice', [N, T], { axes: [1], starts: [1], ends: [T] }, [openEnd]],
    ['expand', [N, 1, T], { shape: [N, 8, T] }, [1, 8, 1]],
  ] as const)('%s of [%s] %o', (name, shape, attrs, constant) => {
    const graph = new Graph('forms');
    const x = graph.input('x', tensor(shape));
    const y = new GraphBuilder(graph, { path: [], kinds: ['Forms'], span: undefined }).op(name, [x], attrs);
    graph.output('y', y);
    const onnx = lowerToOnnx(graph, { target: 'portable' });
    expect(onnx.nodes.map((node) => node.opType).filter((opType) => opType !== 'Identity')).toHaveLength(1);
    expect(onnx.constants.map(({ array }) => [...array.data])).toContainEqual(constant);
  });
});

/** The options of an operator that are numbers, by name. */
const numbersOf = (op: Op) => op.lists().attrs.flatMap(([name, { kind }]) => (kind === 'float' ? [name] : []));

describe('a number that is not known', () => {
  test.each(everyOp.filter((op) => numbersOf(op).length > 0).map((op) => [op.name, op] as const))('%s', (_, op) => {
    const shown = (types: readonly TensorType[]) => types.map((type) => showType(type));
    for (const { inputs, attrs, types } of drawSamples(op)) {
      const options = { ...attrs, ...Object.fromEntries(numbersOf(op).map((name) => [name, openNumber])) };
      const open = op.infer(concreteRule(op.name), mapBound(bindInputs(op, inputs), typeOf), completeAttrs(op, options));
      expect(shown(open)).toEqual(shown(types));
    }
  });
});
