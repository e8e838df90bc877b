import type { Dim } from '../dims/dim.js';
import type { Facts } from '../dims/facts.js';
import type { OnnxAttr } from './onnx-builder.js';
import { dtypesOf, type OnnxSchema, parameterAt } from './onnx-schema.js';
import { TypeOnly, translate } from './onnx-table/index.js';
import type { RequestedSize } from './requested-sizes.js';
import { RuleFailure } from './rule.js';
import { type Residual, SymbolicRule } from './symbolic-rule.js';
import { TypeBuilder } from './type-builder.js';
import type { DType, TensorType } from './types.js';

/** The element type of each type variable of a schema, as far as the inputs decide it. */
export type BoundTypes = ReadonlyMap<string, { readonly dtype: DType }>;

/** A call whose names and element types the schema has accepted. An omitted input is undefined. */
export interface AcceptedCall {
  readonly opType: string;
  readonly schema: OnnxSchema;
  readonly inputs: readonly (TensorType | undefined)[];
  readonly attrs: Readonly<Record<string, OnnxAttr>>;
  readonly bound: BoundTypes;
  /** How many outputs are requested; 1 if not specified. */
  readonly count?: number | undefined;
  /** The elements of those inputs that are known at compile time: numbers, or sizes. */
  readonly elements?: readonly (readonly (number | Dim)[] | undefined)[];
}

export interface InferredTypes {
  /** Undefined if they are not known. */
  readonly outputs: readonly TensorType[] | undefined;
  /** The sizes in them that the data decide, under placeholders. */
  readonly sizes?: readonly RequestedSize[];
  /** In words, why they are not known. */
  readonly why?: string | undefined;
  /** Demands on the sizes of the inputs that are neither proved nor refuted. */
  readonly open: readonly Residual[];
}

/** More outputs than this are not listed. */
const mostOutputs = 2 ** 16;

/** The types of the outputs, by what the operator means in archc's operators. Throws `RuleFailure` for inputs that do not fit. */
export function outputTypes(call: AcceptedCall, facts: Facts): InferredTypes {
  const { opType, schema, attrs, elements = [] } = call;
  const open: Residual[] = [];
  const rule = new ShapeRule(facts, (residual) => open.push(residual), `onnx.${opType}`);
  const count = outputCount(call);
  if (count === undefined)
    return rule.fail('bad-option', { message: `\`onnx.${opType}\` does not say how many outputs it has`, help: 'give `num_outputs = 2`' });
  if (count > mostOutputs)
    return rule.fail('bad-option', { message: `\`onnx.${opType}\` has ${count} outputs here, and archc takes at most ${mostOutputs}` });
  const node = { opType, attrs, outputs: new Array<boolean>(count).fill(true) };
  const inputs = call.inputs.map((value, i) => (value === undefined ? undefined : { value, elements: elements[i] }));
  try {
    const translated = translate(new TypeBuilder(rule), rule, node, inputs);
    if ('unknown' in translated) return { outputs: undefined, why: translated.unknown, open };
    if (translated.outputs.length < count) return { outputs: undefined, open };
    const types = translated.outputs.slice(0, count).map((output) => (output instanceof TypeOnly ? output.type : output));
    const outputs = types.map((type, i) => ({ ...type, dtype: dtypeOf(schema, i, call.bound) ?? type.dtype }));
    return { outputs, sizes: rule.newSizes, open };
  } catch (failure) {
    if (!(failure instanceof RuleFailure) || failure.code !== 'dtype-mismatch') throw failure;
    // ONNX takes the element type, but archc's operator does not.
    return { outputs: undefined, why: failure.demand.message, open: [] };
  }
}

/**
 * How many outputs a call has: as many as it is unpacked into, and at least those that are always present. `undefined` if an operator with
 * a variable number does not specify how many.
 */
function outputCount({ schema, inputs, attrs, elements = [], count = 1 }: AcceptedCall): number | undefined {
  if (schema.outputs.at(-1)?.[2] === 'variadic') {
    const said = attrs.num_outputs;
    const parts = said !== undefined && 'int' in said ? said.int : (elements[1]?.length ?? inputs[1]?.shape[0]?.constant ?? 0);
    return parts > 0 ? parts : undefined;
  }
  const always = schema.outputs.filter(([, , mode]) => mode === undefined).length;
  return Math.max(always, 1, Math.min(count, schema.outputs.length));
}

/** The element type of an output, if the schema alone decides it. */
function dtypeOf(schema: OnnxSchema, i: number, bound: BoundTypes): DType | undefined {
  const [, variable = ''] = parameterAt(schema.outputs, i) ?? [];
  const allowed = dtypesOf(schema, variable);
  return bound.get(variable)?.dtype ?? (allowed.length === 1 ? allowed[0] : undefined);
}

/**
 * Decides the demands on shapes only. The schema has decided about element types, since ONNX's operators take more of them than archc's; and an ONNX
 * node is written as it is, so no size has to be a number for it.
 */
class ShapeRule extends SymbolicRule {
  override dtype(): void {}
  override sameDtype(): void {}
  override constant(): void {}
}
