import * as vscode from 'vscode';
import { type Build, buildsOf } from './project.js';
import { setting } from './settings.js';
import { entriesIn, modelsIn } from './text.js';

/** An `archc.json` and its builds. */
export interface Project {
  readonly folder: vscode.Uri;
  readonly builds: readonly Build[];
}

/** What a command of archc works on: arguments for the command line and where to run it. */
export interface Target {
  readonly title: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly source: vscode.Uri;
  /** Whether it is a build of `archc.json`. */
  readonly isBuild: boolean;
}

/** The project of a file: the nearest `archc.json` in its folder or above, but inside the workspace. */
export async function projectOf(file: vscode.Uri): Promise<Project | undefined> {
  const top = vscode.workspace.getWorkspaceFolder(file)?.uri;
  if (top === undefined) return undefined;
  for (let folder = vscode.Uri.joinPath(file, '..'); folder.path.length >= top.path.length; folder = vscode.Uri.joinPath(folder, '..')) {
    const project = await readProject(folder);
    if (project !== undefined) return project;
    if (folder.path === '/') break;
  }
  return undefined;
}

/** All projects of the workspace. */
export async function allProjects(): Promise<readonly Project[]> {
  const files = await vscode.workspace.findFiles('**/archc.json', '**/node_modules/**', 100);
  // Not every file system can be searched.
  const top = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  const folders = new Map([...top, ...files.map((file) => vscode.Uri.joinPath(file, '..'))].map((uri) => [uri.toString(), uri]));
  const found = await Promise.all([...folders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, folder]) => readProject(folder)));
  return found.filter((project) => project !== undefined);
}

async function readProject(folder: vscode.Uri): Promise<Project | undefined> {
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, 'archc.json'));
    return { folder, builds: buildsOf(new TextDecoder().decode(bytes)) };
  } catch {
    return undefined;
  }
}

/** The build whose settings are used for a file: the chosen one if it builds the file, else the first that does, as in the language server. */
export function buildOf({ folder, builds }: Project, file: vscode.Uri): Build | undefined {
  const ofFile = builds.filter(({ model }) => vscode.Uri.joinPath(folder, model).path === file.path);
  const chosen = setting('build', folder);
  return ofFile.find(({ name }) => name === chosen) ?? ofFile[0];
}

/** How much a command must know. */
export interface Needs {
  /** Whether it works on one entry of a model with several. */
  readonly entry: boolean;
}

/**
 * What a command works on: the given file or that of the active editor, with the settings of its build. Asks
 * which model and entry if there are several. Unsaved changes are saved first, because archc reads files.
 */
export async function findTarget(given: unknown, model: unknown, needs: Needs): Promise<Target | undefined> {
  const source = given instanceof vscode.Uri ? given : typeof given === 'string' ? vscode.Uri.parse(given, true) : activeFile();
  if (source === undefined || source.scheme !== 'file' || !source.path.endsWith('.arch')) {
    void vscode.window.showInformationMessage('Open a saved .arch file first.');
    return undefined;
  }
  const document = await vscode.workspace.openTextDocument(source);
  if (document.isDirty && !(await document.save())) return undefined;
  const text = document.getText();
  const project = await projectOf(source);
  const build = project === undefined ? undefined : buildOf(project, source);
  const models = modelsIn(text);
  const isBuilt = typeof model !== 'string' || models.length === 1 || build?.only === model;
  if (build !== undefined && project !== undefined && isBuilt) {
    return { title: build.name, args: [build.name], cwd: project.folder.fsPath, source, isBuild: true };
  }
  const chosen = typeof model === 'string' && models.includes(model) ? model : await pick(models, 'Which model?');
  if (chosen === undefined && models.length > 1) return undefined;
  const entries = needs.entry ? entriesIn(text, chosen) : [];
  const entry = await pick(entries, 'Which entry?');
  if (entry === undefined && entries.length > 1) return undefined;
  return {
    title: [chosen ?? source.path.split('/').at(-1), ...(entry === undefined ? [] : [entry])].join('.'),
    args: [
      source.fsPath,
      ...(models.length > 1 && chosen !== undefined ? ['--model', chosen] : []),
      ...(entry === undefined ? [] : ['--entry', entry]),
    ],
    cwd: vscode.Uri.joinPath(source, '..').fsPath,
    source,
    isBuild: false,
  };
}

function activeFile(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === 'arch' ? document.uri : undefined;
}

/** The only name of a list, or the one that is picked. */
async function pick(names: readonly string[], title: string): Promise<string | undefined> {
  return names.length > 1 ? vscode.window.showQuickPick([...names], { title }) : names[0];
}
