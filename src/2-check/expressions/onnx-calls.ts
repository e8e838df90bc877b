import type { Answer } from '../../dims/decide.js';
import { Dim } from '../../dims/dim.js';
import type { OnnxAttr } from '../../ops/onnx-builder.js';
import { checkOnnxCall } from '../../ops/onnx-call.js';
import { factOf } from '../../ops/symbolic-rule.js';
import { type Argument, type CallSite, type Context, spanKey } from '../context.js';
import { whenText } from '../sizes/witness-text.js';
import { presentIn } from '../values/absence.js';
import { numberOf } from '../values/arithmetic.js';
import { type CheckValue, describe, type Local, unknown } from '../values/values.js';

/**
 * `onnx.HardSwish(x)`, or `onnx("com.example", "MyOp", x, alpha = 0.5) as Tensor[N, C]`: any ONNX operator. Names, attributes and types are
 * checked if the operator is known; a type that cannot be inferred is taken from `as`.
 */
export function applyOnnx(cx: Context, member: string | undefined, args: readonly Argument[], site: CallSite): CheckValue {
  const strings = args
    .filter((a) => a.name === undefined && a.value.kind === 'string')
    .map((a) => (a.value.kind === 'string' ? (a.value.value ?? '') : ''));
  const [domain, opType] = member === undefined ? strings : ['', member];
  if (domain === undefined || opType === undefined || opType === '') {
    cx.error('onnx-form', site.span, {});
    return unknown;
  }
  const inputs: (Local | undefined)[] = [];
  const elements: (readonly number[] | undefined)[] = [];
  const attrs: Record<string, OnnxAttr> = {};
  for (const raw of args) {
    const arg = { ...raw, value: presentIn(raw.value) };
    if (arg.value.kind === 'unknown') return unknown;
    if (arg.name !== undefined) {
      if (arg.value.kind === 'absent') continue;
      const attr = attrOf(arg.value);
      if (attr === undefined) {
        if (cx.rigid) return unknown;
        cx.error('argument-kind', arg.span, {
          callee: opType,
          name: arg.name,
          wanted: 'a number, a string, a boolean or a list of them',
          got: describe(arg.value, (t) => cx.show(t)),
        });
        return unknown;
      }
      attrs[arg.name] = attr;
    } else if (arg.value.kind === 'tensor') inputs.push(arg.value.local);
    else if (arg.value.kind === 'absent') inputs.push(undefined);
    else if (member !== undefined && integersIn(arg.value) !== undefined) {
      elements[inputs.length] = integersIn(arg.value);
      inputs.push(integerTensor(cx, arg));
    } else if (arg.value.kind !== 'string' || member !== undefined) {
      cx.error('not-a-tensor', arg.span, {
        what: describe(arg.value, (t) => cx.show(t)),
        isLayer: arg.value.kind === 'layer',
        where: `an input of \`onnx.${opType}\` is a tensor; attributes are given by name`,
      });
      return unknown;
    }
  }
  const written = cx.ascriptions.get(spanKey(site.span));
  const checked =
    domain === ''
      ? checkOnnxCall(
          opType,
          inputs.map((l) => l?.type),
          attrs,
          cx.facts,
          cx.session.opset,
          { count: cx.taken.get(spanKey(site.span)), elements, written },
        )
      : { outputs: undefined, why: undefined, problems: [], attrs, open: [] };
  for (const { message, help, witness } of checked.problems) {
    const answer: Answer = witness === undefined ? { kind: 'never' } : { kind: 'not-always', witness };
    if (cx.settle(answer).kind === 'unknown') cx.leaveOpen('onnx-call', site.span);
    else cx.error('onnx-call', site.span, { message: message + whenText(witness), help });
  }
  if (checked.problems.length > 0) return unknown;
  for (const residual of checked.open) {
    const fact = factOf(residual);
    if (fact !== undefined) cx.leaveOpen('onnx-call', site.span, fact);
  }
  const types = checked.outputs ?? (written === undefined ? undefined : [written]);
  if (types === undefined) {
    cx.error('onnx-type', site.span, {
      name: domain === '' ? `onnx.${opType}` : `${domain}.${opType}`,
      why: checked.why,
      several: (cx.taken.get(spanKey(site.span)) ?? 1) > 1,
    });
    return unknown;
  }
  const outputs = types.map((type) => cx.local(type, site.span));
  cx.steps.push({ kind: 'onnx', opType, domain, inputs, attrs: checked.attrs, outputs, span: site.span });
  const [only] = outputs;
  if (outputs.length === 1 && only !== undefined) return { kind: 'tensor', local: only };
  return { kind: 'tuple', items: outputs.map((local) => ({ kind: 'tensor', local })), names: outputs.map(() => undefined) };
}

/** `3` or `[2, 4]`: the elements of an input that is known at compile time. */
function integersIn(value: CheckValue): readonly number[] | undefined {
  const items = value.kind === 'list' || value.kind === 'tuple' ? value.items : [value];
  const numbers = items.map((item) => (item.kind === 'int' ? item.dim.constant : undefined));
  return numbers.every((n) => n !== undefined) ? numbers : undefined;
}

/** A list becomes a vector, a number a scalar; both of i64, the type that ONNX uses for sizes and indices. */
function integerTensor(cx: Context, { value, span }: Argument): Local {
  const data = Float64Array.from(integersIn(value) ?? []);
  const shape = value.kind === 'int' ? [] : [data.length];
  const local = cx.local({ dtype: 'i64', shape: shape.map((n) => Dim.of(n)) }, span);
  cx.steps.push({ kind: 'constant', array: { dtype: 'i64', shape, data }, output: local });
  return local;
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
