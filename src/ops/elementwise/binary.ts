import type { Builder } from '../builder.js';
import { type CoreOp, core } from '../define.js';
import { zipped } from '../nd/map.js';
import { only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import type { Rule } from '../rule.js';
import { floats32, ints64, type Sample } from '../sample.js';
import { elements } from '../sizes.js';
import { broadcastDemand } from '../symbolic-rule.js';
import type { DTypeClass, TensorType } from '../types.js';
import { widenInts } from '../widen-ints.js';

type Inputs = { readonly a: string; readonly b: string };
type NoAttrs = Record<never, never>;
type BinarySample = Sample<Inputs, NoAttrs>;

interface Binary {
  readonly name: string;
  readonly family?: string;
  /** The verb in `cannot add [N, 3] and [N, 4]`. */
  readonly action: string;
  readonly summary: string;
  readonly example: string;
  readonly source: string;
  /** Element types it accepts; default `number`. */
  readonly takes?: DTypeClass | readonly TensorType['dtype'][];
  /** Demands that come before the general ones, for a better message. */
  readonly check?: (rule: Rule, a: TensorType, b: TensorType) => void;
  /** Claims are booleans; otherwise the result has the element type of the operands. */
  readonly gives?: 'bool';
  readonly of: (a: number, b: number) => number;
  /** The same for i32, wrapped to 32 bits: what is computed from several such results would otherwise be beyond exact numbers. */
  readonly ofInt32?: (a: number, b: number) => number;
  /** The integer types for which the ONNX operator has kernels, if not all; others are computed in i64. */
  readonly kernels?: readonly TensorType['dtype'][];
  /** The ONNX operator, if it needs nothing else, or how to write it; `y` is the type of the result. */
  readonly onnx: string | (<V>(g: OnnxBuilder<V>, a: V, b: V, y: TensorType) => V);
  /** da and db, in the shape of the result: broadcasting is undone for them. */
  readonly grad:
    | 'none'
    | (<V>(g: Builder<V>, c: { readonly a: V; readonly b: V; readonly y: V; readonly dy: V }) => { readonly a: V; readonly b: V });
  readonly samples: readonly BinarySample[];
}

/** A core function of pairs of elements, with strict broadcasting. */
export function binary(spec: Binary): CoreOp<Inputs, NoAttrs> {
  const { takes = 'number', onnx, grad } = spec;
  const write = <V>(g: OnnxBuilder<V>, a: V, b: V, y: TensorType): V =>
    typeof onnx === 'string' ? only(g.node(onnx, [a, b], {}, [y])) : onnx(g, a, b, y);
  return core({
    name: spec.name,
    family: spec.family ?? 'elementwise',
    doc: { summary: spec.summary, example: spec.example, source: spec.source },
    inputs: { a: 'the left operand', b: 'the right operand; equal sizes, or 1, or missing on the left' },
    attrs: {},
    outputs: ['y'],
    promotesScalars: true,
    infer: (rule, { a, b }) => {
      spec.check?.(rule, a, b);
      rule.dtype('a', a, takes);
      rule.sameDtype('a', a, 'b', b);
      const shape = rule.broadcast(a.shape, b.shape, (axis) => broadcastDemand(spec.action, axis, a.shape, b.shape, 'b'));
      return [{ dtype: spec.gives ?? a.dtype, shape }];
    },
    flops: (_x, _attrs, y) => elements(only(y)),
    onnx: (g, { a, b }, _attrs, y) => {
      if (spec.kernels === undefined) return [write(g, a, b, only(y))];
      return [widenInts(g, [a, b], spec.kernels, (left, right) => write(g, left, right, { ...only(y), dtype: g.type(left).dtype }))];
    },
    evaluate: ({ a, b }) => {
      const of = (a.dtype === 'i32' ? spec.ofInt32 : undefined) ?? spec.of;
      return [zipped(a, b, of, spec.gives ?? a.dtype)];
    },
    grad:
      grad === 'none'
        ? 'none'
        : (g, { x: { a, b }, y, dy }) => {
            const stretched = grad(g, { a, b, y: only(y), dy: only(dy) });
            return { a: g.unbroadcast(stretched.a, a), b: g.unbroadcast(stretched.b, b) };
          },
    samples: spec.samples,
  });
}

/** Pairs of float tensors with every kind of broadcasting, drawn from `[min, max)`; `b` from its own range if it is given. */
export function binarySamples(min: number, max: number, bMin = min, bMax = max): BinarySample[] {
  const shapes: readonly (readonly [readonly number[], readonly number[]])[] = [
    [
      [2, 3],
      [2, 3],
    ],
    [
      [3, 1, 4],
      [1, 2, 1],
    ],
    [[3, 2, 4], [4]],
    [[2], [3, 1, 2]],
    [[], [2, 2]],
    [[2, 2], []],
    [[], []],
    [[0, 3], [1]],
  ];
  return shapes.map(([a, b]) => ({ inputs: { a: floats32(a, min, max), b: floats32(b, bMin, bMax) } }));
}

/** One pair of int64 tensors from these ranges (excluding the upper ends). */
export function intSample(min: number, max: number, bMin = min, bMax = max): BinarySample {
  return { inputs: { a: ints64([3, 4], min, max), b: ints64([4], bMin, bMax) } };
}
