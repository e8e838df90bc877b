import { expect, test } from 'vitest';
import { Dim } from '../../src/dims/dim.js';
import { completeAttrs } from '../../src/ops/attributes.js';
import { axes, bool, choice, dtypeAttr, float, int, ints, optionalAttr, padding, size, sizes } from '../../src/ops/attrs.js';
import { core, type Op } from '../../src/ops/define.js';
import { RuleFailure } from '../../src/ops/rule.js';

const op: Op = core({
  name: 'probe',
  family: 'test',
  doc: { summary: 'Has every kind of attribute.', example: 'probe(x)' },
  inputs: { x: 'anything' },
  attrs: {
    k: int('a number'),
    list: ints('numbers', []),
    axes: optionalAttr(axes('axes')),
    width: size('a size', Dim.of(3)),
    widths: sizes('sizes', []),
    slope: float('a factor', 0.5),
    keep: bool('a claim', false),
    mode: choice('a word', ['near', 'far'], 'near'),
    type: dtypeAttr('an element type', 'f32'),
    padding: padding('around', 'valid'),
  },
  outputs: ['y'],
  infer: (_rule, { x }) => [x],
  flops: () => Dim.of(0),
  onnx: (_g, { x }) => [x],
  evaluate: ({ x }) => [x],
  grad: 'none',
  samples: [],
});

test('attributes that are left out take their defaults', () => {
  expect(completeAttrs(op, { k: 2, keep: undefined })).toEqual({
    k: 2,
    list: [],
    axes: undefined,
    width: Dim.of(3),
    widths: [],
    slope: 0.5,
    keep: false,
    mode: 'near',
    type: 'f32',
    padding: 'valid',
  });
});

test('values take the form that shape rules expect', () => {
  const n = Dim.variable('N');
  const given = { k: Dim.of(4), list: 7, axis: -1, width: 5, widths: [n, 2], slope: Dim.of(2), padding: 1, mode: 'far' };
  expect(completeAttrs(op, given)).toMatchObject({
    k: 4,
    list: [7],
    axes: [-1],
    width: Dim.of(5),
    widths: [n, Dim.of(2)],
    slope: 2,
    padding: [Dim.of(1)],
    mode: 'far',
  });
  expect(completeAttrs(op, { k: 1, padding: 'same' })).toMatchObject({ padding: 'same' });
});

test.each([
  [{}, '`probe` needs `k`'],
  [{ k: 1, colour: 2 }, '`probe` has no option `colour`'],
  [{ k: 1.5 }, '`probe` needs an integer as `k`'],
  [{ k: Dim.variable('N') }, '`probe` needs an integer as `k`'],
  [{ k: 1, keep: 1 }, '`probe` needs `true` or `false` as `keep`'],
  [{ k: 1, list: [1, 'a'] }, '`probe` needs a list of integers as `list`'],
  [{ k: 1, mode: 'middle' }, '`probe` has no `mode = "middle"`'],
  [{ k: 1, type: 'float' }, '`probe` needs an element type as `type`'],
  [{ k: 1, padding: 'wide' }, '`probe` needs "same", "valid" or a list of sizes as `padding`'],
  [{ k: 1, slope: Number.NaN }, '`probe` needs a number as `slope`'],
])('%o is refused', (given, message) => {
  let failure: unknown;
  try {
    completeAttrs(op, given);
  } catch (thrown) {
    failure = thrown;
  }
  expect(failure).toBeInstanceOf(RuleFailure);
  expect(failure).toMatchObject({ code: 'bad-option', message });
});
