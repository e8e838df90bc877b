import type { Argument, CallSite, Context } from './context.js';
import { bindHyper } from './hyper.js';
import { type CheckValue, describe, type LayerValue, unknown } from './values.js';

/**
 * Whether an argument list gives a layer hyperparameters: one that has none yet always takes them first, and a specialised one, `model A = B(...)`, where
 * they are not tensors.
 */
export function takesHyper({ hyper, decl, alias, shared }: LayerValue, args: readonly Argument[]): boolean {
  if (hyper === undefined) return decl.hyper !== undefined;
  if (alias === undefined || shared !== undefined) return false;
  const needsTensor = (decl.inputs ?? []).some((p) => p.type?.kind === 'tensor-type' && !p.type.optional);
  return args.length === 0
    ? needsTensor
    : args.every((a) => a.value.kind !== 'tensor' && a.value.kind !== 'absent' && a.value.kind !== 'unknown');
}

/** Gives a layer the hyperparameters of an argument list; those that a specialised one has already stay. */
export function giveHyper(cx: Context, layer: LayerValue, args: readonly Argument[], site: CallSite): CheckValue {
  return layer.given === undefined ? giveFirst(cx, layer, args, site) : giveMore(cx, layer, layer.given, args, site);
}

function giveFirst(cx: Context, layer: LayerValue, args: readonly Argument[], site: CallSite): CheckValue {
  const { decl, module, alias } = layer;
  const params = decl.hyper ?? [];
  const hyper = bindHyper(cx, alias?.name.text ?? decl.name.text, params, module, args, site);
  if (hyper === undefined) return unknown;
  const given = new Map<string, CheckValue>();
  for (const [i, { name = params[i]?.name.text, value }] of args.entries()) if (name !== undefined) given.set(name, value);
  return { ...layer, hyper, given, alias: undefined };
}

function giveMore(
  cx: Context,
  layer: LayerValue,
  fixed: ReadonlyMap<string, CheckValue>,
  args: readonly Argument[],
  site: CallSite,
): CheckValue {
  const { decl, module, alias } = layer;
  const name = alias?.name.text ?? decl.name.text;
  const params = decl.hyper ?? [];
  const again = args.find((arg) => arg.name !== undefined && fixed.has(arg.name));
  if (alias !== undefined && again?.name !== undefined) {
    const notes = [{ span: alias.value.span, text: 'fixed here' }];
    cx.error('fixed-hyperparameter', again.nameSpan ?? again.span, { callee: name, name: again.name, base: decl.name.text }, { notes });
    return unknown;
  }
  const open = params.filter((p) => !fixed.has(p.name.text)).values();
  const named = args.map((arg): Argument => (arg.name === undefined ? { ...arg, name: open.next().value?.name.text } : arg));
  const extra = named.find((arg) => arg.name === undefined);
  if (extra !== undefined) {
    cx.error('too-many-arguments', extra.span, {
      callee: name,
      what: describe(extra.value, (t) => cx.show(t)),
      max: params.length - fixed.size,
    });
    return unknown;
  }
  const before = [...fixed].map(([key, value]): Argument => ({ name: key, value, span: alias?.value.span ?? site.span }));
  const hyper = bindHyper(cx, name, params, module, [...before, ...named], site);
  if (hyper === undefined) return unknown;
  const given = new Map(fixed);
  for (const { name: key, value } of named) if (key !== undefined) given.set(key, value);
  return { ...layer, hyper, given, alias: undefined };
}
