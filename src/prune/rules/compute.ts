import type { Dim } from '../../dims/dim.js';
import { parseEinsum } from '../../ops/linalg/einsum-equation.js';
import { nth, only } from '../../ops/only.js';
import { fromStart } from '../../ops/sizes.js';
import {
  type AxisRule,
  broadcast,
  type Call,
  created,
  demandWhole,
  input,
  isOne,
  joined,
  numberOf,
  optionalInput,
  type Pruned,
} from '../axis-rule.js';
import type { Labels } from '../channels.js';
import { Unprunable } from '../unprunable.js';

/** Operators that compute each element on its own, with broadcasting. */
export const elementwise: AxisRule = { axes: (call) => call.y.map(({ from }) => broadcast(call, call.xs, from)) };

/** Operators that treat each channel of an image separately. The spatial axes keep their sizes. */
export const perChannel: AxisRule = {
  axes: (call) => {
    const x = input(call, 'x');
    for (const axis of x.from.keys()) if (axis > 1) demandWhole(call, x, axis);
    const vectors = Object.keys(call.x).flatMap((name) => (name === 'x' ? [] : (optionalInput(call.x, name) ?? [])));
    joined(call, [x.axes[1], ...vectors.flatMap(({ from, axes }) => (isOne(from[0]) || from.length === 0 ? [] : [axes[0]]))]);
    return call.y.map(() => x.axes);
  },
};

/** Norms over the last axes, starting at `axis`. These keep their sizes, since the mean over fewer numbers would be a different one. */
const lastAxes: AxisRule = {
  axes: (call) => {
    const x = input(call, 'x');
    for (let axis = fromStart(call.attrs.axis as number, x.from.length); axis < x.from.length; axis++) demandWhole(call, x, axis);
    return [x.axes];
  },
};

/** A norm over groups of channels and all their positions. */
const groupNorm: AxisRule = {
  axes: (call) => {
    const x = input(call, 'x');
    for (const axis of x.from.keys()) if (axis > 0) demandWhole(call, x, axis);
    return [x.axes];
  },
};

const oneAxis: AxisRule = {
  axes: (call) => {
    const x = input(call, 'x');
    demandWhole(call, x, fromStart(call.attrs.axis as number, x.from.length));
    return call.y.map(() => x.axes);
  },
};

/** With `isSum`, removed positions may also be summed over, since channels of zeros add nothing. */
function reduction(isSum: boolean): AxisRule {
  return {
    axes: (call) => {
      const x = input(call, 'x');
      const { axes = [...x.from.keys()], keep } = call.attrs as { readonly axes?: readonly number[]; readonly keep: boolean };
      const reduced = new Set(axes.map((axis) => fromStart(axis, x.from.length)));
      if (!isSum) for (const axis of reduced) demandWhole(call, x, axis);
      return [x.axes.flatMap((own, axis) => (!reduced.has(axis) ? [own] : keep ? [undefined] : []))];
    },
  };
}

const matmul: AxisRule = {
  axes: (call) => {
    const [a, b] = [input(call, 'a'), input(call, 'b')];
    const isVector = { a: a.from.length === 1, b: b.from.length === 1 };
    joined(call, [a.axes.at(-1), b.axes[isVector.b ? 0 : b.axes.length - 2]]);
    const batch = (x: Pruned): Pruned => ({ from: x.from.slice(0, -2), to: x.to.slice(0, -2), axes: x.axes.slice(0, -2) });
    const shape = only(call.y).from;
    const batches = shape.slice(0, shape.length - (isVector.a ? 0 : 1) - (isVector.b ? 0 : 1));
    return [
      [
        ...broadcast(call, [batch(a), batch(b)], batches),
        ...(isVector.a ? [] : [a.axes[a.axes.length - 2]]),
        ...(isVector.b ? [] : [b.axes.at(-1)]),
      ],
    ];
  },
};

const einsum: AxisRule = {
  axes: (call) => {
    const parsed = parseEinsum(
      call.attrs.equation as string,
      call.xs.map(({ from }) => from.length),
    );
    if ('message' in parsed) throw new Unprunable(parsed.message);
    const parts = new Map<string, (Labels | undefined)[]>();
    for (const [i, term] of parsed.operands.entries())
      for (const [axis, letter] of [...term].entries()) {
        const { from, axes } = nth(call.xs, i);
        if (!isOne(from[axis])) parts.set(letter, [...(parts.get(letter) ?? []), axes[axis]]);
      }
    const labels = new Map([...parts].map(([letter, axes]) => [letter, joined(call, axes)]));
    return [[...parsed.output].map((letter) => labels.get(letter))];
  },
};

/** Without groups, each filter computes one channel from all channels. With one channel in each group, as in depthwise convolutions, each channel has filters of its own. */
function convolution(isTransposed: boolean): AxisRule {
  return {
    sizes: ['groups'],
    axes: (call) => {
      const [x, weight, bias] = [input(call, 'x'), input(call, 'weight'), optionalInput(call.x, 'bias')];
      for (const image of [x, weight]) for (const axis of image.from.keys()) if (axis > 1) demandWhole(call, image, axis);
      const groups = [call.attrs.groups, call.toAttrs.groups].map((size) => numberOf(size as Dim));
      const [before = 1, after = 1] = groups;
      const rest = x.axes.slice(2);
      const outputs = weight.axes[isTransposed ? 1 : 0];
      if (before === 1 && after === 1) {
        joined(call, [x.axes[1], weight.axes[isTransposed ? 0 : 1]]);
        return [[x.axes[0], joined(call, [outputs, ...(bias === undefined ? [] : [bias.axes[0]])]), ...rest]];
      }
      const isDepthwise = [x.from, weight.from, only(call.y).from].every((shape, i) => isNumber(shape[i === 1 ? 0 : 1], before));
      if (isDepthwise && isNumber(x.to[1], after) && isNumber(weight.from[1], 1)) {
        const vectors = bias === undefined ? [] : [bias.axes[0]];
        return [[x.axes[0], joined(call, [x.axes[1], weight.axes[0], ...vectors]), ...rest]];
      }
      for (const axis of [0, 1]) demandWhole(call, weight, axis);
      demandWhole(call, x, 1);
      return [[x.axes[0], outputs, ...rest]];
    },
  };
}

function isNumber(size: Dim | undefined, number: number): boolean {
  return size?.constant === number;
}

/** Heads are removed as a whole: a query head together with the key and value head that it reads. Within a head, only the width of the values may get smaller. */
const attention: AxisRule = {
  axes: (call) => {
    const [q, k, v, mask] = [input(call, 'q'), input(call, 'k'), input(call, 'v'), optionalInput(call.x, 'mask')];
    for (const x of [q, k]) if (call.attrs.scale === undefined || call.attrs.scale === null) demandWhole(call, x, 3);
    joined(call, [q.axes[3], k.axes[3]]);
    for (const x of [q, k, v]) demandWhole(call, x, 2);
    for (const axis of [2, 3]) if (mask !== undefined) demandWhole(call, mask, axis);
    const ofMask = (axis: number) => (mask === undefined || isOne(mask.from[axis]) ? [] : [mask.axes[axis]]);
    const batch = joined(call, [q.axes[0], k.axes[0], v.axes[0], ...ofMask(0)]);
    joined(call, [k.axes[1], v.axes[1]]);
    const heads = joined(call, [joinedHeads(call, q, k), ...ofMask(1)]);
    return [[batch, heads, undefined, v.axes[3]]];
  },
};

/** The channels of the query heads. If several of them read one key head, either they are removed with it, or equally many readers of each key head are removed. */
function joinedHeads(call: Call, q: Pruned, k: Pruned): Labels | undefined {
  const [heads, keys] = [q.axes[1], k.axes[1]];
  if (heads === undefined && keys === undefined) return undefined;
  const [count, of] = [numberOf(nth(q.from, 1)), numberOf(nth(k.from, 1))];
  const [toCount, toOf] = [numberOf(nth(q.to, 1)), numberOf(nth(k.to, 1))];
  const [group, toGroup] = [count / of, toCount / toOf];
  if (keys === undefined) {
    for (let i = 0; i < of; i++) call.demand(heads?.slice(i * group, (i + 1) * group) ?? [], toGroup);
    return heads;
  }
  if (heads === undefined || group !== toGroup)
    throw new Unprunable(
      `the query heads of each key head would change from ${group} to ${toGroup} while key heads go; prune one after the other`,
    );
  for (const [i, label] of heads.entries()) call.channels.joinAll([label, nth(keys, Math.floor(i / group))]);
  return heads;
}

/** A lookup in a table all of whose rows stay; the rows may get shorter. */
function lookup(table: string, indices: string): AxisRule {
  return {
    axes: (call) => {
      const [x, at] = [input(call, table), input(call, indices)];
      const axis = fromStart((call.attrs.axis as number | undefined) ?? 0, x.from.length);
      demandWhole(call, x, axis);
      return [[...x.axes.slice(0, axis), ...at.axes, ...x.axes.slice(axis + 1)]];
    },
  };
}

/** Tensors filled with a single value can have any channels. */
const filled: AxisRule = { sizes: ['shape'], axes: (call) => call.y.map((y) => created(call, y, [])) };

export const computeRules: Readonly<Record<string, AxisRule>> = {
  matmul,
  einsum,
  attention,
  embedding: lookup('weight', 'ids'),
  gather: lookup('x', 'indices'),
  conv1d: convolution(false),
  conv2d: convolution(false),
  conv3d: convolution(false),
  conv_transpose1d: convolution(true),
  conv_transpose2d: convolution(true),
  conv_transpose3d: convolution(true),
  batch_norm: perChannel,
  instance_norm: perChannel,
  prelu: perChannel,
  group_norm: groupNorm,
  layer_norm: lastAxes,
  rms_norm: lastAxes,
  softmax: oneAxis,
  log_softmax: oneAxis,
  cumsum: oneAxis,
  sum: reduction(true),
  ...Object.fromEntries(
    ['mean', 'max', 'min', 'prod', 'var', 'std', 'norm', 'logsumexp', 'all', 'any'].map((name) => [name, reduction(false)]),
  ),
  full: filled,
  zeros: filled,
  ones: filled,
  zeros_like: elementwise,
  ones_like: elementwise,
  full_like: elementwise,
};
