import type { ConfigDecl, EntryDecl, ImportDecl, LayerDecl, Param, TrainDecl } from '../../1-syntax/ast.js';
import { initializerArguments } from '../../2-check/layers/initializers.js';
import type { DeclaredName, NameWalk } from '../../2-check/modules/declared-names.js';
import { isBasicKind } from '../../2-check/modules/kinds.js';
import type { Decl, Module } from '../../2-check/modules/modules.js';
import { isBuiltInName } from '../../2-check/modules/names.js';
import type { Session } from '../../2-check/session.js';
import { namesOf } from '../../2-check/sizes/unmet.js';
import { isSchedule } from '../../2-check/train/optimizers.js';
import { type CheckValue, layerValue } from '../../2-check/values/values.js';
import type { Span } from '../../diagnostics/span.js';
import { opNamed } from '../../ops/registry.js';
import { type Named, namedDecl, namedParam } from './named.js';

/** What a name means that nothing around it declares: something of the file, of an import, of the standard library, or built in. Undefined for an unknown name. */
export function outerNamed(text: string, session: Session, module: Module, item: Decl | TrainDecl): Named | undefined {
  return (item.kind === 'train' ? ofTrain(text, item, session, module) : undefined) ?? topNamed(text, session, module);
}

/** What a name means at the top of a file. */
export function topNamed(text: string, session: Session, module: Module): Named | undefined {
  const decl = module.decls.get(text);
  if (decl !== undefined) return namedDecl(decl, module);
  const imported = importedNamed(text, module);
  if (imported !== undefined) return imported;
  const standard = session.loader.prelude(text);
  if (standard !== undefined) return namedDecl(standard.decl, standard.module);
  const op = opNamed(text);
  if (op !== undefined) return { kind: 'operator', name: text, source: { kind: 'op', op } };
  if (isBasicKind(text)) return { kind: 'kind', name: text };
  if (initializerArguments.has(text)) return { kind: 'initializer', name: text };
  return isBuiltInName(text) ? { kind: 'built-in', name: text } : undefined;
}

/** An imported name: the declaration itself, or the alias that the import gives it. */
function importedNamed(text: string, module: Module): Named | undefined {
  const imported = module.imports.get(text);
  if (imported === undefined || imported === 'missing') return undefined;
  const decl = imported.module.decls.get(imported.name);
  if (decl === undefined) return undefined;
  const target = namedDecl(decl, imported.module);
  if (imported.name === text) return target;
  const span = importsOf(module).flatMap(({ names }) => names.flatMap(({ alias }) => (alias?.text === text ? [alias.span] : [])))[0];
  return { kind: 'import', name: text, span, source: { kind: 'import', target } };
}

export function importsOf({ file }: Module): readonly ImportDecl[] {
  return file.items.filter((item): item is ImportDecl => item.kind === 'import');
}

/** What only a `train` block can name. */
function ofTrain(text: string, train: TrainDecl, session: Session, module: Module): Named | undefined {
  const trained = ofTrained(text, train, session, module);
  if (trained !== undefined) return trained;
  return isSchedule(text) || text === 'input' || text === 'tap' ? { kind: 'built-in', name: text } : undefined;
}

/** A `train` block reads the inputs, outputs, hyperparameters and sizes of its model. */
function ofTrained(text: string, train: TrainDecl, session: Session, module: Module): Named | undefined {
  const trained = trainedModel(train, module);
  if (trained === undefined) return undefined;
  const { decl, entry, module: home } = trained;
  const { inputs = [], result } = entry ?? decl;
  const input = inputs.find(({ name }) => name.text === text);
  if (input !== undefined) return namedParam(input, 'input', decl.name.text, home);
  const output = result?.outputs.find(({ name }) => name?.text === text)?.name;
  if (output !== undefined) return { kind: 'output', name: text, span: output.span, inside: decl.name.text };
  const hyper = decl.hyper?.find(({ name }) => name.text === text);
  if (hyper !== undefined) return namedParam(hyper, 'hyperparameter', decl.name.text, home);
  const walk = namesOf(session, decl, home);
  const size = walk.declared.find(({ name, role }) => role === 'dim' && name.text === text);
  return size && { kind: 'size', name: text, span: placeOf(size, walk), inside: decl.name.text };
}

/** Where a name is declared. A size is declared where a signature first mentions it. */
export function placeOf(declared: DeclaredName, { meanings }: NameWalk): Span | undefined {
  if (declared.role !== 'dim') return declared.name.span;
  let first: Span | undefined;
  for (const [{ span }, meaning] of meanings) if (meaning === declared && (first === undefined || span.start < first.start)) first = span;
  return first;
}

/** The model that a `train` block trains, with its entry, if it names one. */
export function trainedModel(
  { model }: TrainDecl,
  module: Module,
): { readonly decl: LayerDecl; readonly entry: EntryDecl | undefined; readonly module: Module } | undefined {
  const whole = model.kind === 'member' ? model.object : model;
  const callee = whole.kind === 'call' ? whole.callee : whole;
  const found = callee.kind === 'name' ? declNamed(callee.name, module) : undefined;
  if (found === undefined || (found.decl.kind !== 'model' && found.decl.kind !== 'layer')) return undefined;
  const entries = found.decl.body.statements.filter((statement): statement is EntryDecl => statement.kind === 'entry');
  const entry = model.kind === 'member' ? entries.find(({ name }) => name.text === model.name.text) : undefined;
  return { decl: found.decl, entry, module: found.module };
}

/** A declaration by its name in a file, also through an import. For `model A = B(...)`, what `B` is. */
export function declNamed(text: string, module: Module, depth = 0): { readonly decl: Decl; readonly module: Module } | undefined {
  const imported = module.imports.get(text);
  const home = imported === undefined || imported === 'missing' ? module : imported.module;
  const decl = home.decls.get(imported === undefined || imported === 'missing' ? text : imported.name);
  if (decl?.kind !== 'alias') return decl && { decl, module: home };
  const callee = decl.value.kind === 'call' ? decl.value.callee : decl.value;
  return callee.kind === 'name' && depth < 20 ? declNamed(callee.name, home, depth + 1) : undefined;
}

/**
 * What a name is a value of, as far as its declaration shows: for places that the check of a declaration on its own does not reach, such as a branch that the defaults do not take.
 */
export function declaredValue(text: string, session: Session, module: Module): CheckValue | undefined {
  const found = declNamed(text, module) ?? session.loader.prelude(text);
  if (found === undefined) {
    const op = module.decls.has(text) || module.imports.has(text) ? undefined : opNamed(text);
    return op && { kind: 'fn', form: 'op', op };
  }
  const { decl, module: home } = found;
  if (decl.kind === 'fn') return { kind: 'fn', form: 'declared', decl, module: home };
  if (decl.kind === 'layer' || decl.kind === 'model') return layerValue(decl, home);
  if (decl.kind === 'config') return { kind: 'config', decl, module: home };
  return decl.kind === 'let' && decl.params !== undefined ? { kind: 'fn', form: 'let', decl, module: home } : undefined;
}

/** The record type that a hyperparameter is declared to have. */
export function declaredConfig({ type }: Param, module: Module): { readonly decl: ConfigDecl; readonly module: Module } | undefined {
  const found = type?.kind === 'kind' ? declNamed(type.name, module) : undefined;
  return found?.decl.kind === 'config' ? { decl: found.decl, module: found.module } : undefined;
}
