import type { AliasDecl, Expr, LayerDecl, TrainDecl } from '../../1-syntax/ast.js';
import { interpreter } from '../interpreter.js';
import { canBeMade, modelsOf } from '../models/choose-model.js';
import type { Decl, Module } from '../modules/modules.js';
import { moduleContext } from '../modules/names.js';
import type { Session } from '../session.js';

/** The blocks of a file, without those that have syntax errors, that train one of its models by name. */
export function trainsOf(module: Module, decl: LayerDecl | AliasDecl): readonly TrainDecl[] {
  return module.trains.filter((train) => !module.spoiled.has(train) && modelNameOf(train) === decl.name.text);
}

/** The blocks whose models are made for them and need no settings: `train T for Llama(depth = 2)`, or one of another file. */
export function trainsOfOthers(session: Session, module: Module): readonly TrainDecl[] {
  const cx = moduleContext({ session, interpreter }, module);
  const own = new Set(modelsOf(module).map(({ name }) => name.text));
  return module.trains.filter((train) => {
    if (module.spoiled.has(train) || own.has(modelNameOf(train) ?? '')) return false;
    const value = cx.evaluate(trainedModel(train));
    return value.kind === 'layer' && canBeMade(value);
  });
}

/** The name of the model that a block trains, if it has one: not for `train T for Llama(depth = 2)`. */
export function modelNameOf(train: TrainDecl): string | undefined {
  const model = trainedModel(train);
  return model.kind === 'name' ? model.name : undefined;
}

/** A model, and the file that declares it. */
export interface DeclaredModel {
  readonly decl: LayerDecl | AliasDecl;
  readonly module: Module;
}

/**
 * The model that a block trains: the one with its name, in its file or in one that this imports, or one that is made for the block, which `Llama(depth = 2)` names after what it is made from. Undefined
 * if the name means no model.
 */
export function modelOf(module: Module, train: TrainDecl): DeclaredModel | undefined {
  const name = modelNameOf(train);
  if (name === undefined) return { decl: madeFor(train), module };
  const found = declarationOf(module, name);
  const isModel = found?.decl.kind === 'model' || (found?.decl.kind === 'alias' && found.decl.of === 'model');
  return isModel ? (found as DeclaredModel) : undefined;
}

/** `model Llama = Llama(depth = 2)`, as if the file had it. */
function madeFor(train: TrainDecl): AliasDecl {
  const value = trainedModel(train);
  const callee = value.kind === 'call' ? value.callee : value;
  const text = callee.kind === 'name' ? callee.name : train.name.text;
  return { kind: 'alias', of: 'model', name: { text, span: value.span }, value, span: value.span };
}

function declarationOf(module: Module, name: string): { readonly decl: Decl; readonly module: Module } | undefined {
  const own = module.decls.get(name);
  if (own !== undefined) return { decl: own, module };
  const imported = module.imports.get(name);
  const from = imported === undefined || imported === 'missing' ? undefined : imported.module.decls.get(imported.name);
  return from === undefined || imported === undefined || imported === 'missing' ? undefined : { decl: from, module: imported.module };
}

/** The model, even if the block trains only one entry of it. */
function trainedModel({ model }: TrainDecl): Expr {
  return model.kind === 'member' ? model.object : model;
}
