import type { LayerDecl, Name, Stmt } from '../../1-syntax/ast.js';
import type { Interpreter } from '../context.js';
import { definitionOf } from '../layers/check-declaration.js';
import type { Session } from '../session.js';
import type { Module } from './modules.js';

/**
 * A model made of entries cannot be built, which is reported once. Each entry is checked as if it were the only one of the model: with the
 * statements around it, which all entries share.
 */
export function checkEntries(session: Session, interpreter: Interpreter, decl: LayerDecl, module: Module): void {
  const entries = decl.body.statements.filter((s): s is Extract<Stmt, { kind: 'entry' }> => s.kind === 'entry');
  const [first] = entries;
  if (first === undefined) {
    session.report.add('model-without-signature', decl.name.span, { name: decl.name.text });
    return;
  }
  if (!session.unsupported.has(decl)) session.report.add('unsupported-entry', first.name.span, { name: decl.name.text });
  session.unsupported.add(decl);
  const shared = decl.body.statements.filter((s) => s.kind !== 'entry');
  const seen = new Map<string, Name>();
  for (const { name, inputs, result, where, body } of entries) {
    const before = seen.get(name.text);
    seen.set(name.text, before ?? name);
    if (before !== undefined) {
      const notes = [{ span: before.span, text: 'first declared here' }];
      session.report.add('duplicate-name', name.span, { name: name.text }, { notes });
    }
    const alone: LayerDecl = {
      ...decl,
      name,
      inputs,
      result,
      where: [...decl.where, ...where],
      body: { ...body, statements: [...shared, ...body.statements] },
    };
    definitionOf(session, interpreter, alone, module);
  }
}
