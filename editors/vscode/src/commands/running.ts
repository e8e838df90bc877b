import * as vscode from 'vscode';
import type { Finished, Platform } from '../platform.js';
import { findTarget, type Needs, type Target } from '../target.js';
import { literal, missingPackage } from '../text.js';

/** What the commands share. */
export interface Tools {
  readonly platform: Platform;
  readonly output: vscode.OutputChannel;
}

export interface Done extends Finished {
  readonly target: Target;
}

/** A command that runs archc: its words before and after the file or build, and what it says while it runs. */
export interface Running {
  readonly command: string;
  readonly options: (target: Target) => readonly string[];
  readonly verb: string;
  readonly needs: Needs;
  /** Whether it writes files or runs models, which is for trusted workspaces only. */
  readonly acts: boolean;
}

/** Runs archc for a file or build, with progress that can be stopped. The result is `undefined` if it did not run to its end. */
export async function runFor(tools: Tools, running: Running, given: unknown, model: unknown): Promise<Done | undefined> {
  const { runArchc } = tools.platform;
  if (runArchc === undefined || (running.acts && !vscode.workspace.isTrusted)) {
    const why = runArchc === undefined ? 'needs VS Code with access to files and processes' : 'is off until you trust this workspace';
    void vscode.window.showInformationMessage(`\`archc ${running.command}\` ${why}.`);
    return undefined;
  }
  const target = await findTarget(given, model, running.needs);
  return target && runOn(tools, running, target);
}

/** Runs archc for a target that is known. */
export async function runOn({ platform, output }: Tools, running: Running, target: Target): Promise<Done | undefined> {
  const { runArchc } = platform;
  if (runArchc === undefined) return undefined;
  const args = [running.command, ...target.args, ...running.options(target), '--color', 'never'];
  output.appendLine(`archc ${args.join(' ')}`);
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: literal(`archc: ${running.verb} ${target.title}`), cancellable: true },
    async (_, stop) => {
      try {
        const finished = await runArchc({ args, cwd: target.cwd, stop });
        return stop.isCancellationRequested ? undefined : { ...finished, target };
      } catch (error) {
        return { code: undefined, stdout: '', stderr: `${error instanceof Error ? error.message : error}\n`, target };
      }
    },
  );
}

/** Shows what archc wrote, and a message that leads there. */
export function showDone({ output }: Tools, { code, stdout, stderr, target }: Done, success: string): void {
  for (const text of [stderr, stdout]) if (text !== '') output.append(text.endsWith('\n') ? text : `${text}\n`);
  const button = 'Show Output';
  const missing = code === 0 ? undefined : missingPackage(stderr);
  if (missing !== undefined) {
    offerInstallation(missing, target);
    return;
  }
  const answer =
    code === 0
      ? vscode.window.showInformationMessage(literal(`${target.title}: ${success}`), button)
      : vscode.window.showErrorMessage(literal(`${target.title}: ${firstError(stderr)}`), button);
  void answer.then((chosen) => {
    if (chosen !== undefined) output.show();
  });
  if (code !== 0) output.show(true);
}

/** Says how to install a package that a command needs, and does so in a terminal if that is wanted. */
function offerInstallation(name: string, { title, cwd }: Target): void {
  const install = `npm install ${name}`;
  const button = 'Install in Terminal';
  void vscode.window.showErrorMessage(literal(`${title}: running a model needs ${name}: ${install}`), button).then((chosen) => {
    if (chosen === undefined) return;
    const terminal = vscode.window.createTerminal({ name: 'archc', cwd });
    terminal.show();
    terminal.sendText(install);
  });
}

function firstError(stderr: string): string {
  return stderr.split('\n').find((line) => /^(?:error\[|archc: )/.test(line)) ?? 'archc failed';
}
