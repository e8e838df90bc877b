import type { OnnxAttr } from '../onnx-builder.js';
import type { TypedNode } from '../onnx-conformance.js';
import { dtypesOf, type OnnxSchema, type Operator, parameterAt, schemaOf } from '../onnx-schema.js';
import { opsets } from '../opsets.js';
import { type DType, isPacked, type TensorType } from '../types.js';

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
  'gather_axis',
  'group',
  'groups',
  'hidden_size',
  'K',
  'k',
  'kv_num_heads',
  'N',
  'num_heads',
  'num_outputs',
  'q_num_heads',
  'quantize_axis',
  'rotary_embedding_dim',
  'start',
  'time_axis',
  'to',
]);

/** Operators whose kernels differ by the number of their axes: windows slide over one, two or three. */
const ranked = /^(?:Conv|FusedConv|RotaryEmbedding|ConvTranspose|MaxPool|AveragePool|GlobalMaxPool|GlobalAveragePool|Resize)$/;

/** More outputs than this exceed the storage buffers that a shader may write to wherever there is WebGPU. */
export const fewOutputs = 7;

/** Control flow, whose kernels do not depend on what is in the bodies. */
const control: ReadonlySet<string> = new Set(['If', 'Loop', 'Scan']);

/** The form of a node; undefined if nothing is known about its operator, or if the opset does not have it. */
export function callForm(node: TypedNode, opset: number): CallForm | undefined {
  const schema = schemaOf(node, opset);
  if (schema === undefined || schema.since > opset) return undefined;
  if (control.has(node.opType)) return [];
  return [...openTypes(node), ...given(schema, node), ...options(schema, node.attrs), ...shapes(schema, node)];
}

/** The type variables of an operator that range over more than one element type, in some opset. */
export function openVariables(operator: Operator): readonly string[] {
  const schema = schemaOf(operator, opsets.max);
  return schema === undefined ? [] : Object.keys(schema.types).filter((variable) => dtypesOf(schema, variable).length > 1);
}

/** The element types in a form, by the type variables of the operator. */
export function typesOfForm(operator: Operator, form: CallForm): ReadonlyMap<string, DType> {
  const schema = schemaOf(operator, opsets.max);
  const used = new Set<string>();
  const use = (parameters: OnnxSchema['inputs'], sign: string): void => {
    for (const [name, variable, mode] of parameters) if (mode !== 'optional' || form.includes(sign + name)) used.add(variable);
  };
  use(schema?.inputs ?? [], '+');
  use(schema?.outputs ?? [], '->');
  const variables = control.has(operator.opType) ? [] : openVariables(operator).filter((variable) => used.has(variable));
  return new Map(variables.flatMap((variable, i) => (form[i] === undefined ? [] : [[variable, form[i] as DType]])));
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
function shapes(schema: OnnxSchema, { opType, domain, inputs, outputs, attrs }: TypedNode): readonly string[] {
  const [x, second] = inputs;
  const found: string[] = [];
  if (ranked.test(opType) && x) found.push(`rank=${x.shape.length}`);
  // With three axes, the heads are side by side.
  if (opType === 'Attention' && domain === '' && x?.shape.length === 3) found.push('rank=3');
  for (const input of inputs) if (input && isPacked(input.dtype)) found.push(`packed=${input.dtype}`);
  const group = attrs.group !== undefined && 'int' in attrs.group ? attrs.group.int : 1;
  if (group > 1) {
    const channels = x?.shape[1]?.constant;
    const isSingle = opType === 'ConvTranspose' && second?.shape[1]?.constant === 1 && channels !== group;
    found.push(isSingle ? 'groups-to-one-channel' : 'groups');
  }
  if (opType === 'Conv' && group === 1 && x && second && isInThirds(x, second)) found.push('thirds');
  if (opType === 'And' && x && second && !isSameShape(x, second)) found.push('repeated');
  if (opType === 'Split' && outputs.length > fewOutputs) found.push('many-outputs');
  if (opType === 'Pow' && x && second && isStretched(x, second)) found.push('stretched');
  if (opType === 'InstanceNormalization' && isOwn(schema, attrs, 'epsilon')) found.push('own-epsilon');
  if (opType.startsWith('Skip') && x && second && isRepeated(second, x)) found.push('repeated-skip');
  if (isOwn(schema, attrs, 'do_rotary') && isUneven(x, attrs.num_heads)) found.push('uneven-heads');
  const bias = inputs[schema.inputs.findIndex(([name]) => name === 'attention_bias')];
  if (bias && bias.shape[0]?.constant === 1 && x?.shape[0]?.constant !== 1) found.push('batch-shares-bias');
  if (bias && bias.shape[1]?.constant === 1 && isOwn(schema, attrs, 'num_heads', 1)) found.push('heads-share-bias');
  return found;
}

/** Whether an attribute is a number other than its default. */
function isOwn({ attrs: known }: OnnxSchema, attrs: TypedNode['attrs'], name: string, usual = known[name]?.default): boolean {
  const attr = attrs[name];
  const value = attr === undefined ? usual : 'int' in attr ? attr.int : 'float' in attr ? attr.float : undefined;
  return value !== usual;
}

/** Whether the width of a head is not a multiple of 16. */
function isUneven(x: TensorType | null | undefined, heads: OnnxAttr | undefined): boolean {
  const width = x?.shape[2]?.constant;
  return width !== undefined && heads !== undefined && 'int' in heads && (width / heads.int) % 16 !== 0;
}

/** Whether a tensor is broadcast along its first axes to the shape of another one. */
function isRepeated(small: TensorType, large: TensorType): boolean {
  return small.shape.length < large.shape.length || (small.shape[0]?.constant === 1 && large.shape[0]?.constant !== 1);
}

function isSameShape(a: TensorType, b: TensorType): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => b.shape[axis]?.equals(size));
}

/** Whether a convolution has more than 3 input channels, their number divisible by 3 but not by 4, a number of output channels divisible by 4, and a filter of more than one tap. */
function isInThirds({ shape }: TensorType, filter: TensorType): boolean {
  const [channels = 0, outputs = 0] = [shape[1]?.constant, filter.shape[0]?.constant];
  const taps = filter.shape.slice(2).every((size) => size.constant === 1) ? 1 : 2;
  return channels > 3 && channels % 3 === 0 && channels % 4 !== 0 && outputs % 4 === 0 && outputs > 0 && taps > 1;
}

/** Whether one of two operands is broadcast along the last axis, and is not a single number. */
function isStretched(a: TensorType, b: TensorType): boolean {
  const last = ({ shape }: TensorType) => shape.at(-1)?.constant;
  const isSingle = ({ shape }: TensorType) => shape.every((size) => size.constant === 1);
  return (last(a) === 1 && last(b) !== 1 && !isSingle(a)) || (last(b) === 1 && last(a) !== 1 && !isSingle(b));
}
