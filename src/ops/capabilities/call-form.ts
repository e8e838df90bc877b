import type { OnnxAttr } from '../onnx-builder.js';
import type { TypedNode } from '../onnx-conformance.js';
import { dtypesOf, type OnnxSchema, type Operator, parameterAt, schemaOf } from '../onnx-schema.js';
import { opsets } from '../opsets.js';
import type { DType, TensorType } from '../types.js';

/**
 * What decides whether a runtime has a kernel for a node: the element types that its operator leaves open, in the order of its type variables, and then what is special
 * about it: `rank=3`, `reduction=add`, `+axes` for an optional input, `->Indices` for an optional output.
 */
export type CallForm = readonly string[];

/** Attributes that are data for the kernel, and do not choose one. */
const numbers: ReadonlySet<string> = new Set([
  'axis',
  'batch_axis',
  'blocksize',
  'dtype',
  'end',
  'equation',
  'group',
  'hidden_size',
  'k',
  'kv_num_heads',
  'num_outputs',
  'q_num_heads',
  'start',
  'time_axis',
  'to',
]);

/** Operators whose kernels differ by the number of their axes: windows slide over one, two or three. */
const ranked = /^(?:Conv|ConvTranspose|MaxPool|AveragePool|GlobalMaxPool|GlobalAveragePool|Resize)$/;

/** Control flow: its kernel does not depend on what is in its bodies. */
const control: ReadonlySet<string> = new Set(['If', 'Loop', 'Scan']);

/** The form of a node; undefined for one of an operator of which nothing is known, or one that the opset does not have. */
export function callForm(node: TypedNode, opset: number): CallForm | undefined {
  const schema = schemaOf(node, opset);
  if (schema === undefined || schema.since > opset) return undefined;
  if (control.has(node.opType)) return [];
  return [...openTypes(node), ...given(schema, node), ...options(schema, node.attrs), ...shapes(node)];
}

/** The type variables of an operator that range over more than one element type, in some opset. */
export function openVariables(operator: Operator): readonly string[] {
  const schema = schemaOf(operator, opsets.max);
  return schema === undefined ? [] : Object.keys(schema.types).filter((variable) => dtypesOf(schema, variable).length > 1);
}

function openTypes({ inputs, outputs, ...operator }: TypedNode): readonly DType[] {
  const schema = schemaOf(operator, opsets.max);
  const found = new Map<string, DType>();
  const note = (parameters: OnnxSchema['inputs']) => (value: TensorType | null, i: number) => {
    const variable = parameterAt(parameters, i)?.[1];
    if (value !== null && variable !== undefined) found.set(variable, value.dtype);
  };
  inputs.forEach(note(schema?.inputs ?? []));
  outputs.forEach(note(schema?.outputs ?? []));
  return openVariables(operator).flatMap((variable) => found.get(variable) ?? []);
}

/** Which optional inputs and outputs a node has. */
function given(schema: OnnxSchema, { inputs, outputs }: TypedNode): readonly string[] {
  const names = (parameters: OnnxSchema['inputs'], values: readonly (TensorType | null)[]) =>
    parameters.flatMap(([name, , mode], i) => (mode === 'optional' && values[i] != null ? [name] : []));
  return [...names(schema.inputs, inputs).map((name) => `+${name}`), ...names(schema.outputs, outputs).map((name) => `->${name}`)];
}

/** The attributes that choose a kernel, if they are not what the operator has without them. */
function options(schema: OnnxSchema, attrs: Readonly<Record<string, OnnxAttr>>): readonly string[] {
  return Object.keys(attrs)
    .sort()
    .flatMap((name) => {
      const attr = attrs[name];
      if (attr === undefined || numbers.has(name)) return [];
      const value = 'int' in attr ? attr.int : 'string' in attr ? attr.string : undefined;
      return value === undefined || value === schema.attrs[name]?.default ? [] : [`${name}=${value}`];
    });
}

/** What is special about the shapes. */
function shapes({ opType, inputs, outputs, attrs }: TypedNode): readonly string[] {
  const [x, second] = inputs;
  const found: string[] = [];
  if (ranked.test(opType) && x) found.push(`rank=${x.shape.length}`);
  const group = attrs.group !== undefined && 'int' in attrs.group ? attrs.group.int : 1;
  if (group > 1) {
    const channels = x?.shape[1]?.constant;
    const isSingle = opType === 'ConvTranspose' && second?.shape[1]?.constant === 1 && channels !== group;
    found.push(isSingle ? 'groups-to-one-channel' : 'groups');
  }
  // A device has a limit for what one shader writes to.
  if (opType === 'Split' && outputs.length > 7) found.push('many-outputs');
  if (opType === 'Pow' && x && second && isStretched(x, second)) found.push('stretched');
  return found;
}

/** Whether one of two operands is repeated along the last axis, and is no single number. */
function isStretched(a: TensorType, b: TensorType): boolean {
  const last = ({ shape }: TensorType) => shape.at(-1)?.constant;
  const isSingle = ({ shape }: TensorType) => shape.every((size) => size.constant === 1);
  return (last(a) === 1 && last(b) !== 1 && !isSingle(a)) || (last(b) === 1 && last(a) !== 1 && !isSingle(b));
}
