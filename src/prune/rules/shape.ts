import type { Dim } from '../../dims/dim.js';
import { nth, only } from '../../ops/only.js';
import { sliceRange } from '../../ops/shape/slice-range.js';
import { fromStart } from '../../ops/sizes.js';
import {
  type AxisRule,
  allLabels,
  broadcast,
  type Call,
  created,
  demandWhole,
  input,
  joined,
  numberOf,
  type Pruned,
  part,
} from '../axis-rule.js';
import type { Labels } from '../channels.js';
import { Unprunable } from '../unprunable.js';
import { regrouped } from './regroup.js';

const axisOf = (call: Call, { from }: Pruned, name = 'axis') => fromStart(call.attrs[name] as number, from.length);
const without = (x: Pruned, axis: number) => x.axes.filter((_, i) => i !== axis);
const withAxis = (x: Pruned, axis: number, labels: Labels | undefined) => x.axes.map((own, i) => (i === axis ? labels : own));
/** The size of an axis that gets smaller. */
const kept = ({ to }: Pick<Pruned, 'to'>, axis: number) => numberOf(nth(to, axis));

/** Axes along which elements are moved must keep their sizes; the others pass through. */
function movesAlong(name: string): AxisRule {
  return {
    axes: (call) => {
      const x = input(call, 'x');
      for (const axis of [call.attrs[name]].flat()) demandWhole(call, x, fromStart(axis as number, x.from.length));
      return call.y.map(() => x.axes);
    },
  };
}

const concat: AxisRule = {
  axes: (call) => {
    const first = only(call.xs);
    const along = axisOf(call, first);
    const axes = first.axes.map((_, axis) =>
      axis === along
        ? undefined
        : joined(
            call,
            call.xs.map((x) => x.axes[axis]),
          ),
    );
    if (call.xs.every((x) => x.axes[along] === undefined)) return [axes];
    const whole = call.xs.flatMap((x) => allLabels(call, x, along));
    return [axes.map((own, axis) => (axis === along ? whole : own))];
  },
};

const split: AxisRule = {
  sizes: ['parts', 'sizes'],
  axes: (call) => {
    const x = input(call, 'x');
    const along = axisOf(call, x);
    const whole = x.axes[along];
    let start = 0;
    return call.y.map((y) => {
      if (whole === undefined) return x.axes;
      const length = numberOf(nth(y.from, along));
      const labels = whole.slice(start, start + length);
      start += length;
      return withAxis(x, along, part(call, labels, kept(y, along)));
    });
  },
};

const slice: AxisRule = {
  sizes: ['starts', 'ends'],
  axes: (call) => {
    const x = input(call, 'x');
    const { axes, starts, ends, steps } = call.attrs as { axes: number[]; starts: Dim[]; ends: Dim[]; steps: number[] };
    const { starts: toStarts, ends: toEnds } = call.toAttrs as { starts: Dim[]; ends: Dim[] };
    const result = [...x.axes];
    for (const [i, given] of axes.entries()) {
      const axis = fromStart(given, x.from.length);
      const labels = x.axes[axis];
      const step = steps[i] ?? 1;
      if (step !== 1) demandWhole(call, x, axis);
      const range = sliceRange(nth(x.from, axis), nth(starts, i), nth(ends, i), step);
      const toRange = sliceRange(nth(x.to, axis), nth(toStarts, i), nth(toEnds, i), step);
      if (labels === undefined) {
        if (!range.start.equals(toRange.start)) throw new Unprunable('`slice` takes other positions of an axis that stays');
        continue;
      }
      const [start, count] = [numberOf(range.start), numberOf(range.count)];
      call.demand(labels.slice(0, start), numberOf(toRange.start));
      result[axis] = part(call, labels.slice(start, start + count), numberOf(toRange.count));
    }
    return [result];
  },
};

const reshape: AxisRule = { sizes: ['shape'], axes: (call) => [regrouped(call, input(call, 'x'), only(call.y))] };

export const shapeRules: Readonly<Record<string, AxisRule>> = {
  concat,
  split,
  slice,
  reshape,
  flatten: reshape,
  squeeze: reshape,
  unsqueeze: reshape,
  flip: movesAlong('axes'),
  roll: movesAlong('axis'),
  expand: { sizes: ['shape'], axes: (call) => [created(call, only(call.y), broadcast(call, call.xs, only(call.y).from))] },
  index_at: {
    axes: (call) => {
      const x = input(call, 'x');
      const axis = axisOf(call, x);
      demandWhole(call, x, axis);
      return [without(x, axis)];
    },
  },
  pad: {
    axes: (call) => {
      const x = input(call, 'x');
      for (const axis of (call.attrs.axes as readonly number[] | undefined) ?? [-1]) demandWhole(call, x, fromStart(axis, x.from.length));
      return [x.axes];
    },
  },
  repeat_interleave: {
    axes: (call) => {
      const x = input(call, 'x');
      const axis = axisOf(call, x);
      const labels = x.axes[axis];
      if (labels === undefined) return [x.axes];
      const repeats = numberOf(call.attrs.repeats as Dim);
      return [
        withAxis(
          x,
          axis,
          labels.flatMap((label) => Array.from({ length: repeats }, () => label)),
        ),
      ];
    },
  },
  stack: {
    axes: (call) => {
      const first = only(call.xs);
      const at = fromStart(call.attrs.axis as number, first.from.length + 1);
      const axes = first.axes.map((_, axis) =>
        joined(
          call,
          call.xs.map((x) => x.axes[axis]),
        ),
      );
      return [[...axes.slice(0, at), undefined, ...axes.slice(at)]];
    },
  },
  transpose: {
    axes: (call) => {
      const { axes } = input(call, 'x');
      const perm = call.attrs.perm as readonly number[] | undefined;
      return [perm === undefined ? [...axes].reverse() : perm.map((axis) => axes[fromStart(axis, axes.length)])];
    },
  },
};
