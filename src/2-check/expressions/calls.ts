import type { Argument, CallSite, Context } from '../context.js';
import { bindHyper } from '../layers/hyper.js';
import { giveHyper, holdsTensorsOnly, missingHyper, takesHyper } from '../layers/hyper-lists.js';
import { instantiate } from '../layers/instantiate.js';
import { entriesOf } from '../models/entry-layers.js';
import { builtinNamed } from '../modules/names.js';
import { signatureOf } from '../modules/signature.js';
import { type Advice, replacing } from '../pytorch/replacing.js';
import { makeRecord } from '../records/make-record.js';
import { demandedArgument, presentIn } from '../values/absence.js';
import { sizeTensor } from '../values/scalars.js';
import { collection } from '../values/value-limits.js';
import { type CheckValue, describe, type FnValue, type LayerValue, unknown } from '../values/values.js';
import { reportExtra } from './by-name.js';
import { applyLet } from './let-functions.js';
import { reportNotTensor } from './not-a-tensor.js';
import { applyOnnx } from './onnx-calls.js';
import { applyOperator } from './op-calls.js';
import { joinAtRunTime, joinsTensors } from './open-numbers.js';
import { applyRearrange } from './rearrange.js';

/** Applies what precedes an argument list, or a stage of a pipeline. */
export function apply(cx: Context, callee: CheckValue, args: readonly Argument[], site: CallSite): CheckValue {
  switch (callee.kind) {
    case 'unknown':
      return unknown;
    case 'fn':
      return applyFunction(cx, callee, args, site);
    case 'layer':
      return applyLayer(cx, callee, args, site);
    case 'config':
      return makeRecord(cx, callee, args, site);
    case 'namespace':
      return applyOnnx(cx, callee.member, args, site);
    default:
      cx.error('not-callable', site.calleeSpan, { what: describe(callee, (t) => cx.show(t)) });
      return unknown;
  }
}

function applyFunction(cx: Context, callee: FnValue, args: readonly Argument[], site: CallSite): CheckValue {
  switch (callee.form) {
    case 'builtin':
      return applyBuiltin(cx, callee.name, args, site);
    case 'op': {
      const name = callee.op.name;
      const builtin = builtinNamed(name);
      const onTensors = args.some(({ value }) => presentIn(value).kind === 'tensor' || value.kind === 'absent');
      if (!onTensors && builtin !== undefined && args.every((a) => a.name === undefined)) return applyBuiltin(cx, name, args, site);
      return applyOperator(cx, callee.op, args, site);
    }
    case 'rearrange':
      return applyRearrange(
        cx,
        args.map((arg) => demandedArgument(cx, arg)),
        site,
      );
    case 'tap':
      return applyTap(cx, callee, args, site);
    case 'let':
      return applyLet(cx, callee, args, site);
    case 'declared':
      return applyDeclared(cx, callee, args, site);
  }
}

/** `tap("layers[*].aux")` in a `train` block. */
function applyTap(cx: Context, { read }: Extract<FnValue, { form: 'tap' }>, args: readonly Argument[], site: CallSite): CheckValue {
  const [arg, ...more] = args;
  if (args.some(({ value }) => value.kind === 'unknown')) return unknown;
  if (arg?.value.kind === 'string' && arg.value.value !== undefined && arg.name === undefined && more.length === 0)
    return read(arg.value.value, arg.span);
  const got = args.map(({ value }) => describe(value, (t) => cx.show(t)));
  cx.error('builtin-kind', site.span, { callee: 'tap', got, example: 'tap("layers[*].attn")' });
  return unknown;
}

function applyBuiltin(cx: Context, name: string, written: readonly Argument[], site: CallSite): CheckValue {
  const fn = builtinNamed(name);
  if (fn === undefined) return unknown;
  const args = written.map((arg) => demandedArgument(cx, arg));
  if (args.some((a) => a.value.kind === 'unknown')) return unknown;
  const named = args.find((a) => a.name !== undefined);
  if (named !== undefined || args.length < fn.arity.min || args.length > fn.arity.max) {
    cx.error('builtin-arguments', named?.span ?? site.span, {
      callee: name,
      min: fn.arity.min,
      max: fn.arity.max,
      got: args.length,
      example: fn.example,
    });
    return unknown;
  }
  const [only] = args;
  // `sqrt(T)` of a size that is known only at run time is computed at run time.
  if (!cx.rigid && args.length === 1 && only?.value.kind === 'int' && only.value.dim.constant === undefined) {
    const tensor = cx.interpreter.hasOperator(name) ? sizeTensor(cx, only.value.dim, cx.float, only.span) : undefined;
    if (tensor !== undefined && fn.call(cx, [only.value], site.span)?.kind === 'float')
      return cx.interpreter.callOp(cx, name, [tensor], {}, site.span);
  }
  const values = args.map((a) => a.value);
  const value = joinsTensors(name, args) ? joinAtRunTime(cx, name, args, site) : fn.call(cx, values, site.span);
  if (value?.kind === 'list' || value?.kind === 'tuple') return collection(cx, value, site.span);
  if (value?.kind === 'float' && value.value === undefined && !cx.rigid) return joinAtRunTime(cx, name, args, site) ?? unknown;
  if (value !== undefined) return value;
  const got = values.map((v) => describe(v, (t) => cx.show(t)));
  cx.error('builtin-kind', site.span, { callee: name, got, example: fn.example }, builtinAdvice(cx, name, values, site));
  return unknown;
}

/** `float("-inf")` and `len(x)`, as in Python. */
function builtinAdvice(cx: Context, name: string, [value, ...more]: readonly CheckValue[], { span }: CallSite): Partial<Advice> {
  if (value === undefined || more.length > 0) return {};
  if (name === 'float' && value.kind === 'string') {
    const [, sign = '', word] = /^([+-]?)(inf|infinity)$/i.exec(value.value ?? '') ?? [];
    if (word === undefined) return {};
    const written = sign === '-' ? '-inf' : 'inf';
    return { help: `write \`${written}\``, fixes: replacing(cx, span, written) };
  }
  const first = name === 'len' && value.kind === 'tensor' ? value.local.type.shape[0] : undefined;
  return first === undefined ? {} : { help: `sizes have names, which can be used as numbers: the first axis has size \`${first}\`` };
}

function applyDeclared(cx: Context, callee: Extract<FnValue, { form: 'declared' }>, args: readonly Argument[], site: CallSite): CheckValue {
  const { decl, module } = callee;
  const signature = signatureOf(decl, module);
  const tensorNames = new Set(signature.inputs.map((p) => p.name.text));
  // Tensors and options may be mixed in the list; all but the options with a default may be given by position.
  const byPosition = decl.params.filter((p) => p.fallback === undefined).values();
  const inputs: Argument[] = [];
  const options: Argument[] = [];
  const extra: Argument[] = [];
  for (const arg of args) {
    const name = arg.name ?? byPosition.next().value?.name.text;
    if (name === undefined) extra.push(arg);
    else if (tensorNames.has(name)) inputs.push({ ...arg, name });
    else options.push({ ...arg, name });
  }
  if (extra.length > 0) {
    reportExtra(cx, decl.name.text, decl.params, module, args, extra);
    return unknown;
  }
  const hyper = bindHyper(cx, decl.name.text, signature.hyper, module, options, site);
  return hyper === undefined ? unknown : instantiate(cx, { decl, module, hyper, signature }, inputs, site);
}

const noHyper: ReadonlyMap<string, CheckValue> = new Map();

function applyLayer(cx: Context, layer: LayerValue, args: readonly Argument[], site: CallSite): CheckValue {
  const { decl, module } = layer;
  const name = layer.alias?.name.text ?? decl.name.text;
  if (takesHyper(layer, args)) {
    const [first] = args;
    if (holdsTensorsOnly(layer, args)) {
      const hyper = missingHyper(layer).map((p) => p.name.text);
      cx.error('layer-not-made', site.span, { name, hyper, piped: first !== undefined && first.span.start < site.span.start });
      return unknown;
    }
    return giveHyper(cx, layer, args, site) ?? unknown;
  }
  if (decl.inputs === undefined) {
    const entries = entriesOf(decl, module).map((entry) => entry.name.text);
    // A model without entries is reported where it is declared.
    if (entries.length > 0) cx.error('entry-not-named', site.calleeSpan, { model: name, entries, bound: layer.shared?.label });
    return unknown;
  }
  const wrong = args.find((arg) => {
    const value = presentIn(arg.value);
    const isTensor = value.kind === 'tensor' || value.kind === 'absent' || value.kind === 'unknown';
    return !isTensor && (value.kind !== 'tuple' || value.names === undefined);
  });
  if (wrong !== undefined) {
    const where = `\`${name}\` has its hyperparameters already; this list is for tensors`;
    reportNotTensor(cx, wrong.value, wrong.span, where, `for other hyperparameters, make another layer: \`${name}(...)\``);
    return unknown;
  }
  return instantiate(cx, { decl, module, hyper: layer.hyper ?? noHyper, signature: signatureOf(decl, module), layer }, args, site);
}
