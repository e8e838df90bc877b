import { error, example } from './entry.js';

/** A tensor in an index that is no mask, and what it is an index of, as they are written. */
export interface IndexTensor {
  readonly object: string;
  readonly text: string;
  /** Whether it may hold positions. */
  readonly isPositions: boolean;
  /** Whether it may be meant as a mask. */
  readonly isMask: boolean;
}

/** Positions, slices and masks. */
export const indicesCatalog = {
  'not-indexable': error((p: { what: string }) => ({
    message: `${p.what} cannot be indexed`,
    label: 'not a tensor or list',
    help: 'only tensors, lists and tuples have positions',
  })),
  'bad-list-index': error(() => ({
    message: 'a list takes one index',
    label: 'too many or none',
    help: 'write `xs[0]` or `xs[0..2]`',
  })),
  'list-index-range': error((p: { index: number; length: number }) => ({
    message: `there is no item ${p.index} in a list of ${p.length}`,
    label: p.length === 0 ? 'the list is empty' : `0 to ${p.length - 1}, or -${p.length} to -1`,
    help: 'the first item is 0, the last one -1',
  })),
  'two-ellipses': error(() => ({
    message: '`..` matches all remaining axes, so an index can use it only once',
    label: 'the second one',
    help: 'write `:` for a whole axis',
  })),
  'too-many-indices': error((p: { count: number; type: string }) => ({
    message: `${p.count} positions are given for ${p.type}`,
    label: 'more than it has axes',
    help: 'leave some out, or add axes with `unsqueeze`',
  })),
  'bad-tensor-index': error((p: { what: string; tensor: IndexTensor | undefined; isList: boolean; axis: number }) => ({
    message: `a position is an integer, and this is ${p.what}`,
    label: 'not a position',
    help: p.isList
      ? `for several positions, write \`gather(x, positions, axis = ${p.axis})\` with \`buffer positions: Tensor<i64>[2] = [0, 2]\``
      : p.tensor === undefined
        ? 'write an integer, `:`, `..`, `a..b`, or a mask, which is a tensor of booleans'
        : indexTensorHelp(p.tensor, p.axis),
  })),
  'mask-shape': error((p: { mask: string; x: string; rank: number; witness: string | undefined }) => ({
    message: `the mask ${p.mask} does not have the first ${p.rank === 1 ? 'axis' : 'axes'} of ${p.x}${example(p.witness)}`,
    label: p.mask,
    help:
      p.rank === 0
        ? 'a mask has at least one axis; for one condition on the whole tensor, write `where(condition, a, b)`'
        : 'for a mask of other axes, move them to the front with `transpose`',
  })),
  'mask-alone': error((p: { object: string; mask: string; isFirst: boolean }) => ({
    message: 'a mask must be alone in an index, or followed only by `:` and `..`',
    label: 'a mask',
    help: p.isFirst
      ? `select first: \`${p.object}[${p.mask}]\`, and index the result, whose first axis is the selection`
      : `a mask selects on the first axes: move those of \`${p.object}\` with \`transpose\`, or take the position first and select from the result`,
  })),
  'index-range': error((p: { index: string; size: string; witness: string | undefined }) => ({
    message: `position ${p.index} is outside an axis of ${p.size}${example(p.witness)}`,
    label: `the axis has ${p.size}`,
    help: 'the first position is 0, the last one -1',
  })),
  'bad-step': error((p: { step: number }) => ({
    message: `a step cannot be ${p.step}`,
    label: 'must be at least 1',
    help: 'to reverse an axis, write `flip(x, axes = [0])`',
  })),
  'slice-range': error((p: { what: string; bound: string; size: string; witness: string | undefined }) => ({
    message: `this slice ${p.what} at ${p.bound}, but the axis has ${p.size}${example(p.witness)}`,
    label: `the axis has ${p.size}`,
    help: 'stay within the axis',
  })),
};

function indexTensorHelp({ object, text, isPositions, isMask }: IndexTensor, axis: number): string {
  const lookup = isPositions ? [`to look up by a tensor of positions, write \`gather(${object}, ${text}, axis = ${axis})\``] : [];
  return [...lookup, ...(isMask ? [`a mask has the type bool: \`${object}[${text} != 0]\``] : [])].join('; ');
}
