import type { Builder } from '../../ops/builder.js';
import type { Shape } from '../../ops/types.js';

/** The options of an optimizer by their names in the `train` block, complete; the learning rate is apart, since it may change from step to step. */
export type Options = Readonly<Record<string, number | boolean | readonly [number, number]>>;

/** What an optimizer remembers of the steps before. It begins with `start` everywhere. */
export interface Moment {
  /** PyTorch's name for it: `exp_avg`. */
  readonly name: string;
  readonly start: number;
}

/** One step, as tensors of the training graph. */
export interface Step<V> {
  /** The gradient of the loss with respect to the weights. */
  readonly gradient: V;
  /** In the order in which the optimizer lists them. */
  readonly moments: readonly V[];
  /** The learning rate: a scalar. */
  readonly lr: V;
  /** The number of this step as a float, from 1: a scalar. */
  readonly time: V;
  readonly options: Options;
}

/** Treats every element on its own, so that weights may be joined to one vector. */
export interface ElementwiseOptimizer {
  readonly kind: 'elementwise';
  /** Where weight decay is applied: it is added to the gradient, or the weights shrink by it (decoupled). */
  readonly decays: 'gradient' | 'weight';
  readonly moments: (options: Options) => readonly Moment[];
  /** What is subtracted from the weights, and the new moments. */
  readonly step: <V>(g: Builder<V>, step: Step<V>) => { readonly change: V; readonly moments: readonly V[] };
}

/** Treats a weight as a whole. Weight decay is decoupled. */
export interface TensorOptimizer {
  readonly kind: 'tensor';
  /** The moments for a weight of this shape, with their shapes. */
  readonly moments: (options: Options, shape: Shape) => readonly (Moment & { readonly shape: Shape })[];
  /** What is subtracted from the weight, which has already decayed, and the new moments. `weight` is the one before. */
  readonly step: <V>(g: Builder<V>, step: Step<V> & { readonly weight: V }) => { readonly change: V; readonly moments: readonly V[] };
}

export type Optimizer = ElementwiseOptimizer | TensorOptimizer;

/** A number among the options. The checker has verified that it is one. */
export function numberIn(options: Options, name: string): number {
  const value = options[name];
  return typeof value === 'number' ? value : Number.NaN;
}

export function pairIn(options: Options, name: string): readonly [number, number] {
  const value = options[name];
  return Array.isArray(value) ? (value as unknown as readonly [number, number]) : [Number.NaN, Number.NaN];
}

/** `a + (b - a) * t` */
export function lerp<V>(g: Builder<V>, a: V, b: V, t: number): V {
  return g.add(g.scale(a, 1 - t), g.scale(b, t));
}

export function square<V>(g: Builder<V>, x: V): V {
  return g.mul(x, x);
}

/** `1 - base^time`, exact also for a base near 1. */
export function powerComplement<V>(g: Builder<V>, base: number, time: V): V {
  if (base === 0) return g.scalar(1, time);
  return g.neg(g.op('expm1', [g.scale(time, Math.log(base))]));
}
