import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Note } from '../../diagnostics/record.js';
import { plainSpan } from '../../diagnostics/span.js';
import { declarersOf } from '../names/declarers.js';
import type { Workspace } from '../workspace.js';
import { relativePath } from './rename/rename-files.js';

/** A mistake or warning in a file, for editors. */
export interface FileDiagnostic {
  readonly diagnostic: Diagnostic;
  /** Code without effect, which editors show faded. */
  readonly isUnnecessary: boolean;
}

/**
 * The mistakes and warnings in a file. Those in the files that it imports are those of these files. `ofBuild` are those that
 * builds have found; without `own`, only these are returned.
 */
export function diagnostics(
  workspace: Workspace,
  path: string,
  ofBuild: readonly Diagnostic[] = [],
  { own: isOwn = true } = {},
): readonly FileDiagnostic[] {
  const view = isOwn ? workspace.view(path) : undefined;
  const own = view?.diagnostics.filter((diagnostic) => !isUsedElsewhere(workspace, path, diagnostic)) ?? [];
  const known = new Set(own.map(keyOf));
  const others = ofBuild.filter((diagnostic) => diagnostic.span.file === path && !known.has(keyOf(diagnostic)));
  const isWarningOfCheck = ({ severity, code }: Diagnostic) => severity === 'warning' && isUnnecessary(code);
  return [...own, ...others.filter((diagnostic) => !isWarningOfCheck(diagnostic))].map((diagnostic) => ({
    diagnostic: withDeclarers(workspace, path, diagnostic),
    isUnnecessary: isUnnecessary(diagnostic.code),
  }));
}

/** In larger workspaces, the files are looked through only for a fix. */
const mostFiles = 200;

/** An unknown name, with the places of the workspace where something is called so. */
function withDeclarers(workspace: Workspace, path: string, diagnostic: Diagnostic): Diagnostic {
  const { code, span, notes } = diagnostic;
  if ((code !== 'unknown-name' && code !== 'unknown-kind') || workspace.files().length > mostFiles) return diagnostic;
  const name = workspace.text(path)?.slice(span.start, span.end) ?? '';
  if (!/^[A-Za-z_]\w+$/.test(name)) return diagnostic;
  const found = declarersOf(workspace, path, name).flatMap((other): readonly Note[] => {
    const decl = workspace.outline(other)?.decls.get(name);
    return decl === undefined ? [] : [{ span: plainSpan(decl.name.span), text: `\`${name}\` is in ${relativePath(path, other)}` }];
  });
  return found.length === 0 ? diagnostic : { ...diagnostic, notes: [...notes, ...found] };
}

function keyOf({ code, span }: Diagnostic): string {
  return `${code} ${span.start} ${span.end}`;
}

/** Whether another file imports a declaration that is not used in its own. */
function isUsedElsewhere(workspace: Workspace, path: string, { code, span }: Diagnostic): boolean {
  if (code !== 'unused-declaration') return false;
  const name = workspace.text(path)?.slice(span.start, span.end) ?? '';
  return workspace
    .files()
    .some(
      (other) =>
        other !== path && workspace.text(other)?.includes(name) === true && workspace.view(other)?.checked.imports.get(path)?.has(name),
    );
}

function isUnnecessary(code: string): boolean {
  return code.startsWith('unused-') || code === 'unreachable-statement';
}
