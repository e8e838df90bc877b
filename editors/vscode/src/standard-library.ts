import * as vscode from 'vscode';

/** Sends a request to the language server once it runs. */
type Ask = (method: string, params: object) => Promise<unknown>;

/** The scheme of the modules of the standard library where the server cannot give their files: the server has their texts. */
const scheme = 'archc-std';

export function showStandardLibrary(ask: Ask): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: async (uri) => {
      const text = await ask(`${scheme}/text`, { uri: uri.toString() });
      if (typeof text !== 'string') throw new Error(`the standard library of archc has no ${uri.path}`);
      return text;
    },
  });
}
