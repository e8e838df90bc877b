import type { Attr } from '../../src/ops/attrs.js';
import { bindInputs, mapBound } from '../../src/ops/bind.js';
import type { Op } from '../../src/ops/define.js';
import { concreteRule, typeOf } from '../../src/ops/evaluate.js';
import { roundTo } from '../../src/ops/nd/round.js';
import { RuleFailure } from '../../src/ops/rule.js';
import { type DType, dtypes, isFloat, isInt, type NdArray } from '../../src/ops/types.js';
import { type DrawnSample, drawSamples, haveFittingOptions, isList, namedInputs } from './op-samples.js';

/** Every element type that a tensor of a running model can have. */
export const numericDTypes: readonly DType[] = dtypes.filter((dtype) => dtype !== 'string');

/** Every combination of element types that the operator's shape rule accepts, each in one sample: the samples with all tensors of one type, or a single tensor, in another type, and with other types as options. */
export function samplesOfEveryDType(op: Op): readonly DrawnSample[] {
  const found = new Map<string, DrawnSample>();
  for (const sample of drawSamples(op)) {
    const names = namedInputs(op, sample.inputs);
    const sets = [...new Set(names.map(({ array }) => array.dtype))].map((dtype) => names.filter(({ array }) => array.dtype === dtype));
    for (const changed of [[], ...sets, ...names.map((one) => [one])]) {
      for (const dtype of changed.length === 0 ? ['f32' as const] : numericDTypes) {
        const arrays = new Set(changed.map(({ array }) => array));
        for (const attrs of attrsOfEveryDType(op, sample.attrs)) {
          const one = accepted(sample, (array) => (arrays.has(array) ? recast(array, dtype) : array), attrs);
          if (one === undefined) continue;
          const key = [
            sample.index,
            ...namedInputs(op, one.inputs).map(({ name, array }) => `${name}=${array.dtype}`),
            ...Object.values(attrs),
          ].join(' ');
          if (!found.has(key)) found.set(key, { ...one, index: found.size });
        }
      }
    }
  }
  return [...found.values()];
}

/** The options with each element type instead of their own. */
function attrsOfEveryDType(op: Op, attrs: DrawnSample['attrs']): readonly DrawnSample['attrs'][] {
  const names = Object.entries<Attr<unknown>>(op.attrs).flatMap(([name, { kind }]) => (kind === 'dtype' ? [name] : []));
  return names.reduce<readonly DrawnSample['attrs'][]>(
    (all, name) => all.flatMap((one) => [one, ...numericDTypes.map((dtype) => ({ ...one, [name]: dtype }))]),
    [attrs],
  );
}

function accepted(sample: DrawnSample, change: (array: NdArray) => NdArray, attrs: DrawnSample['attrs']): DrawnSample | undefined {
  const { op } = sample;
  const inputs = sample.inputs.map((input) =>
    input === undefined || input === null ? input : isList(input) ? input.map(change) : change(input),
  );
  try {
    const types = op.infer(concreteRule(op.name), mapBound(bindInputs(op, inputs), typeOf), attrs);
    return haveFittingOptions(op, attrs, types) ? { ...sample, inputs, attrs, types } : undefined;
  } catch (failure) {
    if (failure instanceof RuleFailure) return undefined;
    throw failure;
  }
}

/** Similar numbers of another type. Fractions, NaN and infinity become small integers other than 0, since integers are also divisors. */
function recast(array: NdArray, dtype: DType): NdArray {
  const isWhole = !isFloat(array.dtype);
  const small = (value: number) => (Number.isFinite(value) ? Math.sign(value || 1) * (1 + Math.floor(3 * Math.abs(value))) : 1);
  const integer = (value: number) => (isWhole ? value : small(value));
  const data = array.data.map((value) => {
    if (isFloat(dtype)) return value;
    if (!isInt(dtype)) return Math.abs(integer(value)) % 2;
    return dtype.startsWith('u') ? Math.abs(integer(value)) : integer(value);
  });
  return roundTo(dtype, { ...array, dtype, data });
}
