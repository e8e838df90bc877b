import { Dim } from '../../dims/dim.js';
import { dimAttr, dtypeAttr, int } from '../attrs.js';
import { core } from '../define.js';
import { holds } from '../dtype-range.js';
import { only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import { castNode } from '../onnx-cast.js';
import { concrete, noFlops } from '../sizes.js';
import type { DType, TensorType } from '../types.js';

/** The element types that ONNX Range supports. */
const rangeTypes: readonly DType[] = ['i64', 'i32', 'i16', 'f32', 'f64'];

export const range = core({
  name: 'range',
  family: 'create',
  doc: {
    summary: 'The numbers from `start` up to but not including `end`, every `step`-th of them.',
    example: 'range(5, start = 1)',
    source: 'ONNX Range, torch.arange',
  },
  inputs: {},
  attrs: {
    end: dimAttr('the first number that is not in the result'),
    start: dimAttr('the first number', Dim.zero),
    step: int('distance between numbers; negative to go down', 1),
    dtype: dtypeAttr('element type', 'i64'),
  },
  outputs: ['y'],
  infer: (rule, _x, { end, start, step, dtype }) => {
    if (step === 0) rule.fail('bad-option', { message: 'a range cannot go in steps of 0', attr: 'step' });
    if (dtype === 'bool' || dtype === 'string') {
      rule.fail('bad-option', { message: `a range consists of numbers, not of ${dtype}`, attr: 'dtype' });
    }
    const [low, high] = step > 0 ? [start, end] : [end, start];
    rule.atLeast(high, low, () => ({
      message: `the range from ${start} to ${end} in steps of ${step} runs the wrong way`,
      attr: 'end',
      help:
        step > 0
          ? `the end comes first: \`range(${start}, start = ${end})\`; to count down, give a negative \`step\``
          : 'leave `step` out to count up',
    }));
    const count = high.sub(low).ceilDiv(Math.abs(step));
    const last = start.add(count.sub(1).mul(step));
    for (const [attr, { constant }] of Object.entries({ start, end: last })) {
      if (constant === undefined || count.constant === 0 || holds(dtype, constant)) continue;
      rule.fail('bad-option', { message: `a range of ${dtype} cannot hold ${constant}`, attr });
    }
    return [{ dtype, shape: [count] }];
  },
  flops: noFlops,
  onnx: (g, _x, { end, start, step, dtype }, y) => {
    const inner = rangeTypes.includes(dtype) ? dtype : 'i64';
    const type: TensorType = { dtype: inner, shape: only(y).shape };
    const numbers = g.node('Range', [sizeAs(g, start, inner), sizeAs(g, end, inner), g.scalar(step, inner)], {}, [type]);
    return [castNode(g, only(numbers), dtype)];
  },
  evaluate: (_x, { end, start, step, dtype }) => {
    const first = concrete(start);
    const count = Math.max(0, Math.ceil((concrete(end) - first) / step));
    return [{ dtype, shape: [count], data: Float64Array.from({ length: count }, (_, i) => first + i * step) }];
  },
  grad: 'none',
  samples: [
    { inputs: {}, attrs: { end: Dim.of(5), start: Dim.of(1) } },
    { inputs: {}, attrs: { end: Dim.of(11), start: Dim.of(2), step: 4, dtype: 'i32' } },
    { inputs: {}, attrs: { end: Dim.of(-1), start: Dim.of(6), step: -3 } },
    { inputs: {}, attrs: { end: Dim.of(3), dtype: 'f32' } },
    { inputs: {}, attrs: { end: Dim.of(0) } },
  ],
});

function sizeAs<V>(g: OnnxBuilder<V>, size: Dim, dtype: DType): V {
  if (size.constant !== undefined) return g.scalar(size.constant, dtype);
  return castNode(g, g.dim(size), dtype);
}
