import * as vscode from 'vscode';
import { endsDocumentation } from './text.js';

/**
 * Takes an empty `##` away when a line break is typed after it. The server does so, too, but its answer is dropped when the next key is
 * pressed before it arrives, and rules of the language configuration cannot change the line before the cursor.
 */
export function endDocumentation(): vscode.Disposable {
  return vscode.workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
    const [change, ...others] = contentChanges;
    if (document.languageId !== 'arch' || reason !== undefined || change === undefined || others.length > 0) return;
    if (!change.range.isEmpty || !/^\r?\n[ \t]*$/.test(change.text)) return;
    void takeAway(document, change.range.start.line, 3);
  });
}

/** The document may change while an edit is on its way: then it is tried again. */
async function takeAway(document: vscode.TextDocument, line: number, tries: number): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const above = line === 0 ? undefined : document.lineAt(line - 1).text;
  if (
    tries === 0 ||
    editor?.document !== document ||
    line + 1 >= document.lineCount ||
    !endsDocumentation(document.lineAt(line).text, above)
  )
    return;
  const range = new vscode.Range(line, 0, line + 1, 0);
  const isDone = await editor.edit((edits) => edits.delete(range), { undoStopBefore: false, undoStopAfter: false });
  if (!isDone) await takeAway(document, line, tries - 1);
}
