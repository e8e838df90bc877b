import { graphView } from '../../ide/features/graph-view.js';
import type { Feature } from '../feature.js';

/** The request of editors that draw models, `archc/view`: a model of a document as plain data, in its present text; null if it cannot be built. */
export const pictures: Feature = {
  capabilities: () => ({ experimental: { archcView: true } }),
  register: ({ connection, documents, builds }) => {
    connection.onRequest(
      'archc/view',
      ({ textDocument, model }: { readonly textDocument: { readonly uri: string }; readonly model?: string }) =>
        graphView(documents.workspace, builds, documents.path(textDocument), model) ?? null,
    );
  },
};
