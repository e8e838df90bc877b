import type { LayerDecl } from '../../1-syntax/ast.js';
import type { Interpreter } from '../context.js';
import { definitionOf } from '../layers/check-declaration.js';
import type { Module } from '../modules/modules.js';
import { reportDuplicates } from '../modules/signature.js';
import type { Session } from '../session.js';
import { entriesOf } from './entry-layers.js';
import { rigidSurroundings } from './rigid-entry.js';

/** Checks a model without a signature of its own: the statements around its entries, and then each entry. */
export function checkEntries(session: Session, interpreter: Interpreter, model: LayerDecl, module: Module): void {
  const entries = entriesOf(model, module);
  if (entries.length === 0) {
    session.report.add('model-without-signature', model.name.span, { name: model.name.text });
    return;
  }
  rigidSurroundings(session, interpreter, model, module);
  reportDuplicates(
    session.report,
    entries.map(({ name }) => name),
  );
  const names = new Set<string>();
  for (const entry of entries) {
    const { text, span } = entry.name;
    // What an entry with the name of another one does to shared layers is not a mistake of its own.
    if (text !== '' && names.has(text)) continue;
    names.add(text);
    if (text !== '' && !isFileName(text)) session.report.add('entry-name', span, { name: text });
    definitionOf(session, interpreter, entry, module);
  }
}

/** Names of entries become parts of file names, on systems that do not distinguish capitals from small letters, too. */
function isFileName(name: string): boolean {
  return /^[a-z_][a-z0-9_]*$/.test(name);
}
