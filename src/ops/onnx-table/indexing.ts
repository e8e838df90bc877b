import { Dim } from '../../dims/dim.js';
import type { Translation } from './call.js';
import { axisOf } from './demands.js';
import { typeOfFirst } from './simple.js';

/** Positions that are known must be ones that the axis has. */
const gather: Translation = (c) => {
  c.rule.rank('data', c.type(0), { min: 1 }, '[..., size, ...]');
  const axis = axisOf(c, 0);
  const size = c.shape(0)[axis] ?? Dim.one;
  for (const index of (c.isKnown(1) && c.numbers(1)) || []) {
    c.rule.atLeast(size, index < 0 ? -index : index + 1, () => ({
      message: `there is no position ${index} on axis ${axis}, which has size ${size}`,
      help: `positions go from 0 to ${size.sub(1)}, or from -1 backward`,
    }));
  }
  return [c.g.gather(c.in(0), c.in(1), axis)];
};

/** `values` holds the number elsewhere and the number at the index; indices may count from the end. */
const oneHot: Translation = (c) => {
  const { g } = c;
  c.rule.rank('values', c.type(2), 1, '[2]');
  const [depth = Dim.one] = c.sizes(1) ?? [];
  const ids = g.op('mod', [g.cast(c.in(0), 'i64'), g.size(depth, 'i64')]);
  const hot = g.op('one_hot', [ids], { depth, axis: c.int('axis', -1), dtype: 'bool' });
  const value = (position: number) => g.op('index_at', [c.in(2)], { axis: 0, position });
  return [g.where(hot, value(1), value(0))];
};

export const indexing: Readonly<Record<string, Translation>> = {
  Gather: gather,
  GatherElements: (c) => [c.g.op('gather_elements', [c.in(0), c.in(1)], { axis: c.int('axis', 0) })],
  GatherND: (c) => [c.g.op('gather_nd', [c.in(0), c.in(1)], { batch_dims: c.int('batch_dims', 0) })],
  OneHot: oneHot,
  ReverseSequence: typeOfFirst('archc does not reverse parts of an axis'),
  ScatterElements: (c) => [
    c.g.op('scatter_elements', [c.in(0), c.in(1), c.in(2)], { axis: c.int('axis', 0), reduction: c.string('reduction', 'none') }),
  ],
  ScatterND: (c) => [c.g.op('scatter_nd', [c.in(0), c.in(1), c.in(2)], { reduction: c.string('reduction', 'none') })],
  TensorScatter: typeOfFirst('archc does not write into a cache'),
};
