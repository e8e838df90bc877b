import type { Dim } from '../../dims/dim.js';
import type { Builder, Loop, LoopStep } from '../builder.js';
import { nth } from '../only.js';
import { type Direction, type DirectionWeights, directionsOf, type RecurrentInputs } from './directions.js';

/**
 * One direction of a recurrent layer while its gradient is built; time first. Everything that needs no recurrence is computed for all steps
 * at once; only the gradient of the state is computed step by step.
 */
export interface Unrolled<V> extends DirectionWeights<V> {
  /** `[T, N, I]` */
  readonly x: V;
  readonly steps: Dim;
  readonly hidden: Dim;
  /** The state before each step, `[T, N, H]`. */
  readonly previous: V;
  /** The state after each step, `[T, N, H]`. */
  readonly state: V;
  /** 1 where a step belongs to the sequence, 0 after its end: `[T, N, 1]`; undefined if all do. */
  readonly mask: V | undefined;
  /** Gradient of the state after each step, without the contributions of later steps. */
  readonly dy: V;
  /** Gradient of the last state, `[N, H]`. */
  readonly dLast: V;
}

/** What a cell's gradient returns for one direction. */
export interface UnrolledGradient<V> {
  /** For the products of input and weights for all steps, `[T, N, gates*H]`. */
  readonly fromInput: V;
  /** For the products of state and weights. */
  readonly fromState: V;
  /** For the first state, `[N, H]`. */
  readonly h0: V;
  readonly c0?: V;
}

export interface Backward<V> {
  readonly x: RecurrentInputs<V>;
  readonly direction: Direction;
  readonly y: readonly V[];
  readonly dy: readonly V[];
}

/** Gradients of the inputs that all recurrent layers have, and of `c0` if the cell gives one. */
export function recurrentGradients<V>(g: Builder<V>, call: Backward<V>, cell: (d: Unrolled<V>) => UnrolledGradient<V>): Record<string, V> {
  const all = unroll(g, call);
  const results = all.map((d) => ({ d, r: cell(d) }));
  const gradients: Record<string, V> = {};
  let dx: V | undefined;
  for (const { d, r } of results) {
    const part = g.matmul(r.fromInput, d.weightIh);
    dx = dx === undefined ? part : g.add(dx, part);
    const suffix = d.index === 0 ? '' : '_reverse';
    gradients[`weight_ih${suffix}`] = overSteps(g, r.fromInput, d.x);
    gradients[`weight_hh${suffix}`] = overSteps(g, r.fromState, d.previous);
    if (d.biasIh !== undefined) gradients[`bias_ih${suffix}`] = g.sum(r.fromInput, [0, 1]);
    if (d.biasHh !== undefined) gradients[`bias_hh${suffix}`] = g.sum(r.fromState, [0, 1]);
  }
  if (dx !== undefined) gradients.x = g.transpose(dx, [1, 0, 2]);
  const first = (parts: readonly V[]) => {
    const directions = parts.map((part) => g.unsqueeze(part, [0]));
    return directions.length === 1 ? nth(directions, 0) : g.concat(directions, 0);
  };
  if (call.x.h0 !== undefined) gradients.h0 = first(results.map(({ r }) => r.h0));
  const cells = results.flatMap(({ r }) => (r.c0 === undefined ? [] : [r.c0]));
  if (cells.length > 0) gradients.c0 = first(cells);
  return gradients;
}

/** `a' b` summed over steps and batch: `[T, N, rows]` and `[T, N, columns]` to `[rows, columns]`. */
function overSteps<V>(g: Builder<V>, a: V, b: V): V {
  const flat = (v: V) => g.reshape(v, [nth(g.shape(v), 0).mul(nth(g.shape(v), 1)), nth(g.shape(v), 2)]);
  return g.matmul(g.swap(flat(a)), flat(b));
}

function unroll<V>(g: Builder<V>, { x, direction, y, dy }: Backward<V>): readonly Unrolled<V>[] {
  const steps = nth(g.shape(x.x), 1);
  const hidden = nth(g.shape(x.weight_hh), 1);
  const mask = x.lengths === undefined ? undefined : stepMask(g, x.lengths, steps, x.x);
  const timeFirst = (v: V) => g.transpose(v, [1, 0, 2]);
  const input = timeFirst(x.x);
  return directionsOf(x, direction).map((d) => {
    const own = (v: V) => timeFirst(g.slice(v, 2, hidden.mul(d.index), hidden.mul(d.index + 1)));
    const state = own(nth(y, 0));
    const dState = own(nth(dy, 0));
    return {
      ...d,
      x: input,
      steps,
      hidden,
      state,
      previous: previousStates(g, state, firstState(g, x.h0, d, state), mask, d.isReverse),
      mask,
      dy: mask === undefined ? dState : g.mul(dState, mask),
      dLast: ofDirection(g, nth(dy, 1), d),
    };
  });
}

/** The state that a direction starts from, `[1, N, H]`. */
export function firstState<V>(g: Builder<V>, first: V | undefined, d: DirectionWeights<V>, state: V): V {
  return first === undefined ? g.zerosLike(g.slice(state, 0, 0, 1)) : g.slice(first, 0, d.index, d.index + 1);
}

/** `[T, N, 1]`: 1 for the steps before each length. */
function stepMask<V>(g: Builder<V>, lengths: V, steps: Dim, like: V): V {
  const counted = g.unsqueeze(g.op('range', [], { end: steps, dtype: g.type(lengths).dtype }), [1]);
  const inside = g.less(counted, g.unsqueeze(lengths, [0]));
  return g.unsqueeze(g.cast(inside, g.type(like).dtype), [2]);
}

/**
 * The states, one step later: `first` before the first step. In reverse, the first step of a sequence is its last valid one; the states
 * after it are zeros, so `first` is added there.
 */
export function previousStates<V>(g: Builder<V>, states: V, first: V, mask: V | undefined, isReverse: boolean): V {
  const steps = nth(g.shape(states), 0);
  const isOne = steps.constant === 1;
  if (!isReverse) return isOne ? first : g.concat([first, g.slice(states, 0, 0, steps.sub(1))], 0);
  if (mask === undefined) return isOne ? first : g.concat([g.slice(states, 0, 1, steps), first], 0);
  const next = (v: V) => {
    const zeros = g.zerosLike(g.slice(v, 0, 0, 1));
    return isOne ? zeros : g.concat([g.slice(v, 0, 1, steps), zeros], 0);
  };
  const isLast = g.sub(mask, next(mask));
  return g.add(next(states), g.mul(isLast, first));
}

/** One direction of a `[D, N, H]` value, `[N, H]`. */
export function ofDirection<V>(g: Builder<V>, all: V, { index }: { readonly index: number }): V {
  return g.squeeze(g.slice(all, 0, index, index + 1), [0]);
}

/** From the last step to the first, in the order in which they were taken. `operands` are `[T, N, ..]`. */
export function backInTime<V>(
  g: Builder<V>,
  d: Unrolled<V>,
  { carries, operands }: { readonly carries: readonly V[]; readonly operands: readonly V[] },
  step: Loop<V>['step'],
): LoopStep<V> {
  return g.loop({ carries, operands, length: d.steps, reverse: !d.isReverse, step });
}

/** `x @ weight' + bias` */
export function affine<V>(g: Builder<V>, x: V, weight: V, bias: V | undefined): V {
  const product = g.matmul(x, g.swap(weight));
  return bias === undefined ? product : g.add(product, bias);
}

/** Gate `index` of `[T, N, gates*H]`. */
export function gate<V>(g: Builder<V>, all: V, hidden: Dim, index: number): V {
  return g.slice(all, 2, hidden.mul(index), hidden.mul(index + 1));
}

/** `v * mask`, if there is one. */
export function onlyInside<V>(g: Builder<V>, v: V, mask: V | undefined): V {
  return mask === undefined ? v : g.mul(v, mask);
}

/** `1 - v` */
export function complement<V>(g: Builder<V>, v: V): V {
  return g.sub(g.scalar(1, v), v);
}
