import * as vscode from 'vscode';
import { saveBuild, setting } from '../settings.js';
import { allProjects, type Project, projectOf } from '../target.js';
import { literal } from '../text.js';

interface Choice extends vscode.QuickPickItem {
  readonly build: string;
  readonly folder?: vscode.Uri;
}

/** Asks which build of `archc.json` the editor and the commands use. */
export async function chooseBuild(): Promise<void> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const near = active === undefined ? undefined : await projectOf(active);
  const projects = near === undefined ? await allProjects() : [near];
  const choices = projects.flatMap(choicesOf);
  if (choices.length === 0) {
    void vscode.window.showInformationMessage('No archc.json with builds was found. Run `archc init` to create one.');
    return;
  }
  const first: Choice = { label: 'First build', description: 'of each file', build: '' };
  const chosen = await vscode.window.showQuickPick([...choices, first], {
    title: 'Build of archc.json',
    placeHolder: literal(setting('build', active)) || first.label,
  });
  if (chosen !== undefined) await saveBuild(chosen.build, chosen.folder ?? active);
}

function choicesOf({ folder, builds }: Project): readonly Choice[] {
  return builds.map(({ name, model, target }) => ({
    label: name,
    description: `${literal(model)} for ${target}`,
    detail: literal(vscode.workspace.asRelativePath(vscode.Uri.joinPath(folder, 'archc.json'))),
    build: name,
    folder,
  }));
}
