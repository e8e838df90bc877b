import { Dim } from '../../dims/dim.js';
import { axis, bool, optionalAttr, positional } from '../attrs.js';
import { core } from '../define.js';
import { ndArray, reshaped } from '../nd/array.js';
import { forEachLane, lanesOf } from '../nd/lanes.js';
import { only } from '../only.js';
import { exactly, floats32, ints64 } from '../sample.js';
import { elements, fromStart } from '../sizes.js';
import type { NdArray } from '../types.js';
import { widened } from '../widen-ints.js';
import { demandElements } from './reduction.js';

interface Spec {
  readonly name: string;
  /** `largest` or `smallest`. */
  readonly which: string;
  readonly onnx: string;
  /** Whether `a` is preferred over `b`. */
  readonly better: (a: number, b: number) => boolean;
}

/** The position of the extreme element along one axis or, without an axis, among all elements. */
export function argExtremum({ name, which, onnx, better }: Spec) {
  return core({
    name,
    family: 'reduce',
    doc: {
      summary: `The index, as i64, of the ${which} element along an axis; of the first one if several are equal.`,
      example: `x -> ${name}(axis = -1)`,
      source: `ONNX ${onnx}, torch.${name}. ONNX Runtime may ignore NaN, which PyTorch returns`,
    },
    inputs: { x: 'any tensor of numbers' },
    attrs: {
      axis: positional(optionalAttr(axis('the axis to look along; if left out, all elements in row-major order'))),
      keep: positional(bool('whether the axis stays, with size 1', false)),
    },
    outputs: ['indices'],
    infer: (rule, { x }, { axis, keep }) => {
      rule.dtype('x', x, 'number');
      const rank = x.shape.length;
      const along = axis === undefined ? [...Array(rank).keys()] : [rule.axis(axis, rank, 'axis')];
      demandElements(rule, name, x, along);
      return [{ dtype: 'i64', shape: x.shape.flatMap((size, i) => (!along.includes(i) ? [size] : keep ? [Dim.of(1)] : [])) }];
    },
    flops: ({ x }) => elements(x),
    onnx: (g, { x: given }, { axis, keep }, y) => {
      const x = widened(g, given, ['i8', 'u8', 'i32', 'i64']);
      const type = g.type(x);
      if (axis !== undefined) {
        const attrs = { axis: { int: fromStart(axis, type.shape.length) }, keepdims: { int: keep ? 1 : 0 } };
        return g.node(onnx, [x], attrs, [only(y)]);
      }
      const flat = only(g.node('Reshape', [x, g.ints([-1])], {}, [{ dtype: type.dtype, shape: [elements(type)] }]));
      const index = only(g.node(onnx, [flat], { axis: { int: 0 }, keepdims: { int: 0 } }, [{ dtype: 'i64', shape: [] }]));
      if (!keep || type.shape.length === 0) return [index];
      return g.node('Reshape', [index, g.ints(type.shape.map(() => 1))], {}, [only(y)]);
    },
    evaluate: ({ x }, { axis, keep }) => {
      const flat = axis === undefined ? reshaped(x, [x.data.length]) : x;
      const along = fromStart(axis ?? 0, flat.shape.length);
      const shape = x.shape.flatMap((size, i) => (axis !== undefined && i !== along ? [size] : keep ? [1] : []));
      return [ndArray('i64', shape, places(flat, along, better))];
    },
    grad: 'none',
    samples: [
      { inputs: { x: floats32([2, 3, 4]) }, attrs: { axis: -1 } },
      { inputs: { x: floats32([2, 3, 4]) }, attrs: { axis: 1, keep: true } },
      { inputs: { x: floats32([2, 3, 4]) } },
      { inputs: { x: floats32([2, 3]) }, attrs: { keep: true } },
      { inputs: { x: floats32([]) } },
      { inputs: { x: exactly('f32', [2, 4], [1, 3, 3, 1, -1, -1, -2, -2]) }, attrs: { axis: 1 } },
      { inputs: { x: ints64([5], -9, 9) }, attrs: { axis: 0 } },
      { inputs: { x: { dtype: 'u16', shape: [2, 5], min: 0, max: 99 } }, attrs: { axis: 1 } },
    ],
  });
}

function places(x: NdArray, axis: number, better: (a: number, b: number) => boolean): Float64Array {
  const lanes = lanesOf(x.shape, axis);
  const found = new Float64Array(lanes.outers * lanes.inners);
  forEachLane(lanes, (start, stride, lane) => {
    let best = 0;
    for (let i = 1; i < lanes.length; i++) {
      if (better(x.data[start + i * stride] as number, x.data[start + best * stride] as number)) best = i;
    }
    found[lane] = best;
  });
  return found;
}
