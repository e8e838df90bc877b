import { core } from '../define.js';
import { broadcastShape, expanded } from '../nd/broadcast.js';
import { only } from '../only.js';
import { castNode } from '../onnx-cast.js';
import { bools, floats32, ints64 } from '../sample.js';
import { elements } from '../sizes.js';
import { broadcastDemand } from '../symbolic-rule.js';
import { widenInts } from '../widen-ints.js';

export const where = core({
  name: 'where',
  family: 'logic',
  doc: {
    summary: 'Elements of `a` where the condition is true, of `b` where it is false.',
    example: 'where(condition, a, b)',
    source: 'ONNX Where, torch.where',
  },
  inputs: { condition: 'booleans', a: 'chosen where true', b: 'chosen where false' },
  attrs: {},
  outputs: ['y'],
  promotesScalars: true,
  infer: (rule, { condition, a, b }) => {
    rule.dtype('condition', condition, 'bool');
    rule.sameDtype('a', a, 'b', b);
    const choice = rule.broadcast(a.shape, b.shape, (axis) => broadcastDemand('choose between', axis, a.shape, b.shape, 'b'));
    const shape = rule.broadcast(condition.shape, choice, (axis) =>
      broadcastDemand('choose by a condition', axis, condition.shape, choice, 'condition'),
    );
    return [{ dtype: a.dtype, shape }];
  },
  flops: (_x, _attrs, y) => elements(only(y)),
  onnx: (g, { condition, a, b }, _attrs, y) => {
    const type = only(y);
    const choose = (left: typeof a, right: typeof a) =>
      only(g.node('Where', [condition, left, right], {}, [{ ...type, dtype: g.type(left).dtype }]));
    // No kernel chooses between booleans, either.
    if (type.dtype === 'bool') return [castNode(g, choose(castNode(g, a, 'i32'), castNode(g, b, 'i32')), 'bool')];
    return [widenInts(g, [a, b], ['u8', 'i32', 'i64'], choose)];
  },
  evaluate: ({ condition, a, b }) => {
    const shape = broadcastShape(condition.shape, a.shape, b.shape);
    const [c, left, right] = [expanded(condition, shape), expanded(a, shape), expanded(b, shape)];
    return [{ ...left, data: left.data.map((value, i) => (c.data[i] === 0 ? (right.data[i] as number) : value)) }];
  },
  // da = dy where the condition is true, db = dy where it is false, else 0
  grad: (g, { x: { condition, a, b }, dy }) => {
    const zero = g.scalar(0, only(dy));
    return {
      a: g.unbroadcast(g.where(condition, only(dy), zero), a),
      b: g.unbroadcast(g.where(condition, zero, only(dy)), b),
    };
  },
  samples: [
    { inputs: { condition: bools([2, 3]), a: floats32([2, 3]), b: floats32([2, 3]) } },
    { inputs: { condition: bools([4, 1]), a: floats32([3, 1, 2]), b: floats32([2]) } },
    { inputs: { condition: bools([5]), a: floats32([]), b: floats32([1]) } },
    { inputs: { condition: bools([]), a: floats32([2]), b: floats32([3, 1]) } },
    { inputs: { condition: bools([6]), a: { dtype: 'i8', shape: [6], min: -9, max: 9 }, b: { dtype: 'i8', shape: [], min: -9, max: 9 } } },
    { inputs: { condition: bools([6]), a: bools([6]), b: bools([6]) } },
    { inputs: { condition: bools([6]), a: ints64([6], -9, 9), b: ints64([1], -9, 9) } },
  ],
});
