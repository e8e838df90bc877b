import * as vscode from 'vscode';

/** A file as the language server takes it; without a text if it was removed. */
export interface ProvidedFile {
  readonly uri: string;
  readonly text?: string;
}

/** Folders that contain no sources of a project. */
const skipped: ReadonlySet<string> = new Set(['node_modules', 'dist', 'build', 'target', 'venv', '__pycache__']);
// A workspace may be a large repository on another host.
const mostFiles = 500;
const mostFolders = 500;
const longestFile = 1 << 20;

/** The files of the workspace that the language server may need. */
export async function workspaceFiles(): Promise<readonly ProvidedFile[]> {
  const found: vscode.Uri[] = [];
  const waiting = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  for (let seen = 0; seen < mostFolders && found.length < mostFiles; seen++) {
    const folder = waiting.shift();
    if (folder === undefined) break;
    for (const [name, type] of await entriesOf(folder)) {
      const uri = vscode.Uri.joinPath(folder, name);
      if ((type & vscode.FileType.Directory) !== 0) {
        if (!name.startsWith('.') && !skipped.has(name)) waiting.push(uri);
      } else if (isNeeded(uri)) found.push(uri);
    }
  }
  return Promise.all(found.slice(0, mostFiles).map(providedFile));
}

/** A file as it is now. */
export async function providedFile(uri: vscode.Uri): Promise<ProvidedFile> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    return { uri: uri.toString(), ...(bytes.length > longestFile ? {} : { text: new TextDecoder().decode(bytes) }) };
  } catch {
    return { uri: uri.toString() };
  }
}

/** Calls a listener with each file that is created, changed or removed. */
export function onFileChange(listener: (uri: vscode.Uri) => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher('**/{*.arch,archc.json}');
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(listener),
    watcher.onDidChange(listener),
    watcher.onDidDelete(listener),
    // Not every file system can be watched.
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      if (isNeeded(uri)) listener(uri);
    }),
  );
}

function isNeeded({ path }: vscode.Uri): boolean {
  return path.endsWith('.arch') || path.endsWith('/archc.json');
}

async function entriesOf(folder: vscode.Uri): Promise<readonly [string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return [];
  }
}
