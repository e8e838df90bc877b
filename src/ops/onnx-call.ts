import { suggest } from '../diagnostics/suggest.js';
import type { Dim } from '../dims/dim.js';
import type { Facts } from '../dims/facts.js';
import type { OnnxAttr } from './onnx-builder.js';
import { onnxAttrs } from './onnx-call-attrs.js';
import { type BoundTypes, outputTypes } from './onnx-call-types.js';
import { nonconformities } from './onnx-conformance.js';
import {
  dtypesOf,
  type OnnxSchema,
  type Operator,
  onnxOperators,
  onnxSchema,
  operatorName,
  opsetWithDType,
  parameterAt,
  schemaOf,
} from './onnx-schema.js';
import { opsets } from './opsets.js';
import type { RequestedSize } from './requested-sizes.js';
import { RuleFailure } from './rule.js';
import type { Residual } from './symbolic-rule.js';
import type { DType, TensorType } from './types.js';

/** What is wrong with a call of an ONNX operator, in words. */
export interface OnnxProblem {
  readonly message: string;
  readonly help?: string | undefined;
  /** Sizes for which it is wrong; absent if it always is. */
  readonly witness?: ReadonlyMap<string, number> | undefined;
}

export interface OnnxCallCheck {
  /** Types of the outputs; undefined if they are not known and must be written with `as`. */
  readonly outputs: readonly TensorType[] | undefined;
  /** The sizes in them that the data decide, under placeholders. */
  readonly sizes?: readonly RequestedSize[] | undefined;
  /** In words, why they are not known. */
  readonly why?: string | undefined;
  readonly problems: readonly OnnxProblem[];
  /** The attributes in the types that the operator requires: use these for the node, not the given ones. */
  readonly attrs: Readonly<Record<string, OnnxAttr>>;
  /** Demands on the sizes of the inputs that are neither proved nor refuted. */
  readonly open: readonly Residual[];
}

/** What else is known about a call. */
export interface OnnxCallDetails {
  /** The domain of the operator; by default, that of the standard operators. */
  readonly domain?: string | undefined;
  /** How many outputs are requested; by default, those that are always present. */
  readonly count?: number | undefined;
  /** The elements of those inputs that are known at compile time: numbers, or sizes. */
  readonly elements?: readonly (readonly (number | Dim)[] | undefined)[];
  /** The output type given by `as`. */
  readonly written?: TensorType | undefined;
}

/** Checks a call of an ONNX operator: its name, inputs, attributes and types. An omitted input is undefined. Calls of unknown operators in other domains are accepted. */
export function checkOnnxCall(
  opType: string,
  inputs: readonly (TensorType | undefined)[],
  given: Readonly<Record<string, OnnxAttr>>,
  facts: Facts,
  opset = 21,
  details: OnnxCallDetails = {},
): OnnxCallCheck {
  const { domain = '' } = details;
  const operator = { domain, opType };
  const schema = domain === '' ? onnxSchema(opType, opset) : schemaOf(operator, opset);
  if (schema === undefined) return { outputs: undefined, problems: domain === '' ? [unknownOperator(opType)] : [], attrs: given, open: [] };
  const name = shownName(operator);
  const { attrs, problems: attrProblems } = onnxAttrs(name, schema, given);
  const { bound, problems: inputProblems } = bindTypes(operator, schema, inputs, opset);
  const problems = [
    ...versionProblems(name, schema, opset),
    ...inputProblems,
    ...attrProblems,
    ...outputProblems(name, schema, details.count),
  ];
  if (problems.length > 0) return { outputs: undefined, problems, attrs, open: [] };
  const { written } = details;
  const objection = written && outputProblem(name, schema, 0, written, bound);
  if (objection !== undefined) return { outputs: undefined, problems: [objection], attrs, open: [] };
  if (domain !== '') return { outputs: undefined, problems: [], attrs, open: [] };
  try {
    const { outputs, sizes, why, open } = outputTypes({ opType, schema, inputs, attrs, bound, ...details }, facts);
    const types = outputs ?? (written === undefined ? [] : [written]);
    const wrongTypes = types.flatMap((type, i) => outputProblem(name, schema, i, type, bound) ?? []);
    if (wrongTypes.length > 0 || types.length === 0) return { outputs: undefined, why, problems: wrongTypes, attrs, open };
    const node = { opType, domain, inputs: inputs.map((input) => input ?? null), attrs, outputs: types };
    return { outputs, sizes, why, problems: nonconformities(node, opset).map((message) => ({ message })), attrs, open };
  } catch (failure) {
    if (!(failure instanceof RuleFailure)) throw failure;
    return { outputs: undefined, problems: [{ ...failure.demand, witness: failure.witness }], attrs, open: [] };
  }
}

/** What is written as an input instead of a tensor. */
export type LiteralKind = 'int' | 'float' | 'bool';

/** The element types of numbers where an operator does not require another one, the usual one first. */
const usualTypes: Readonly<Record<LiteralKind, readonly DType[]>> = { int: ['i64', 'f32', 'u8'], float: ['f32'], bool: ['bool'] };

/**
 * The element type of what is written as input `place` of a standard operator: that of the tensors with which it shares one, else the usual
 * one that the operator takes there. `inputs` are the types of the tensors.
 */
export function literalType(
  opType: string,
  opset: number,
  inputs: readonly (TensorType | undefined)[],
  place: number,
  kind: LiteralKind,
): DType {
  const usual = usualTypes[kind];
  const schema = onnxSchema(opType, opset);
  const [, variable] = parameterAt(schema?.inputs ?? [], place) ?? [];
  if (schema === undefined || variable === undefined) return usual[0] ?? 'f32';
  const shared = inputs.find((input, i) => input !== undefined && parameterAt(schema.inputs, i)?.[1] === variable);
  if (shared !== undefined) return shared.dtype;
  const allowed = dtypesOf(schema, variable);
  return usual.find((dtype) => allowed.includes(dtype)) ?? usual[0] ?? 'f32';
}

/** An operator as programs name it. */
export function shownName(operator: Operator): string {
  return operator.domain === '' ? `onnx.${operator.opType}` : operatorName(operator);
}

function unknownOperator(opType: string): OnnxProblem {
  const [similar] = suggest(opType, onnxOperators());
  const help = similar === undefined ? 'other domains are written `onnx("domain", "Name", ..)`' : `did you mean \`onnx.${similar}\`?`;
  return { message: `ONNX has no operator \`${opType}\``, help };
}

function versionProblems(name: string, schema: OnnxSchema, opset: number): readonly OnnxProblem[] {
  if (schema.since <= opset) return [];
  return [
    {
      message: `\`${name}\` came with opset ${schema.since}, but the build is for ${opset}`,
      help: schema.since > opsets.max ? `archc writes opsets up to ${opsets.max}` : `build with \`--opset ${schema.since}\``,
    },
  ];
}

function outputProblems(name: string, schema: OnnxSchema, count = 0): readonly OnnxProblem[] {
  const { outputs } = schema;
  if (count <= outputs.length || outputs.at(-1)?.[2] === 'variadic') return [];
  const names = outputs.map(([name]) => `\`${name}\``).join(', ');
  return [
    {
      message: `\`${name}\` has ${outputs.length === 1 ? 'one output' : `${outputs.length} outputs`}, but is taken apart into ${count}`,
      help: `its outputs are ${names}`,
    },
  ];
}

/** The element type of each type variable, from the inputs. */
function bindTypes(operator: Operator, schema: OnnxSchema, inputs: readonly (TensorType | undefined)[], opset: number) {
  const shown = shownName(operator);
  const bound = new Map<string, { readonly dtype: DType; readonly name: string }>();
  const problems: OnnxProblem[] = [];
  const last = schema.inputs.at(-1);
  const isVariadic = last?.[2] === 'variadic';
  if (inputs.length > schema.inputs.length && !isVariadic) {
    const wanted = schema.inputs.length === 1 ? '1 input' : `${schema.inputs.length} inputs`;
    const help = schema.inputs.map(([name]) => name).join(', ');
    problems.push({ message: `\`${shown}\` takes ${wanted}, but got ${inputs.length}`, help });
  }
  for (const [i, [name, , mode]] of schema.inputs.entries()) {
    if (mode !== 'optional' && inputs[i] === undefined) problems.push({ message: `\`${shown}\` needs its input ${i + 1}, \`${name}\`` });
  }
  for (const [i, input] of inputs.entries()) {
    const parameter = schema.inputs[i] ?? (isVariadic ? last : undefined);
    if (parameter === undefined || input === undefined) continue;
    const [name, variable] = parameter;
    const allowed = dtypesOf(schema, variable);
    const other = bound.get(variable);
    if (!allowed.includes(input.dtype)) {
      const wanted = allowed.length === 0 ? 'something else than a tensor' : allowed.join(', ');
      const later = operator.domain === '' ? opsetWithDType(operator.opType, variable, input.dtype, opset) : undefined;
      problems.push({
        message: `the input \`${name}\` of \`${shown}\` is ${input.dtype}, which it does not take`,
        help: later === undefined ? `it takes ${wanted}` : `it takes ${wanted}; with \`--opset ${later}\` also ${input.dtype}`,
      });
    } else if (other === undefined) {
      bound.set(variable, { dtype: input.dtype, name });
    } else if (other.dtype !== input.dtype && sharesType(schema, operator, variable)) {
      problems.push({
        message: `the inputs \`${other.name}\` and \`${name}\` of \`${shown}\` must have one element type, but are ${other.dtype} and ${input.dtype}`,
        help: `convert one of them, for instance with \`cast(.., ${other.dtype})\``,
      });
    }
  }
  return { bound, problems };
}

/** The schema's objection to the element type of output `i`. */
function outputProblem(shown: string, schema: OnnxSchema, i: number, { dtype }: TensorType, bound: BoundTypes): OnnxProblem | undefined {
  const [name, variable] = parameterAt(schema.outputs, i) ?? [];
  if (name === undefined || variable === undefined) return undefined;
  const own = bound.get(variable)?.dtype;
  const allowed = own === undefined ? dtypesOf(schema, variable) : [own];
  if (allowed.includes(dtype)) return undefined;
  const given = allowed.length === 0 ? 'no tensor' : allowed.join(' or ');
  return {
    message: `the output \`${name}\` of \`${shown}\` is ${given}, not ${dtype}`,
    help: allowed.length === 1 ? `write \`as Tensor<${own ?? allowed[0]}>[..]\`` : undefined,
  };
}

/** The inputs of control flow each have their own type, although they share a variable. */
function sharesType(schema: OnnxSchema, { opType }: Operator, variable: string): boolean {
  return !(
    ['If', 'Loop', 'Scan', 'SequenceMap'].includes(opType) &&
    schema.inputs.some(([, type, mode]) => type === variable && mode === 'variadic')
  );
}
