import type { AliasDecl, LayerDecl, TensorTypeExpr } from '../../1-syntax/ast.js';
import { Dim } from '../../dims/dim.js';
import { Facts } from '../../dims/facts.js';
import { nth } from '../../ops/only.js';
import type { CheckedEntry } from '../checked-model.js';
import { Context, type ContextInit } from '../context.js';
import { interpreter } from '../interpreter.js';
import { blame } from '../layers/blame.js';
import { runBody } from '../layers/bodies.js';
import { sizeOfBody } from '../layers/body-size.js';
import { definitionOf } from '../layers/check-declaration.js';
import { declareInputs } from '../layers/inputs.js';
import { Labels } from '../layers/labels.js';
import { bareName, outputNames, type Signature, signatureOf } from '../modules/signature.js';
import type { Session } from '../session.js';
import { assumeFacts, factsInAdvance } from '../sizes/assume.js';
import { NamedAxes } from '../sizes/axes.js';
import { emptyAtFirst } from '../sizes/empty-sizes.js';
import type { LayerValue } from '../values/values.js';
import { entryContext } from './around-entries.js';
import { type ModelChoice, sizesFor } from './choice.js';
import { isEntryLayer } from './entry-layers.js';
import type { Surroundings } from './surroundings.js';

/** The model that an entry is made for. */
export interface Making {
  /** Its declaration in the file that is built. */
  readonly decl: LayerDecl | AliasDecl;
  readonly choice: ModelChoice;
  /** What the statements around the entries made; undefined for a model with a signature of its own. */
  readonly around: Surroundings | undefined;
}

export interface Sizes {
  /** The sizes that are numbers. */
  readonly given: ReadonlyMap<string, number>;
  /** The sizes that may be 0. */
  readonly empty: ReadonlySet<string>;
}

/**
 * Types what becomes one graph: an entry of a model, or a model with a signature of its own. Sizes of states that start empty may be 0; if
 * the body turns out to have such states, it is typed again with these sizes. `undefined` if anything is wrong, which has been reported.
 */
export function checkEntry(session: Session, target: LayerDecl, layer: LayerValue, making: Making): CheckedEntry | undefined {
  const { module } = layer;
  const definition = module.standard ? undefined : definitionOf(session, interpreter, target, module);
  if (definition === 'checking' || definition?.broken === true) return undefined;
  const signature = signatureOf(target, module);
  const named = { entry: isEntryLayer(target) ? target.name.text : undefined, signature };
  const given = sizesFor(named, making.choice);
  const typed = (empty: ReadonlySet<string>) => {
    const axes = new NamedAxes(definition?.axes);
    return typeEntry(inputContext(session, target, layer, { ...making, given, empty, axes }), target, signature, {
      ...making,
      given,
      empty,
    });
  };
  let made = typed(signature.emptyDims);
  const empty = emptyAtFirst(signature, made.cx.steps);
  const isKnown = [...empty].every((name) => signature.emptyDims.has(name));
  if (!isKnown) made = typed(new Set([...signature.emptyDims, ...empty]));
  const { cx, entry } = made;
  const wrong = [...given].find(([name, size]) => size === 0 && !signature.emptyDims.has(name) && !empty.has(name));
  if (wrong !== undefined) cx.error('negative-size', making.decl.name.span, { size: `${wrong[0]} = 0` });
  if (wrong === undefined) reportEmpty(cx, signature, new Set([...signature.emptyDims, ...empty]));
  const site = { span: making.decl.name.span, calleeSpan: making.decl.name.span };
  for (const problem of cx.problems) session.report.push(module.standard ? blame(problem, layer, undefined, site) : problem);
  return cx.problems.some((p) => p.severity === 'error') ? undefined : entry;
}

/** The context in which the inputs of an entry, or of a model with a signature of its own, are declared. */
export function inputContext(
  session: Session,
  target: LayerDecl,
  { module, hyper }: LayerValue,
  { around, given, empty, axes }: Pick<Making, 'around'> & Sizes & { readonly axes: NamedAxes },
): Context {
  const { inputDims, sizeNames } = signatureOf(target, module);
  const outermost = { decl: target, module, sizes: inputDims, empty, isBound: given.size > 0 };
  const init: Omit<ContextInit, 'labels' | 'facts'> = { session, interpreter, module, rigid: false, depth: 0, outermost, axes };
  if (isEntryLayer(target) && around !== undefined) return entryContext(around, target, { ...init, facts: around.facts });
  const cx = new Context({ ...init, labels: new Labels(), facts: Facts.none });
  for (const [name, value] of hyper ?? []) cx.body.define(name, { value, span: target.name.span, role: 'hyper', sizeNames });
  return cx;
}

/** Runs the body in `cx`, which then has the problems. */
function typeEntry(
  cx: Context,
  target: LayerDecl,
  signature: Signature,
  { decl, choice, given, empty }: Making & Sizes,
): { readonly cx: Context; readonly entry: CheckedEntry | undefined } {
  reportOpenRanks(cx, target, signature);
  const choices = { with: choice.with, sizes: given, empty };
  const locals = cx.problems.length > 0 ? undefined : declareInputs(cx, signature, choices, () => factsInAdvance(cx, target));
  const facts = locals === undefined ? [] : assumeFacts(cx, target).facts;
  const outputs = locals === undefined || cx.problems.length > 0 ? undefined : runBody(cx, target, signature);
  checkParameterNames(cx, signature);
  const size = sizeOfBody(cx.steps, cx.session.limits, (code, span, limit) => cx.error(code, span ?? target.name.span, { limit }));
  if (locals === undefined || outputs === undefined || size === undefined) return { cx, entry: undefined };
  const factsOfEmpty = [...empty]
    .filter((name) => !signature.emptyDims.has(name))
    .map((name) => ({ fact: { kind: 'at-least', left: Dim.variable(name, 0), right: Dim.zero } as const, text: `${name} >= 0` }));
  const isEntry = isEntryLayer(target);
  const kind = isEntry ? target.entryOf.name.text : decl.name.text;
  const names = outputNames(signature.result);
  const entry: CheckedEntry = {
    name: isEntry ? target.name.text : 'forward',
    doc: isEntry ? target.doc : (decl.doc ?? target.doc),
    span: isEntry ? target.name.span : decl.name.span,
    instance: { kind, inputs: locals, steps: cx.steps, outputs, newSizes: cx.newSizes.all, names: cx.labels.names, size },
    inputs: signature.inputs.flatMap((param, i) => {
      const local = locals[i];
      return local === undefined
        ? []
        : [{ name: param.name.text, type: local.type, span: param.span, isBuildFloat: isBuildFloat(param.type) }];
    }),
    outputs: outputs.map(({ local, type }, i) => ({
      name: nth(names, i).text,
      local,
      type,
      isBuildFloat: isBuildFloat(signature.result?.outputs[i]?.type),
    })),
    facts: [...facts, ...factsOfEmpty],
    residuals: [...cx.open.values()],
  };
  return { cx, entry };
}

/** Reports inputs with `*B`: a graph has a certain number of axes. */
export function reportOpenRanks(cx: Context, target: LayerDecl, { inputs }: Signature): void {
  for (const { type } of inputs) {
    const rest = type.dims.find((d) => d.kind === 'rest');
    if (rest !== undefined && !cx.problems.some((p) => p.code === 'open-rank'))
      cx.error('open-rank', rest.span, { name: target.name.text });
  }
}

/** Whether a type has the build's float type, that is, specifies no other. */
export function isBuildFloat(type: TensorTypeExpr | undefined): boolean {
  return type !== undefined && type.dtype === undefined;
}

/** In the graph, a parameter of the model itself has the same name as here, next to the inputs and outputs. */
function checkParameterNames(cx: Context, { inputs, result }: Signature): void {
  const taken = new Map([...inputs.map(({ name }) => name), ...outputNames(result)].map(({ text, span }) => [text, span]));
  for (const [name, claim] of cx.labels.names.written) {
    const span = claim.what === 'parameter' ? taken.get(name) : undefined;
    if (span === undefined) continue;
    cx.error('duplicate-name', claim.through ?? claim.span, { name }, { notes: [{ span, text: 'first declared here' }] });
  }
}

/** Reports the first input that a hyperparameter has made empty. */
function reportEmpty(cx: Context, signature: Signature, mayBeEmpty: ReadonlySet<string>): void {
  for (const { type } of signature.inputs) {
    // One that is not given has no sizes.
    if (type.optional) continue;
    const wrong = type.dims.find((dim) => {
      const name = bareName(dim);
      const value = name === undefined || mayBeEmpty.has(name) ? undefined : cx.scope.find(name)?.value;
      return value?.kind === 'int' && value.dim.constant === 0;
    });
    if (wrong === undefined) continue;
    // What follows from the empty input is not reported.
    cx.problems = [];
    cx.error('negative-size', wrong.span, { size: `${bareName(wrong)} = 0` });
    return;
  }
}
