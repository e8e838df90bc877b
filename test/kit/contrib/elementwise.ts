import { nth } from '../../../src/ops/only.js';
import type { OnnxCall, Translation } from '../../../src/ops/onnx-table/call.js';

function quickGelu<V>({ g }: OnnxCall<V>, x: V, alpha: number): V {
  return g.mul(x, g.sigmoid(g.scale(x, alpha)));
}

const sum = <V>(c: OnnxCall<V>): V => added(c, [c.in(0), c.x(1)]);

/** The activation of `FusedConv`, which is named by an ONNX operator. */
export function activated<V>(c: OnnxCall<V>, x: V): V {
  const { g } = c;
  const [first = 0, second = 0] = c.floats('activation_params') ?? [];
  switch (c.string('activation', '')) {
    case '':
      return x;
    case 'Clip':
      return g.op('clip', [x], { min: first, max: second });
    case 'HardSigmoid':
      return g.op('clip', [g.shift(g.scale(x, first), second)], { min: 0, max: 1 });
    case 'HardSwish':
      return g.op('hardswish', [x]);
    case 'LeakyRelu':
      return g.op('leaky_relu', [x], { slope: first });
    case 'Relu':
      return g.relu(x);
    case 'Sigmoid':
      return g.sigmoid(x);
    case 'Tanh':
      return g.tanh(x);
    default:
      return c.unknown('an activation that archc does not know');
  }
}

interface Skipped<V> {
  readonly input: V;
  readonly scale: V;
  readonly shift: V | undefined;
  readonly eps: number;
}

/** Normalizes the sum of the inputs. The sum is also the last output. */
function skipNorm<V>(c: OnnxCall<V>, name: string, { input, scale, shift, eps }: Skipped<V>): readonly V[] {
  const y = c.g.op(name, [input, scale, ...(shift === undefined ? [] : [shift])], { eps });
  return [y, y, y, input];
}

/** Normalizes groups of channels over all positions. Channels are the last axis. */
function groupNorm<V>(c: OnnxCall<V>, x: V): V {
  const { g } = c;
  const moved = g.cast(g.transpose(x, [0, 3, 1, 2]), c.type(1).dtype);
  const y = g.op('group_norm', [moved, c.in(1), c.in(2)], { groups: c.int('groups', 1), eps: c.float('epsilon', 1e-5) });
  const back = g.cast(g.transpose(y, [0, 2, 3, 1]), g.type(x).dtype);
  return c.flag('activation') ? quickGelu(c, back, 1) : back;
}

function added<V>({ g }: OnnxCall<V>, [first, ...more]: readonly [V, ...(V | undefined)[]]): V {
  let sum = first;
  for (const part of more) if (part !== undefined) sum = g.add(sum, part);
  return sum;
}

const skipGroupNorm: Translation = (c) => {
  const x = added(c, [c.in(0), c.in(3), c.x(4)]);
  return [groupNorm(c, x), x];
};

const fusedConv: Translation = (c) => {
  const { g } = c;
  const rank = c.rank(0) - 2;
  const conv = g.op(`conv${rank}d`, [c.in(0), c.in(1), c.x(2)], { groups: nth(c.shape(0), 1).floorDiv(nth(c.shape(1), 1)), padding: 0 });
  return [activated(c, added(c, [conv, c.x(3)]))];
};

const fusedMatMul: Translation = (c) => {
  const { g } = c;
  const side = (i: number, name: string) => (c.flag(name) ? g.swap(c.in(i)) : c.in(i));
  return [g.scale(g.matmul(side(0, 'transA'), side(1, 'transB')), c.float('alpha', 1))];
};

export const elementwise: Readonly<Record<string, Translation>> = {
  BiasGelu: (c) => [c.g.op('gelu', [sum(c)])],
  FastGelu: (c) => [c.g.op('gelu', [sum(c)], { approximate: 'tanh' })],
  FusedConv: fusedConv,
  FusedMatMul: fusedMatMul,
  Gelu: (c) => [c.g.op('gelu', [c.in(0)])],
  GroupNorm: (c) => [groupNorm(c, c.in(0))],
  QuickGelu: (c) => [quickGelu(c, c.in(0), c.float('alpha', 1.702))],
  SimplifiedLayerNormalization: (c) => [c.g.op('rms_norm', [c.in(0), c.in(1)], { axis: c.int('axis', -1), eps: c.float('epsilon', 1e-5) })],
  SkipGroupNorm: skipGroupNorm,
  SkipLayerNormalization: (c) => {
    const input = added(c, [c.in(0), c.in(1), c.x(4)]);
    return skipNorm(c, 'layer_norm', { input, scale: c.in(2), shift: c.x(3), eps: c.float('epsilon', 1e-12) });
  },
  SkipSimplifiedLayerNormalization: (c) => {
    const input = added(c, [c.in(0), c.in(1), c.x(3)]);
    return skipNorm(c, 'rms_norm', { input, scale: c.in(2), shift: undefined, eps: c.float('epsilon', 1e-12) });
  },
};
