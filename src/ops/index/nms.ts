import { Dim } from '../../dims/dim.js';
import { apart, float } from '../attrs.js';
import { core } from '../define.js';
import { at } from '../index-space.js';
import { ndArray } from '../nd/array.js';
import { nth, only } from '../only.js';
import { castNode } from '../onnx-cast.js';
import { demandProbability } from '../option-bounds.js';
import { exactly, floats32 } from '../sample.js';
import type { NdArray } from '../types.js';

const { fround } = Math;

/** More than any number of boxes. */
const all = 2 ** 31 - 1;

export const nms = core({
  name: 'nms',
  family: 'index',
  doc: {
    summary:
      'Non-maximum suppression: the positions of the boxes that remain, best score first (of equal ones, the earlier first), when each that is kept removes those that overlap it.',
    example: 'nms(boxes, scores, 0.5) as [K]',
    source: 'torchvision.ops.nms. Computed in f32',
  },
  inputs: { boxes: '[N, 4], each as x1, y1, x2, y2 with x1 <= x2 and y1 <= y2', scores: '[N]' },
  attrs: { iou_threshold: apart(float('boxes overlap if their intersection is more than this part of their union')) },
  outputs: ['kept'],
  effects: 'new-size',
  infer: (rule, { boxes, scores }, { iou_threshold }) => {
    rule.rank('boxes', boxes, 2, '[N, 4]');
    rule.rank('scores', scores, 1, '[N]');
    rule.dtype('boxes', boxes, 'float');
    rule.sameDtype('boxes', boxes, 'scores', scores);
    const [count, width] = [nth(boxes.shape, 0), nth(boxes.shape, 1)];
    rule.equal(width, Dim.of(4), () => ({
      message: `a box has 4 coordinates, but the last axis of \`boxes\` has size ${width}`,
      input: 'boxes',
    }));
    rule.equal(nth(scores.shape, 0), count, () => ({
      message: `every box needs a score, but there are ${count} boxes and ${nth(scores.shape, 0)} scores`,
      input: 'scores',
      wanted: [count],
      got: scores.shape,
    }));
    demandProbability(rule, 'iou_threshold', iou_threshold);
    return [{ dtype: 'i64', shape: [rule.newSize('kept', count.min(1), count)] }];
  },
  // Each pair of boxes: the corners of the intersection, three areas, a quotient.
  flops: ({ boxes }) => nth(boxes.shape, 0).pow(2).mul(14),
  onnx: (g, { boxes, scores }, { iou_threshold }, y) => {
    const [count, kept] = [nth(g.type(boxes).shape, 0), nth(only(y).shape, 0)];
    const with1 = (x: typeof boxes, axes: readonly number[], shape: readonly Dim[]): typeof boxes =>
      only(g.node('Unsqueeze', [castNode(g, x, 'f32'), g.ints(axes)], {}, [{ dtype: 'f32', shape }]));
    const given = [with1(boxes, [0], [Dim.one, count, Dim.of(4)]), with1(scores, [0, 1], [Dim.one, Dim.one, count])];
    const inputs = [...given, g.scalar(all, 'i64'), g.scalar(below(iou_threshold), 'f32')];
    const rows = only(g.node('NonMaxSuppression', inputs, {}, [{ dtype: 'i64', shape: [kept, Dim.of(3)] }]));
    return g.node('Gather', [rows, g.scalar(2, 'i64')], { axis: { int: 1 } }, [only(y)]);
  },
  evaluate: ({ boxes, scores }, { iou_threshold }) => {
    const order = [...scores.data.keys()].toSorted((a, b) => at(scores, b) - at(scores, a) || a - b);
    const kept: number[] = [];
    for (const i of order) if (kept.every((j) => !(overlap(boxes, i, j) > iou_threshold))) kept.push(i);
    return [ndArray('i64', [kept.length], Float64Array.from(kept))];
  },
  grad: 'none',
  samples: [
    {
      inputs: {
        boxes: exactly('f32', [5, 4], [0, 0, 4, 4, 0, 0, 4, 5, 6, 6, 8, 8, 1, 1, 5, 5, 6, 6, 8, 8.5]),
        scores: exactly('f32', [5], [0.5, 0.9, 0.3, 0.7, 0.4]),
      },
      attrs: { iou_threshold: 0.5 },
    },
    // Overlaps of exactly the threshold, which as an f32 is a little more than it.
    {
      inputs: {
        boxes: exactly('f32', [4, 4], [0, 0, 4, 4, 0, 0, 4, 5, 6, 6, 8, 8, 6, 6, 8, 8.5]),
        scores: exactly('f32', [4], [0.5, 0.9, 0.3, 0.4]),
      },
      attrs: { iou_threshold: 0.8 },
    },
    // Equal scores, and boxes that only touch.
    {
      inputs: {
        boxes: exactly('f32', [4, 4], [0, 0, 2, 2, 2, 0, 4, 2, 0, 0, 2, 2, 0, 2, 2, 4]),
        scores: exactly('f32', [4], [0.5, 0.5, 0.5, 0.5]),
      },
      attrs: { iou_threshold: 0 },
    },
    // Nothing overlaps more than entirely, not even equal boxes; boxes without an area overlap nothing.
    {
      inputs: {
        boxes: exactly('f32', [4, 4], [0, 0, 2, 2, 0, 0, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1]),
        scores: exactly('f32', [4], [0.1, 0.4, 0.3, 0.2]),
      },
      attrs: { iou_threshold: 1 },
    },
    { inputs: { boxes: floats32([0, 4]), scores: floats32([0]) }, attrs: { iou_threshold: 0.5 } },
  ],
});

/** How much of the union of two boxes is their intersection, in f32, because a threshold may lie between two f32 numbers. NaN if both have no area. */
function overlap({ data }: NdArray, a: number, b: number): number {
  const [ax1 = 0, ay1 = 0, ax2 = 0, ay2 = 0] = data.subarray(4 * a, 4 * a + 4);
  const [bx1 = 0, by1 = 0, bx2 = 0, by2 = 0] = data.subarray(4 * b, 4 * b + 4);
  const area = (x1: number, y1: number, x2: number, y2: number) => fround(fround(x2 - x1) * fround(y2 - y1));
  const [x1, y1] = [Math.max(ax1, bx1), Math.max(ay1, by1)];
  const both = area(x1, y1, Math.max(x1, Math.min(ax2, bx2)), Math.max(y1, Math.min(ay2, by2)));
  return fround(both / fround(fround(area(ax1, ay1, ax2, ay2) + area(bx1, by1, bx2, by2)) - both));
}

/** The largest f32 that is not above a number: an f32 is greater than one of the two exactly if it is greater than the other. */
function below(value: number): number {
  const rounded = fround(value);
  if (rounded <= value) return rounded;
  const [bits = 0] = new Uint32Array(Float32Array.of(rounded).buffer);
  return new Float32Array(Uint32Array.of(bits - 1).buffer)[0] ?? 0;
}
