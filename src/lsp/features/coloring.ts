import { SemanticTokensBuilder } from 'vscode-languageserver';
import { type SemanticToken, semanticTokens, tokenModifiers, tokenTypes } from '../../ide/features/semantic-tokens.js';
import type { Documents } from '../documents.js';
import type { Feature } from '../feature.js';

/** Semantic tokens: of a whole document, of what changed in it, and of a range. */
export const coloring: Feature = {
  capabilities: () => ({
    semanticTokensProvider: {
      legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
      full: { delta: true },
      range: true,
    },
  }),
  register: ({ connection, documents, onClose }) => {
    const { workspace } = documents;
    const builders = new Map<string, SemanticTokensBuilder>();
    const builderFor = (uri: string) => {
      const builder = builders.get(uri) ?? new SemanticTokensBuilder();
      builders.set(uri, builder);
      return builder;
    };
    connection.languages.semanticTokens.on(({ textDocument: { uri } }) => {
      const builder = builderFor(uri);
      // Begins a new list with an identifier of its own.
      builder.previousResult('');
      push(builder, documents, semanticTokens(workspace, documents.path({ uri })));
      return builder.build();
    });
    connection.languages.semanticTokens.onDelta(({ textDocument: { uri }, previousResultId }) => {
      const builder = builderFor(uri);
      builder.previousResult(previousResultId);
      push(builder, documents, semanticTokens(workspace, documents.path({ uri })));
      return builder.buildEdits();
    });
    connection.languages.semanticTokens.onRange(({ textDocument, range }) => {
      const path = documents.path(textDocument);
      const within = { start: documents.offset(path, range.start), end: documents.offset(path, range.end) };
      const builder = new SemanticTokensBuilder();
      push(builder, documents, semanticTokens(workspace, path, within));
      return builder.build();
    });
    onClose((uri) => {
      builders.delete(uri);
    });
  },
};

function push(builder: SemanticTokensBuilder, documents: Documents, tokens: readonly SemanticToken[]): void {
  for (const { span, type, modifiers } of tokens) {
    const { line, character } = documents.range(span).start;
    const bits = modifiers.reduce((sum, modifier) => sum | (1 << tokenModifiers.indexOf(modifier)), 0);
    builder.push(line, character, span.end - span.start, tokenTypes.indexOf(type), bits);
  }
}
