import { type OpNode, Value } from '../../3-graph/graph.js';
import type { GraphBuilder } from '../../3-graph/graph-builder.js';
import type { Dim } from '../../dims/dim.js';
import type { Padding } from '../../ops/attrs.js';
import { nth } from '../../ops/only.js';
import { concrete } from '../../ops/sizes.js';
import type { TensorType } from '../../ops/types.js';
import type { RuleContext } from '../rule.js';
import { elementsOf } from '../stored-weights.js';
import { numbersOf, type PerChannel, perChannel } from './per-channel.js';

/** A matrix product or a convolution with weights, and the bias that is added to it: `x @ w + b`. The operands of the product and of the sum may be in either order. */
export interface LinearMap {
  readonly kind: 'matrix' | 'conv' | 'conv_transpose';
  /** The product or convolution. */
  readonly product: OpNode;
  /** The node that gives the result: the addition of the bias to a product, or `product` itself. */
  readonly last: OpNode;
  readonly x: Value;
  readonly weight: Value;
  readonly bias: Value | undefined;
  /** Whether the weight is the left operand: `w @ x`, which maps columns. */
  readonly fromLeft: boolean;
  /** The axis of the input channels in `x`, and that of the output channels in the result. */
  readonly inputAxis: number;
  readonly outputAxis: number;
}

/** The linear map that ends with a node, which adds the bias if there is one. */
export function linearMapAt(node: OpNode, cx: RuleContext): LinearMap | undefined {
  return node.op.name === 'add' ? biased(node, cx) : productAt(node, cx);
}

/** The linear map whose result is a value. */
export function linearMapOf({ source }: Value, cx: RuleContext): LinearMap | undefined {
  return source.kind === 'node' && source.node.kind === 'op' ? linearMapAt(source.node, cx) : undefined;
}

/** The linear map that begins with a node. It includes the addition of a bias if nothing else reads the product. */
export function linearMapFrom(node: OpNode, cx: RuleContext): LinearMap | undefined {
  const [user, ...others] = node.outputs[0]?.users ?? [];
  const added = others.length === 0 && user?.kind === 'op' ? linearMapAt(user, cx) : undefined;
  return added?.product === node ? added : linearMapAt(node, cx);
}

function productAt(node: OpNode, cx: RuleContext): LinearMap | undefined {
  const [left, right] = node.inputs;
  if (!(left instanceof Value) || !(right instanceof Value)) return undefined;
  const { name } = node.op;
  const kind =
    name === 'matmul' ? 'matrix' : /^conv[123]d$/.test(name) ? 'conv' : /^conv_transpose[123]d$/.test(name) ? 'conv_transpose' : undefined;
  if (kind === undefined) return undefined;
  const fromLeft = kind === 'matrix' && isMatrixOfWeights(left, cx);
  const [x, weight] = fromLeft ? [right, left] : [left, right];
  if (kind === 'matrix' ? !isMatrixOfWeights(weight, cx) || cx.isWeight(x) : !cx.isWeight(weight)) return undefined;
  const bias = node.inputs[2] as Value | undefined;
  if (bias !== undefined && !cx.isWeight(bias)) return undefined;
  const inputAxis = kind !== 'matrix' ? 1 : Math.max(0, x.type.shape.length - (fromLeft ? 2 : 1));
  return { kind, product: node, last: node, x, weight, bias, fromLeft, inputAxis, outputAxis: inputAxis };
}

function isMatrixOfWeights(value: Value, cx: RuleContext): boolean {
  return value.type.shape.length === 2 && cx.isWeight(value);
}

/** `x @ w + b`, or `b + x @ w`. */
function biased(node: OpNode, cx: RuleContext): LinearMap | undefined {
  const [a, b] = node.inputs as readonly Value[];
  for (const [sum, bias] of [
    [a, b],
    [b, a],
  ]) {
    if (sum?.source.kind !== 'node' || sum.source.node.kind !== 'op' || bias === undefined || !cx.isWeight(bias)) continue;
    const map = productAt(sum.source.node, cx);
    if (map?.kind !== 'matrix' || sum.users.size > 1) continue;
    const at = perChannel(bias, sum.type);
    if (at === 'scalar' || at?.axis === map.outputAxis) return { ...map, last: node, bias };
  }
  return undefined;
}

/** Operands that replace those of a map. It keeps its own `x` and `weight` if they are left out, but not its bias. */
export interface Operands {
  readonly x?: Value;
  readonly weight?: Value;
  /** One number for each output channel, or one for all. */
  readonly bias?: Value | undefined;
}

/** The same map with other operands. */
export function writeMap(g: GraphBuilder, map: LinearMap, { x = map.x, weight = map.weight, bias }: Operands): Value {
  const { op, attrs } = map.product;
  if (map.kind !== 'matrix') return g.op(op.name, [x, weight, bias && filled(g, bias, outputsOf(map))], attrs);
  const product = map.fromLeft ? g.matmul(weight, x) : g.matmul(x, weight);
  if (bias === undefined) return product;
  const isLast = map.outputAxis === g.rank(product) - 1;
  return g.add(product, isLast || g.rank(bias) === 0 ? bias : g.unsqueeze(bias, [1]));
}

/** The bias of a map as a vector or a scalar. */
export function biasOf(g: GraphBuilder, { bias }: LinearMap): Value | undefined {
  return bias && numbersOf(g, bias);
}

/** The number of output channels. */
export function outputsOf(map: LinearMap): Dim {
  return nth(nth(map.last.outputs, 0).type.shape, map.outputAxis);
}

/** The type of a bias that is computed from the map's own bias, if any, and one number for each output channel, or one for all. */
export function biasType(map: LinearMap, per: PerChannel): TensorType {
  const isScalar = map.kind === 'matrix' && per === 'scalar' && (map.bias === undefined || elementsOf(map.bias.type) === 1);
  return { dtype: map.x.type.dtype, shape: isScalar ? [] : [outputsOf(map)] };
}

/** For messages. */
export function nameOf({ kind }: LinearMap): string {
  return kind === 'matrix' ? 'product' : 'convolution';
}

export function groupsOf({ kind, product }: LinearMap): number {
  return kind === 'matrix' ? 1 : concrete(product.attrs.groups as Dim);
}

/** Whether outputs at the edge read fewer inputs than others, because of padding or because the convolution is transposed: a number that is added to all inputs then affects the outputs differently. */
export function hasEdges({ kind, product, weight }: LinearMap): boolean {
  if (kind !== 'conv') return kind === 'conv_transpose';
  const padding = product.attrs.padding as Padding;
  if (padding === 'valid') return false;
  const sides = weight.type.shape.slice(2);
  return padding === 'same' ? !sides.every(({ constant }) => constant === 1) : !padding.every(({ constant }) => constant === 0);
}

/** The bias with one number for each channel, since a convolution does not take a scalar. */
function filled(g: GraphBuilder, bias: Value, channels: Dim): Value {
  if (g.rank(bias) === 1) return bias;
  const { source } = bias;
  if (source.kind !== 'constant') return g.expand(bias, [channels]);
  const data = new Float64Array(concrete(channels)).fill(source.array.data[0] as number);
  return g.constant({ dtype: bias.type.dtype, shape: [data.length], data });
}
