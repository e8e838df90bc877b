import type { LayerDecl, Stmt } from '../../1-syntax/ast.js';
import { spanBeside } from '../../diagnostics/anchor.js';
import type { Span } from '../../diagnostics/span.js';
import { SnapshotMap } from '../../snapshot-map.js';
import { Context, type ContextInit } from '../context.js';
import { signatureOf } from '../modules/signature.js';
import { holdsTensor, unknown } from '../values/values.js';
import { type EntryLayer, statementsAround } from './entry-layers.js';
import type { Surroundings } from './surroundings.js';

/** Runs the statements around the entries of a model in `cx`, where its hyperparameters are defined. What must not be there is reported. */
export function runAroundEntries(cx: Context, model: LayerDecl): Surroundings {
  const statements = statementsAround(model);
  // What follows from a statement that does not belong there is not reported, too.
  if (!statements.map((statement) => reportMisplaced(cx, statement)).includes(true)) {
    cx.interpreter.runStatements(cx, { ...model.body, statements });
    for (const [name, binding] of cx.body.snapshot()) {
      if (!holdsTensor(binding.value)) continue;
      cx.error('outside-entries', binding.span, { what: 'tensor' });
      cx.body.define(name, { ...binding, value: unknown });
    }
  }
  cx.labels.settle();
  const { body: scope, labels, facts, steps, open, problems } = cx;
  return { scope, labels, facts, steps, open, problems };
}

/** The context of an entry's body: it sees what the statements around it made, and begins with their steps. */
export function entryContext(around: Surroundings, entry: EntryLayer, init: Omit<ContextInit, 'labels' | 'outer' | 'open'>): Context {
  const cx = new Context({ ...init, labels: around.labels.extended(), outer: around.scope, open: new SnapshotMap(new Map(around.open)) });
  cx.steps = [...around.steps];
  // A hyperparameter that appears in the types of this entry means an axis here.
  const { sizeNames } = signatureOf(entry, init.module);
  for (const [name, binding] of around.scope.snapshot()) if (binding.role === 'hyper') cx.body.define(name, { ...binding, sizeNames });
  return cx;
}

/** Reports statements that only an entry, or only a layer, may have; says whether there are any. */
function reportMisplaced(cx: Context, statement: Stmt): boolean {
  const report = (span: Span, what: string): true => {
    cx.error('outside-entries', span, { what });
    return true;
  };
  switch (statement.kind) {
    case 'storage':
      return report(statement.name.span, statement.storage);
    case 'next':
    case 'emit':
      return report(statement.name.span, statement.kind);
    case 'return':
    case 'scan':
      return report(spanBeside(statement.span, statement.span.start, statement.span.start + statement.kind.length), statement.kind);
    case 'entry':
      cx.error('misplaced-entry', statement.name.span, { name: statement.name.text });
      return true;
    case 'for':
      return statement.body.statements.map((inner) => reportMisplaced(cx, inner)).includes(true);
    case 'if-stmt': {
      const { then, otherwise } = statement;
      const others = otherwise === undefined ? [] : 'kind' in otherwise ? [otherwise] : otherwise.statements;
      return [...then.statements, ...others].map((inner) => reportMisplaced(cx, inner)).includes(true);
    }
    default:
      return false;
  }
}
