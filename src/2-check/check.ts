import type { AliasDecl, LayerDecl, TensorTypeExpr, TrainDecl } from '../1-syntax/ast.js';
import type { Span } from '../diagnostics/span.js';
import { suggest } from '../diagnostics/suggest.js';
import { Dim } from '../dims/dim.js';
import { Facts } from '../dims/facts.js';
import type { CheckedModel } from './checked-model.js';
import { Context } from './context.js';
import { interpreter } from './interpreter.js';
import { blame } from './layers/blame.js';
import { runBody } from './layers/bodies.js';
import { sizeOfBody } from './layers/body-size.js';
import { definitionOf } from './layers/check-declaration.js';
import { missingHyper } from './layers/hyper-lists.js';
import { declareInputs } from './layers/inputs.js';
import { Labels } from './layers/labels.js';
import { parametersOf } from './layers/parameters-of.js';
import { checkEntries } from './modules/entries.js';
import type { Module } from './modules/modules.js';
import { evaluateName, moduleContext } from './modules/names.js';
import { type Signature, signatureOf } from './modules/signature.js';
import { checkConfig } from './records/check-config.js';
import { hasDefault } from './records/has-default.js';
import type { Session } from './session.js';
import { applySettings } from './settings/apply-settings.js';
import type { ReadSettings } from './settings/settings.js';
import { assumeFacts, factsInAdvance } from './sizes/assume.js';
import { NamedAxes } from './sizes/axes.js';
import { reportUnmet } from './sizes/unmet.js';
import { checkTrains } from './train/train.js';
import { checkTrainedModel } from './train/train-model.js';
import type { LayerValue } from './values/values.js';

/** What to build of a file: which model, with which hyperparameters, optional inputs and fixed sizes. */
export interface ModelChoice {
  /** The settings of its hyperparameters. */
  readonly settings: ReadSettings;
  /** Whether the settings are for this model alone, and not for one of several. */
  readonly isOnly: boolean;
  /** Optional inputs that the graph must have. */
  readonly with: ReadonlySet<string>;
  /** Input sizes given as numbers. */
  readonly sizes: ReadonlyMap<string, number>;
}

/** Checks every declaration of the file on its own, as well as the names in its `train` blocks. */
export function checkDeclarations(session: Session, module: Module): void {
  for (const decl of module.decls.values()) {
    if (session.report.isFull(module.path)) return;
    if (module.spoiled.has(decl)) continue;
    if (decl.kind === 'let' || decl.kind === 'alias') {
      const cx = moduleContext({ session, interpreter }, module);
      if (decl.kind === 'alias' || decl.params === undefined)
        evaluateName(cx, { kind: 'name', name: decl.name.text, span: decl.name.span });
      reportUnmet(cx, decl);
      for (const problem of cx.problems) session.report.push(problem);
      continue;
    }
    if (decl.kind === 'config') checkConfig(session, interpreter, decl, module);
    else if (decl.kind !== 'fn' && decl.inputs === undefined) checkEntries(session, interpreter, decl, module);
    else definitionOf(session, interpreter, decl, module);
  }
  checkTrains(session, interpreter, module);
}

/** The models of a file by name, in source order. */
export function modelsOf(module: Module): readonly (LayerDecl | AliasDecl)[] {
  return [...module.decls.values()].filter(
    (d): d is LayerDecl | AliasDecl => d.kind === 'model' || (d.kind === 'alias' && d.of === 'model'),
  );
}

/** Whether a model can be built without settings: each of its hyperparameters has a value. */
export function isComplete(session: Session, module: Module, decl: LayerDecl | AliasDecl): boolean {
  const { name } = decl;
  const value = evaluateName(moduleContext({ session, interpreter }, module), { kind: 'name', name: name.text, span: name.span });
  return value.kind !== 'layer' || canBeMade(value);
}

/** Whether nothing is missing except records that are made from their defaults. */
function canBeMade(layer: LayerValue): boolean {
  return missingHyper(layer).every((param) => hasDefault(param, layer.module));
}

/** Picks the model to build; reports why there is none. */
export function chooseModel(session: Session, module: Module, wanted: string | undefined): LayerDecl | AliasDecl | undefined {
  const models = modelsOf(module);
  const names = models.map((m) => m.name.text);
  const start: Span = { file: module.path, start: 0, end: 0 };
  if (wanted !== undefined) {
    const found = models.find((m) => m.name.text === wanted);
    if (found === undefined) session.report.add('unknown-model', start, { name: wanted, known: names, near: suggest(wanted, names) });
    return found;
  }
  const [only] = models;
  if (only === undefined) {
    if (!session.report.hasErrors) session.report.add('no-model', start, {});
    return undefined;
  }
  if (models.length === 1) return only;
  session.report.add('several-models', models[1]?.name.span ?? start, { names });
  return undefined;
}

/** Types a model for one set of hyperparameters. `undefined` if anything is wrong, which has been reported. */
export function checkModel(session: Session, module: Module, decl: LayerDecl | AliasDecl, choice: ModelChoice): CheckedModel | undefined {
  const outside = moduleContext({ session, interpreter }, module);
  const isDeclared = module.decls.get(decl.name.text) === decl;
  const value =
    decl.kind === 'alias' && !isDeclared
      ? outside.evaluate(decl.value)
      : evaluateName(outside, { kind: 'name', name: decl.name.text, span: decl.name.span });
  if (value.kind !== 'layer') return undefined;
  const layer = applySettings(
    outside,
    { name: decl.name.text, span: decl.name.span, layer: value, module },
    choice.settings,
    choice.isOnly,
  );
  for (const problem of outside.problems) session.report.push(problem);
  if (layer === undefined) return undefined;
  const target = layer.decl;
  if (target.inputs === undefined) return undefined;
  const signature = signatureOf(target, layer.module);

  const definition = layer.module.standard ? undefined : definitionOf(session, interpreter, target, layer.module);
  if (definition === 'checking' || definition?.broken === true) return undefined;
  const cx = new Context({
    session,
    interpreter,
    module: layer.module,
    rigid: false,
    depth: 0,
    outermost: { decl: target, module: layer.module, sizes: signature.inputDims },
    labels: new Labels(),
    facts: Facts.none,
    axes: new NamedAxes(definition?.axes),
  });
  const { sizeNames } = signature;
  for (const [name, value] of layer.hyper ?? []) cx.body.define(name, { value, span: target.name.span, role: 'hyper', sizeNames });
  for (const input of signature.inputs) {
    const rest = input.type.dims.find((d) => d.kind === 'rest');
    if (rest !== undefined && !cx.problems.some((p) => p.code === 'open-rank'))
      cx.error('open-rank', rest.span, { name: target.name.text });
  }
  checkChoice(
    cx,
    decl,
    signature.inputs.map((p) => p.name.text),
    signature,
    choice,
  );
  const choices = { with: choice.with, sizes: choice.sizes };
  const locals = cx.problems.length > 0 ? undefined : declareInputs(cx, signature, choices, () => factsInAdvance(cx, target));
  const facts = locals === undefined ? [] : assumeFacts(cx, target).facts;
  const before = { names: cx.body.snapshot(), facts: cx.facts };
  const outputs = locals === undefined || cx.problems.length > 0 ? undefined : runBody(cx, target, signature);
  checkParameterNames(cx, signature);
  const size = sizeOfBody(cx.steps, session.limits, (code, span, limit) => cx.error(code, span ?? target.name.span, { limit }));
  const site = { span: decl.name.span, calleeSpan: decl.name.span };
  for (const problem of cx.problems) session.report.push(layer.module.standard ? blame(problem, layer, undefined, site) : problem);
  if (locals === undefined || outputs === undefined || size === undefined || cx.problems.some((p) => p.severity === 'error'))
    return undefined;
  const trains = module.trains.filter((train) => !module.spoiled.has(train) && isFor(train, decl));
  if (trains.length > 0) {
    const trained = {
      name: isDeclared ? decl.name.text : target.name.text,
      signature,
      ...before,
      outputs,
      weights: parametersOf(cx.steps),
    };
    for (const train of trains) checkTrainedModel(outside, train, trained);
    if (session.report.hasErrors) return undefined;
  }
  const inputs = signature.inputs.flatMap((param, i) => {
    const local = locals[i];
    return local === undefined
      ? []
      : [{ name: param.name.text, type: local.type, span: param.span, isBuildFloat: isBuildFloat(param.type) }];
  });
  return {
    name: decl.name.text,
    doc: decl.doc ?? target.doc,
    span: decl.name.span,
    hyper: layer.hyper ?? new Map(),
    instance: { kind: decl.name.text, inputs: locals, steps: cx.steps, outputs, newSizes: cx.newSizes.all, names: cx.labels.names, size },
    inputs,
    outputs: outputs.map(({ name, local, type }, i) => ({
      name: name ?? (outputs.length === 1 ? 'output' : `output_${i}`),
      local,
      type,
      isBuildFloat: isBuildFloat(signature.result?.outputs[i]?.type),
    })),
    facts,
    residuals: [...cx.open.values()],
  };
}

/** Whether a type has the build's float type, that is, specifies no other. */
function isBuildFloat(type: TensorTypeExpr | undefined): boolean {
  return type !== undefined && type.dtype === undefined;
}

/** Models that only a `train` block names, each made for its block: `train T for Llama(depth = 2)`, or one of another file. */
export function trainedModels(session: Session, module: Module): readonly AliasDecl[] {
  const cx = moduleContext({ session, interpreter }, module);
  return module.trains.flatMap(({ model, name, span }) => {
    if (model.kind === 'name' && module.decls.has(model.name)) return [];
    const value = cx.evaluate(model);
    return value.kind === 'layer' && canBeMade(value) ? [{ kind: 'alias', of: 'model', name, value: model, span }] : [];
  });
}

function isFor({ model }: TrainDecl, decl: LayerDecl | AliasDecl): boolean {
  return decl.kind === 'alias' && decl.value === model ? true : model.kind === 'name' && model.name === decl.name.text;
}

/** In the graph, a parameter of the model itself has the same name as here, next to the inputs and outputs. */
function checkParameterNames(cx: Context, { inputs, result }: Signature): void {
  const taken = new Map([...inputs, ...(result?.outputs ?? [])].map(({ name }) => [name?.text, name?.span]));
  for (const [name, claim] of cx.labels.names.written) {
    const span = claim.what === 'parameter' ? taken.get(name) : undefined;
    if (span === undefined) continue;
    cx.error('duplicate-name', claim.through ?? claim.span, { name }, { notes: [{ span, text: 'first declared here' }] });
  }
}

/** `--with` and `--bind` must name existing inputs and sizes. */
function checkChoice(cx: Context, decl: LayerDecl | AliasDecl, inputs: readonly string[], signature: Signature, choice: ModelChoice): void {
  const optional = signature.inputs.filter((p) => p.type.optional).map((p) => p.name.text);
  for (const name of choice.with) {
    if (!optional.includes(name))
      cx.error('unknown-optional', decl.name.span, { name, model: decl.name.text, optional, isInput: inputs.includes(name) });
  }
  for (const [name, size] of choice.sizes) {
    if (!signature.inputDims.has(name))
      cx.error('unknown-size', decl.name.span, { name, model: decl.name.text, known: [...signature.inputDims] });
    else if (!Number.isSafeInteger(size))
      cx.error('not-an-integer', decl.name.span, { what: `the number ${size}`, where: `the size \`${name}\`` });
    else if (size < (signature.emptyDims.has(name) ? 0 : 1)) cx.error('negative-size', decl.name.span, { size: String(Dim.of(size)) });
  }
}
