import * as vscode from 'vscode';
import { findTarget, type Target } from '../target.js';
import { type Running, runFor, runOn, showDone, type Tools } from './running.js';

/** The scheme of the read-only documents with tables of costs. */
const scheme = 'archc-cost';

const running: Running = { command: 'cost', options: () => [], verb: 'counting', needs: { entry: true }, acts: false };

/** A table, and what it was asked with. */
interface Table {
  readonly target: Target;
  readonly model: unknown;
  readonly text: string;
}

/** Opens the table of `archc cost` beside the model. While it is open, it follows the chosen build and what is saved. */
export function costCommand(tools: Tools): {
  readonly show: (given?: unknown, model?: unknown) => Promise<void>;
  readonly documents: vscode.Disposable;
} {
  const tables = new Map<string, Table>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const refresh = async (): Promise<void> => {
    for (const [uri, { target, model }] of [...tables]) {
      // A command saves the text first. The table follows when the user does so.
      if (isDirty(target.source)) continue;
      const now = target.isBuild ? await findTarget(target.source, model, running.needs) : target;
      const done = now && (await runOn(tools, running, now));
      if (done?.code !== 0 || !tables.has(uri)) continue;
      tables.set(uri, { target: done.target, model, text: done.stdout });
      changed.fire(vscode.Uri.parse(uri, true));
    }
  };
  const follows = [
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => tables.get(uri.toString())?.text ?? '',
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === scheme) tables.delete(uri.toString());
    }),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      if (/\/archc\.json$|\.arch$/.test(uri.path)) void refresh();
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('archc.build')) void refresh();
    }),
  ];
  const show = async (given?: unknown, model?: unknown): Promise<void> => {
    const done = await runFor(tools, running, given, model);
    if (done === undefined) return;
    if (done.code !== 0) {
      showDone(tools, done, '');
      return;
    }
    const uri = uriOf(done.target, model);
    tables.set(uri.toString(), { target: done.target, model, text: done.stdout });
    changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
  };
  return { show, documents: vscode.Disposable.from(...follows, changed) };
}

/** One document for all builds of a model. The end of its name is that of a language, which has no minimap and does not wrap lines. */
function uriOf({ source, title, isBuild }: Target, model: unknown): vscode.Uri {
  const name = !isBuild ? title : typeof model === 'string' ? model : source.path.slice(source.path.lastIndexOf('/') + 1);
  return vscode.Uri.from({ scheme, path: `/${name}.archc-cost`, query: source.toString() });
}

function isDirty(source: vscode.Uri): boolean {
  return vscode.workspace.textDocuments.some(({ uri, isDirty }) => isDirty && uri.toString() === source.toString());
}
