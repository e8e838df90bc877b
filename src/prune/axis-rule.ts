import type { Dim } from '../dims/dim.js';
import { nth } from '../ops/only.js';
import type { Shape } from '../ops/types.js';
import type { Channels, Labels } from './channels.js';
import { Unprunable } from './unprunable.js';

/** The channels of the axes of a value; undefined for an axis that keeps its size. */
export type AxisLabels = readonly (Labels | undefined)[];

/** A value in both models. */
export interface Pruned {
  /** Its shape in the original model, and in the smaller one. */
  readonly from: Shape;
  readonly to: Shape;
  readonly axes: AxisLabels;
}

/** A call of an operator some of whose inputs or outputs get smaller. */
export interface Call {
  readonly op: string;
  readonly channels: Channels<unknown>;
  /** The inputs by name, and all of them as one list. */
  readonly x: Readonly<Record<string, Pruned | readonly Pruned[] | undefined>>;
  readonly xs: readonly Pruned[];
  readonly y: readonly Pick<Pruned, 'from' | 'to'>[];
  /** The options in the original model, and in the smaller one. */
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly toAttrs: Readonly<Record<string, unknown>>;
  /** Demands that `kept` of these positions stay. */
  demand(labels: Labels, kept: number): void;
}

/** How the channels of an operator's inputs become those of its outputs. Throws `Unprunable` where the operator would compute something else without the removed channels. */
export interface AxisRule {
  readonly axes: (call: Call) => readonly AxisLabels[];
  /** The options that give sizes, and may therefore differ between the models. The rule has to check them if they say more than the sizes of the result. */
  readonly sizes?: readonly string[];
}

/** The input `name`, which the call must have. */
export function input({ x, op }: Call, name: string): Pruned {
  const found = optionalInput(x, name);
  if (found === undefined) throw new Unprunable(`\`${op}\` has no input \`${name}\``);
  return found;
}

export function optionalInput(x: Call['x'], name: string): Pruned | undefined {
  const found = x[name];
  return found === undefined || Array.isArray(found) ? undefined : (found as Pruned);
}

/** Throws unless an axis keeps its size, because the operator's result depends on all of its positions together, on their order or on their number. */
export function demandWhole({ op }: Pick<Call, 'op'>, { from, to, axes }: Pruned, axis: number): void {
  if (axes[axis] !== undefined) throw new Unprunable(`\`${op}\` combines all ${from[axis]} channels, and would combine ${to[axis]}`);
}

/** Joins the channels of axes whose positions correspond; undefined if none of the axes gets smaller. */
export function joined({ op, channels }: Pick<Call, 'op' | 'channels'>, axes: readonly (Labels | undefined)[]): Labels | undefined {
  const [first, ...others] = axes;
  for (const other of others) {
    if ((first === undefined) !== (other === undefined))
      throw new Unprunable(`\`${op}\` joins channels that are removed with channels that must all stay`);
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

/** A size as a number. Throws if it is open, since channels must be counted. */
export function numberOf(size: Dim): number {
  if (size.constant === undefined) throw new Unprunable(`the size ${size} is not known before the run`);
  return size.constant;
}

/** The labels of all positions of an axis; for an axis that keeps its size, those of channels that all stay. */
export function allLabels(call: Call, { from, axes }: Pruned, axis: number): Labels {
  const own = axes[axis];
  if (own !== undefined) return own;
  const labels = call.channels.fresh(numberOf(nth(from, axis)));
  call.demand(labels, labels.length);
  return labels;
}

/** The labels of a part of an axis, `kept` of which stay; undefined if all do. */
export function part(call: Call, labels: Labels, kept: number): Labels | undefined {
  call.demand(labels, kept);
  return labels.length === kept ? undefined : labels;
}

/** The axes of a result. Axes that get smaller, but whose channels come from no input, get new channels, as in a tensor of zeros. */
export function created(call: Call, { from, to }: Pick<Pruned, 'from' | 'to'>, axes: AxisLabels): AxisLabels {
  return from.map((size, axis) => axes[axis] ?? (size.equals(nth(to, axis)) ? undefined : call.channels.fresh(numberOf(size))));
}
