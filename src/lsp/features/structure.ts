import { type DocumentSymbol as LspSymbol, SymbolKind } from 'vscode-languageserver';
import { foldingRanges } from '../../ide/features/folding.js';
import { selectionRanges } from '../../ide/features/selection-ranges.js';
import { type DocumentSymbol, documentSymbols, workspaceSymbols } from '../../ide/features/symbols.js';
import type { NamedKind } from '../../ide/names/named.js';
import type { Documents } from '../documents.js';
import type { Feature } from '../feature.js';

/** Outlines, searches for declarations, folding and growing selections. */
export const structure: Feature = {
  capabilities: () => ({
    documentSymbolProvider: true,
    workspaceSymbolProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
  }),
  register: ({ connection, documents }) => {
    const { workspace } = documents;
    connection.onDocumentSymbol(({ textDocument }) =>
      documentSymbols(workspace, documents.path(textDocument)).map((symbol) => toSymbol(documents, symbol)),
    );
    connection.onWorkspaceSymbol(({ query }) =>
      workspaceSymbols(workspace, query).map(({ name, kind, nameSpan }) => ({
        name,
        kind: symbolKinds[kind],
        location: documents.location(nameSpan),
      })),
    );
    connection.onFoldingRanges(({ textDocument }) => [...foldingRanges(workspace, documents.path(textDocument))]);
    connection.onSelectionRanges(({ textDocument, positions }) => {
      const path = documents.path(textDocument);
      return positions.map((position) => {
        const [first, ...others] = selectionRanges(workspace, path, documents.offset(path, position)).map((span) => documents.range(span));
        const range = first ?? { start: position, end: position };
        return { range, ...parents(others) };
      });
    });
  },
};

interface Parents {
  readonly parent?: { readonly range: ReturnType<Documents['range']> } & Parents;
}

function parents([range, ...others]: readonly ReturnType<Documents['range']>[]): Parents {
  return range === undefined ? {} : { parent: { range, ...parents(others) } };
}

/** How editors show each kind of thing. */
export const symbolKinds: Readonly<Record<NamedKind, SymbolKind>> = {
  model: SymbolKind.Class,
  layer: SymbolKind.Class,
  function: SymbolKind.Function,
  constant: SymbolKind.Constant,
  config: SymbolKind.Struct,
  train: SymbolKind.Event,
  entry: SymbolKind.Method,
  field: SymbolKind.Field,
  hyperparameter: SymbolKind.TypeParameter,
  argument: SymbolKind.Variable,
  input: SymbolKind.Interface,
  output: SymbolKind.Interface,
  size: SymbolKind.TypeParameter,
  variable: SymbolKind.Variable,
  'loop-variable': SymbolKind.Variable,
  storage: SymbolKind.Property,
  label: SymbolKind.Property,
  import: SymbolKind.Module,
  operator: SymbolKind.Function,
  option: SymbolKind.Variable,
  'built-in': SymbolKind.Constant,
  kind: SymbolKind.TypeParameter,
  initializer: SymbolKind.Function,
};

function toSymbol(documents: Documents, { name, detail, kind, span, nameSpan, children }: DocumentSymbol): LspSymbol {
  return {
    name,
    detail,
    kind: symbolKinds[kind],
    range: documents.range(span),
    selectionRange: documents.range(nameSpan),
    children: children.map((child) => toSymbol(documents, child)),
  };
}
