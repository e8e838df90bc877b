import type { Expr, Name, TensorTypeExpr, TrainClause, TrainDecl } from '../../1-syntax/ast.js';
import { exprsOf } from '../../1-syntax/walk.js';
import { spanBeside } from '../../diagnostics/anchor.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { Context, Interpreter } from '../context.js';
import { entriesOf } from '../models/entry-layers.js';
import type { Module } from '../modules/modules.js';
import { evaluateName, moduleContext } from '../modules/names.js';
import { bareName, reportDuplicates, type Signature, signatureOf } from '../modules/signature.js';
import type { Session } from '../session.js';
import { dtypeOf } from '../sizes/type-expressions.js';
import { type CheckValue, unknown } from '../values/values.js';
import { checkArguments, checkNumber } from './arguments.js';
import { groupNames, loraArguments, optimizers, optionNames } from './optimizers.js';

/** Checks the `train` blocks of a file as far as that is possible without sizes: every name must have a meaning, and no name may be given twice. */
export function checkTrains(session: Session, interpreter: Interpreter, module: Module): void {
  reportDuplicates(
    session.report,
    module.trains.map((train) => train.name),
  );
  for (const train of module.trains) if (!module.spoiled.has(train)) checkTrain(session, interpreter, train, module);
}

function checkTrain(session: Session, interpreter: Interpreter, train: TrainDecl, module: Module): void {
  const cx = moduleContext({ session, interpreter }, module);
  const model = trainedLayer(cx, train.model);
  // What the names in the block mean depends on the model: without one, nothing more is reported.
  if (model.kind === 'layer' && model.decl.kind === 'model' && model.decl.inputs === undefined) {
    const entries = entriesOf(model.decl, model.module).map((entry) => entry.name.text);
    if (entries.length > 0)
      cx.error('entry-not-named', train.model.span, { model: model.decl.name.text, entries, bound: model.decl.name.text });
  } else if (model.kind === 'layer' && model.decl.kind === 'model') {
    const names = declareNames(cx, signatureOf(model.decl, model.module), train);
    reportDuplicates(session.report, names);
    for (const clause of train.clauses) checkClause(cx, clause);
    if (!train.clauses.some(({ kind }) => kind === 'loss' || kind === 'error-clause'))
      cx.error('missing-loss', train.name.span, { name: train.name.text });
  } else if (model.kind !== 'unknown') {
    cx.error('not-a-model', train.model.span, { name: module.file.text.slice(train.model.span.start, train.model.span.end) });
  }
  for (const problem of cx.problems) session.report.push(problem);
}

/** What a block trains: a model, or the entry of one, `Whisper.step`. */
function trainedLayer(cx: Context, expr: Expr): CheckValue {
  const model = expr.kind === 'member' ? cx.evaluate(expr.object) : undefined;
  if (expr.kind !== 'member' || model?.kind !== 'layer' || model.decl.inputs !== undefined) return cx.evaluate(expr);
  const { text, span } = expr.name;
  const entries = entriesOf(model.decl, model.module);
  const entry = entries.find((other) => other.name.text === text);
  if (entry !== undefined) return { ...model, decl: entry };
  const known = entries.map((other) => other.name.text);
  cx.error('unknown-entry', span, { model: model.decl.name.text, name: text, known, near: suggest(text, known) });
  return unknown;
}

/** Defines the names that the block can use, and returns every name that becomes one of the training graph, in order. */
function declareNames(cx: Context, signature: Signature, train: TrainDecl): readonly Name[] {
  const outputs = (signature.result?.outputs ?? []).flatMap(({ name }) => name ?? []);
  for (const { name } of [...signature.hyper, ...signature.inputs]) define(cx, name.text, train, 'input');
  for (const { text } of outputs) define(cx, text, train, 'variable');
  for (const name of signature.dims) define(cx, name, train, 'dim');
  const names: Name[] = [...signature.inputs.map(({ name }) => name), ...outputs];
  for (const clause of train.clauses) {
    if (clause.kind === 'input') define(cx, clause.name.text, train, 'input');
    const name = nameOf(clause);
    if (name !== undefined) names.push(name);
  }
  for (const clause of train.clauses)
    if (clause.kind === 'input') for (const name of newSizes(cx, clause.type)) define(cx, name, train, 'dim');
  return names;
}

function define(cx: Context, name: string, { span }: TrainDecl, role: 'input' | 'variable' | 'dim'): void {
  cx.body.define(name, { value: unknown, span, role });
}

/** Names of a type that are not otherwise defined: sizes that the tensor brings with it. */
export function newSizes(cx: Context, type: TensorTypeExpr): readonly string[] {
  const known = (name: string) => cx.scope.find(name) !== undefined || cx.module.decls.has(name) || cx.module.imports.has(name);
  return type.dims.flatMap((dim) => bareName(dim) ?? []).filter((name) => !known(name));
}

/** The name that a clause defines: that of an input or metric, or the clause's own if a block has only one of it. */
function nameOf(clause: TrainClause): Name | undefined {
  const { span } = clause;
  switch (clause.kind) {
    case 'input':
    case 'metric':
    case 'option':
      return clause.name;
    case 'loss':
      return { text: 'loss', span: spanBeside(span, span.start, span.start + 'loss'.length) };
    case 'optimizer':
      return { text: 'optimizer', span: spanBeside(span, span.start, span.start + 'optimizer'.length) };
    default:
      return undefined;
  }
}

function checkClause(cx: Context, clause: TrainClause): void {
  switch (clause.kind) {
    case 'input':
      dtypeOf(cx, clause.type);
      for (const dim of clause.type.dims) if (dim.kind === 'size') checkNames(cx, dim.size);
      break;
    case 'loss':
      checkNames(cx, clause.value);
      cx.body.define('loss', { value: unknown, span: clause.span, role: 'variable' });
      break;
    case 'metric':
      checkNames(cx, clause.value);
      break;
    case 'option': {
      const { text, span } = clause.name;
      if (optionNames.includes(text)) checkNumber(cx, text, cx.evaluate(clause.value), clause.value.span);
      else cx.error('unknown-clause', span, { name: text, near: suggest(text, clauseNames) });
      break;
    }
    case 'lora':
      checkArguments(cx, 'lora', loraArguments, clause.args);
      break;
    case 'optimizer':
      checkOptimizer(cx, clause);
      break;
    default:
  }
}

const clauseNames: readonly string[] = ['input', 'loss', 'metric', 'freeze', 'lora', 'optimizer', ...optionNames];

function checkOptimizer(cx: Context, { name, args, groups }: Extract<TrainClause, { kind: 'optimizer' }>): void {
  const known = Object.keys(optimizers);
  const table = Object.hasOwn(optimizers, name.text) ? optimizers[name.text] : undefined;
  if (table === undefined) {
    const near = suggest(name.text, known);
    const [best] = near;
    const fixes = best === undefined ? [] : [{ title: `write \`${best}\``, edits: [{ span: name.span, text: best }] }];
    cx.error('unknown-optimizer', name.span, { name: name.text, known, near }, { fixes });
  } else checkArguments(cx, name.text, table, args);
  for (const group of groups) {
    const { text, span } = group.name;
    if (!groupNames.includes(text))
      cx.error('unknown-argument', span, { callee: 'with', name: text, known: groupNames, near: suggest(text, groupNames) });
  }
}

function checkNames(cx: Context, expr: Expr): void {
  if (expr.kind === 'name') evaluateName(cx, expr);
  for (const inside of exprsOf(expr)) checkNames(cx, inside);
}
