import * as vscode from 'vscode';
import type { Server, ServerState } from './server.js';
import { buildOf, projectOf } from './target.js';

const icons: Readonly<Record<ServerState, string>> = { starting: '$(sync~spin)', running: '$(check)', stopped: '$(warning)' };
const states: Readonly<Record<ServerState, string>> = {
  starting: 'The language server is starting.',
  running: 'The language server is running.',
  stopped: 'The language server is not running.',
};

/** Shows the build of the active .arch file and the state of the server; a click chooses another build. */
export function createStatusBar(server: Server): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('archc.status', vscode.StatusBarAlignment.Right, 90);
  item.name = 'archc';
  item.command = 'archc.chooseBuild';
  let latest = 0;
  const update = async (): Promise<void> => {
    const turn = ++latest;
    const document = vscode.window.activeTextEditor?.document;
    if (document?.languageId !== 'arch') {
      item.hide();
      return;
    }
    const project = await projectOf(document.uri);
    if (turn !== latest) return;
    const build = project === undefined ? undefined : buildOf(project, document.uri)?.name;
    // The name of a build has letters, digits, `_` and `-` only, so it cannot be taken for an icon.
    item.text = `${icons[server.state]} archc${build === undefined ? '' : `: ${build}`}`;
    item.tooltip = `${states[server.state]}\n${build === undefined ? 'No build of archc.json has this file.' : `The model has the settings of the build ${build}.`}\nClick to choose a build.`;
    item.backgroundColor = server.state === 'stopped' ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.show();
  };
  const watcher = vscode.workspace.createFileSystemWatcher('**/archc.json');
  const refresh = (): void => void update();
  refresh();
  return vscode.Disposable.from(
    item,
    watcher,
    watcher.onDidChange(refresh),
    watcher.onDidCreate(refresh),
    watcher.onDidDelete(refresh),
    server.onDidChangeState(refresh),
    vscode.window.onDidChangeActiveTextEditor(refresh),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('archc.build')) refresh();
    }),
  );
}
