import * as vscode from 'vscode';
import { chooseBuild } from './commands/choose-build.js';
import { compile } from './commands/compile.js';
import { editingCommands } from './commands/editing.js';
import { openExample } from './commands/open-example.js';
import { run } from './commands/run.js';
import type { Tools } from './commands/running.js';
import { costCommand } from './commands/show-cost.js';
import { showGraph } from './commands/show-graph.js';
import { endDocumentation } from './documentation.js';
import type { Platform } from './platform.js';
import { Server } from './server.js';
import { showStandardLibrary } from './standard-library.js';
import { createStatusBar } from './status-bar.js';
import { registerTasks } from './tasks.js';

/** Starts the extension on the desktop or in the web. The result stops the server. */
export async function activateOn(platform: Platform, context: vscode.ExtensionContext): Promise<() => Promise<void>> {
  const output = vscode.window.createOutputChannel('archc');
  const log = vscode.window.createOutputChannel('archc Language Server', { log: true });
  const server = new Server(platform, log);
  const tools: Tools = { platform, output };
  const cost = costCommand(tools);
  // The commands of lenses give the file and the model.
  const commands: Readonly<Record<string, (given?: unknown, model?: unknown) => unknown>> = {
    'archc.compile': (given, model) => compile(tools, given, model),
    'archc.run': (given, model) => run(tools, given, model),
    'archc.showCost': cost.show,
    'archc.showGraph': (given, model) => showGraph(server, context.extensionUri, given, model),
    'archc.chooseBuild': () => chooseBuild(),
    'archc.restartServer': () => server.restart(),
    // Of a server that does not run, the reason is wanted.
    'archc.showOutput': () => (server.state === 'stopped' ? log : output).show(),
    'archc.openExample': () => openExample(),
  };
  context.subscriptions.push(
    output,
    log,
    server,
    cost.documents,
    endDocumentation(),
    showStandardLibrary((method, params) => server.ask(method, params)),
    createStatusBar(server),
    ...Object.entries({ ...commands, ...editingCommands }).map(([name, act]) => vscode.commands.registerCommand(name, act)),
    ...(platform.runArchc === undefined ? [] : [registerTasks(platform.runArchc)]),
    // A trusted workspace may have an archc of its own.
    vscode.workspace.onDidGrantWorkspaceTrust(() => server.restart()),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration('archc.server.path')) await server.restart();
      else if (change.affectsConfiguration('archc.server.trace')) await server.trace();
    }),
  );
  await vscode.commands.executeCommand('setContext', 'archc.hasCompiler', platform.runArchc !== undefined);
  // Not awaited: commands work before the server has started.
  void server.restart();
  return () => server.close();
}
