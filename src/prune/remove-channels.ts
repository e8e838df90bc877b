import type { Parameter } from '../3-graph/parameter.js';
import { constantShape } from '../6-emit/onnx/model.js';
import { type TensorSource, wholeTensor } from '../6-emit/weights/tensor-source.js';
import { InternalError } from '../diagnostics/internal-error.js';
import { forEachLane, lanesOf } from '../ops/nd/lanes.js';
import { nth } from '../ops/only.js';
import { isFloat } from '../ops/types.js';
import type { AxisLabels } from './axis-rule.js';
import { elementBytes, elementsIn } from './elements.js';
import type { FollowedModel } from './follow.js';

/** The bytes of weights, by their names. */
export type Sources = ReadonlyMap<string, TensorSource>;

/**
 * The score of each channel: the L2 norm over all trained weights that are removed with it, both the filter or row that computes it and whatever reads it. (Li et al. 2017, "Pruning Filters for Efficient
 * ConvNets", rank filters by the norm of their own weights; Fang et al. 2023, "DepGraph: Towards Any Structural Pruning", by that of the group that is removed together, as is done here.)
 */
export function channelScores(
  { channels, weights }: FollowedModel,
  parameters: readonly Parameter[],
  sources: Sources,
): (channel: number) => number {
  const squares = new Map<number, number>();
  for (const { name, type, trainable } of parameters) {
    const axes = weights.get(name) ?? [];
    if (!trainable || !isFloat(type.dtype) || axes.every((labels) => labels === undefined)) continue;
    const values = elementsIn(type.dtype, wholeTensor(sourceOf(name, sources)));
    for (const [axis, labels] of axes.entries()) {
      if (labels === undefined) continue;
      const lanes = lanesOf(constantShape(type, name), axis);
      const sums = new Float64Array(lanes.length);
      forEachLane(lanes, (start, stride) => {
        for (let i = 0; i < lanes.length; i++) sums[i] = (sums[i] ?? 0) + (values[start + i * stride] ?? 0) ** 2;
      });
      for (const [i, label] of labels.entries()) squares.set(channels.of(label), (squares.get(channels.of(label)) ?? 0) + (sums[i] ?? 0));
    }
  }
  return (channel) => Math.sqrt(squares.get(channel) ?? 0);
}

/** The bytes of a weight without the positions that are removed. */
export function keptBytes({ name, type }: Parameter, axes: AxisLabels, sources: Sources, isKept: (label: number) => boolean): Uint8Array {
  let bytes = wholeTensor(sourceOf(name, sources));
  const shape = [...constantShape(type, name)];
  for (const [axis, labels] of axes.entries()) {
    if (labels === undefined) continue;
    const kept = [...labels.keys()].filter((i) => isKept(nth(labels, i)));
    bytes = taken(bytes, shape, axis, kept, elementBytes(type.dtype));
    shape[axis] = kept.length;
  }
  return bytes;
}

/** Selects positions along an axis of a tensor with elements of `size` bytes. */
function taken(bytes: Uint8Array, shape: readonly number[], axis: number, positions: readonly number[], size: number): Uint8Array {
  const { outers, length, inners } = lanesOf(shape, axis);
  const run = inners * size;
  const result = new Uint8Array(outers * positions.length * run);
  let at = 0;
  for (let outer = 0; outer < outers; outer++)
    for (const position of positions) {
      const start = (outer * length + position) * run;
      result.set(bytes.subarray(start, start + run), at);
      at += run;
    }
  return result;
}

export function sourceOf(name: string, sources: Sources): TensorSource {
  const source = sources.get(name);
  if (source === undefined) throw new InternalError(`there is no weight ${name}`);
  return source;
}
