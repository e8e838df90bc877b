import { TextEdit, type WorkspaceEdit } from 'vscode-languageserver';
import type { Edit } from '../diagnostics/record.js';
import type { Documents } from './documents.js';

/** Edits of several files in the form of the protocol. */
export function workspaceEdit(documents: Documents, edits: readonly Edit[]): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  for (const edit of edits) {
    const uri = documents.uris.uriOf(edit.span.file);
    const list = changes[uri] ?? [];
    list.push(textEdit(documents, edit));
    changes[uri] = list;
  }
  return { changes };
}

export function textEdit(documents: Documents, { span, text }: Edit): TextEdit {
  return TextEdit.replace(documents.range(span), text);
}
