import * as vscode from 'vscode';
import type { Platform } from './platform.js';
import { isBuildName } from './project.js';
import { allProjects } from './target.js';
import { forTerminal, withAbsolutePath } from './text.js';

/** VS Code looks for problems in the lines of a terminal a moment after they are written, and no longer once it has closed: milliseconds. */
const untilRead = 500;

type RunArchc = NonNullable<Platform['runArchc']>;

/** A task for each build of each `archc.json`. */
export function registerTasks(runArchc: RunArchc): vscode.Disposable {
  return vscode.tasks.registerTaskProvider('archc', {
    provideTasks: async () => {
      if (!vscode.workspace.isTrusted) return [];
      const projects = await allProjects();
      return projects.flatMap(({ folder, builds }) => builds.flatMap(({ name }) => taskIn(runArchc, folder, name) ?? []));
    },
    resolveTask: ({ definition, scope }) => {
      const build: unknown = definition.build;
      const folder: unknown = definition.folder ?? '.';
      const top = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
      if (top === undefined || typeof build !== 'string' || !isBuildName(build) || typeof folder !== 'string') return undefined;
      // A task that is resolved must keep the definition that it has in tasks.json.
      return createTask(runArchc, definition, top, vscode.Uri.joinPath(top.uri, folder), build);
    },
  });
}

function taskIn(runArchc: RunArchc, folder: vscode.Uri, build: string): vscode.Task | undefined {
  const top = vscode.workspace.getWorkspaceFolder(folder);
  if (top === undefined || folder.scheme !== 'file') return undefined;
  const path = folder.path.slice(top.uri.path.length).replace(/^\//, '');
  return createTask(runArchc, { type: 'archc', build, ...(path === '' ? {} : { folder: path }) }, top, folder, build);
}

function createTask(
  runArchc: RunArchc,
  definition: vscode.TaskDefinition,
  top: vscode.WorkspaceFolder,
  folder: vscode.Uri,
  build: string,
): vscode.Task {
  const execution = new vscode.CustomExecution(async () => terminalFor(runArchc, folder, build));
  const task = new vscode.Task(definition, top, `build ${build}`, 'archc', execution, '$archc-absolute');
  task.group = vscode.TaskGroup.Build;
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent, clear: true };
  return task;
}

/** The task runs on the Node of VS Code, like the server, so it is not a command of a shell. */
function terminalFor(runArchc: RunArchc, folder: vscode.Uri, build: string): vscode.Pseudoterminal {
  const written = new vscode.EventEmitter<string>();
  const ended = new vscode.EventEmitter<number>();
  const stop = new vscode.CancellationTokenSource();
  const resolve = (path: string): string => (/^(?:[\\/]|[A-Za-z]:)/.test(path) ? path : vscode.Uri.joinPath(folder, path).fsPath);
  const write = (line: string): void => written.fire(forTerminal(`${withAbsolutePath(line, resolve)}\n`));
  return {
    onDidWrite: written.event,
    onDidClose: ended.event,
    open: () => {
      write(`archc build ${build}`);
      const args = ['build', build, '--format', 'short', '--color', 'never'];
      runArchc({ args, cwd: folder.fsPath, stop: stop.token, onLine: write }).then(
        ({ code = 1 }) => void setTimeout(() => ended.fire(code), untilRead),
        (error: unknown) => {
          write(error instanceof Error ? error.message : String(error));
          ended.fire(1);
        },
      );
    },
    close: () => stop.cancel(),
  };
}
