import { interpreter } from './interpreter.js';
import { definitionOf } from './layers/check-declaration.js';
import { checkEntries } from './models/check-entries.js';
import type { Decl, Module } from './modules/modules.js';
import { evaluateName, moduleContext } from './modules/names.js';
import { checkConfig } from './records/check-config.js';
import type { Session } from './session.js';
import { reportUnmet } from './sizes/unmet.js';
import { checkTrains } from './train/train.js';

/**
 * Checks every declaration of the file on its own, as well as the names in its `train` blocks. Declarations that were found correct in an earlier version of
 * the file, and have not changed, are not checked again.
 */
export function checkDeclarations(session: Session, module: Module): void {
  for (const decl of module.decls.values()) {
    if (session.report.isFull(module.path)) {
      session.limitReached = true;
      return;
    }
    if (module.spoiled.has(decl) || session.checked.has(decl)) continue;
    session.flaws.within(decl.span, () => checkDeclaration(session, module, decl));
    session.checked.add(decl);
  }
  checkTrains(session, interpreter, module);
}

function checkDeclaration(session: Session, module: Module, decl: Decl): void {
  if (decl.kind === 'let' || decl.kind === 'alias') {
    const cx = moduleContext({ session, interpreter }, module);
    if (decl.kind === 'alias' || decl.params === undefined) evaluateName(cx, { kind: 'name', name: decl.name.text, span: decl.name.span });
    reportUnmet(cx, decl);
    for (const problem of cx.problems) session.report.push(problem);
    return;
  }
  if (decl.kind === 'config') checkConfig(session, interpreter, decl, module);
  else if (decl.kind !== 'fn' && decl.inputs === undefined) checkEntries(session, interpreter, decl, module);
  else definitionOf(session, interpreter, decl, module);
}
