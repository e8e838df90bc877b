import * as vscode from 'vscode';
import { type Check, command, file, has, includes, same, show, until } from './kit.js';

const digits = 'models/digits.arch';

declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

/** The lens with a title, as the editor runs it. */
async function lens(title: string): Promise<vscode.Command> {
  return until(`the lens ${title}`, async () => {
    const lenses = await command<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file(digits));
    return lenses.map(({ command: act }) => act).find((act) => act?.title.toLowerCase().includes(title));
  });
}

async function runLens(title: string): Promise<void> {
  const { command: name, arguments: args = [] } = await lens(title);
  if (name === '') throw new Error(`the lens ${title} does nothing`);
  await command(name, ...args);
}

function tabs(): readonly string[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
}

/** Lenses say nothing of what cannot be done. */
export const webChecks: readonly Check[] = [
  {
    name: 'lenses: costs, without commands that need processes',
    run: async () => {
      const lenses = await command<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file(digits));
      const found = lenses.map(({ command: act }) => act?.command ?? '').filter((name) => name !== '');
      same(found, [], 'the commands');
      return lenses.map(({ command: act }) => act?.title);
    },
  },
];

/** What needs processes. */
export const commandChecks: readonly Check[] = [
  {
    name: 'lens: cost opens the table',
    run: async () => {
      await show(digits);
      await runLens('parameters');
      const table = await until('the table', () => vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'archc-cost'));
      has(table.getText(), 'deep', 'the table');
      same(table.languageId, 'archc-cost', 'the language');
      // A row for each layer, whose names are one word.
      const heads = table
        .getText()
        .split('\n')
        .filter((line) => /^\s*\S+\s+\S+\s+\d/.test(line)).length;
      same(table.getText().trim().split('\n').length, heads + 1, 'the rows');
      return table.uri.path;
    },
  },
  {
    name: 'lens: compile writes the file of the build',
    run: async () => {
      await show(digits);
      await runLens('compile');
      const written = await until('the model', () =>
        vscode.workspace.fs.stat(file('out/web.onnx')).then(
          ({ size }) => size,
          () => undefined,
        ),
      );
      if (written < 1000) throw new Error(`${written} bytes`);
      await vscode.workspace.fs.delete(file('out/web.onnx'));
      return `${written} bytes`;
    },
  },
  {
    name: 'lens: graph opens beside the model',
    run: async () => {
      if (!process.env.ARCHC_DRAWS) return 'not yet: this archc does not draw';
      await show(digits);
      await runLens('graph');
      return until('the graph', () => tabs().find((label) => label.startsWith('Graph of')), 10);
    },
  },
  {
    name: 'tasks: one for each build, whose messages are problems',
    run: async () => {
      const tasks = await vscode.tasks.fetchTasks({ type: 'archc' });
      same(tasks.map(({ name }) => name).sort(), ['build finetune', 'build web'], 'the tasks');
      const task = tasks.find(({ name }) => name === 'build finetune');
      if (task === undefined) throw new Error('there is none');
      const ended = new Promise<number | undefined>((done) => {
        const listening = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
          if (execution.task.name !== task.name) return;
          listening.dispose();
          done(exitCode);
        });
      });
      await vscode.tasks.executeTask(task);
      same(await ended, 1, 'the exit code');
      const found = await until(
        'the problem',
        () =>
          vscode.languages.getDiagnostics().flatMap(([uri, all]) => {
            const ofTask = all.filter(({ code }) => String(typeof code === 'object' ? code.value : code) === 'weights-shape');
            return ofTask.length > 0 ? [`${vscode.workspace.asRelativePath(uri)}: ${ofTask[0]?.message}`] : [];
          })[0],
      );
      return found;
    },
  },
  {
    name: 'commands: all are there',
    run: async () => {
      const all = await vscode.commands.getCommands(true);
      const declared = ['compile', 'run', 'showCost', 'showGraph', 'chooseBuild', 'restartServer', 'showOutput', 'openExample'];
      for (const name of [...declared, 'rename', 'triggerParameterHints']) includes(all, `archc.${name}`, 'the commands');
      return undefined;
    },
  },
];
