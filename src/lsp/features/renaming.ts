import { LSPErrorCodes, MessageType, ResponseError, ShowMessageNotification } from 'vscode-languageserver';
import { prepareRename, rename } from '../../ide/features/rename/rename.js';
import { willRenameFiles } from '../../ide/features/rename/rename-files.js';
import { workspaceEdit } from '../edits.js';
import type { Feature } from '../feature.js';

/** New names, for what is declared and for files. */
export const renaming: Feature = {
  capabilities: (client) => ({
    renameProvider: client.textDocument?.rename?.prepareSupport === true ? { prepareProvider: true } : true,
    workspace: {
      fileOperations: {
        willRename: {
          filters: [{ pattern: { glob: '**/*.arch', matches: 'file' } }, { pattern: { glob: '**', matches: 'folder' } }],
        },
      },
    },
  }),
  register: ({ connection, documents, answer }) => {
    const { workspace } = documents;
    connection.onPrepareRename(
      answer((path, offset) => {
        const place = prepareRename(workspace, path, offset);
        if ('refused' in place) throw refusal(place.refused);
        return { range: documents.range(place.span), placeholder: place.text };
      }),
    );
    connection.onRenameRequest(({ textDocument, position, newName }) => {
      const path = documents.path(textDocument);
      const renamed = rename(workspace, path, documents.offset(path, position), newName);
      if ('refused' in renamed) throw refusal(renamed.refused);
      // Shown, without a question that somebody must answer.
      for (const message of renamed.warnings)
        void connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message });
      return workspaceEdit(documents, renamed.edits);
    });
    connection.workspace.onWillRenameFiles(({ files }) => {
      const renames = files.map(({ oldUri, newUri }) => ({ from: documents.uris.pathOf(oldUri), to: documents.uris.pathOf(newUri) }));
      return workspaceEdit(documents, willRenameFiles(workspace, renames));
    });
  },
};

function refusal(reason: string): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}
