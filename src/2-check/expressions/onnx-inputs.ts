import type { Span } from '../../diagnostics/span.js';
import { Dim } from '../../dims/dim.js';
import { holds } from '../../ops/dtype-range.js';
import { type LiteralKind, literalType } from '../../ops/onnx-call.js';
import type { DType } from '../../ops/types.js';
import type { Context } from '../context.js';
import { promote } from '../values/scalars.js';
import type { AbsentValue, CheckValue, Local, TensorValue } from '../values/values.js';

/** What a call of an ONNX operator gives for an input. */
export type GivenInput = TensorValue | AbsentValue | LiteralInput;

/** Numbers, sizes or booleans that are written as an input: `2`, `[N, 4]`, `0.5`. */
export interface LiteralInput {
  readonly kind: 'literal';
  readonly of: LiteralKind;
  readonly items: readonly CheckValue[];
  readonly isList: boolean;
  readonly span: Span;
}

/** The inputs of a call as tensors, and the elements of those that are written as numbers. */
export interface InputTensors {
  readonly inputs: readonly (Local | undefined)[];
  readonly elements: readonly (readonly (number | Dim)[] | undefined)[];
}

/** The value as an input, if it consists of numbers or booleans. */
export function literalIn(value: CheckValue, span: Span): LiteralInput | undefined {
  const isList = value.kind === 'list' || value.kind === 'tuple';
  const items = isList ? value.items : [value];
  const kinds = new Set(items.map((item) => item.kind));
  const literal = { kind: 'literal', items, isList, span } as const;
  if (kinds.size === 1 && kinds.has('bool')) return { ...literal, of: 'bool' };
  for (const kind of kinds) if (kind !== 'int' && kind !== 'float') return undefined;
  return { ...literal, of: kinds.has('float') ? 'float' : 'int' };
}

/**
 * The inputs as tensors. A number becomes a scalar and a list a vector, of the element type that the operator requires there. Undefined if one
 * does not fit, which is reported.
 */
export function tensorsOf(cx: Context, opType: string, given: readonly GivenInput[]): InputTensors | undefined {
  const types = given.map((input) => (input.kind === 'tensor' ? input.local.type : undefined));
  const inputs: (Local | undefined)[] = [];
  for (const [i, input] of given.entries()) {
    if (input.kind !== 'literal') {
      inputs.push(input.kind === 'tensor' ? input.local : undefined);
      continue;
    }
    const tensor = literalTensor(cx, input, literalType(opType, cx.session.opset, types, i, input.of));
    if (tensor === undefined) return undefined;
    inputs.push(tensor);
  }
  return { inputs, elements: given.map((input) => (input.kind === 'literal' ? elementsOf(input) : undefined)) };
}

/** Undefined while a hyperparameter among them has no value. */
function elementsOf({ items }: LiteralInput): readonly (number | Dim)[] | undefined {
  const elements = items.map((item) => {
    if (item.kind === 'int') return item.dim;
    if (item.kind === 'bool') return item.value === undefined ? undefined : Number(item.value);
    return item.kind === 'float' ? item.value : undefined;
  });
  return elements.every((element) => element !== undefined) ? elements : undefined;
}

/** Whether what is written as inputs consists of numbers, without hyperparameters or sizes that have none yet. */
export function areNumbers(given: readonly GivenInput[]): boolean {
  return given.every(
    (input) => input.kind !== 'literal' || elementsOf(input)?.every((e) => typeof e === 'number' || e.constant !== undefined),
  );
}

function literalTensor(cx: Context, literal: LiteralInput, dtype: DType): Local | undefined {
  const numbers = literal.isList ? elementsOf(literal)?.map((element) => (element instanceof Dim ? element.constant : element)) : undefined;
  if (numbers?.every((number) => number !== undefined && holds(dtype, number)) === true) {
    const local = cx.local({ dtype, shape: [Dim.of(numbers.length)] }, literal.span);
    const data = Float64Array.from(numbers, Number);
    cx.steps.push({ kind: 'constant', array: { dtype, shape: [data.length], data }, output: local });
    return local;
  }
  const scalars: TensorValue[] = [];
  for (const item of literal.items) {
    const scalar = promote(cx, item, dtype, literal.span);
    if (scalar === undefined || scalar.kind === 'unknown') return undefined;
    scalars.push(scalar);
  }
  if (!literal.isList) return scalars[0]?.local;
  const stacked = cx.interpreter.callOp(cx, 'stack', [scalars], {}, literal.span);
  return stacked.kind === 'tensor' ? stacked.local : undefined;
}
