import type { AliasDecl, LayerDecl } from '../../1-syntax/ast.js';
import { Facts } from '../../dims/facts.js';
import type { CheckedEntry, CheckedModel } from '../checked-model.js';
import { Context } from '../context.js';
import { interpreter } from '../interpreter.js';
import { Labels } from '../layers/labels.js';
import type { Module } from '../modules/modules.js';
import { evaluateName, moduleContext } from '../modules/names.js';
import { signatureOf } from '../modules/signature.js';
import type { Session } from '../session.js';
import { applySettings } from '../settings/apply-settings.js';
import { assumeFacts } from '../sizes/assume.js';
import type { LayerValue } from '../values/values.js';
import { runAroundEntries } from './around-entries.js';
import { checkEntry } from './check-entry.js';
import { checkChoice, type ModelChoice, type NamedSignature } from './choice.js';
import { entriesOf } from './entry-layers.js';
import { reportSharedNames } from './entry-weights.js';

/** Types a model for one set of hyperparameters. `undefined` if anything is wrong, which has been reported. */
export function checkModel(session: Session, module: Module, decl: LayerDecl | AliasDecl, choice: ModelChoice): CheckedModel | undefined {
  const outside = moduleContext({ session, interpreter }, module);
  const isDeclared = module.decls.get(decl.name.text) === decl;
  const value =
    decl.kind === 'alias' && !isDeclared
      ? outside.evaluate(decl.value)
      : evaluateName(outside, { kind: 'name', name: decl.name.text, span: decl.name.span });
  if (value.kind !== 'layer') return undefined;
  const built = { name: decl.name.text, span: decl.name.span, layer: value, module };
  const layer = applySettings(outside, built, choice.settings, choice.isOnly);
  if (layer !== undefined) checkChoice(outside, decl, signaturesOf(layer), choice);
  for (const problem of outside.problems) session.report.push(problem);
  if (layer === undefined || outside.problems.length > 0) return undefined;
  const made = layer.decl.inputs === undefined ? entriesOfModel(session, decl, layer, choice) : itself(session, decl, layer, choice);
  if (made === undefined) return undefined;
  return {
    name: decl.name.text,
    doc: decl.doc ?? layer.decl.doc,
    span: decl.name.span,
    hyper: layer.hyper ?? new Map(),
    entries: made,
  };
}

export function signaturesOf({ decl, module }: LayerValue): readonly NamedSignature[] {
  if (decl.inputs !== undefined) return [{ entry: undefined, signature: signatureOf(decl, module) }];
  return entriesOf(decl, module).map((entry) => ({ entry: entry.name.text, signature: signatureOf(entry, module) }));
}

/** A model with a signature of its own. */
function itself(
  session: Session,
  decl: LayerDecl | AliasDecl,
  layer: LayerValue,
  choice: ModelChoice,
): readonly CheckedEntry[] | undefined {
  const made = checkEntry(session, layer.decl, layer, { decl, choice, around: undefined });
  return made && [made];
}

/** The entries of a model that has no signature of its own. */
function entriesOfModel(
  session: Session,
  decl: LayerDecl | AliasDecl,
  layer: LayerValue,
  choice: ModelChoice,
): readonly CheckedEntry[] | undefined {
  const { decl: model, module } = layer;
  const cx = new Context({ session, interpreter, module, rigid: false, depth: 0, labels: new Labels(), facts: Facts.none });
  for (const [name, value] of layer.hyper ?? []) cx.body.define(name, { value, span: model.name.span, role: 'hyper' });
  assumeFacts(cx, model);
  const around = runAroundEntries(cx, model);
  for (const problem of cx.problems) session.report.push(problem);
  if (cx.problems.some((p) => p.severity === 'error')) return undefined;
  const made = entriesOf(model, module).map((entry) => checkEntry(session, entry, layer, { decl, choice, around }));
  if (!made.every((entry) => entry !== undefined)) return undefined;
  const isDistinct = reportSharedNames(session.report, made, around);
  return isDistinct ? made : undefined;
}
