import { placeKey } from '../../diagnostics/anchor.js';
import type { Answer } from '../../dims/decide.js';
import type { OnnxAttr } from '../../ops/onnx-builder.js';
import { checkOnnxCall, type OnnxCallCheck, shownName } from '../../ops/onnx-call.js';
import { factOf } from '../../ops/symbolic-rule.js';
import type { TensorType } from '../../ops/types.js';
import type { Argument, CallSite, Context } from '../context.js';
import { makeDataSizes } from '../sizes/data-sizes.js';
import { whenText } from '../sizes/witness-text.js';
import { presentIn } from '../values/absence.js';
import { numberOf } from '../values/arithmetic.js';
import { type CheckValue, describe, isPoison, type Poison, unknown } from '../values/values.js';
import { reportNotTensor } from './not-a-tensor.js';
import { areNumbers, type GivenInput, literalIn, tensorsOf } from './onnx-inputs.js';

/** An ONNX operator, and what a call gives it. */
interface OnnxArguments {
  readonly domain: string;
  readonly opType: string;
  readonly inputs: readonly GivenInput[];
  readonly attrs: Readonly<Record<string, OnnxAttr>>;
}

/**
 * `onnx.HardSwish(x)`, or `onnx("com.example", "MyOp", x, alpha = 0.5) as Tensor[N, C]`: any ONNX operator. Names, attributes and types are
 * checked if the operator is known; a type that cannot be inferred is taken from `as`.
 */
export function applyOnnx(cx: Context, member: string | undefined, args: readonly Argument[], site: CallSite): CheckValue {
  const call = argumentsOf(cx, member, args, site);
  if (call === undefined) return unknown;
  const { domain, opType } = call;
  const tensors = tensorsOf(cx, opType, call.inputs);
  if (tensors === undefined) return unknown;
  const { inputs, elements } = tensors;
  const written = cx.ascriptions.get(placeKey(site.span));
  const count = cx.taken.get(placeKey(site.span));
  const inputTypes = inputs.map((input) => input?.type);
  const checked = checkOnnxCall(opType, inputTypes, call.attrs, cx.facts, cx.session.opset, { domain, count, elements, written });
  const types = outputTypes(cx, checked, written, site);
  if (isPoison(types)) return unknown;
  if (types === undefined) {
    // Which axes a layer reduces may be a hyperparameter.
    if (cx.rigid && !areNumbers(call.inputs)) return unknown;
    cx.error('onnx-type', site.span, { name: shownName(call), why: checked.why, several: (count ?? 1) > 1 });
    return unknown;
  }
  const outputs = makeDataSizes(cx, checked.sizes ?? [], types, site.span).map((type) => cx.local(type, site.span));
  cx.steps.push({ kind: 'onnx', opType, domain, inputs, attrs: checked.attrs, outputs, span: site.span });
  const [only] = outputs;
  if (outputs.length === 1 && only !== undefined) return { kind: 'tensor', local: only };
  return { kind: 'tuple', items: outputs.map((local) => ({ kind: 'tensor', local })), names: outputs.map(() => undefined) };
}

/** The operator and its arguments; undefined if they are none, which is reported. */
function argumentsOf(cx: Context, member: string | undefined, args: readonly Argument[], site: CallSite): OnnxArguments | undefined {
  const strings = args.flatMap(({ name, value }) => (name === undefined && value.kind === 'string' ? [value.value ?? ''] : []));
  const [domain, opType] = member === undefined ? strings : ['', member];
  if (domain === undefined || opType === undefined || opType === '') {
    cx.error('onnx-form', site.span, {});
    return undefined;
  }
  const inputs: GivenInput[] = [];
  const attrs: Record<string, OnnxAttr> = {};
  for (const arg of args) {
    const value = presentIn(arg.value);
    if (value.kind === 'unknown') return undefined;
    if (arg.name !== undefined) {
      if (value.kind === 'absent') continue;
      const attr = attrOf(value) ?? (cx.rigid && value.kind === 'float' ? anyFloat : undefined);
      if (attr === undefined) {
        reportAttr(cx, opType, arg.name, { ...arg, value });
        return undefined;
      }
      attrs[arg.name] = attr;
      continue;
    }
    if (value.kind === 'string' && member === undefined) continue;
    const input = inputOf(value, arg, member !== undefined);
    if (input === undefined) {
      reportNotTensor(cx, value, arg.span, `an input of \`onnx.${opType}\` is a tensor; attributes are given by name`);
      return undefined;
    }
    inputs.push(input);
  }
  return { domain, opType, inputs, attrs };
}

/** Stands for a float that is not known while sizes are variables: types do not depend on it, and every operator takes it. */
const anyFloat: OnnxAttr = { float: 0.5 };

/** A value that is given by position; undefined if it cannot be an input. Numbers can be, if the operator determines their element type. */
function inputOf(value: CheckValue, { span }: Argument, isStandard: boolean): GivenInput | undefined {
  if (value.kind === 'tensor') return value;
  if (value.kind === 'absent') return value;
  return isStandard ? literalIn(value, span) : undefined;
}

function reportAttr(cx: Context, callee: string, name: string, { span, value }: Argument): void {
  if (cx.rigid) return;
  const wanted = 'a number, a string, a boolean or a list of them';
  cx.error('argument-kind', span, { callee, name, wanted, got: describe(value, (t) => cx.show(t)) });
}

/** Reports what is wrong with a call. Returns the types of its outputs, undefined if they are not known. */
function outputTypes(
  cx: Context,
  { problems, open, outputs }: Pick<OnnxCallCheck, 'problems' | 'open' | 'outputs'>,
  written: TensorType | undefined,
  site: CallSite,
): readonly TensorType[] | Poison | undefined {
  for (const { message, help, witness } of problems) {
    const answer: Answer = witness === undefined ? { kind: 'never' } : { kind: 'not-always', witness };
    if (cx.settle(answer).kind === 'unknown') cx.leaveOpen('onnx-call', site.span);
    else cx.error('onnx-call', site.span, { message: message + whenText(witness), help });
  }
  if (problems.length > 0) return unknown;
  for (const residual of open) {
    const fact = factOf(residual);
    if (fact !== undefined) cx.leaveOpen('onnx-call', site.span, fact);
  }
  return outputs ?? (written === undefined ? undefined : [written]);
}

/** An attribute's type follows from how the value is written, until the operator's schema overrides it: `1` is an INT, `1.0` a FLOAT. */
function attrOf(value: CheckValue): OnnxAttr | undefined {
  switch (value.kind) {
    case 'int':
      return value.dim.constant === undefined ? undefined : { int: value.dim.constant };
    case 'float':
      return value.value === undefined ? undefined : { float: value.value };
    case 'bool':
      return value.value === undefined ? undefined : { int: value.value ? 1 : 0 };
    case 'string':
      return value.value === undefined ? undefined : { string: value.value };
    case 'list':
    case 'tuple': {
      const { items } = value;
      const ints = items.map((i) => (i.kind === 'int' ? i.dim.constant : undefined));
      if (ints.every((i) => i !== undefined)) return { ints };
      const floats = items.map((i) => (i.kind === 'int' || i.kind === 'float' ? numberOf(i) : undefined));
      if (floats.every((f) => f !== undefined)) return { floats };
      const strings = items.map((i) => (i.kind === 'string' ? i.value : undefined));
      return strings.every((s) => s !== undefined) ? { strings } : undefined;
    }
    default:
      return undefined;
  }
}
