import type * as vscode from 'vscode';
import { activateOn } from './activate.js';
import { nodePlatform } from './node-platform.js';

let stop = async (): Promise<void> => {};

/** The extension on the desktop, and on a remote host. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  stop = await activateOn(nodePlatform(context), context);
}

export function deactivate(): Promise<void> {
  return stop();
}
