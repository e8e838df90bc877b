import { expect, test } from 'vitest';
import { Dim } from '../../src/dims/dim.js';
import { Facts } from '../../src/dims/facts.js';
import { bindInputs, mapBound } from '../../src/ops/bind.js';
import { typeOf } from '../../src/ops/evaluate.js';
import { ops } from '../../src/ops/index.js';
import { RuleFailure } from '../../src/ops/rule.js';
import { SymbolicRule } from '../../src/ops/symbolic-rule.js';
import type { NdArray, TensorType } from '../../src/ops/types.js';
import { type DrawnSample, drawSamples, namedInputs } from '../kit/op-samples.js';

test.each(ops)('$name infers the same shapes with names as with numbers', (op) => {
  for (const sample of drawSamples(op)) {
    for (const size of sizesOf(sample)) {
      const types = inferWith(sample, (n) => (n === size ? Dim.variable('S') : Dim.of(n)));
      if (types === undefined) continue;
      const numbers = new Map([['S', Dim.of(size)]]);
      const shapes = types.map((type) => type.shape.map((dim) => dim.substitute(numbers).constant));
      expect(shapes).toEqual(sample.types.map((type) => type.shape.map((dim) => dim.constant)));
      expect(types.map((type) => type.dtype)).toEqual(sample.types.map((type) => type.dtype));
    }
  }
});

/** The distinct sizes above 1 among the input's axes: 1 is special to broadcasting, and names are at least 1. */
function sizesOf(sample: DrawnSample): readonly number[] {
  const sizes = namedInputs(sample.op, sample.inputs).flatMap(({ array }) => array.shape);
  return [...new Set(sizes)].filter((size) => size > 1);
}

/** The output types with some sizes symbolic, or undefined where the rule refuses: a `size` attribute may pin what is a name here. */
function inferWith(sample: DrawnSample, dim: (size: number) => Dim): readonly TensorType[] | undefined {
  const rule = new SymbolicRule(Facts.none, () => {}, sample.op.name);
  const symbolic = (array: NdArray): TensorType => ({ dtype: typeOf(array).dtype, shape: array.shape.map(dim) });
  try {
    return sample.op.infer(rule, mapBound(bindInputs(sample.op, sample.inputs), symbolic), sample.attrs);
  } catch (failure) {
    if (failure instanceof RuleFailure) return undefined;
    throw failure;
  }
}
