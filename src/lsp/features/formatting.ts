import { onTypeFormatting } from '../../ide/features/format/on-type.js';
import { formatting as formatted, rangeFormatting } from '../../ide/features/format/range.js';
import { textEdit } from '../edits.js';
import type { Feature } from '../feature.js';

/** Formatting of documents and of ranges, and indentation while typing. */
export const formatting: Feature = {
  capabilities: () => ({
    documentFormattingProvider: true,
    documentRangeFormattingProvider: true,
    documentOnTypeFormattingProvider: { firstTriggerCharacter: '\n', moreTriggerCharacter: ['}'] },
  }),
  register: ({ connection, documents }) => {
    const { workspace } = documents;
    connection.onDocumentFormatting(({ textDocument }) =>
      formatted(workspace, documents.path(textDocument)).map((edit) => textEdit(documents, edit)),
    );
    connection.onDocumentRangeFormatting(({ textDocument, range }) => {
      const path = documents.path(textDocument);
      const within = { start: documents.offset(path, range.start), end: documents.offset(path, range.end) };
      return rangeFormatting(workspace, path, within).map((edit) => textEdit(documents, edit));
    });
    connection.onDocumentOnTypeFormatting(({ textDocument, position, ch }) => {
      const path = documents.path(textDocument);
      if (ch !== '\n' && ch !== '}') return [];
      return onTypeFormatting(workspace, path, documents.offset(path, position), ch).map((edit) => textEdit(documents, edit));
    });
  },
};
