import type { Dim } from '../dims/dim.js';
import { nth } from '../ops/only.js';
import type { Shape } from '../ops/types.js';
import type { Channels, Labels } from './channels.js';
import { Unprunable } from './unprunable.js';

/** The channels of the axes of a value; undefined for an axis that keeps its size. */
export type AxisLabels = readonly (Labels | undefined)[];

/** A value in both models. */
export interface Pruned {
  /** Its shape in the model as it is, and in the smaller one. */
  readonly from: Shape;
  readonly to: Shape;
  readonly axes: AxisLabels;
}

/** A call of an operator of which some input or output gets smaller. */
export interface Call {
  readonly op: string;
  readonly channels: Channels<unknown>;
  /** The inputs by name, and all of them in a row. */
  readonly x: Readonly<Record<string, Pruned | readonly Pruned[] | undefined>>;
  readonly xs: readonly Pruned[];
  readonly y: readonly Pick<Pruned, 'from' | 'to'>[];
  /** The options in the model as it is, and in the smaller one. */
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly toAttrs: Readonly<Record<string, unknown>>;
  /** Says that so many of these positions stay. */
  demand(labels: Labels, kept: number): void;
}

/** How the channels of an operator's inputs become those of its outputs. Throws `Unprunable` where the operator would compute something else without them. */
export interface AxisRule {
  readonly axes: (call: Call) => readonly AxisLabels[];
  /** The options that say sizes, and may therefore differ between the models. The rule has to look at them where they say more than the sizes of the result. */
  readonly sizes?: readonly string[];
}

/** The input `name`, which the call has. */
export function input({ x, op }: Call, name: string): Pruned {
  const found = optionalInput(x, name);
  if (found === undefined) throw new Unprunable(`\`${op}\` has no input \`${name}\``);
  return found;
}

export function optionalInput(x: Call['x'], name: string): Pruned | undefined {
  const found = x[name];
  return found === undefined || Array.isArray(found) ? undefined : (found as Pruned);
}

/** Throws unless an axis keeps its size: the operator computes with all of its positions together, or with their order or number. */
export function demandWhole({ op }: Pick<Call, 'op'>, { from, to, axes }: Pruned, axis: number): void {
  if (axes[axis] !== undefined) throw new Unprunable(`\`${op}\` computes with all ${from[axis]} of them together, not with ${to[axis]}`);
}

/** Joins the channels of axes that have the same positions; undefined if none of them gets smaller. */
export function joined({ op, channels }: Pick<Call, 'op' | 'channels'>, axes: readonly (Labels | undefined)[]): Labels | undefined {
  const [first, ...others] = axes;
  for (const other of others) {
    if ((first === undefined) !== (other === undefined))
      throw new Unprunable(`\`${op}\` takes channels of which some go together with channels that all stay`);
    if (first !== undefined && other !== undefined) channels.join(first, other);
  }
  return first;
}

/** The axes of inputs that broadcast to one shape, aligned at their last axes. */
export function broadcast(call: Call, inputs: readonly Pruned[], shape: Shape): AxisLabels {
  return shape.map((_, axis) => {
    const parts = inputs.flatMap(({ from, axes }) => {
      const at = axis - shape.length + from.length;
      return at < 0 || isOne(from[at]) ? [] : [axes[at]];
    });
    return joined(call, parts);
  });
}

export function isOne(size: Dim | undefined): boolean {
  return size?.constant === 1;
}

/** The number of a size that must be one where channels are counted. */
export function numberOf(size: Dim): number {
  if (size.constant === undefined) throw new Unprunable(`the size ${size} is not known before the run`);
  return size.constant;
}

/** The labels of an axis with all its positions: those of channels that all stay, if it keeps its size. */
export function allLabels(call: Call, { from, axes }: Pruned, axis: number): Labels {
  const own = axes[axis];
  if (own !== undefined) return own;
  const labels = call.channels.fresh(numberOf(nth(from, axis)));
  call.demand(labels, labels.length);
  return labels;
}

/** The labels of a part of an axis, of which `kept` stay; undefined if all do. */
export function part(call: Call, labels: Labels, kept: number): Labels | undefined {
  call.demand(labels, kept);
  return labels.length === kept ? undefined : labels;
}

/** The axes of a result with new channels where nothing that it is made of has any, as in a tensor of zeros. */
export function created(call: Call, { from, to }: Pick<Pruned, 'from' | 'to'>, axes: AxisLabels): AxisLabels {
  return from.map((size, axis) => axes[axis] ?? (size.equals(nth(to, axis)) ? undefined : call.channels.fresh(numberOf(size))));
}
