import { Dim } from '../../dims/dim.js';
import { product } from '../sizes.js';
import type { DType, Shape } from '../types.js';
import { type OnnxCall, type Translation, TypeOnly } from './call.js';
import { axisOf, demandShape, demandStretch } from './demands.js';

function epsilon<V>(c: OnnxCall<V>): number {
  return c.float('epsilon', 1e-5);
}

/** A normalization by archc's operators, which only take a small `epsilon`. */
function normalization(translation: Translation): Translation {
  return (c) => {
    const eps = epsilon(c);
    return eps >= 0 && eps < 1 ? translation(c) : [new TypeOnly(c.type(0), 'archc normalizes with an `epsilon` from 0 to 1')];
  };
}

/** The axes from `axis` to the last one. */
function lastAxes<V>(c: OnnxCall<V>): readonly number[] {
  const first = axisOf(c, -1);
  return Array.from({ length: c.rank(0) - first }, (_, i) => first + i);
}

/** Demands that the further inputs have one number for each channel. */
function demandPerChannel<V>(c: OnnxCall<V>): void {
  const channels = c.shape(0)[1] ?? Dim.one;
  for (let i = 1; i < c.count; i++) demandShape(c, i, [channels]);
}

const batchNorm: Translation = (c) => {
  const { g } = c;
  demandPerChannel(c);
  const [x, weight, bias, mean, variance] = [c.in(0), c.in(1), c.in(2), c.in(3), c.in(4)];
  const eps = epsilon(c);
  if (!c.flag('training_mode')) return [g.op('batch_norm', [x, mean, variance, weight, bias], { eps })];
  const axes = [...c.shape(0).keys()].filter((axis) => axis !== 1);
  const own = g.mean(x, axes);
  const spread = g.op('var', [x], { axes, unbiased: false });
  const momentum = c.float('momentum', 0.9);
  const running = (old: typeof mean, batch: typeof mean) => g.add(g.scale(old, momentum), g.scale(batch, 1 - momentum));
  return [g.op('batch_norm', [x, own, spread, weight, bias], { eps }), running(mean, own), running(variance, spread)];
};

/** An input that scales or shifts over the normalized axes: with their shape, it goes into the operator; otherwise, it is broadcast afterwards. */
function hasShape<V>(c: OnnxCall<V>, i: number, shape: Shape): boolean {
  const input = c.x(i);
  if (input === undefined) return true;
  const own = c.g.shape(input);
  return own.length === shape.length && own.every((size, axis) => shape[axis]?.equals(size));
}

const layerNorm: Translation = (c) => {
  const { g } = c;
  const axes = lastAxes(c);
  const normal = axes.map((axis) => c.shape(0)[axis] ?? Dim.one);
  for (const i of [1, 2]) demandStretch(c, i, normal);
  const attrs = { axis: axes[0], eps: epsilon(c) };
  const [scale, bias] = [c.in(1), c.x(2)];
  const scaled = hasShape(c, 1, normal) && hasShape(c, 2, normal);
  const plain = scaled ? g.op('layer_norm', [c.in(0), scale, bias], attrs) : g.mul(g.op('layer_norm', [c.in(0)], attrs), scale);
  const y = scaled || bias === undefined ? plain : g.add(plain, bias);
  if (!c.wants(1) && !c.wants(2)) return [y];
  const statistics: DType = c.dtype('stash_type', 'f32');
  const x = g.cast(c.in(0), statistics);
  const variance = g.op('var', [x], { axes, keep: true, unbiased: false });
  return [y, g.mean(x, axes, true), g.op('rsqrt', [g.shift(variance, attrs.eps)])];
};

const rmsNorm: Translation = (c) => {
  const { g } = c;
  const axes = lastAxes(c);
  const normal = axes.map((axis) => c.shape(0)[axis] ?? Dim.one);
  demandStretch(c, 1, normal);
  const attrs = { axis: axes[0], eps: epsilon(c) };
  if (hasShape(c, 1, normal)) return [g.op('rms_norm', [c.in(0), c.in(1)], attrs)];
  return [g.mul(g.op('rms_norm', [c.in(0)], attrs), c.in(1))];
};

const groupNorm: Translation = (c) => {
  demandPerChannel(c);
  const channels = c.shape(0)[1] ?? Dim.one;
  const groups = c.int('num_groups', 1);
  if (groups < 1) c.rule.fail('bad-option', { message: `num_groups must be at least 1, but is ${groups}` });
  c.rule.divides(groups, channels, () => ({ message: `${channels} channels do not split into ${groups} groups` }));
  return [c.g.op('group_norm', [c.in(0), c.in(1), c.in(2)], { groups, eps: epsilon(c) })];
};

const instanceNorm: Translation = (c) => {
  c.rule.rank('input', c.type(0), { min: 3 }, '[N, C, ...]');
  demandPerChannel(c);
  return [c.g.op('instance_norm', [c.in(0), c.in(1), c.in(2)], { eps: epsilon(c) })];
};

/** Each element divided by a power of the mean of squares in a window of channels around it, where missing channels count as 0. */
const localResponse: Translation = (c) => {
  const { g } = c;
  c.rule.rank('X', c.type(0), { min: 3 }, '[N, C, ...]');
  const x = c.in(0);
  const [batch = Dim.one, channels = Dim.one, ...image] = c.shape(0);
  const size = c.int('size', 1);
  if (size < 1) c.rule.fail('bad-option', { message: `size must be at least 1, but is ${size}` });
  const before = Math.floor((size - 1) / 2);
  const rows = g.reshape(g.op('square', [x]), [batch, Dim.one, channels, product(image)]);
  const padded = g.op('pad', [rows], { pads: [before, size - 1 - before], axes: [2] });
  const mean = g.reshape(g.op('avg_pool2d', [padded], { kernel: [size, 1], stride: 1 }), c.shape(0));
  const base = g.shift(g.scale(mean, c.float('alpha', 1e-4)), c.float('bias', 1));
  return [g.div(x, g.pow(base, g.scalar(c.float('beta', 0.75), x)))];
};

/** `(x - mean) / (deviation + 1e-9)` over these axes. */
const meanVariance: Translation = (c) => {
  const { g } = c;
  const axes = c.ints('axes') ?? [0, 2, 3];
  const centred = g.sub(c.in(0), g.mean(c.in(0), axes, true));
  return [g.div(centred, g.shift(g.sqrt(g.mean(g.op('square', [centred]), axes, true)), 1e-9))];
};

/** Only a dropout that drops nothing has a meaning without random numbers. */
const dropout: Translation = (c) => {
  const { g } = c;
  const x = c.in(0);
  const mask = () => (c.wants(1) ? [g.op('ones_like', [x], { dtype: 'bool' })] : []);
  const isOff = c.x(2) === undefined || (c.isKnown(2) && c.numbers(2)?.[0] === 0);
  if (isOff || (c.isKnown(1) && c.numbers(1)?.[0] === 0)) {
    const [ratio = c.float('ratio', 0.5)] = c.isKnown(1) ? (c.numbers(1) ?? []) : [];
    return [g.op('dropout', [x], { p: ratio }), ...mask()];
  }
  const why = 'archc draws no random numbers in a graph';
  return [new TypeOnly(g.type(x), why), new TypeOnly({ dtype: 'bool', shape: g.shape(x) }, why)];
};

export const norms: Readonly<Record<string, Translation>> = {
  BatchNormalization: normalization(batchNorm),
  Dropout: dropout,
  GroupNormalization: normalization(groupNorm),
  InstanceNormalization: normalization(instanceNorm),
  LRN: localResponse,
  LayerNormalization: normalization(layerNorm),
  MeanVarianceNormalization: meanVariance,
  RMSNormalization: normalization(rmsNorm),
};
