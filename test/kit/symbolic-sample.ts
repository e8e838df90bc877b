import { Dim } from '../../src/dims/dim.js';
import { Facts } from '../../src/dims/facts.js';
import { bindInputs, mapBound } from '../../src/ops/bind.js';
import { RuleFailure } from '../../src/ops/rule.js';
import { type Residual, SymbolicRule } from '../../src/ops/symbolic-rule.js';
import type { NdArray, TensorType } from '../../src/ops/types.js';
import { type DrawnSample, namedInputs } from './op-samples.js';

/** Writes some sizes as names: 3 as `S3`. */
export function named(sizes: readonly number[]): (size: number) => Dim {
  return (size) => (sizes.includes(size) ? Dim.variable(`S${size}`) : Dim.of(size));
}

/** The values of all names that `named` can give to these sizes. */
export function valuesOf(sizes: readonly number[]): ReadonlyMap<string, Dim> {
  return new Map(sizes.map((size) => [`S${size}`, Dim.of(size)]));
}

/** The distinct sizes above 1 of the inputs: 1 is special to broadcasting, and names are at least 1. */
export function sizesOf(sample: DrawnSample): readonly number[] {
  const sizes = namedInputs(sample.op, sample.inputs).flatMap(({ array }) => array.shape);
  return [...new Set(sizes)].filter((size) => size > 1);
}

/** The output types with some sizes as names, or undefined where the rule refuses, as for an option that requires a certain size. */
export function inferNamed(
  sample: DrawnSample,
  sizes: readonly number[],
  onResidual: (residual: Residual) => void = () => {},
): readonly TensorType[] | undefined {
  const rule = new SymbolicRule(Facts.none, onResidual, sample.op.name);
  const dim = named(sizes);
  const symbolic = ({ dtype, shape }: NdArray): TensorType => ({ dtype, shape: shape.map(dim) });
  try {
    return sample.op.infer(rule, mapBound(bindInputs(sample.op, sample.inputs), symbolic), sample.attrs);
  } catch (failure) {
    if (failure instanceof RuleFailure) return undefined;
    throw failure;
  }
}
