import { DocumentHighlightKind } from 'vscode-languageserver';
import { definition, typeDefinition } from '../../ide/features/definition.js';
import { documentLinks } from '../../ide/features/document-links.js';
import { highlights, references } from '../../ide/features/references.js';
import type { Feature } from '../feature.js';

/** Definition, type definition, references, highlights and the links of imports. */
export const navigation: Feature = {
  capabilities: () => ({
    definitionProvider: true,
    typeDefinitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    documentLinkProvider: { resolveProvider: false },
  }),
  register: ({ connection, documents, client, answer }) => {
    const { workspace } = documents;
    const takesLinks = client.textDocument?.definition?.linkSupport === true;
    const toLink = (link: ReturnType<typeof definition>) => {
      if (link === undefined) return null;
      return takesLinks ? [documents.link(link)] : documents.location(link.to);
    };
    connection.onDefinition(answer((path, offset) => toLink(definition(workspace, path, offset))));
    connection.onTypeDefinition(answer((path, offset) => toLink(typeDefinition(workspace, path, offset))));
    connection.onReferences((params) => {
      const path = documents.path(params.textDocument);
      return references(workspace, path, documents.offset(path, params.position))
        .filter(({ role }) => role !== 'definition' || params.context.includeDeclaration)
        .map(({ span }) => documents.location(span));
    });
    connection.onDocumentHighlight(
      answer((path, offset) =>
        highlights(workspace, path, offset).map(({ span, role }) => ({
          range: documents.range(span),
          kind: role === 'read' ? DocumentHighlightKind.Read : DocumentHighlightKind.Write,
        })),
      ),
    );
    connection.onDocumentLinks(({ textDocument }) =>
      documentLinks(workspace, documents.path(textDocument)).map(({ span, path }) => ({
        range: documents.range(span),
        target: documents.uris.uriOf(path),
      })),
    );
  },
};
