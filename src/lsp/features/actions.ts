import { CodeActionKind, type Command, type CodeAction as LspAction } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Edit } from '../../diagnostics/record.js';
import type { CodeAction } from '../../ide/features/actions/action.js';
import { codeActions, resolveCodeAction } from '../../ide/features/actions/code-actions.js';
import { textsAfter } from '../../ide/features/rename/verify.js';
import { workspaceEdit } from '../edits.js';
import type { Feature } from '../feature.js';

/** A command of editors that renames what is at a position: it gets the URI of the document and the position. */
const rename = 'archc.rename';

/** What an action needs to be completed. */
interface Data {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}

/** Corrections, refactorings, and the fixes of whole files. */
export const actions: Feature = {
  capabilities: () => ({
    codeActionProvider: {
      codeActionKinds: [
        CodeActionKind.QuickFix,
        CodeActionKind.RefactorExtract,
        CodeActionKind.RefactorInline,
        CodeActionKind.RefactorRewrite,
        CodeActionKind.SourceFixAll,
        CodeActionKind.SourceOrganizeImports,
      ],
      resolveProvider: true,
    },
  }),
  register: ({ connection, documents, client, commands }) => {
    const { workspace } = documents;
    const resolves = client.textDocument?.codeAction?.resolveSupport?.properties.includes('edit') === true;

    connection.onCodeAction(({ textDocument, range, context }) => {
      const path = documents.path(textDocument);
      const span = { start: documents.offset(path, range.start), end: documents.offset(path, range.end) };
      return codeActions(workspace, path, span, context.only)
        .map((action) => (action.edits === undefined && !resolves ? resolveCodeAction(workspace, path, span, action) : action))
        .filter(({ disabled }) => disabled === undefined)
        .map((action) => toAction(action, { uri: textDocument.uri, ...span }));
    });
    connection.onCodeActionResolve((action) => {
      const data: Data | undefined = action.data;
      if (data === undefined || action.kind === undefined) return action;
      const path = documents.path(data);
      return toAction(resolveCodeAction(workspace, path, data, { title: action.title, kind: action.kind as CodeAction['kind'] }), data);
    });

    /** Asks for another name than the one that an action makes up. */
    function renaming(path: string, edits: readonly Edit[], offset: number): Command | undefined {
      const after = textsAfter(workspace, edits).get(path);
      if (after === undefined || !commands.has(rename)) return undefined;
      const position = TextDocument.create(path, 'arch', 0, after).positionAt(offset);
      return { title: 'rename', command: rename, arguments: [documents.uris.uriOf(path), position] };
    }

    function toAction({ title, kind, edits, isPreferred, diagnostics, disabled, rename: made }: CodeAction, data: Data): LspAction {
      const command = edits === undefined || made === undefined ? undefined : renaming(made.file, edits, made.offset);
      const corrected = diagnostics?.map(({ code, message, span }) => ({ code, message, source: 'archc', range: documents.range(span) }));
      return {
        title,
        kind,
        ...(edits === undefined ? { data } : { edit: workspaceEdit(documents, edits) }),
        ...(command === undefined ? {} : { command }),
        ...(isPreferred === true ? { isPreferred } : {}),
        ...(corrected === undefined ? {} : { diagnostics: corrected }),
        ...(disabled === undefined ? {} : { disabled: { reason: disabled } }),
      };
    }
  },
};
