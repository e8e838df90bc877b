import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Workspace } from '../workspace.js';

/** A mistake or warning in a file, for editors. */
export interface FileDiagnostic {
  readonly diagnostic: Diagnostic;
  /** Code without effect, which editors show faded. */
  readonly isUnnecessary: boolean;
}

/** The mistakes and warnings in a file. Those in the files that it imports are those of these files. */
export function diagnostics(workspace: Workspace, path: string): readonly FileDiagnostic[] {
  const view = workspace.view(path);
  return view?.diagnostics.map((diagnostic) => ({ diagnostic, isUnnecessary: isUnnecessary(diagnostic.code) })) ?? [];
}

function isUnnecessary(code: string): boolean {
  return code.startsWith('unused-') || code === 'unreachable-statement';
}
