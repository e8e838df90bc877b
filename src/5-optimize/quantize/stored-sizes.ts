import type { Parameter } from '../../3-graph/parameter.js';
import type { OnnxGraph } from '../lowering/onnx-graph.js';
import { elementsOf, storedBytes } from '../stored-weights.js';
import { formText } from './form.js';

/** The sizes of all weights that are stored in one form. */
export interface StoredSize {
  /** `int4/32`, or the element type of weights that are stored as they are. */
  readonly form: string;
  readonly numbers: number;
  /** The bytes of the weights in the model, and the bytes that are stored for them. */
  readonly before: number;
  readonly after: number;
}

/** The stored tensors of all entries, without duplicates. */
export function storedParameters(entries: Iterable<{ readonly onnx: Pick<OnnxGraph, 'parameters'> }>): readonly Parameter[] {
  const all = new Map<string, Parameter>();
  for (const { onnx } of entries) for (const { parameter } of onnx.parameters) all.set(parameter.name, parameter);
  return [...all.values()];
}

/** The weights of a model by the forms in which they are stored, the largest first. */
export function storedSizes(parameters: Iterable<Parameter>): readonly StoredSize[] {
  const sizes = new Map<string, { numbers: number; before: number; after: number }>();
  const counted = new Set<string>();
  for (const parameter of parameters) {
    const form = formOf(parameter);
    const size = sizes.get(form) ?? { numbers: 0, before: 0, after: 0 };
    sizes.set(form, size);
    size.after += storedBytes(parameter.type);
    for (const weight of parameter.derived?.from ?? [parameter]) {
      if (counted.has(weight.name)) continue;
      counted.add(weight.name);
      size.numbers += elementsOf(weight.type);
      size.before += storedBytes(weight.type);
    }
  }
  return [...sizes].map(([form, size]) => ({ form, ...size })).sort((a, b) => b.before - a.before);
}

/** The form in which a tensor is stored. */
function formOf({ type, derived }: Parameter): string {
  const { source } = derived?.value ?? {};
  if (source?.kind !== 'node' || source.node.kind !== 'op' || source.node.op.storage !== 'packs') return type.dtype;
  const { op, attrs } = source.node;
  if (op.name === 'narrow') return type.dtype;
  if (op.name === 'quantize_columns') return 'int8-dynamic';
  return formText({ form: attrs.bits === 4 ? 'int4' : 'int8', block: attrs.block as number });
}
