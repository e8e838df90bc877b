import { expect, test } from 'vitest';
import { Dim } from '../../src/dims/dim.js';
import { Facts } from '../../src/dims/facts.js';
import { completeAttrs } from '../../src/ops/attributes.js';
import { bindInputs } from '../../src/ops/bind.js';
import { opNamed } from '../../src/ops/registry.js';
import { RuleFailure } from '../../src/ops/rule.js';
import { SymbolicRule } from '../../src/ops/symbolic-rule.js';
import type { DType, TensorType } from '../../src/ops/types.js';

const [N, C] = [Dim.variable('N'), Dim.variable('C')];

function tensor(dtype: DType, ...shape: readonly (Dim | number)[]): TensorType {
  return { dtype, shape: shape.map((size) => (typeof size === 'number' ? Dim.of(size) : size)) };
}

/** What the operator says to a wrong call: code, sentence, and the help if there is one. */
function refusal(
  name: string,
  inputs: readonly TensorType[],
  attrs: Readonly<Record<string, unknown>> = {},
): readonly (string | undefined)[] {
  const op = opNamed(name);
  if (op === undefined) throw new Error(`there is no operator ${name}`);
  try {
    op.infer(new SymbolicRule(Facts.none, () => {}, name), bindInputs(op, inputs), completeAttrs(op, attrs));
  } catch (failure) {
    if (!(failure instanceof RuleFailure)) throw failure;
    return [failure.code, failure.demand.message, failure.demand.help];
  }
  return ['accepted'];
}

test('elementwise operators', () => {
  const x = tensor('f32', N, 3, 4);
  expect(refusal('add', [x, tensor('f32', N, 2, 4)])).toEqual([
    'broadcast-mismatch',
    'cannot add [N, 3, 4] and [N, 2, 4]: axis 1 is 3 in one and 2 in the other',
    'use the same name for sizes that are equal; only a size written as 1 is stretched',
  ]);
  expect(refusal('less', [tensor('f32', 3), tensor('f32', 4)])).toEqual([
    'broadcast-mismatch',
    'cannot compare [3] and [4]: axis 0 is 3 in one and 4 in the other',
    'sizes must be equal, counted from the last axis; only a size of 1 is stretched',
  ]);
  expect(refusal('mul', [x, tensor('f16', 4)])).toEqual([
    'dtype-mismatch',
    '`mul` needs one element type, but `a` is f32 and `b` is f16',
    'convert `b` with `cast(.., f32)`',
  ]);
  expect(refusal('div', [tensor('i64', N), tensor('i64', N)])).toEqual([
    'dtype-mismatch',
    '`/` divides floats, but these are i64',
    'write `//` for whole quotients, or convert first with `cast(.., f32)`',
  ]);
  expect(refusal('exp', [tensor('i64', N)])).toEqual([
    'dtype-mismatch',
    '`exp` needs a float tensor, but `x` is i64',
    'convert it first with `cast(.., f32)`',
  ]);
  expect(refusal('logical_and', [x, x])).toEqual([
    'dtype-mismatch',
    '`logical_and` needs a tensor of booleans, but `a` is f32',
    'convert it first with `cast(.., bool)`',
  ]);
  expect(refusal('where', [x, x, x])[1]).toBe('`where` needs a tensor of booleans, but `condition` is f32');
  expect(refusal('where', [tensor('bool', 2), x, x])[1]).toBe(
    'cannot choose by a condition [2] and [N, 3, 4]: axis 2 is 2 in one and 4 in the other',
  );
  expect(refusal('prelu', [tensor('f32', N, C), tensor('f32', 8)])).toEqual([
    'shape-mismatch',
    '`prelu` has 8 slopes for C channels',
    undefined,
  ]);
});

test('options', () => {
  const x = tensor('f32', N, 4);
  expect(refusal('clip', [x], { min: 2, max: 1 })).toEqual(['bad-option', '`clip` has min = 2 above max = 1', 'swap the two']);
  expect(refusal('clip', [x], {})).toEqual(['bad-option', '`clip` needs `min`, `max` or both', undefined]);
  expect(refusal('celu', [x], { alpha: 0 })[1]).toBe('alpha must be more than 0, but is 0');
  expect(refusal('huber_loss', [x, x], { delta: 0 })[1]).toBe('delta must be positive, but is 0');
  expect(refusal('smooth_l1_loss', [x, x], { beta: -1 })[1]).toBe('beta must not be negative, but is -1');
  expect(refusal('norm', [x], { p: 3 })[1]).toBe('`norm` knows p = 1 and p = 2, not 3');
  expect(refusal('gelu', [x], { approximate: 'fast' })).toEqual([
    'bad-option',
    '`gelu` has no `approximate = "fast"`',
    'choose one of "none", "tanh"',
  ]);
  expect(refusal('relu', [x], { slope: 1 })).toEqual(['bad-option', '`relu` has no option `slope`', undefined]);
  expect(refusal('cast', [x], { dtype: 'string' })[1]).toBe('`cast` converts numbers and booleans, not strings');
});

test('reductions', () => {
  const x = tensor('f32', N, 3, 0);
  expect(refusal('sum', [x], { axis: 3 })).toEqual([
    'bad-axis',
    'there is no axis 3 in a tensor of rank 3',
    'axes go from 0 to 2, or from -3 to -1',
  ]);
  expect(refusal('mean', [x], { axes: [0, -3] })).toEqual(['bad-axis', 'axis 0 is given twice', undefined]);
  expect(refusal('max', [x], { axes: [2] })).toEqual(['shape-mismatch', '`max` has no value for axis 2, whose size is 0', undefined]);
  expect(refusal('sum', [x], { axes: [2] })).toEqual(['accepted']);
  expect(refusal('any', [x])[1]).toBe('`any` needs a tensor of booleans, but `x` is f32');
  expect(refusal('softmax', [tensor('f32')], { axis: -1 })).toEqual(['bad-axis', 'a scalar has no axis -1', undefined]);
  expect(refusal('topk', [tensor('f32', N, 3)], { k: 4 })[1]).toBe('`topk` cannot choose 4 of 3 elements along axis 1');
  expect(refusal('topk', [tensor('f32', N, 3)])).toEqual(['bad-option', '`topk` needs `k`', 'add `k = ..`: how many']);
});
