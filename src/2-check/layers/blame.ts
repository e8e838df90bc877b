import type { FnDecl, LayerDecl } from '../../1-syntax/ast.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { isStandardFile } from '../../standard-file.js';
import { type CallSite, openKey } from '../context.js';
import type { Module } from '../modules/modules.js';
import type { Definition } from '../session.js';

/** A problem inside `name`, with the use that led to it as a note; of several nested uses, the innermost. */
export function usedHere(problem: Diagnostic, name: string, site: CallSite): Diagnostic {
  if (problem.notes.some((note) => note.isUse)) return problem;
  return { ...problem, notes: [...problem.notes, { span: site.span, text: `in this use of \`${name}\``, isUse: true }] };
}

/**
 * Where to report a problem inside a body. A demand that the body alone could not settle, and anything inside the standard library, is the
 * fault of the use; a mistake in the user's own body is shown there, with the use as a note.
 */
export function blame(
  problem: Diagnostic,
  { decl, module }: { readonly decl: LayerDecl | FnDecl; readonly module: Module },
  definition: Definition | undefined,
  site: CallSite,
): Diagnostic {
  const name = decl.name.text;
  const usersFault = module.standard || definition?.open.has(openKey(problem.code, problem.span)) === true;
  if (!usersFault) return usedHere(problem, name, site);
  return atUse(problem, name, site);
}

/** A problem inside `name` that is reported at the use. Lines of the standard library do not help the user; lines of the user's own do. */
export function atUse(problem: Diagnostic, name: string, site: CallSite): Diagnostic {
  const inner = [{ span: problem.span, text: problem.label ?? 'wanted here' }, ...problem.notes];
  const notes = inner.filter((note) => !isStandardFile(note.span.file));
  return { ...problem, span: site.span, label: `in this \`${name}\``, notes, fixes: [] };
}
