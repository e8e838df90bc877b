import type { Signature as PlainSignature, TensorSignature } from '../../api/signature.js';
import type { Span } from '../../diagnostics/span.js';
import { Dim } from '../../dims/dim.js';
import { parseFact, parseSize } from '../../dims/parse.js';
import { type DType, dtypes } from '../../ops/types.js';
import { parseRange } from './integer-range.js';
import { type DeclaredInput, positiveSizes, type Signature, sizeNames } from './signature.js';

type PlainParts = Pick<PlainSignature, 'inputs' | 'outputs' | 'states' | 'facts' | 'open'>;

/** The signature that plain data describe, such as that in a manifest of a training. Messages about its inputs point to `span`. */
export function signatureOfPlain({ inputs, outputs, states, facts, open }: PlainParts, span: Span): Signature {
  const declared = inputs.map((input): DeclaredInput => {
    return {
      name: input.name,
      type: input.dtype,
      dtype: dtypeOf(input),
      shape: input.shape.map((size, axis) => sizeOf(input, size, axis)),
      span,
      range: input.range && parseRange(input.range),
    };
  });
  const types = new Map<string, DType>();
  for (const output of outputs) {
    const dtype = dtypeOf(output);
    if (dtype !== undefined) types.set(output.name, dtype);
  }
  const stated = facts.flatMap((text) => parseFact(text) ?? []);
  return {
    inputs: declared,
    outputs: types,
    states,
    demands: { facts: [...positiveSizes(sizeNames(declared), stated), ...stated], open: open.flatMap((text) => parseFact(text) ?? []) },
  };
}

function dtypeOf({ dtype }: TensorSignature): DType | undefined {
  return dtypes.find((known) => known === dtype);
}

/** A text that is not a formula is a name of its own. */
function sizeOf({ name }: TensorSignature, size: number | string, axis: number): Dim {
  return typeof size === 'number' ? Dim.of(size) : (parseSize(size) ?? Dim.variable(`${name}.${axis}`, 0));
}
