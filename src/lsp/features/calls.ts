import type { CallHierarchyItem } from 'vscode-languageserver';
import { type HierarchyItem, hierarchyAt, incomingCalls, outgoingCalls } from '../../ide/features/call-hierarchy.js';
import type { Documents } from '../documents.js';
import type { Feature } from '../feature.js';
import { symbolKinds } from './structure.js';

/** Which declarations use which. */
export const calls: Feature = {
  capabilities: () => ({ callHierarchyProvider: true }),
  register: ({ connection, documents, answer }) => {
    const { workspace } = documents;
    connection.languages.callHierarchy.onPrepare(
      answer((path, offset) => {
        const item = hierarchyAt(workspace, path, offset);
        return item === undefined ? null : [toItem(documents, item)];
      }),
    );
    connection.languages.callHierarchy.onIncomingCalls(({ item }) =>
      incomingCalls(workspace, fromItem(documents, item)).map((call) => ({
        from: toItem(documents, call.item),
        fromRanges: call.places.map((place) => documents.range(place)),
      })),
    );
    connection.languages.callHierarchy.onOutgoingCalls(({ item }) =>
      outgoingCalls(workspace, fromItem(documents, item)).map((call) => ({
        to: toItem(documents, call.item),
        fromRanges: call.places.map((place) => documents.range(place)),
      })),
    );
  },
};

function toItem(documents: Documents, { name, kind, span, nameSpan }: HierarchyItem): CallHierarchyItem {
  return {
    name,
    kind: symbolKinds[kind],
    uri: documents.uris.uriOf(span.file),
    range: documents.range(span),
    selectionRange: documents.range(nameSpan),
  };
}

function fromItem(documents: Documents, { name, uri, selectionRange }: CallHierarchyItem): Pick<HierarchyItem, 'name' | 'nameSpan'> {
  const file = documents.uris.pathOf(uri);
  const [start, end] = [selectionRange.start, selectionRange.end].map((position) => documents.offset(file, position)) as [number, number];
  return { name, nameSpan: { file, start, end } };
}
