import { Dim } from '../../dims/dim.js';
import { nth } from '../only.js';
import type { Rule } from '../rule.js';
import { fromStart } from '../sizes.js';
import type { Shape, TensorType } from '../types.js';
import { positionsOf, type ValueRange } from '../value-range.js';

/** Demands scores with a class axis and one integer label for each of their other positions; returns the axis and the labels' shape. */
export function demandLabels(
  rule: Rule,
  name: string,
  scores: TensorType,
  labels: TensorType,
  axis: number | undefined,
): { readonly axis: number; readonly classes: Dim; readonly shape: Shape } {
  rule.dtype(name, scores, 'float');
  rule.dtype('labels', labels, ['i64', 'i32']);
  rule.rank(name, scores, { min: 1 }, '[..., classes]');
  if (axis === undefined) refuseBoth(rule, name, scores);
  const at = rule.axis(axis ?? -1, scores.shape.length, 'axis');
  const shape = scores.shape.filter((_, i) => i !== at);
  rule.rank('labels', labels, shape.length, `[${shape.join(', ')}]`);
  for (const [i, size] of labels.shape.entries()) {
    const wanted = shape[i] ?? size;
    rule.equal(size, wanted, () => ({
      message: `\`${name}\` [${scores.shape.join(', ')}] with classes on axis ${at} needs labels [${shape.join(', ')}], but axis ${i} is ${size}`,
      input: 'labels',
      wanted: shape,
      got: labels.shape,
      help: scores.shape.length > 2 && at === scores.shape.length - 1 ? 'for classes on axis 1, as in PyTorch, add `axis = 1`' : undefined,
    }));
  }
  return { axis: at, classes: scores.shape[at] ?? Dim.one, shape };
}

/** If axis 1, PyTorch's, is as long as the last one, the labels do not determine which of the two holds the classes. */
function refuseBoth(rule: Rule, name: string, { shape }: TensorType): void {
  const [second, last] = [shape[1], shape.at(-1)];
  if (shape.length < 3 || second === undefined || last === undefined || !second.equals(last)) return;
  rule.fail('bad-option', {
    message: `the classes of \`${name}\` [${shape.join(', ')}] may be axis 1, as in PyTorch, or the last axis`,
    help: 'say which: `axis = 1` or `axis = -1`',
  });
}

/** Demands one weight for each class. */
export function demandClassWeight(rule: Rule, name: string, scores: TensorType, weight: TensorType | undefined, classes: Dim): void {
  if (weight === undefined) return;
  rule.sameDtype(name, scores, 'weight', weight);
  rule.rank('weight', weight, 1, '[classes]');
  const [size] = weight.shape;
  if (size === undefined) return;
  rule.equal(size, classes, () => ({
    message: `there are ${classes} classes, but \`weight\` has ${size} values`,
    input: 'weight',
    wanted: [String(classes)],
    got: [String(size)],
  }));
}

/** Demands one weight for each position. */
export function demandPositionWeight(rule: Rule, name: string, scores: TensorType, weight: TensorType | undefined, positions: Shape): void {
  if (weight === undefined) return;
  rule.sameDtype(name, scores, 'position_weight', weight);
  rule.rank('position_weight', weight, positions.length, `[${positions.join(', ')}]`);
  for (const [axis, size] of weight.shape.entries()) {
    const wanted = positions[axis] ?? size;
    rule.equal(size, wanted, () => ({
      message: `there is one weight for each label, but axis ${axis} is ${wanted} in \`labels\` and ${size} in \`position_weight\``,
      input: 'position_weight',
      wanted: positions,
      got: weight.shape,
    }));
  }
}

/** The labels that a loss of these scores knows: the classes, and what is ignored. */
export function labelRange({ shape }: TensorType, axis: number | undefined, ignored: number): ValueRange {
  return { ...positionsOf(nth(shape, fromStart(axis ?? -1, shape.length))), also: ignored };
}
