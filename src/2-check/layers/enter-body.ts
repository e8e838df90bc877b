import type { FnDecl, LayerDecl } from '../../1-syntax/ast.js';
import { placeKey } from '../../diagnostics/anchor.js';
import type { Span } from '../../diagnostics/span.js';
import type { Facts } from '../../dims/facts.js';
import type { Argument, CallSite, Context } from '../context.js';
import { isEntryLayer } from '../models/entry-layers.js';
import { usedEntryContext } from '../models/used-entry.js';
import type { Module } from '../modules/modules.js';
import type { Signature } from '../modules/signature.js';
import type { Definition, InheritedDemand, Session } from '../session.js';
import { NamedAxes } from '../sizes/axes.js';
import { type Actual, matchInputs } from '../sizes/match-inputs.js';
import { bindResultSizes } from '../sizes/result-sizes.js';
import { typeOf } from '../sizes/type-expressions.js';
import { demandFacts } from '../sizes/where-demands.js';
import { type CheckValue, type LayerValue, type Local, type TensorValue, unknown } from '../values/values.js';
import { Labels } from './labels.js';

/** A declaration with its hyperparameters, ready for tensors. */
export interface Target {
  readonly decl: LayerDecl | FnDecl;
  readonly module: Module;
  readonly hyper: ReadonlyMap<string, CheckValue>;
  readonly signature: Signature;
  /** The layer value, for its label and its shared weights. */
  readonly layer?: LayerValue;
}

/** A use of a declaration: its tensors, and where it is applied to them. */
export interface Application {
  readonly target: Target;
  /** The tensors by position; `undefined` for optional ones that are absent. */
  readonly inputs: readonly (Argument | undefined)[];
  /** What is known of the declaration on its own. */
  readonly definition?: Definition | undefined;
  readonly site: CallSite;
}

interface Entered {
  readonly child: Context;
  readonly formals: readonly (Local | undefined)[];
  /** Whether the arguments fit; if not, that is reported. */
  readonly fits: boolean;
  /** The places of demands that stayed open because of the arguments, by their keys. */
  readonly places: ReadonlyMap<string, InheritedDemand['place']>;
}

/** Makes the context of a body, in which `facts` hold, and gives its inputs to it. */
export function enterBody(cx: Context, { target, inputs, definition, site }: Application, facts: Facts): Entered {
  const { decl, signature } = target;
  const child = bodyContext(cx, target, definition, facts);
  const actuals = inputs.map((arg): Actual | undefined => (arg?.value.kind === 'tensor' ? actual(arg, arg.value, site) : undefined));
  const formals = signature.inputs.map((param, i): Local | undefined => {
    const arg = actuals[i];
    const name = param.name.text;
    if (arg === undefined) {
      child.body.define(name, { value: { kind: 'absent', name }, span: param.name.span, role: 'input' });
      return undefined;
    }
    const local = child.local(arg.type, param.name.span, name);
    child.body.define(name, { value: { kind: 'tensor', local }, span: param.name.span, role: 'input' });
    return local;
  });
  // The sizes in the input types may rely on `where`: `Tensor[N, D / heads]`.
  const factsHold = () => {
    bindResultSizes(child, decl);
    return demandFacts(cx, child, decl.name.text, isEntryLayer(decl) ? [...decl.entryOf.where, ...decl.where] : decl.where, site.span);
  };
  const fits = matchInputs(child, cx, decl.name.text, signature, actuals, factsHold);
  const spans = [site.span, ...actuals.map((arg) => arg?.span)].map((span) => span && placeKey(span));
  const places = new Map<string, InheritedDemand['place']>();
  for (const [key, { span }] of child.open) {
    const at = spans.indexOf(placeKey(span));
    if (at >= 0) places.set(key, at === 0 ? 'use' : at - 1);
  }
  return { child, formals, fits, places };
}

/** What the signature of a declaration with mistakes says about its result in this use; unknown if a size of it comes from the body. */
export function declaredResult(cx: Context, application: Application): CheckValue {
  const { target, site } = application;
  const { child, fits } = enterBody(cx, application, cx.facts);
  const declared = fits ? target.signature.result : undefined;
  if (declared === undefined) return unknown;
  const { value: types, problems } = child.speculate(() => declared.outputs.map(({ type }) => typeOf(child, type)));
  if (problems.length > 0) return unknown;
  const items = types.map((type): CheckValue => (type === undefined ? unknown : { kind: 'tensor', local: cx.local(type, site.span) }));
  return items.length === 1 ? (items[0] ?? unknown) : { kind: 'tuple', items, names: declared.outputs.map(({ name }) => name?.text) };
}

/** The session in which a body is typed: frozen ones have their own. */
export function sessionOf({ session }: Context, { layer }: Pick<Target, 'layer'>): Session {
  return layer?.shared?.isFrozen === true ? session.frozen : session;
}

/** The context of a body that is used in `cx`: it has its hyperparameters and, for an entry, the surrounding definitions. */
export function bodyContext(cx: Context, target: Target, definition: Definition | undefined, facts = cx.facts): Context {
  const { decl, module, hyper, signature } = target;
  const axes = new NamedAxes(definition?.axes);
  const session = sessionOf(cx, target);
  if (isEntryLayer(decl)) return usedEntryContext(cx, decl, { session, module, hyper, axes, facts });
  const child = cx.inner({ session, module, labels: new Labels(), axes, facts });
  for (const [name, value] of hyper)
    child.body.define(name, { value, span: decl.name.span, role: 'hyper', sizeNames: signature.sizeNames });
  return child;
}

/** How messages name an argument: by the user's name for the tensor, else by what it is. */
function actual(arg: Argument, value: TensorValue, site: CallSite): Actual {
  const { hint, span, type } = value.local;
  const name = arg.expr?.kind === 'name' ? arg.expr.name : (hint ?? 'the input');
  return { name, type, span: placeOf(arg, site), origin: span };
}

/** Where messages about an argument point: at the stage that it is piped into, if it is not in the list. */
export function placeOf({ span }: Argument, site: CallSite): Span {
  const isPiped = span.end <= site.span.start || span.start >= site.span.end;
  return isPiped ? site.span : span;
}
