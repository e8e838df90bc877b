import type { Dim } from '../../dims/dim.js';
import { nth, only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import { castNode } from '../onnx-cast.js';
import type { DType, Shape } from '../types.js';

/** One axis of a resize to the nearest pixel: its sides, and the factor if one was given. */
export interface NearestAxis<S> {
  readonly input: S;
  readonly output: S;
  readonly scale: number | undefined;
}

/** The input position of each output position, in float32 as PyTorch computes it: near whole quotients it can be one less than the exact one. */
export function nearestPositions({ input, output, scale }: NearestAxis<number>): readonly number[] {
  const factor = Math.fround(scale === undefined ? input / output : 1 / scale);
  return Array.from({ length: output }, (_, i) => Math.min(Math.floor(Math.fround(i * factor)), input - 1));
}

/**
 * Whether ONNX Runtime's Resize finds the same positions. It divides by the factor, in float32: 14 pixels become 2 by taking number 6
 * instead of 7. On a GPU, divisions are not exact, so only powers of two are trusted there, as for sides that are not known.
 */
export function resizeAgrees({ input, output, scale }: NearestAxis<Dim>, isExact: boolean): boolean {
  const [from, to] = [input.constant, output.constant];
  const isKnown = from !== undefined && to !== undefined;
  const factor = Math.fround(scale ?? (isKnown ? to / from : Number.NaN));
  if (Number.isInteger(Math.log2(factor))) return true;
  if (!isExact || !isKnown) return false;
  const positions = nearestPositions({ input: from, output: to, scale });
  return positions.every((position, i) => position === Math.min(Math.floor(Math.fround(i / factor)), from - 1));
}

/** Selects the positions one axis after the other. */
export function gatherNearest<V>(g: OnnxBuilder<V>, x: V, axes: readonly NearestAxis<Dim>[]): V {
  let y = x;
  for (const [i, axis] of axes.entries()) {
    if (axis.input.equals(axis.output)) continue;
    const { dtype, shape } = g.type(y);
    const type = { dtype, shape: shape.map((size, j) => (j === i + 2 ? axis.output : size)) };
    y = only(g.node('Gather', [y, positionsNode(g, axis)], { axis: { int: i + 2 } }, [type]));
  }
  return y;
}

/** `nearestPositions` as int64: a constant, or computed if a side is known only at run time. */
function positionsNode<V>(g: OnnxBuilder<V>, { input, output, scale }: NearestAxis<Dim>): V {
  if (input.constant !== undefined && output.constant !== undefined) {
    return g.ints(nearestPositions({ input: input.constant, output: output.constant, scale }));
  }
  const side = (size: Dim): V => castNode(g, g.dim(size), 'f32');
  const node = (opType: string, inputs: readonly V[], dtype: DType, shape: Shape): V =>
    nth(g.node(opType, inputs, {}, [{ dtype, shape }]), 0);
  const factor = scale === undefined ? node('Div', [side(input), side(output)], 'f32', []) : g.scalar(1 / scale, 'f32');
  const counted = castNode(g, node('Range', [g.scalar(0, 'i64'), g.dim(output), g.scalar(1, 'i64')], 'i64', [output]), 'f32');
  const found = node('Floor', [node('Mul', [counted, factor], 'f32', [output])], 'f32', [output]);
  return castNode(g, node('Min', [found, side(input.sub(1))], 'f32', [output]), 'i64');
}
