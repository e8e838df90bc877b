import { InternalError } from '../../diagnostics/internal-error.js';
import { dtypesOf, onnxSchema, parameterAt, rangesOver } from '../../ops/onnx-schema.js';
import type { DType, TensorType } from '../../ops/types.js';

/** Element types that hold every value of another, the cheapest first: a node uses one of them if it cannot compute in its own. */
const wider: Readonly<Partial<Record<DType, readonly DType[]>>> = {
  bf16: ['f32', 'f64'],
  f16: ['f32', 'f64'],
  f32: ['f64'],
  i8: ['i32', 'i64'],
  u8: ['i32', 'i64'],
  i16: ['i32', 'i64'],
  u16: ['i32', 'i64'],
  i32: ['i64'],
  u32: ['i64'],
};

/** The element types in which a node must be written, by the positions of its inputs and outputs; undefined if its own are right. */
export interface FittingTypes {
  readonly input: (place: number) => DType | undefined;
  readonly output: (place: number) => DType | undefined;
}

/**
 * Whether a standard operator of an opset accepts the element types of a node: convolutions have no bf16 before opset 22, matrix products
 * no i8 in any. If it does not, the wider types that it accepts; undefined if nothing needs to change.
 */
export function fittingTypes(
  opType: string,
  inputs: readonly (TensorType | null | undefined)[],
  outputs: readonly (TensorType | null)[],
  opset: number,
): FittingTypes | undefined {
  const schema = onnxSchema(opType, opset);
  if (schema === undefined) return undefined;
  const changed = new Map<string, DType>();
  const visit = (parameters: typeof schema.inputs, types: readonly (TensorType | null | undefined)[]) => {
    for (const [i, type] of types.entries()) {
      const [, variable] = parameterAt(parameters, i) ?? [];
      if (variable === undefined || type === null || type === undefined) continue;
      const allowed = dtypesOf(schema, variable);
      if (rangesOver(schema, variable, type.dtype) || changed.has(variable)) continue;
      const wide = wider[type.dtype]?.find((dtype) => allowed.includes(dtype));
      if (wide === undefined) throw new InternalError(`${opType} at opset ${opset} cannot be written for ${type.dtype}`);
      changed.set(variable, wide);
    }
  };
  visit(schema.inputs, inputs);
  visit(schema.outputs, outputs);
  if (changed.size === 0) return undefined;
  const at = (parameters: typeof schema.inputs) => (place: number) => changed.get(parameterAt(parameters, place)?.[1] ?? '');
  return { input: at(schema.inputs), output: at(schema.outputs) };
}
