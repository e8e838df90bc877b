import { type OpNode, Value } from '../../3-graph/graph.js';
import type { GraphBuilder } from '../../3-graph/graph-builder.js';
import { bindInputs } from '../../ops/bind.js';
import type { RuleContext } from '../rule.js';
import { numbersOf, type PerChannel, perChannel } from './per-channel.js';
import type { Combine } from './weight-algebra.js';

/** `y = x * factor + shift`, with weights that are scalars or have one number for each channel. */
export interface Affine {
  readonly node: OpNode;
  readonly x: Value;
  /** The weights that the node reads. */
  readonly weights: readonly Value[];
  readonly per: PerChannel;
  /** Whether it multiplies or divides, and whether it adds or subtracts. */
  readonly scales: boolean;
  readonly shifts: boolean;
  /** Its factor and shift, as vectors or scalars. */
  readonly numbers: (g: GraphBuilder) => AffineNumbers;
}

export interface AffineNumbers {
  readonly factor?: Value | undefined;
  /** Combines a weight with the factor. A node that divides keeps dividing, so that the quotient is rounded once. */
  readonly combine: Combine;
  readonly shift?: Value | undefined;
}

/** The affine map of a node that multiplies or divides by a weight, or adds or subtracts one; undefined for any other node, and for a weight with more than one number for each channel. */
export function affineAt(node: OpNode, cx: RuleContext): Affine | undefined {
  const [a, b] = node.inputs;
  const { name } = node.op;
  if (!(a instanceof Value) || !(b instanceof Value) || !/^(mul|div|add|sub)$/.test(name) || cx.isWeight(a) === cx.isWeight(b))
    return undefined;
  const commutes = name === 'mul' || name === 'add';
  if (cx.isWeight(a) && !commutes) return undefined;
  const [x, weight] = cx.isWeight(a) ? [b, a] : [a, b];
  const per = perChannel(weight, x.type);
  if (per === undefined) return undefined;
  const numbers = (g: GraphBuilder): AffineNumbers => {
    const of = numbersOf(g, weight);
    const multiplies: Combine = (value, factor) => (name === 'div' ? g.div(value, factor) : g.mul(value, factor));
    if (name === 'mul' || name === 'div') return { factor: of, combine: multiplies };
    return { combine: multiplies, shift: name === 'sub' ? g.neg(of) : of };
  };
  const scales = name === 'mul' || name === 'div';
  return { node, x, weights: [weight], per, scales, shifts: !scales, numbers };
}

/** The affine map of a batch norm at inference: it subtracts the mean of each channel, multiplies by `weight / sqrt(var + eps)`, and adds the bias. */
export function batchNormAt(node: OpNode, cx: RuleContext): Affine | undefined {
  if (node.op.name !== 'batch_norm') return undefined;
  const { x, mean, var: variance, weight, bias } = bindInputs(node.op, node.inputs) as Readonly<Record<string, Value | undefined>>;
  const weights = [mean, variance, weight, bias].flatMap((value) => value ?? []);
  if (x === undefined || mean === undefined || variance === undefined || !weights.every(cx.isWeight)) return undefined;
  const numbers = (g: GraphBuilder): AffineNumbers => {
    const deviation = g.sqrt(g.shift(variance, node.attrs.eps as number));
    const factor = g.div(weight ?? g.scalar(1, deviation), deviation);
    const shift = g.mul(g.neg(mean), factor);
    return { factor, combine: (value, by) => g.mul(value, by), shift: bias === undefined ? shift : g.add(shift, bias) };
  };
  return { node, x, weights, per: { axis: 1 }, scales: true, shifts: true, numbers };
}
