import { onnxSchemas, onnxTypeSets } from './onnx-schema.generated.js';
import type { DType } from './types.js';

export type OnnxAttrType =
  | 'int'
  | 'ints'
  | 'float'
  | 'floats'
  | 'string'
  | 'strings'
  | 'tensor'
  | 'tensors'
  | 'graph'
  | 'graphs'
  | 'sparse_tensor'
  | 'sparse_tensors'
  | 'type_proto'
  | 'type_protos';

/** Name, type variable, and how often: once unless it says otherwise. */
export type OnnxParameter = readonly [name: string, type: string, mode?: 'optional' | 'variadic'];

/** One standard ONNX operator, as far as calls of it can be checked. */
export interface OnnxSchema {
  /** The opset in which it got this form. */
  readonly since: number;
  readonly inputs: readonly OnnxParameter[];
  readonly outputs: readonly OnnxParameter[];
  /** For each type variable, which of `onnxTypeSets` it ranges over. */
  readonly types: Readonly<Record<string, number>>;
  readonly attrs: Readonly<
    Record<
      string,
      { readonly type: OnnxAttrType; readonly required?: boolean; readonly default?: number | string | readonly (number | string)[] }
    >
  >;
}

/** The standard operator of this name; undefined if there is none. */
export function onnxSchema(opType: string): OnnxSchema | undefined {
  return Object.hasOwn(onnxSchemas, opType) ? onnxSchemas[opType] : undefined;
}

/** All names of standard operators. */
export function onnxOperators(): readonly string[] {
  return Object.keys(onnxSchemas);
}

/** The element types of a type variable; empty if it stands for sequences or other things that are no tensors. */
export function dtypesOf(schema: OnnxSchema, variable: string): readonly DType[] {
  return onnxTypeSets[schema.types[variable] ?? -1] ?? [];
}
