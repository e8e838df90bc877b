import type { Expr, Name, TrainClause, TrainDecl } from '../../1-syntax/ast.js';
import type { Span } from '../../diagnostics/span.js';
import { Dim } from '../../dims/dim.js';
import { nth } from '../../ops/only.js';
import { isFloat } from '../../ops/types.js';
import type { CheckedEntry, CheckedModel, InstanceOutput } from '../checked-model.js';
import { type Argument, type CallSite, Context } from '../context.js';
import { interpreter } from '../interpreter.js';
import { sizeOfBody } from '../layers/body-size.js';
import { completed } from '../layers/hyper-lists.js';
import { declareInputs } from '../layers/inputs.js';
import { Labels } from '../layers/labels.js';
import { share, shareFrozen } from '../layers/sharing.js';
import { inputContext, isBuildFloat, reportOpenRanks } from '../models/check-entry.js';
import type { ModelChoice } from '../models/choice.js';
import type { Surroundings } from '../models/surroundings.js';
import type { Module } from '../modules/modules.js';
import { bareName, signatureOf } from '../modules/signature.js';
import type { Session } from '../session.js';
import { assumeFacts, factsInAdvance } from '../sizes/assume.js';
import { NamedAxes } from '../sizes/axes.js';
import { decidedByData } from '../sizes/new-sizes.js';
import { dimText, typeOf } from '../sizes/type-expressions.js';
import { refuseFixed } from '../statements/binding.js';
import { type CheckValue, describe, type Local, unknown } from '../values/values.js';
import { TappedModel } from './tap.js';
import { newSizes } from './train.js';
import type { TrainedLayer } from './trained-layer.js';

/** A block that is typed: it may have problems, which are in its context. */
export interface TypedBlock {
  readonly cx: Context;
  /** With one entry, which computes the loss and the metrics; undefined if that is not possible. */
  readonly model: CheckedModel | undefined;
  readonly metrics: readonly string[];
  /** The names of models that it freezes. */
  readonly frozen: readonly string[];
}

/** What a block is typed for. */
export interface BlockToType {
  readonly session: Session;
  readonly module: Module;
  readonly train: TrainDecl;
  readonly trained: TrainedLayer;
  /** What the statements around the entries made; undefined for a model with a signature of its own. */
  readonly around: Surroundings | undefined;
  readonly choice: ModelChoice;
  /** The sizes that are numbers. */
  readonly given: ReadonlyMap<string, number>;
  /** The sizes that are 0 because states start empty. */
  readonly empty: ReadonlySet<string>;
}

type Input = CheckedEntry['inputs'][number];

/** Applies the model of a block to its inputs, and computes what the block computes. */
export function typeBlock(block: BlockToType): TypedBlock {
  const { train, trained, session } = block;
  const made = declareModelInputs(block);
  const { cx } = made;
  const none: TypedBlock = { cx, model: undefined, metrics: [], frozen: [] };
  if (made.inputs === undefined || cx.problems.length > 0 || !applyModel(cx, block, made.inputs)) return none;
  const own = train.clauses.flatMap((clause) => (clause.kind === 'input' ? declareInput(cx, clause, block.choice) : []));
  const run = new Clauses(cx);
  for (const clause of train.clauses) run.run(clause);
  cx.labels.settle();
  const present = made.inputs.filter((input) => input !== undefined);
  const inputs = [...present, ...own];
  const outputs = run.outputs;
  reportWeightNames(cx, [...inputs.map(({ name, span }) => ({ text: name, span })), ...outputs.map(({ name }) => name)]);
  const size = sizeOfBody(cx.steps, session.limits, (code, span, limit) => cx.error(code, span ?? train.name.span, { limit }));
  const { decl, alias, hyper = new Map() } = trained.layer;
  const name = (alias ?? decl).name.text;
  if (size === undefined || outputs.length === 0) return none;
  const entry: CheckedEntry = {
    name: 'train',
    doc: train.doc,
    span: train.name.span,
    instance: {
      kind: name,
      inputs: [...made.inputs.map((input) => input?.local), ...own.map(({ local }) => local)],
      steps: cx.steps,
      outputs: outputs.map(({ local }): InstanceOutput => ({ name: undefined, local, type: local.type })),
      newSizes: cx.newSizes.all,
      names: cx.labels.names,
      size,
    },
    inputs: inputs.map(({ local, ...input }): Input => input),
    outputs: outputs.map(({ name: { text }, local }) => ({ name: text, local, type: local.type, isBuildFloat: false })),
    facts: made.facts,
    residuals: [...cx.open.values()],
  };
  const model = { name, doc: decl.doc, span: decl.name.span, hyper, entries: [entry] };
  const metrics = outputs.filter(({ isMetric }) => isMetric).map((output) => output.name.text);
  return { cx, model, metrics, frozen: run.frozen };
}

// ---------------------------------------------------------------- inputs

type DeclaredInput = Input & { readonly local: Local };

interface MadeInputs {
  /** The context of the block, with the names that the model's signature brings. */
  readonly cx: Context;
  /** By position; absent optional ones are undefined. Undefined if they are wrong, which is reported. */
  readonly inputs: readonly (DeclaredInput | undefined)[] | undefined;
  readonly facts: CheckedEntry['facts'];
}

/** Declares the inputs of the model in the file that has it, and makes the context of the block. */
function declareModelInputs({ session, module, trained, around, choice, given, empty }: BlockToType): MadeInputs {
  const { target, layer } = trained;
  const signature = signatureOf(target, layer.module);
  const zeros = new Map([...empty].map((name) => [name, 0] as const));
  const sizes = { given: new Map([...given, ...zeros]), empty: new Set([...signature.emptyDims, ...empty]) };
  const inside = inputContext(session, target, layer, { around, ...sizes, axes: new NamedAxes() });
  reportOpenRanks(inside, target, signature);
  const choices = { with: choice.with, sizes: sizes.given, empty: sizes.empty };
  const locals = inside.problems.length > 0 ? undefined : declareInputs(inside, signature, choices, () => factsInAdvance(inside, target));
  const facts = locals === undefined ? [] : assumeFacts(inside, target).facts;
  const { outermost, open, newSizes: made } = inside;
  const cx = new Context({
    session,
    interpreter,
    module,
    rigid: false,
    depth: 0,
    labels: new Labels(),
    facts: inside.facts,
    outermost,
    open,
    newSizes: made,
  });
  for (const [name, binding] of inside.body.snapshot()) cx.body.define(name, binding);
  for (const [name, axes] of inside.rests) cx.rests.set(name, axes);
  cx.problems = inside.problems;
  const inputs = locals?.map((local, i): DeclaredInput | undefined => {
    const { name, span, type } = nth(signature.inputs, i);
    return local && { local, name: name.text, type: local.type, span, isBuildFloat: isBuildFloat(type) };
  });
  return { cx, inputs, facts };
}

/** An input of the block itself. A name in its type that means nothing else is a size that it brings. */
function declareInput(cx: Context, { name, type, span }: Extract<TrainClause, { kind: 'input' }>, { sizes }: ModelChoice): DeclaredInput[] {
  for (const size of newSizes(cx, type)) {
    const given = sizes.get(size);
    cx.newSizes.reserve([size]);
    const dim = given === undefined ? Dim.variable(size) : Dim.of(given);
    cx.body.define(size, { value: { kind: 'int', dim }, span: type.span, role: 'dim' });
  }
  const known = typeOf(cx, type);
  const ofData = known?.shape.findIndex((size) => decidedByData(cx.newSizes, size.variables()) !== undefined) ?? -1;
  const axis = type.dims[ofData];
  if (axis?.kind === 'size') cx.error('input-size-from-data', axis.span, { name: name.text, size: dimText(cx.module.file.text, axis) });
  const local = known && ofData < 0 ? cx.local(known, name.span, name.text) : undefined;
  const value: CheckValue = local === undefined ? unknown : { kind: 'tensor', local };
  cx.session.observer?.(name, value);
  cx.body.define(name.text, { value, span: name.span, role: 'input' });
  return local === undefined ? [] : [{ local, name: name.text, type: local.type, span, isBuildFloat: isBuildFloat(type) }];
}

// ---------------------------------------------------------------- the model

/** Applies the model to its inputs. Its outputs, `model` and `tap` can then be read. */
function applyModel(cx: Context, { train, trained }: BlockToType, inputs: readonly (DeclaredInput | undefined)[]): boolean {
  const { target, layer, entry } = trained;
  const { span } = train.model;
  const site: CallSite = { span, calleeSpan: span };
  const bound = share(cx, { ...layer, label: { text: '_', span, addsNoLevel: true } }, 'model', span);
  if (bound.kind !== 'layer') return false;
  const args = inputs.flatMap((input): Argument[] =>
    input === undefined ? [] : [{ name: input.name, value: { kind: 'tensor', local: input.local }, span: input.span }],
  );
  const value = interpreter.apply(cx, entry === undefined ? bound : { ...bound, decl: entry }, args, site);
  // The names of its weights are final before the block adds others.
  cx.labels.settle();
  if (value.kind !== 'tensor' && value.kind !== 'tuple') return false;
  cx.body.define('model', { value: bound, span, role: 'let' });
  const tapped = new TappedModel({ cx, name: layer.decl.name.text, steps: cx.steps, at: cx.steps.length - 1 });
  const tap: CheckValue = { kind: 'fn', form: 'tap', read: (pattern, place) => tapped.read(pattern, place) };
  cx.body.define('tap', { value: tap, span, role: 'let' });
  defineOutputs(cx, trained, value.kind === 'tensor' ? [value] : value.items);
  return target.result !== undefined;
}

/** Defines the outputs by their names, and the sizes that only the result mentions. */
function defineOutputs(cx: Context, { target, layer }: TrainedLayer, values: readonly CheckValue[]): void {
  const signature = signatureOf(target, layer.module);
  for (const [i, { name, type }] of (signature.result?.outputs ?? []).entries()) {
    const value = values[i];
    if (value?.kind !== 'tensor') continue;
    for (const [axis, dim] of type.dims.entries()) {
      const size = bareName(dim);
      const known = value.local.type.shape[axis];
      if (known === undefined || size === undefined || !signature.dims.has(size) || signature.inputDims.has(size)) continue;
      cx.body.define(size, { value: { kind: 'int', dim: known }, span: dim.span, role: 'dim' });
    }
    if (name === undefined) continue;
    // Messages about it point at the signature.
    const local = value.local as { hint: string | undefined; span: Span };
    local.hint = name.text;
    local.span = name.span;
    cx.body.define(name.text, { value, span: name.span, role: 'variable' });
  }
}

// ---------------------------------------------------------------- what a block computes

interface BlockOutput {
  readonly name: Name;
  readonly local: Local;
  readonly isMetric: boolean;
}

/** Runs the clauses that compute something. */
class Clauses {
  readonly outputs: BlockOutput[] = [];
  readonly frozen: string[] = [];
  readonly #cx: Context;

  constructor(cx: Context) {
    this.#cx = cx;
  }

  run(clause: TrainClause): void {
    const cx = this.#cx;
    switch (clause.kind) {
      case 'assign':
        if (clause.isFrozen) this.#freeze(clause);
        else cx.interpreter.runStatements(cx, { statements: [clause], span: clause.span });
        break;
      case 'loss':
        this.#give({ text: 'loss', span: clause.span }, clause.value, false);
        break;
      case 'metric':
        this.#give(clause.name, clause.value, true);
        break;
      default:
    }
  }

  /** `teacher = frozen BigNet(classes = 10)` */
  #freeze({ target, value: expr }: Extract<TrainClause, { kind: 'assign' }>): void {
    const cx = this.#cx;
    const value = cx.evaluate(expr);
    const { span } = expr;
    const name = target.kind === 'bind' ? target.name : { text: '', span: target.span };
    if (value.kind !== 'unknown' && (value.kind !== 'layer' || value.shared !== undefined || target.kind !== 'bind')) {
      const isBound = value.kind === 'layer' && value.shared !== undefined;
      cx.error('bad-frozen', span, { what: describe(value, (type) => cx.show(type)), isBound });
    } else if (value.kind === 'layer' && !refuseFixed(cx, name)) {
      const layer = completed(cx, value, { span, calleeSpan: span });
      const bound = layer === undefined ? unknown : shareFrozen(cx, layer, name.text, name.span);
      this.frozen.push(value.label?.text ?? name.text);
      cx.body.define(name.text, { value: bound, span: name.span, role: 'variable' });
      return;
    }
    if (name.text !== '') cx.body.define(name.text, { value: unknown, span: name.span, role: 'variable' });
  }

  /** The loss, or a metric: one number for the whole batch. */
  #give(name: Name, expr: Expr, isMetric: boolean): void {
    const cx = this.#cx;
    const value = cx.evaluate(expr);
    const isNumber = value.kind === 'tensor' && isFloat(value.local.type.dtype) && value.local.type.shape.length === 0;
    if (isNumber) this.outputs.push({ name, local: value.local, isMetric });
    else if (value.kind !== 'unknown')
      cx.error('bad-loss', expr.span, {
        of: isMetric ? `the metric \`${name.text}\`` : 'the loss',
        what: describe(value, (type) => cx.show(type)),
      });
    if (!isMetric) cx.body.define('loss', { value: isNumber ? value : unknown, span: name.span, role: 'variable' });
  }
}

/** In the graph, a parameter of the model itself has the same name as here, next to the inputs and outputs. */
function reportWeightNames(cx: Context, taken: readonly Name[]): void {
  for (const { text: name, span } of taken) {
    const claim = cx.labels.names.written.get(name);
    if (claim?.what === 'parameter')
      cx.error('duplicate-name', span, { name }, { notes: [{ span: claim.span, text: 'first declared here' }] });
  }
}
