import type { OnnxAttr } from './onnx-builder.js';
import { type OnnxParameter, type OnnxSchema, operatorName, parameterAt, rangesOver, schemaOf } from './onnx-schema.js';
import type { DType, TensorType } from './types.js';

/** A node of an ONNX graph, as far as its schema covers it. An omitted input or output is null. */
export interface TypedNode {
  readonly opType: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  readonly inputs: readonly (TensorType | null)[];
  readonly outputs: readonly (TensorType | null)[];
  readonly attrs: Readonly<Record<string, OnnxAttr>>;
}

/** The objections of the operator's schema in this opset to a node; empty if the node conforms, or if it is an unknown operator of another domain. */
export function nonconformities(node: TypedNode, opset: number): readonly string[] {
  const schema = schemaOf(node, opset);
  if (schema === undefined && node.domain !== '') return [];
  if (schema === undefined || schema.deprecated === true || schema.since > opset) return [`opset ${opset} has no operator ${node.opType}`];
  return [
    ...presence('input', schema.inputs, node.inputs),
    ...presence('output', schema.outputs, node.outputs),
    ...elementTypes(schema, node),
    ...attributes(schema, node),
  ].map((problem) => `${operatorName(node)} at opset ${opset}: ${problem}`);
}

function presence(kind: string, parameters: readonly OnnxParameter[], given: readonly (TensorType | null)[]): readonly string[] {
  const problems = given.flatMap((value, i) => {
    const parameter = parameterAt(parameters, i);
    if (parameter === undefined) return [`it has no ${kind} ${i + 1}`];
    return value === null && parameter[2] !== 'optional' ? [`the ${kind} ${parameter[0]} is left out`] : [];
  });
  const missing = parameters.slice(given.length).filter(([, , mode], i) => mode === undefined || (mode === 'variadic' && i === 0));
  return [...problems, ...missing.map(([name]) => `the ${kind} ${name} is left out`)];
}

/** Each type variable represents one element type, from those it ranges over. */
function elementTypes(schema: OnnxSchema, { inputs, outputs }: TypedNode): readonly string[] {
  const bound = new Map<string, DType>();
  const check = (parameters: readonly OnnxParameter[]) => (value: TensorType | null, i: number) => {
    const parameter = parameterAt(parameters, i);
    if (parameter === undefined || value === null) return [];
    const [name, variable] = parameter;
    const other = bound.get(variable) ?? value.dtype;
    bound.set(variable, other);
    if (other !== value.dtype) return [`${name} is ${value.dtype}, but ${variable} is ${other}`];
    return rangesOver(schema, variable, value.dtype) ? [] : [`${name} is ${value.dtype}, which ${variable} does not range over`];
  };
  return [...inputs.flatMap(check(schema.inputs)), ...outputs.flatMap(check(schema.outputs))];
}

function attributes(schema: OnnxSchema, { attrs }: TypedNode): readonly string[] {
  const problems = Object.entries(attrs).flatMap(([name, attr]) => {
    const known = Object.hasOwn(schema.attrs, name) ? schema.attrs[name] : undefined;
    if (known === undefined) return [`it has no attribute ${name}`];
    return known.type in attr ? [] : [`the attribute ${name} is not of the kind ${known.type}`];
  });
  const missing = Object.entries(schema.attrs).filter(([name, { required }]) => required === true && !Object.hasOwn(attrs, name));
  return [...problems, ...missing.map(([name]) => `the attribute ${name} is missing`)];
}
