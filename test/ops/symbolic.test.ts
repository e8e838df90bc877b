import { expect, test } from 'vitest';
import { everyOp } from '../kit/every-op.js';
import { type DrawnSample, drawSamples } from '../kit/op-samples.js';
import { inferNamed, sizesOf, valuesOf } from '../kit/symbolic-sample.js';

test.each(everyOp)('$name infers the same shapes with names as with numbers', (op) => {
  for (const sample of drawSamples(op)) {
    const sizes = sizesOf(sample);
    for (const some of [sizes, ...sizes.map((size) => [size])]) expectSameTypes(sample, some);
  }
});

test.each(everyOp.filter((op) => hasSizes(drawSamples(op))))('$name takes names for at least one size', (op) => {
  const taken = drawSamples(op).some((sample) => sizesOf(sample).some((size) => inferNamed(sample, [size]) !== undefined));
  expect(taken).toBe(true);
});

/** Where names are possible at all, they must lead to the same types. */
function expectSameTypes(sample: DrawnSample, sizes: readonly number[]): void {
  const types = inferNamed(sample, sizes);
  if (types === undefined) return;
  const numbers = valuesOf(sizes);
  const found = types.map(({ dtype, shape }) => ({ dtype, shape: shape.map((dim) => dim.substitute(numbers).constant) }));
  expect(found).toEqual(sample.types.map(({ dtype, shape }) => ({ dtype, shape: shape.map((dim) => dim.constant) })));
}

function hasSizes(samples: readonly DrawnSample[]): boolean {
  return samples.some((sample) => sizesOf(sample).length > 0);
}
