import type { FnDecl, LayerDecl } from '../../1-syntax/ast.js';
import type { Context, Interpreter } from '../context.js';
import { isEntryLayer } from '../models/entry-layers.js';
import { rigidEntry } from '../models/rigid-entry.js';
import type { Module } from '../modules/modules.js';
import { checkDistinct, type Signature, signatureOf } from '../modules/signature.js';
import type { Definition, Session } from '../session.js';
import { assumeFacts, factsInAdvance } from '../sizes/assume.js';
import { NamedAxes } from '../sizes/axes.js';
import { typeOf } from '../sizes/type-expressions.js';
import { reportUnmet } from '../sizes/unmet.js';
import { formulaOf } from '../values/formula-of.js';
import { runBody } from './bodies.js';
import { declareInputs } from './inputs.js';
import { rigidContext } from './rigid-context.js';

/**
 * Checks a declaration on its own, once: sizes and integer hyperparameters are variables, its `where` facts hold, and both branches of an
 * open condition are checked. What is proved here holds for every use; what is refuted is an error here; what stays open is decided at each
 * use.
 */
export function definitionOf(
  session: Session,
  interpreter: Interpreter,
  decl: LayerDecl | FnDecl,
  module: Module,
): Definition | 'checking' {
  const known = session.definitions.get(decl);
  if (known !== undefined) return known;
  if (isSpoiledDecl(decl, module)) return brokenDefinition;
  session.definitions.set(decl, 'checking');
  session.forgetAfterObserving(() => session.definitions.delete(decl));
  const definition = session.flaws.within(decl.span, () => checkAlone(session, interpreter, decl, module));
  session.definitions.set(decl, definition);
  return definition;
}

/** The same, each time. */
export function checkAlone(session: Session, interpreter: Interpreter, decl: LayerDecl | FnDecl, module: Module): Definition {
  checkDistinct(session.report, decl);
  const cx = isEntryLayer(decl) ? rigidEntry(session, interpreter, decl, module) : rigidContext(session, interpreter, decl, module);
  return cx === undefined ? brokenDefinition : checkBody(cx, decl);
}

function checkBody(cx: Context, decl: LayerDecl | FnDecl): Definition {
  const { session, module } = cx;
  const signature = signatureOf(decl, module);
  cx.late = new Set([...signature.dims].filter((name) => !signature.inputDims.has(name)));
  const inputs = declareInputs(cx, signature, { with: 'all', sizes: new Map(), empty: signature.emptyDims }, () =>
    factsInAdvance(cx, decl),
  );
  if (session.observer !== undefined) observeResult(cx, signature);
  if (inputs !== undefined) {
    // Facts about sizes are among `cx.facts`; for other conditions, the choices that they leave are known here.
    cx.path = [...cx.path, ...assumeFacts(cx, decl).open.map((clause) => formulaOf(cx, clause))];
    runBody(cx, decl, signature);
    if (!module.standard && !isEntryLayer(decl)) reportUnmet(cx, decl);
  }
  for (const problem of cx.problems) session.report.push(problem);
  return { broken: cx.problems.some((p) => p.severity === 'error'), open: cx.open, axes: cx.axes };
}

/** Shows the sizes of the declared result, and its names, to the observer: the body may have mistakes, so that nothing is compared with it. */
function observeResult(cx: Context, { result }: Signature): void {
  cx.speculate(() => {
    for (const { name, type } of result?.outputs ?? []) {
      const known = typeOf(cx, type);
      if (name !== undefined && known !== undefined) cx.session.observer?.(name, { kind: 'tensor', local: cx.local(known, name.span) });
    }
  });
}

function isSpoiledDecl(decl: LayerDecl | FnDecl, { spoiled }: Module): boolean {
  return spoiled.has(isEntryLayer(decl) ? decl.entryOf : decl);
}

const brokenDefinition: Definition = { broken: true, open: new Map(), axes: new NamedAxes() };
