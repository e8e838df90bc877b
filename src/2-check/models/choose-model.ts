import type { AliasDecl, LayerDecl } from '../../1-syntax/ast.js';
import type { Span } from '../../diagnostics/span.js';
import { suggest } from '../../diagnostics/suggest.js';
import { interpreter } from '../interpreter.js';
import { missingHyper } from '../layers/hyper-lists.js';
import type { Module } from '../modules/modules.js';
import { evaluateName, moduleContext } from '../modules/names.js';
import { hasDefault } from '../records/has-default.js';
import type { Session } from '../session.js';
import type { LayerValue } from '../values/values.js';

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
export function canBeMade(layer: LayerValue): boolean {
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
