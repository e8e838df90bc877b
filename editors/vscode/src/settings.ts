import * as vscode from 'vscode';

/** The settings that the extension itself reads, with their types. The server asks for the others by their section, `archc`. */
export interface Settings {
  readonly build: string;
  readonly 'run.provider': string;
  readonly 'run.bind': string;
  readonly 'server.path': string;
  readonly 'server.trace': string;
}

/** A value of the wrong type in a settings file counts as not set. */
export function setting<K extends keyof Settings>(name: K, scope?: vscode.ConfigurationScope): string {
  const value = vscode.workspace.getConfiguration('archc', scope ?? null).get<unknown>(name);
  return typeof value === 'string' ? value : '';
}

/** Remembers the chosen build in the settings of the workspace, or of the user if no folder is open. */
export async function saveBuild(name: string, scope?: vscode.Uri): Promise<void> {
  const target = vscode.workspace.workspaceFolders === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration('archc', scope ?? null).update('build', name === '' ? undefined : name, target);
}
