import type * as vscode from 'vscode';
import { activateOn } from './activate.js';
import { webPlatform } from './web-platform.js';

let stop = async (): Promise<void> => {};

/** The extension in a browser without a host of its own, such as vscode.dev. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  stop = await activateOn(webPlatform(context), context);
}

export function deactivate(): Promise<void> {
  return stop();
}
