import { InlayHintKind, TextEdit } from 'vscode-languageserver';
import { inlayHints } from '../../ide/features/inlay-hints.js';
import type { Feature } from '../feature.js';

/** Inlay hints, each of which can be written into the text. */
export const hints: Feature = {
  capabilities: () => ({ inlayHintProvider: { resolveProvider: false } }),
  register: ({ connection, documents, settings }) => {
    connection.languages.inlayHint.on(({ textDocument, range }) => {
      const path = documents.path(textDocument);
      const within = { start: documents.offset(path, range.start), end: documents.offset(path, range.end) };
      return inlayHints(documents.workspace, path, within, settings().inlayHints).map(({ offset, label, kind, edit }) => ({
        position: documents.position(path, offset),
        label,
        kind: kind === 'argument' ? InlayHintKind.Parameter : InlayHintKind.Type,
        paddingLeft: kind !== 'argument',
        paddingRight: kind === 'argument',
        ...(edit === undefined ? {} : { textEdits: [TextEdit.replace(documents.range(edit.span), edit.text)] }),
      }));
    });
  },
};
