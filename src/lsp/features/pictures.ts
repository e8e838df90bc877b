import { graphView } from '../../ide/features/graph-view.js';
import { picturePlace } from '../../ide/features/picture-place.js';
import type { Feature } from '../feature.js';

/** The requests of editors that draw models, `archc/view`: a model of a document as plain data, in its present text; null if it cannot be built; `archc/place`: the source of the block to mark for a position, as a span. */
export const pictures: Feature = {
  capabilities: () => ({ experimental: { archcView: true } }),
  register: ({ connection, documents, builds, answer }) => {
    connection.onRequest(
      'archc/view',
      ({ textDocument, model }: { readonly textDocument: { readonly uri: string }; readonly model?: string }) =>
        graphView(documents.workspace, builds, documents.path(textDocument), model) ?? null,
    );
    connection.onRequest(
      'archc/place',
      answer((path, offset) => picturePlace(documents.workspace, path, offset)),
    );
  },
};
