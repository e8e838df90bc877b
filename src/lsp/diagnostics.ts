import { DiagnosticSeverity, DiagnosticTag, type Diagnostic as LspDiagnostic } from 'vscode-languageserver';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { diagnostics, type FileDiagnostic } from '../ide/features/diagnostics.js';
import type { Documents } from './documents.js';

/** The mistakes and warnings in a file, as the protocol has them. `ofBuild` are those that builds have found, which are all without `own`; `pageOf` gives the address of a page of the documentation. */
export function lspDiagnostics(
  documents: Documents,
  path: string,
  pageOf: (page: string) => string | undefined,
  given: { readonly ofBuild: readonly Diagnostic[]; readonly own: boolean },
): LspDiagnostic[] {
  return diagnostics(documents.workspace, path, given.ofBuild, given).map((found) => toLsp(documents, found, pageOf));
}

function toLsp(
  documents: Documents,
  { diagnostic, isUnnecessary }: FileDiagnostic,
  pageOf: (page: string) => string | undefined,
): LspDiagnostic {
  const { code, severity, span, notes, label, help } = diagnostic;
  const href = pageOf(`errors/${code}.md`);
  return {
    range: documents.range(span),
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    source: 'archc',
    message: [
      diagnostic.message,
      ...(label === undefined || label === 'not found' ? [] : [label]),
      ...shapesOf(diagnostic),
      ...(help === undefined ? [] : [`help: ${help}`]),
    ].join('\n'),
    ...(isUnnecessary ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    relatedInformation: notes.map((note) => ({ location: documents.location(note.span), message: note.text })),
  };
}

function shapesOf({ table }: FileDiagnostic['diagnostic']): readonly string[] {
  return table === undefined ? [] : [`wanted [${table.wanted.join(', ')}]`, `got    [${table.got.join(', ')}]`];
}
