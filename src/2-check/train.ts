import type { Arg, Expr, TrainDecl } from '../1-syntax/ast.js';
import { exprsOf } from '../1-syntax/walk.js';
import { suggest } from '../diagnostics/suggest.js';
import type { Context, Interpreter } from './context.js';
import type { Module } from './modules.js';
import { evaluateName, moduleContext } from './names.js';
import type { Session } from './session.js';
import { signatureOf } from './signature.js';
import { dtypeOf } from './type-expressions.js';
import { unknown } from './values.js';

const optimizers: readonly string[] = ['sgd', 'adam', 'adamw', 'rmsprop', 'adagrad', 'lion', 'lamb', 'muon', 'adafactor'];

/** Checks that every name in a `train` block means something. The block itself is built by the training graph. */
export function checkTrain(session: Session, interpreter: Interpreter, train: TrainDecl, module: Module): void {
  const cx = moduleContext({ session, interpreter }, module);
  const model = cx.evaluate(train.model);
  if (model.kind === 'layer' && model.decl.kind === 'model') {
    const signature = signatureOf(model.decl, model.module);
    for (const name of [...signature.hyper, ...signature.inputs].map((p) => p.name.text))
      cx.body.define(name, { value: unknown, span: train.span, role: 'input' });
    for (const name of signature.dims) cx.body.define(name, { value: unknown, span: train.span, role: 'dim' });
    for (const output of signature.result?.outputs ?? []) {
      if (output.name !== undefined) cx.body.define(output.name.text, { value: unknown, span: train.span, role: 'variable' });
    }
  } else if (model.kind !== 'unknown') {
    cx.error('not-a-model', train.model.span, { name: cx.module.file.text.slice(train.model.span.start, train.model.span.end) });
  }
  // What the names in the block mean depends on the model: without one, nothing more is said.
  const clauses = model.kind === 'layer' && model.decl.kind === 'model' ? train.clauses : [];
  for (const clause of clauses) {
    switch (clause.kind) {
      case 'input':
        dtypeOf(cx, clause.type);
        cx.body.define(clause.name.text, { value: unknown, span: clause.name.span, role: 'input' });
        break;
      case 'loss':
        checkNames(cx, clause.value);
        cx.body.define('loss', { value: unknown, span: clause.span, role: 'variable' });
        break;
      case 'metric':
      case 'option':
        checkNames(cx, clause.value);
        break;
      case 'lora':
        checkArgs(cx, clause.args);
        break;
      case 'optimizer':
        if (!optimizers.includes(clause.name.text))
          cx.error('unknown-optimizer', clause.name.span, {
            name: clause.name.text,
            known: optimizers,
            near: suggest(clause.name.text, optimizers),
          });
        checkArgs(cx, clause.args);
        break;
      default:
    }
  }
  for (const problem of cx.problems) session.report.push(problem);
}

/** `lr = input` is an input of the training step. */
function checkArgs(cx: Context, args: readonly Arg[]): void {
  for (const arg of args) if (arg.value.kind !== 'name' || arg.value.name !== 'input') checkNames(cx, arg.value);
}

function checkNames(cx: Context, expr: Expr): void {
  if (expr.kind === 'name') evaluateName(cx, expr);
  for (const inside of exprsOf(expr)) checkNames(cx, inside);
}
