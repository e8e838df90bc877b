import type { LayerDecl } from '../../1-syntax/ast.js';
import type { Context, Interpreter } from '../context.js';
import { rigidContext } from '../layers/rigid-context.js';
import type { Module } from '../modules/modules.js';
import { signatureOf } from '../modules/signature.js';
import type { Session } from '../session.js';
import { assumeFacts } from '../sizes/assume.js';
import { reportUnmet } from '../sizes/unmet.js';
import { formulaOf } from '../values/formula-of.js';
import { entryContext, runAroundEntries } from './around-entries.js';
import type { EntryLayer } from './entry-layers.js';
import type { RigidSurroundings } from './surroundings.js';

/** The context in which an entry is checked on its own; undefined if the statements around it have errors, which are reported. */
export function rigidEntry(session: Session, interpreter: Interpreter, entry: EntryLayer, module: Module): Context | undefined {
  const { cx, around } = rigidSurroundings(session, interpreter, entry.entryOf, module);
  if (around.problems.some((p) => p.severity === 'error')) return undefined;
  const { choices, outermost, facts } = cx;
  const { inputDims, emptyDims: empty } = signatureOf(entry, module);
  const sizes = new Set([...(outermost?.sizes ?? []), ...inputDims]);
  const own = { session, interpreter, module, rigid: true, depth: 0, choices, facts, outermost: { decl: entry, module, sizes, empty } };
  const inside = entryContext(around, entry, own);
  inside.path = cx.path;
  return inside;
}

/** Runs them on the first request, and reports what is wrong with them. */
export function rigidSurroundings(session: Session, interpreter: Interpreter, model: LayerDecl, module: Module): RigidSurroundings {
  const known = session.rigidSurroundings.get(model);
  if (known !== undefined) return known;
  const cx = rigidContext(session, interpreter, model, module);
  cx.path = assumeFacts(cx, model).open.map((clause) => formulaOf(cx, clause));
  const made = { cx, around: runAroundEntries(cx, model) };
  session.rigidSurroundings.set(model, made);
  session.forgetAfterObserving(() => session.rigidSurroundings.delete(model));
  if (!module.standard) reportUnmet(cx, model);
  for (const problem of cx.problems) session.report.push(problem);
  return made;
}
