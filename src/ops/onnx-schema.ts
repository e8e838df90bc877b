import { contribSchemas } from './contrib-schema.generated.js';
import { onnxSchemas, onnxTypeSets } from './onnx-schema.generated.js';
import { type DType, isPacked } from './types.js';

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

/** One ONNX operator, as far as calls of it can be checked. */
export interface OnnxSchema {
  /** The opset in which it got this form; for another domain, that domain's version. */
  readonly since: number;
  readonly inputs: readonly OnnxParameter[];
  readonly outputs: readonly OnnxParameter[];
  /** The element types that each type variable ranges over, or which of `onnxTypeSets` has them. */
  readonly types: Readonly<Record<string, number | readonly DType[]>>;
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

/** The name of an operator and its domain, which is empty for the standard operators. */
export interface Operator {
  readonly domain: string;
  readonly opType: string;
}

/** The version of every other domain that archc writes: ONNX Runtime has no later one. */
export const contribVersion = 1;

/** The schema of an operator of any domain; undefined if it is unknown. Some of ONNX Runtime's own operators are in the standard domain. */
export function schemaOf({ domain, opType }: Operator, opset: number): OnnxSchema | undefined {
  const contrib = Object.hasOwn(contribSchemas, domain) ? contribSchemas[domain] : undefined;
  if (contrib !== undefined && Object.hasOwn(contrib, opType)) return contrib[opType];
  return domain === '' ? onnxSchema(opType, opset) : undefined;
}

/** The name of an operator in one word: `Attention`, `com.microsoft.Attention`. */
export function operatorName({ domain, opType }: Operator): string {
  return domain === '' ? opType : `${domain}.${opType}`;
}

/** The inverse of `operatorName`. */
export function operatorNamed(name: string): Operator {
  const end = name.lastIndexOf('.');
  return { domain: name.slice(0, Math.max(end, 0)), opType: name.slice(end + 1) };
}

/** The first opset after `opset` in which the type variable of an operator ranges over `dtype`, if any. */
export function opsetWithDType(opType: string, variable: string, dtype: DType, opset: number): number | undefined {
  const later = (onnxSchemas[opType] ?? []).map(({ since }) => since).filter((since) => since > opset);
  return later.find((since) => {
    const schema = onnxSchema(opType, since);
    return schema !== undefined && rangesOver(schema, variable, dtype);
  });
}

/** All names of standard operators. */
export function onnxOperators(): readonly string[] {
  return Object.keys(onnxSchemas);
}

/** The element types of the language that a type variable ranges over; none if it represents sequences or other things that are not tensors. */
export function dtypesOf(schema: OnnxSchema, variable: string): readonly DType[] {
  return typeSet(schema, variable).filter((dtype) => !isPacked(dtype));
}

/** Whether a type variable ranges over an element type, of the language or of stored tensors alone. */
export function rangesOver(schema: OnnxSchema, variable: string, dtype: DType): boolean {
  return typeSet(schema, variable).includes(dtype);
}

function typeSet(schema: OnnxSchema, variable: string): readonly DType[] {
  const types = schema.types[variable] ?? [];
  return typeof types === 'number' ? (onnxTypeSets[types] ?? []) : types;
}

/** The parameter at a position of a call: a variadic one takes all that remain. */
export function parameterAt(parameters: readonly OnnxParameter[], place: number): OnnxParameter | undefined {
  const last = parameters.at(-1);
  return parameters[place] ?? (last?.[2] === 'variadic' ? last : undefined);
}
