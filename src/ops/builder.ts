import { InternalError } from '../diagnostics/internal-error.js';
import { Dim } from '../dims/dim.js';
import type { DType, NdArray, TensorType } from './types.js';

/** A computation that is repeated for each position along the first axis of its operands. */
export interface Loop<V> {
  /** What a step hands to the next one, before the first step. */
  readonly carries: readonly V[];
  /** Each step reads one position of each: `[length, ..]`. */
  readonly operands: readonly V[];
  readonly length: Dim;
  /** From the last position to the first. */
  readonly reverse: boolean;
  /** One step: the next carries, of the same types, and what it emits. It may read any value, but writes only through its own builder. */
  readonly step: (g: Builder<V>, carries: readonly V[], items: readonly V[]) => LoopStep<V>;
}

/** The results of a step; of a whole loop, the last carries, and what was emitted in the order of the operands: `[length, ..]`. */
export interface LoopStep<V> {
  readonly carries: readonly V[];
  readonly emits: readonly V[];
}

export type OpInput<V> = V | readonly V[] | null | undefined;

/**
 * Builds operators out of operators; `lower` and gradient rules are written with it. `V` is opaque, so the same rule makes graph nodes,
 * evaluates in float64 or counts. Inputs are given in the order of the operator's `inputs` table; a variadic input is an array.
 */
export abstract class Builder<V> {
  abstract type(value: V): TensorType;
  /** Calls operator `name`; omitted attributes take their defaults. */
  abstract call(name: string, inputs: readonly OpInput<V>[], attrs?: Readonly<Record<string, unknown>>): readonly V[];
  abstract constant(array: NdArray): V;

  /** Writes a loop. Throws `InternalError` where none can be: in constant computations. */
  loop(_loop: Loop<V>): LoopStep<V> {
    throw new InternalError('a loop is written where none can be');
  }

  /** Like `call`, for operators with one output. */
  op(name: string, inputs: readonly OpInput<V>[], attrs?: Readonly<Record<string, unknown>>): V {
    const [only] = this.call(name, inputs, attrs);
    if (only === undefined) throw new RangeError(`${name} has no output`);
    return only;
  }

  shape(value: V): readonly Dim[] {
    return this.type(value).shape;
  }
  rank(value: V): number {
    return this.type(value).shape.length;
  }

  /** A scalar of the dtype of `like`. */
  scalar(value: number, like: V | DType): V {
    const dtype = typeof like === 'string' ? (like as DType) : this.type(like as V).dtype;
    return this.constant({ dtype, shape: [], data: Float64Array.of(value) });
  }
  /** A size as a scalar of `dtype`; if it is symbolic, it is known at run time. */
  size(dim: Dim, dtype: DType): V {
    const constant = dim.constant;
    if (constant !== undefined) return this.scalar(constant, dtype);
    return this.cast(this.op('dim_value', [], { size: dim }), dtype);
  }

  add(a: V, b: V): V {
    return this.op('add', [a, b]);
  }
  sub(a: V, b: V): V {
    return this.op('sub', [a, b]);
  }
  mul(a: V, b: V): V {
    return this.op('mul', [a, b]);
  }
  div(a: V, b: V): V {
    return this.op('div', [a, b]);
  }
  pow(a: V, b: V): V {
    return this.op('pow', [a, b]);
  }
  neg(a: V): V {
    return this.op('neg', [a]);
  }
  /** `a * value`, with the scalar in the dtype of `a`. */
  scale(a: V, value: number): V {
    return this.mul(a, this.scalar(value, a));
  }
  /** `a + value`, with the scalar in the dtype of `a`. */
  shift(a: V, value: number): V {
    return this.add(a, this.scalar(value, a));
  }
  exp(a: V): V {
    return this.op('exp', [a]);
  }
  log(a: V): V {
    return this.op('log', [a]);
  }
  sqrt(a: V): V {
    return this.op('sqrt', [a]);
  }
  tanh(a: V): V {
    return this.op('tanh', [a]);
  }
  sigmoid(a: V): V {
    return this.op('sigmoid', [a]);
  }
  erf(a: V): V {
    return this.op('erf', [a]);
  }
  abs(a: V): V {
    return this.op('abs', [a]);
  }
  sign(a: V): V {
    return this.op('sign', [a]);
  }
  relu(a: V): V {
    return this.op('relu', [a]);
  }
  maximum(a: V, b: V): V {
    return this.op('maximum', [a, b]);
  }
  minimum(a: V, b: V): V {
    return this.op('minimum', [a, b]);
  }
  equal(a: V, b: V): V {
    return this.op('equal', [a, b]);
  }
  less(a: V, b: V): V {
    return this.op('less', [a, b]);
  }
  greater(a: V, b: V): V {
    return this.op('greater', [a, b]);
  }
  lessEqual(a: V, b: V): V {
    return this.op('less_equal', [a, b]);
  }
  greaterEqual(a: V, b: V): V {
    return this.op('greater_equal', [a, b]);
  }
  not(a: V): V {
    return this.op('logical_not', [a]);
  }
  and(a: V, b: V): V {
    return this.op('logical_and', [a, b]);
  }
  where(condition: V, a: V, b: V): V {
    return this.op('where', [condition, a, b]);
  }
  cast(a: V, dtype: DType): V {
    return this.type(a).dtype === dtype ? a : this.op('cast', [a], { dtype });
  }

  matmul(a: V, b: V): V {
    return this.op('matmul', [a, b]);
  }
  transpose(a: V, perm: readonly number[]): V {
    return this.op('transpose', [a], { perm });
  }
  /** Swaps the last two axes. */
  swap(a: V): V {
    const n = this.rank(a);
    return this.transpose(a, [...Array(n - 2).keys(), n - 1, n - 2]);
  }
  reshape(a: V, shape: readonly (Dim | number)[]): V {
    return this.op('reshape', [a], { shape: shape.map(asDim) });
  }
  expand(a: V, shape: readonly (Dim | number)[]): V {
    return this.op('expand', [a], { shape: shape.map(asDim) });
  }
  unsqueeze(a: V, axes: readonly number[]): V {
    return this.op('unsqueeze', [a], { axes });
  }
  squeeze(a: V, axes: readonly number[]): V {
    return this.op('squeeze', [a], { axes });
  }
  concat(parts: readonly V[], axis: number): V {
    return this.op('concat', [parts], { axis });
  }
  /** `a[.., start:end, ..]` on one axis. */
  slice(a: V, axis: number, start: Dim | number, end: Dim | number, step = 1): V {
    return this.op('slice', [a], { axes: [axis], starts: [asDim(start)], ends: [asDim(end)], steps: [step] });
  }
  gather(a: V, indices: V, axis: number): V {
    return this.op('gather', [a, indices], { axis });
  }

  /** If `axes` is omitted: over all of them, to a scalar. */
  sum(a: V, axes?: readonly number[], keep = false): V {
    return this.op('sum', [a], { axes, keep });
  }
  mean(a: V, axes?: readonly number[], keep = false): V {
    return this.op('mean', [a], { axes, keep });
  }
  max(a: V, axes?: readonly number[], keep = false): V {
    return this.op('max', [a], { axes, keep });
  }
  softmax(a: V, axis: number): V {
    return this.op('softmax', [a], { axis });
  }

  /** Zeros of the type of `like`. */
  zerosLike(like: V): V {
    return this.op('full', [], { shape: this.shape(like), value: 0, dtype: this.type(like).dtype });
  }
  /** Sums `grad` over the axes that broadcasting added to or stretched in `like`, so that it has the shape of `like`. */
  unbroadcast(grad: V, like: V): V {
    const from = this.shape(grad);
    const to = this.shape(like);
    const extra = from.length - to.length;
    const stretched: number[] = [...Array(extra).keys()];
    for (const [i, d] of to.entries()) {
      const other = from[i + extra];
      if (d.constant === 1 && other !== undefined && other.constant !== 1) stretched.push(i + extra);
    }
    if (stretched.length === 0) return grad;
    const summed = this.sum(grad, stretched, true);
    return extra === 0 ? summed : this.reshape(summed, to);
  }
}

function asDim(value: Dim | number): Dim {
  return typeof value === 'number' ? Dim.of(value) : value;
}
