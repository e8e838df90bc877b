import * as vscode from 'vscode';

/** What the server may ask for after an edit of its own, under names that do not depend on the editor. */
export const editingCommands: Readonly<Record<string, (...given: readonly unknown[]) => unknown>> = {
  'archc.triggerParameterHints': () => vscode.commands.executeCommand('editor.action.triggerParameterHints'),
  'archc.rename': (uri, position) => rename(uri, position),
};

/** Starts a rename at a position of a document. The position comes from the server, in the form of the protocol. */
async function rename(uri: unknown, position: unknown): Promise<void> {
  const { line, character } = (typeof position === 'object' && position !== null ? position : {}) as Partial<vscode.Position>;
  if (typeof uri !== 'string' || typeof line !== 'number' || typeof character !== 'number') return;
  const place = [vscode.Uri.parse(uri), new vscode.Position(line, character)];
  await vscode.commands.executeCommand('editor.action.rename', place);
}
