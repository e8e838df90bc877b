import type { LayerDecl, Param } from '../../1-syntax/ast.js';
import type { Argument, CallSite, Context } from '../context.js';
import { presentIn } from '../values/absence.js';
import { literalValue } from '../values/literals.js';
import type { CheckValue, GivenValue, LayerValue } from '../values/values.js';
import { assign, bindGiven, reportMissing, takesValue } from './hyper.js';

/**
 * Whether an argument list gives a layer hyperparameters. A layer that still needs some accepts nothing else. One that has all it needs
 * accepts the remaining ones by name, or, if it is called by the name it was specialized to, `layer A = B(...)`, anything but a tensor.
 */
export function takesHyper({ hyper, decl, alias, shared }: LayerValue, args: readonly Argument[]): boolean {
  // A model with entries has no list for tensors.
  if (decl.inputs === undefined && args.length === 0) return shared === undefined;
  if (hyper === undefined) return decl.hyper !== undefined;
  if (shared !== undefined) return false;
  if (args.length === 0) return (decl.inputs ?? []).some((p) => p.type?.kind === 'tensor-type' && !p.type.optional);
  const isInput = ({ name }: Argument) => decl.inputs?.some((p) => p.name.text === name) === true;
  return args.every((arg) => namesHyper(decl, arg) || (isPlain(arg.value) && !isInput(arg) && (arg.name ?? alias) !== undefined));
}

function namesHyper(decl: LayerDecl, { name }: Argument): boolean {
  return name !== undefined && decl.hyper?.some((p) => p.name.text === name) === true;
}

/** Not a tensor, as far as is known. */
function isPlain(value: CheckValue): boolean {
  const { kind } = presentIn(value);
  return kind !== 'tensor' && kind !== 'absent' && kind !== 'unknown';
}

/** Whether a list for hyperparameters contains only tensors: the layer was meant to be applied. */
export function holdsTensorsOnly({ decl }: LayerValue, args: readonly Argument[]): boolean {
  const kinds = args.map((arg) => (namesHyper(decl, arg) ? 'hyper' : presentIn(arg.value).kind));
  return kinds.includes('tensor') && kinds.every((kind) => kind === 'tensor' || kind === 'absent');
}

/** The hyperparameters without a default that a layer was not given yet. */
export function missingHyper({ decl, given, hyper }: LayerValue): readonly Param[] {
  if (hyper !== undefined || decl.hyper === undefined) return noParams;
  return decl.hyper.filter((p) => p.fallback === undefined && given?.has(p.name.text) !== true);
}

const noParams: readonly Param[] = [];

/** Gives a layer the hyperparameters of an argument list, in addition to those that it has. It is not made while one without a default is missing. */
export function giveHyper(cx: Context, layer: LayerValue, args: readonly Argument[], site: CallSite): LayerValue | undefined {
  const { decl, module } = layer;
  const name = layer.alias?.name.text ?? decl.name.text;
  const params = decl.hyper ?? noParams;
  const fixed = layer.given;
  if (fixed !== undefined && args.some((arg) => givesAgain(cx, layer, arg))) return undefined;
  const open = fixed === undefined ? params : params.filter((p) => !fixed.has(p.name.text));
  const assigned = assign(cx, name, open, module, args);
  if (assigned === undefined) return undefined;
  const given: ReadonlyMap<string, GivenValue> = fixed === undefined ? assigned : new Map([...fixed, ...assigned]);
  const more: LayerValue = { ...layer, given };
  if (missingHyper(more).length === 0) {
    const hyper = bindGiven(cx, name, params, module, given, site);
    return hyper === undefined ? undefined : { ...more, hyper, alias: args.length === 0 ? layer.alias : undefined };
  }
  // A default that is computed may need the missing one; its kind is determined when the layer is made.
  const fits = open.map((param) => {
    const arg = assigned.get(param.name.text);
    const fallback = param.fallback === undefined ? undefined : literalValue(param.fallback);
    return arg === undefined || takesValue(cx, name, param, module, fallback, arg);
  });
  return fits.every((ok) => ok) ? more : undefined;
}

/** Reports an argument for a hyperparameter that a layer already has. */
function givesAgain(cx: Context, { decl, alias, given }: LayerValue, { name, nameSpan, span }: Argument): boolean {
  const before = name === undefined ? undefined : given?.get(name);
  if (name === undefined || before === undefined) return false;
  const callee = alias?.name.text ?? decl.name.text;
  const notes = [{ span: before.span, text: 'fixed here' }];
  cx.error('fixed-hyperparameter', nameSpan ?? span, { callee, name, base: decl.name.text }, { notes });
  return true;
}

/** A layer that can be applied: one that was given no list yet has its defaults. Reports what is missing, and is then `undefined`. */
export function completed(cx: Context, layer: LayerValue, site: CallSite): LayerValue | undefined {
  if (layer.hyper !== undefined || layer.decl.hyper === undefined) return layer;
  const missing = missingHyper(layer);
  for (const param of missing) reportMissing(cx, layer.alias?.name.text ?? layer.decl.name.text, param, layer.module, site);
  return missing.length > 0 ? undefined : giveHyper(cx, layer, [], site);
}
