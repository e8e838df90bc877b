import { MarkupKind } from 'vscode-languageserver';
import { hover } from '../../ide/features/hover.js';
import { withDocs } from '../../ide/present/markdown.js';
import type { Feature } from '../feature.js';

/** What is under the mouse. */
export const hovers: Feature = {
  capabilities: () => ({ hoverProvider: true }),
  register: ({ connection, documents, insights, pageOf, answer }) => {
    connection.onHover(
      answer((path, offset) => {
        const found = hover(documents.workspace, path, offset, insights);
        if (found === undefined) return null;
        return { range: documents.range(found.span), contents: { kind: MarkupKind.Markdown, value: withDocs(found.markdown, pageOf) } };
      }),
    );
  },
};
