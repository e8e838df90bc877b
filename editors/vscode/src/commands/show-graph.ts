import * as vscode from 'vscode';
import { GraphPanel } from '../graph-panel.js';
import type { Server } from '../server.js';

/** Opens the graph of a model beside its source. `given` is the URI of the file, by default that of the active editor. */
export async function showGraph(server: Server, extension: vscode.Uri, given?: unknown, model?: unknown): Promise<void> {
  const document = await documentOf(given);
  if (document?.languageId !== 'arch') {
    void vscode.window.showInformationMessage('Open a model to see its graph: a file that ends in .arch.');
    return;
  }
  await GraphPanel.show(server, extension, document, typeof model === 'string' ? model : undefined);
}

async function documentOf(given: unknown): Promise<vscode.TextDocument | undefined> {
  if (given instanceof vscode.Uri) return vscode.workspace.openTextDocument(given);
  if (typeof given === 'string') return vscode.workspace.openTextDocument(vscode.Uri.parse(given));
  return vscode.window.activeTextEditor?.document;
}
