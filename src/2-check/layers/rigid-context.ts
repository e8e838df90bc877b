import type { FnDecl, LayerDecl } from '../../1-syntax/ast.js';
import { Dim } from '../../dims/dim.js';
import { Facts } from '../../dims/facts.js';
import { Context, type Interpreter } from '../context.js';
import type { Module } from '../modules/modules.js';
import { checkKeys, signatureOf } from '../modules/signature.js';
import type { Session } from '../session.js';
import { Labels } from './labels.js';
import { rigidParam, typedDefault } from './rigid-values.js';

/** The context in which a declaration is checked on its own, with its hyperparameters as variables. */
export function rigidContext(session: Session, interpreter: Interpreter, decl: LayerDecl | FnDecl, module: Module): Context {
  checkKeys(session.report, decl);
  const signature = signatureOf(decl, module);
  const choices = new Set(signature.hyper.map((p) => p.name.text));
  const sizes = new Set(signature.inputDims);
  const cx = new Context({
    session,
    interpreter,
    module,
    rigid: true,
    depth: 0,
    choices,
    outermost: { decl, module, sizes, empty: signature.emptyDims },
    labels: new Labels(),
    facts: Facts.none,
  });
  for (const param of signature.hyper) {
    const { usual, kind } = typedDefault(cx, decl.name.text, param, module);
    const value = rigidParam(cx, param.name.text, param, kind, usual, (name, min) => {
      choices.add(name);
      sizes.add(name);
      cx.newSizes.reserve([name]);
      return { kind: 'int', dim: Dim.variable(name, min) };
    });
    session.observer?.(param.name, value, kind);
    cx.body.define(param.name.text, { value, span: param.span, role: 'hyper', sizeNames: signature.sizeNames });
  }
  return cx;
}
