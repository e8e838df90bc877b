import { nth } from '../../ops/only.js';
import { product } from '../../ops/sizes.js';
import type { Shape } from '../../ops/types.js';
import { type AxisLabels, type Call, numberOf, type Pruned } from '../axis-rule.js';
import type { Labels } from '../channels.js';
import { Unprunable } from '../unprunable.js';

/** Axes that a reshape turns into other axes with as many elements: `[heads * d]` and `[heads, d]`. */
interface Block {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** The channels of the same elements in another shape, in row-major order. */
export function regrouped(call: Call, x: Pruned, y: Pick<Pruned, 'from' | 'to'>): AxisLabels {
  const result: (Labels | undefined)[] = y.from.map(() => undefined);
  for (const { inputs, outputs } of blocksOf(x.from, y.from)) {
    const shrinks = inputs.filter((axis) => x.axes[axis] !== undefined);
    const becomes = outputs.filter((axis) => !nth(y.from, axis).equals(nth(y.to, axis)));
    if (shrinks.length === 0 && becomes.length === 0) continue;
    const [axis] = shrinks;
    const [to] = becomes;
    if (axis === undefined || to === undefined || shrinks.length > 1 || becomes.length > 1)
      throw new Unprunable(`several sizes that \`${call.op}\` joins or parts get smaller at once; prune one after the other`);
    const labels = elements(call, x, inputs, axis);
    const { length, inner } = lanes(
      outputs.map((axis) => numberOf(nth(y.from, axis))),
      outputs.indexOf(to),
    );
    const groups: number[][] = Array.from({ length }, () => []);
    for (const [i, label] of labels.entries()) nth(groups, Math.floor(i / inner) % length).push(label);
    for (const group of groups) call.channels.joinAll(group);
    const first = groups.map((group) => nth(group, 0));
    // If a reshape only adds or drops axes of size 1 next to it, the axis stays the same.
    result[to] = first.length === labels.length && first.length === x.axes[axis]?.length ? x.axes[axis] : first;
  }
  return result;
}

/** The channel of each element of the joined axes. */
function elements(call: Call, { from, axes }: Pruned, block: readonly number[], axis: number): Labels {
  const labels = axes[axis] ?? [];
  const { outer, length, inner } = lanes(
    block.map((at) => numberOf(nth(from, at))),
    block.indexOf(axis),
  );
  if (length !== labels.length) throw new Unprunable(`\`${call.op}\` takes another number of channels`);
  return Array.from({ length: outer * length * inner }, (_, i) => nth(labels, Math.floor(i / inner) % length));
}

function lanes(sizes: readonly number[], axis: number): { readonly outer: number; readonly length: number; readonly inner: number } {
  const all = (part: readonly number[]) => part.reduce((a, b) => a * b, 1);
  return { outer: all(sizes.slice(0, axis)), length: nth(sizes, axis), inner: all(sizes.slice(axis + 1)) };
}

/** The smallest runs of axes with equal products. */
function blocksOf(x: Shape, y: Shape): readonly Block[] {
  const blocks: Block[] = [];
  let [i, j] = [0, 0];
  while (i < x.length || j < y.length) {
    const found = nextBlock(x, y, i, j);
    blocks.push(found);
    i += found.inputs.length;
    j += found.outputs.length;
  }
  return blocks;
}

function nextBlock(x: Shape, y: Shape, i: number, j: number): Block {
  const range = (from: number, count: number) => Array.from({ length: count }, (_, k) => from + k);
  for (let sum = 1; sum <= x.length - i + (y.length - j); sum++)
    for (let count = 0; count <= sum; count++) {
      const [inputs, outputs] = [range(i, count), range(j, sum - count)];
      if (i + count > x.length || j + sum - count > y.length) continue;
      const isOneSided = inputs.length === 0 || outputs.length === 0;
      const sizes = [inputs.map((axis) => nth(x, axis)), outputs.map((axis) => nth(y, axis))] as const;
      if (isOneSided ? sizes.flat().every(({ constant }) => constant === 1) : product(sizes[0]).equals(product(sizes[1])))
        return { inputs, outputs };
    }
  return { inputs: range(i, x.length - i), outputs: range(j, y.length - j) };
}
