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

/** Name, type variable, and how often: once unless specified otherwise. */
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
  /** It must not be used from this opset on. */
  readonly deprecated?: boolean;
}

/** The first form of an operator, and what later opsets change in it. */
export type OnnxSchemaVersions = readonly [OnnxSchema, ...(Pick<OnnxSchema, 'since'> & Partial<OnnxSchema>)[]];

/** The form of the standard operator with this name in an opset, or its first one if it was introduced later; undefined if there is none. */
export function onnxSchema(opType: string, opset: number): OnnxSchema | undefined {
  const versions = Object.hasOwn(onnxSchemas, opType) ? onnxSchemas[opType] : undefined;
  if (versions === undefined) return undefined;
  const [first, ...changes] = versions;
  return Object.assign({}, first, ...changes.filter(({ since }) => since <= opset));
}

/** The first opset after `opset` in which the type variable of an operator ranges over `dtype`, if any. */
export function opsetWithDType(opType: string, variable: string, dtype: DType, opset: number): number | undefined {
  const later = (onnxSchemas[opType] ?? []).map(({ since }) => since).filter((since) => since > opset);
  return later.find((since) => {
    const schema = onnxSchema(opType, since);
    return schema !== undefined && dtypesOf(schema, variable).includes(dtype);
  });
}

/** All names of standard operators. */
export function onnxOperators(): readonly string[] {
  return Object.keys(onnxSchemas);
}

/** The element types of a type variable; empty if it represents sequences or other things that are not tensors. */
export function dtypesOf(schema: OnnxSchema, variable: string): readonly DType[] {
  return onnxTypeSets[schema.types[variable] ?? -1] ?? [];
}

/** The parameter at a position of a call: a variadic one takes all that remain. */
export function parameterAt(parameters: readonly OnnxParameter[], place: number): OnnxParameter | undefined {
  const last = parameters.at(-1);
  return parameters[place] ?? (last?.[2] === 'variadic' ? last : undefined);
}
