import { suggest } from '../../diagnostics/suggest.js';
import type { Dim } from '../../dims/dim.js';
import { variablesOf } from '../../dims/fact.js';
import { type Facts, mapFact } from '../../dims/facts.js';
import { withSizes } from '../../ops/requested-sizes.js';
import type { Instance, StepScope } from '../checked-model.js';
import type { Argument, CallSite, Context } from '../context.js';
import { reportNotTensor } from '../expressions/not-a-tensor.js';
import { reportSeveral } from '../expressions/outputs.js';
import { maskHelp } from '../pytorch/masks.js';
import { sourceOf } from '../pytorch/source.js';
import type { Instantiation } from '../session.js';
import { adoptSizes } from '../sizes/made-sizes.js';
import { joinNames, reportTaken } from '../statements/joined-scopes.js';
import { demandedArgument, presentArgument, withValue } from '../values/absence.js';
import { demandComparison } from '../values/value-limits.js';
import { type CheckValue, describe, keyOf, type LayerValue, unknown } from '../values/values.js';
import { blame } from './blame.js';
import { runBody } from './bodies.js';
import { sizeOfBody } from './body-size.js';
import { definitionOf } from './check-declaration.js';
import { type Application, declaredResult, enterBody, placeOf, sessionOf, type Target } from './enter-body.js';
import { type Claim, joinedScope, snakeCase } from './labels.js';
import { parametersOf, recordParameters } from './parameters-of.js';

/**
 * Applies a layer or function to tensors: finds the typed body for these hyperparameters and argument types (made once, however often it is
 * used) and adds a call to it to the caller's steps.
 */
export function instantiate(cx: Context, target: Target, args: readonly Argument[], site: CallSite): CheckValue {
  const { decl, module } = target;
  const inputs = assignInputs(cx, target, args, site);
  if (inputs === undefined) return unknown;
  const session = sessionOf(cx, target);
  const definition = module.standard ? undefined : definitionOf(session, cx.interpreter, decl, module);
  if (definition === 'checking') {
    cx.error('recursive-layer', site.span, { name: decl.name.text });
    return unknown;
  }
  const scope = claimScope(cx, target);
  if (definition?.broken === true) {
    cx.session.noteFlawedUse();
    const isTrusted = cx.session.observer !== undefined || module.spoiled.has(decl);
    return isTrusted ? declaredResult(cx, { target, inputs, site }) : unknown;
  }
  const application: Application = { target, inputs, definition, site };
  const used = instanceFor(cx, application);
  if (used === undefined) return unknown;
  return call(cx, application, used, scope);
}

/** The inputs of an application; `undefined` if the arguments do not fit, which is reported, or if one is unknown. */
function assignInputs(
  cx: Context,
  { decl, signature, module, layer }: Target,
  args: readonly Argument[],
  site: CallSite,
): Application['inputs'] | undefined {
  const name = decl.name.text;
  const slots: (Argument | undefined)[] = signature.inputs.map(() => undefined);
  let position = 0;
  let poisoned = false;
  for (const raw of args) {
    let arg = unwrapSingle(raw);
    const at = arg.name === undefined ? position++ : signature.inputs.findIndex((p) => p.name.text === arg.name);
    const param = signature.inputs[at];
    if (param === undefined) {
      const known = signature.inputs.map((p) => p.name.text);
      if (arg.name === undefined)
        cx.error('too-many-arguments', arg.span, {
          callee: name,
          what: describe(arg.value, (t) => cx.show(t)),
          max: signature.inputs.length,
          known,
        });
      else {
        const help = module.standard ? maskHelp(name, arg, sourceOf(cx, arg.span)) : undefined;
        cx.error(
          'unknown-argument',
          arg.nameSpan ?? arg.span,
          { callee: name, name: arg.name, known, near: suggest(arg.name, known) },
          { help },
        );
      }
      return undefined;
    }
    // An optional input that gets a value which may be absent is checked as if it were present; its own declaration must handle the absence.
    arg = param.type.optional ? presentArgument(arg) : demandedArgument(cx, arg);
    if (arg.value.kind === 'unknown') poisoned = true;
    else if (arg.value.kind === 'absent') continue;
    else if (arg.value.kind !== 'tensor') {
      if (reportSeveral(cx, arg.value, arg.span)) return undefined;
      const help = decl.kind === 'fn' ? `a function has one list, with its tensors first: \`${name}(${param.name.text}, ...)\`` : undefined;
      reportNotTensor(cx, arg.value, arg.span, `\`${param.name.text}\` of \`${name}\` is a tensor`, help);
      return undefined;
    } else slots[at] = arg;
  }
  if (poisoned) return undefined;
  for (const [i, param] of signature.inputs.entries()) {
    if (slots[i] !== undefined || param.type.optional) continue;
    cx.error(
      'missing-input',
      site.calleeSpan,
      {
        callee: name,
        input: param.name.text,
        wanted: signature.inputs.map((p) => p.name.text),
        got: args.length,
        applied: sourceOf(cx, site.calleeSpan),
        isBare: decl.kind !== 'fn' && decl.hyper === undefined && layer?.shared === undefined,
        needed: signature.inputs.filter((p) => !p.type.optional).map((p) => p.name.text),
      },
      { notes: [{ span: param.span, text: 'declared here' }] },
    );
    return undefined;
  }
  return slots;
}

function unwrapSingle(arg: Argument): Argument {
  const { value } = arg;
  if (value.kind !== 'tuple' || value.names === undefined || value.items.length !== 1) return arg;
  return withValue(arg, value.items[0] ?? unknown);
}

/** The scope of a use, claimed before its body is checked; `undefined` for one without a level, whose names come from the body. */
function claimScope(cx: Context, { decl, layer }: Target): StepScope | undefined {
  if (layer === undefined) return undefined;
  if (layer.shared !== undefined) return { kind: 'shared', instance: layer.shared };
  const { label } = layer;
  const name = decl.name.text;
  if (label === undefined) return cx.labels.invent(snakeCase(name));
  if (label.addsNoLevel === true) return undefined;
  const claim: Claim = { what: 'label', span: label.span };
  const before = cx.labels.claim(label.text, claim);
  if (before !== undefined) reportTaken(cx, label.text, claim, before, { name, isFunction: false });
  return { kind: 'label', label: label.text };
}

/** A typed body in one of its uses, and what its new sizes are there. */
interface Used {
  readonly instance: Instance;
  readonly sizes: ReadonlyMap<string, Dim>;
}

/** The typed body for these arguments. `undefined` if it has errors, which are reported with its first use. */
function instanceFor(cx: Context, application: Application): Used | undefined {
  const { target, inputs, site } = application;
  const session = sessionOf(cx, target);
  const { decl, hyper } = target;
  for (const value of hyper.values()) if (!demandComparison(cx, value, site.span)) return undefined;
  let values = '';
  for (const value of hyper.values()) values += `${keyOf(value, session.idOf)},`;
  for (const arg of inputs) values += arg === undefined ? ';' : `;${keyOf(arg.value, session.idOf)}`;
  const facts = cx.facts.about((name) => values.includes(name));
  // The range of a size is not part of its key.
  const empty = cx.outermost === undefined ? '' : namesIn(cx.outermost.empty, values);
  // A demand that fails only for hyperparameters stays open.
  const choices = cx.rigid ? namesIn(cx.choices, values) : 'fixed';
  const key = `${session.idOf(decl)} ${values} ${empty} ${facts.key} ${choices}`;
  const known = session.instances.get(key);
  if (known === 'building') {
    cx.error('recursive-layer', site.span, { name: decl.name.text });
    return undefined;
  }
  if (known !== undefined) return use(cx, known, application);
  if (cx.depth >= session.limits.instantiationDepth) {
    cx.error('instantiation-depth', site.span, { limit: session.limits.instantiationDepth, name: decl.name.text });
    return undefined;
  }
  if (session.instances.size >= session.limits.instantiations) {
    session.limitReached = true;
    cx.error('too-many-instantiations', site.span, { limit: session.limits.instantiations });
    return undefined;
  }
  session.instances.set(key, 'building');
  const built = build(cx, application, facts);
  session.instances.set(key, built);
  session.forgetAfterObserving(() => session.instances.delete(key));
  // Mistakes in a body are reported at its first use; if that was a trial, at a later one.
  if (!built.ok) {
    session.noteFailure(key);
    session.onRollback(() => session.instances.delete(key));
  }
  return use(cx, built, application);
}

/** What a body leaves open, its user leaves open: at the location of the use, if the body is not the user's own. */
function use(cx: Context, { ok, instance, open }: Instantiation, { target, inputs, site }: Application): Used | undefined {
  const sizes = instance.newSizes.length === 0 ? noSizes : adoptSizes(cx, instance, sizesSeen(instance, open), site.span);
  for (const { code, span, facts, place } of open) {
    const here = [...facts.values()].map((fact) => mapFact(fact, (size) => size.substitute(sizes)));
    const arg = typeof place === 'number' ? inputs[place] : undefined;
    const inUse = place === undefined ? span : arg === undefined ? site.span : placeOf(arg, site);
    cx.leaveOpen(code, target.module.standard ? site.span : inUse, ...here);
  }
  if (ok) return { instance, sizes };
  cx.session.noteFlawedUse();
  return undefined;
}

const noSizes: ReadonlyMap<string, Dim> = new Map();

/** The sizes that a use sees of a body: those in the types of its results, and in what it leaves open. */
function sizesSeen(instance: Instance, open: Instantiation['open']): ReadonlySet<string> {
  const seen = new Set<string>();
  const see = (name: string) => seen.add(name);
  for (const { type } of instance.outputs) for (const size of type.shape) size.variables().forEach(see);
  for (const { facts } of open) for (const fact of facts.values()) variablesOf(fact).forEach(see);
  return seen;
}

/** The names that may occur in the keys of values. */
function namesIn(names: ReadonlySet<string>, values: string): string {
  let found = '';
  for (const name of names) if (values.includes(name)) found += `${name},`;
  return found;
}

/** The typed body for these arguments, in which `facts` hold. */
function build(cx: Context, application: Application, facts: Facts): Instantiation {
  const { target, definition, site } = application;
  const { decl, signature } = target;
  const { child, formals, fits, places } = enterBody(cx, application, facts);
  const open = () => [...child.open].map(([key, demand]) => ({ ...demand, place: places.get(key) }));
  const failed = (): Instantiation => ({
    instance: {
      kind: decl.name.text,
      inputs: [],
      steps: [],
      outputs: [],
      newSizes: child.newSizes.all,
      names: child.labels.names,
      size: { nodes: 0, parameters: 0, states: 0, steps: 0 },
    },
    ok: false,
    open: open(),
  });
  if (!fits) return failed();
  const outputs = runBody(child, decl, signature);
  const size = sizeOfBody(child.steps, cx.session.limits, (code, span, limit) => child.error(code, span ?? decl.name.span, { limit }));
  if (child.problems.length > 0 || outputs === undefined || size === undefined) {
    for (const problem of child.problems) cx.problems.push(blame(problem, target, definition, site));
    return failed();
  }
  const { steps, labels, newSizes } = child;
  return {
    instance: { kind: decl.name.text, inputs: formals, steps, outputs, newSizes: newSizes.all, names: labels.names, size },
    ok: true,
    open: open(),
  };
}

function call(cx: Context, { target, inputs, site }: Application, { instance, sizes }: Used, claimed: StepScope | undefined): CheckValue {
  const { decl, layer } = target;
  if (layer?.shared !== undefined && !sameWeights(cx, layer.shared, instance, site)) return unknown;
  const joins = claimed?.kind === 'label' ? undefined : layer?.shared === undefined ? joinedScope(cx.labels) : layer.shared.joins;
  if (joins !== undefined)
    joinNames(cx, joins, instance.names, { name: decl.name.text, isFunction: decl.kind === 'fn', span: layer?.label?.span ?? site.span });
  const scope = claimed ?? { kind: 'joined' as const, renames: joins?.renames ?? new Map() };
  const outputs = instance.outputs.map(({ type }) => cx.local(withSizes(type, sizes), site.span));
  cx.steps.push({
    kind: 'call',
    instance,
    scope,
    inputs: inputs.map((arg) => (arg?.value.kind === 'tensor' ? arg.value.local : undefined)),
    outputs,
    sizes,
    span: site.span,
  });
  const only = outputs[0];
  if (outputs.length === 1 && only !== undefined) return { kind: 'tensor', local: only };
  return { kind: 'tuple', items: outputs.map((local) => ({ kind: 'tensor', local })), names: instance.outputs.map((o) => o.name) };
}

/** Every application of shared weights must require the same ones. */
function sameWeights(cx: Context, shared: NonNullable<LayerValue['shared']>, instance: Instance, site: CallSite): boolean {
  if (cx.session.isAppliedBefore(shared, instance)) return true;
  const wanted = parametersOf(instance.steps);
  for (const [name, spec] of wanted) {
    const before = shared.parameters.get(name);
    if (before === undefined) continue;
    if (cx.show(before.type) === cx.show(spec.type)) continue;
    cx.error(
      'shared-weights-differ',
      site.span,
      { label: shared.label, name, wanted: cx.show(spec.type), got: cx.show(before.type) },
      { notes: [{ span: shared.span, text: `\`${shared.label}\` is bound here` }] },
    );
    return false;
  }
  recordParameters(cx.session, shared, wanted);
  const { applied } = shared;
  shared.applied = true;
  cx.session.onRollback(() => {
    shared.applied = applied;
  });
  return true;
}
