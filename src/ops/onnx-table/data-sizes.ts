import { Dim } from '../../dims/dim.js';
import { openEnd } from '../shape/slice-range.js';
import { type OnnxCall, type Outputs, type Translation, TypeOnly } from './call.js';
import { axisOf, demandShape } from './demands.js';
import { typesOnly } from './simple.js';

/** One column for each element that is not zero; archc gives it a row. */
const nonZero: Translation = (c) => {
  c.rule.rank('X', c.type(0), { min: 1 }, '[..., size]');
  return [c.g.transpose(c.g.op('nonzero', [c.in(0)]), [1, 0])];
};

/** The positions of an axis, or of all elements in one row, where the condition is true. */
const compress: Translation = (c) => {
  const { g } = c;
  c.rule.rank('condition', c.type(1), 1, '[size]');
  const places = c.isKnown(1) ? truePlaces(c) : g.squeeze(g.op('nonzero', [c.in(1)]), [1]);
  if (c.has('axis')) return [g.gather(c.in(0), places, axisOf(c, 0))];
  return [g.gather(g.reshape(c.in(0), [-1]), places, 0)];
};

function truePlaces<V>(c: OnnxCall<V>): V {
  const places = (c.numbers(1) ?? []).flatMap((isTrue, position) => (isTrue === 0 ? [] : [position]));
  return c.g.constant({ dtype: 'i64', shape: [places.length], data: Float64Array.from(places) });
}

/** The distinct elements or slices, where they first occur, where each element is among them, and how often it occurs. */
const unique: Translation = (c) => {
  const { g } = c;
  const axis = c.has('axis') ? axisOf(c, 0) : undefined;
  const [values, inverse, counts] = g.call('unique', [c.in(0)], { axis, inverse: true, counts: true });
  if (values === undefined || inverse === undefined || counts === undefined) return [];
  const first = new TypeOnly(g.type(counts), "archc's `unique` does not say where an element occurs first");
  const outputs = [values, first, axis === undefined ? g.reshape(inverse, [-1]) : inverse, counts];
  return c.flag('sorted', true) ? outputs : typesOnly(c, outputs, "archc's `unique` sorts");
};

/** The boxes of one image and one class that remain, as rows of image, class and position. */
function nonMaxSuppression<V>(c: OnnxCall<V>): Outputs<V> {
  const { g } = c;
  demandBoxes(c);
  const [images, classes] = c.shape(1);
  const limit = c.numbers(2)?.[0] ?? 0;
  const count = c.shape(0)[1]?.constant ?? openEnd;
  const isPlain = images?.constant === 1 && classes?.constant === 1 && limit >= count && c.x(4) === undefined;
  if (!isPlain) return c.unknown("archc's `nms` is for one image and one class, without limits");
  const [boxes, scores] = [g.squeeze(corners(c), [0]), g.squeeze(c.in(1), [0, 1])];
  const kept = g.unsqueeze(g.op('nms', [boxes, scores], { iou_threshold: c.numbers(3)?.[0] ?? 0 }), [1]);
  const none = g.op('zeros_like', [kept]);
  return [g.concat([none, none, kept], 1)];
}

function demandBoxes<V>(c: OnnxCall<V>): void {
  c.rule.rank('boxes', c.type(0), 3, '[images, boxes, 4]');
  c.rule.rank('scores', c.type(1), 3, '[images, classes, boxes]');
  const [images = Dim.one, , boxes = Dim.one] = c.shape(1);
  demandShape(c, 0, [images, boxes, Dim.of(4)]);
}

/** Boxes by their lowest and highest corner: any two opposite ones may be given, or with `center_point_box` the center and the sides. */
function corners<V>(c: OnnxCall<V>): V {
  const { g } = c;
  const [a, b] = [g.slice(c.in(0), 2, 0, 2), g.slice(c.in(0), 2, 2, 4)];
  if (!c.flag('center_point_box')) return g.concat([g.minimum(a, b), g.maximum(a, b)], 2);
  const half = g.scale(b, 0.5);
  return g.concat([g.sub(a, half), g.add(a, half)], 2);
}

export const dataSizes: Readonly<Record<string, Translation>> = {
  Compress: compress,
  NonMaxSuppression: nonMaxSuppression,
  NonZero: nonZero,
  Unique: unique,
};
