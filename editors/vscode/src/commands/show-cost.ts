import * as vscode from 'vscode';
import { runFor, showDone, type Tools } from './running.js';

/** The scheme of the read-only documents with tables of costs. */
const scheme = 'archc-cost';

/** Opens the table of `archc cost` beside the model. */
export function costCommand(tools: Tools): {
  readonly show: (given?: unknown, model?: unknown) => Promise<void>;
  readonly documents: vscode.Disposable;
} {
  const tables = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: ({ path }) => tables.get(path) ?? '',
  });
  const closing = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
    if (uri.scheme === scheme) tables.delete(uri.path);
  });
  const show = async (given?: unknown, model?: unknown): Promise<void> => {
    const running = { command: 'cost', options: () => [], verb: 'counting', needs: { entry: true }, acts: false };
    const done = await runFor(tools, running, given, model);
    if (done === undefined) return;
    if (done.code !== 0) {
      showDone(tools, done, '');
      return;
    }
    // The end of the name is that of a language, which has no minimap and does not wrap lines.
    const path = `/${done.target.title}.archc-cost`;
    tables.set(path, done.stdout);
    const uri = vscode.Uri.from({ scheme, path });
    changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
  };
  return { show, documents: vscode.Disposable.from(provider, closing, changed) };
}
