import type { Expr, Name, Pattern, TensorTypeExpr, TrainClause, TrainDecl } from '../../1-syntax/ast.js';
import { spanBeside } from '../../diagnostics/anchor.js';
import type { Context, Interpreter } from '../context.js';
import { NameWalk } from '../modules/declared-names.js';
import type { Module } from '../modules/modules.js';
import { evaluateName, moduleContext } from '../modules/names.js';
import { bareName, reportDuplicates, type Signature, signatureOf } from '../modules/signature.js';
import type { Session } from '../session.js';
import { dtypeOf } from '../sizes/type-expressions.js';
import { unknown } from '../values/values.js';
import { readTrainSettings, takesRate } from './settings.js';
import { trainedLayer } from './trained-layer.js';

/**
 * Checks the `train` blocks of a file as far as that is possible without sizes: every name must have a meaning, no name may be given twice, and options must have
 * values that they accept.
 */
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
  if (model !== undefined) {
    const signature = signatureOf(model.target, model.layer.module);
    declareNames(cx, signature, train);
    reportNames(session, signature, train);
    readTrainSettings(cx, train);
    // A clause that cannot be read may define what others use.
    if (!train.clauses.some(({ kind }) => kind === 'error-clause')) {
      for (const clause of train.clauses) checkClause(cx, clause);
      reportMissing(cx, train);
    }
  }
  for (const problem of cx.problems) session.report.push(problem);
}

function reportMissing(cx: Context, { name, clauses }: TrainDecl): void {
  const has = (kind: TrainClause['kind']) => clauses.some((clause) => clause.kind === kind);
  if (!has('loss')) cx.error('missing-loss', name.span, { name: name.text });
  if (!has('optimizer')) cx.error('missing-optimizer', name.span, { name: name.text });
}

// ---------------------------------------------------------------- names

/** Defines the names that the block can use. */
function declareNames(cx: Context, signature: Signature, train: TrainDecl): void {
  for (const { name } of [...signature.hyper, ...signature.inputs]) define(cx, name.text, train, 'input');
  for (const { name } of signature.result?.outputs ?? []) if (name !== undefined) define(cx, name.text, train, 'variable');
  for (const name of signature.dims) define(cx, name, train, 'dim');
  for (const name of ['model', 'tap']) define(cx, name, train, 'let');
  for (const clause of train.clauses) if (clause.kind === 'input') define(cx, clause.name.text, train, 'input');
  for (const clause of train.clauses)
    if (clause.kind === 'input') for (const name of newSizes(cx, clause.type)) define(cx, name, train, 'dim');
}

function define(cx: Context, name: string, { span }: TrainDecl, role: 'input' | 'variable' | 'dim' | 'let'): void {
  cx.body.define(name, { value: unknown, span, role });
}

/** Reports names that two things in the training graph would have, and clauses that a block may have only once. */
function reportNames(session: Session, signature: Signature, train: TrainDecl): void {
  const outputs = (signature.result?.outputs ?? []).flatMap(({ name }) => name ?? []);
  const names: Name[] = [...signature.inputs.map(({ name }) => name), ...outputs];
  const once: Name[] = [];
  for (const clause of train.clauses) {
    if (clause.kind === 'input' || clause.kind === 'metric') names.push(clause.name);
    else if (clause.kind === 'loss') once.push(wordOf(clause, 'loss'));
    else if (clause.kind === 'option') once.push(clause.name);
    else if (clause.kind === 'optimizer') once.push(wordOf(clause, 'optimizer'));
  }
  const loss = once.find(({ text }) => text === 'loss');
  if (loss !== undefined) names.push(loss);
  const rate = takesRate(train);
  reportDuplicates(session.report, rate === undefined ? names : [...names, { text: 'lr', span: rate.span }]);
  for (const [i, { text: name, span }] of once.entries()) {
    const first = once.findIndex((other) => other.text === name);
    const notes = [{ span: once[first]?.span ?? span, text: 'first given here' }];
    if (first < i) session.report.add('duplicate-argument', span, { callee: 'train', name }, { notes });
  }
}

function wordOf({ span }: TrainClause, text: string): Name {
  return { text, span: spanBeside(span, span.start, span.start + text.length) };
}

/** Names of a type that are not otherwise defined: sizes that the tensor brings with it. */
export function newSizes(cx: Context, type: TensorTypeExpr): readonly string[] {
  const known = (name: string) => cx.scope.find(name) !== undefined || cx.module.decls.has(name) || cx.module.imports.has(name);
  return type.dims.flatMap((dim) => bareName(dim) ?? []).filter((name) => !known(name));
}

function checkClause(cx: Context, clause: TrainClause): void {
  switch (clause.kind) {
    case 'input':
      dtypeOf(cx, clause.type);
      for (const dim of clause.type.dims) if (dim.kind === 'size') checkNames(cx, dim.size);
      break;
    case 'assign':
      checkNames(cx, clause.value);
      for (const { text, span } of namesIn(clause.target)) cx.body.define(text, { value: unknown, span, role: 'variable' });
      break;
    case 'loss':
      checkNames(cx, clause.value);
      cx.body.define('loss', { value: unknown, span: clause.span, role: 'variable' });
      break;
    case 'metric':
      checkNames(cx, clause.value);
      break;
    default:
  }
}

function namesIn(pattern: Pattern): readonly Name[] {
  return pattern.kind === 'bind' ? [pattern.name] : pattern.items.flatMap(namesIn);
}

/** Looks up the names in an expression that it does not define itself. */
function checkNames(cx: Context, expr: Expr): void {
  const walk = new NameWalk();
  walk.visit(expr);
  walk.end();
  for (const { expr: name, special } of walk.outer) if (!special) evaluateName(cx, name);
}
