import * as vscode from 'vscode';

/** One thing that is checked, in the order of their list. An error is its failure; the result is shown. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<unknown>;
}

const top = (): vscode.Uri => {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Error('no folder is open');
  return folder.uri;
};

export function file(path: string): vscode.Uri {
  return vscode.Uri.joinPath(top(), path);
}

export function open(path: string): Thenable<vscode.TextDocument> {
  return vscode.workspace.openTextDocument(file(path));
}

export async function show(path: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await open(path), { preview: false });
}

/** The place of a text in a document, or of one of the characters after it. */
export function at(document: vscode.TextDocument, text: string, further = 0): vscode.Position {
  const start = document.getText().indexOf(text);
  if (start < 0) throw new Error(`${document.uri.path} does not contain ${text}`);
  return document.positionAt(start + further);
}

export function rangeOf(document: vscode.TextDocument, text: string): vscode.Range {
  return new vscode.Range(at(document, text), at(document, text, text.length));
}

export async function command<T>(name: string, ...args: readonly unknown[]): Promise<T> {
  return (await vscode.commands.executeCommand<T>(name, ...args)) as T;
}

/** Asks again until there is an answer: the server looks into builds and costs in pauses. */
export async function until<T>(what: string, ask: () => T | undefined | false | Thenable<T | undefined | false>, seconds = 40): Promise<T> {
  for (let tries = 0; tries < seconds * 10; tries++) {
    const found = await ask();
    if (found !== undefined && found !== false) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`waited in vain for ${what}`);
}

export function diagnosticsOf(path: string): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(file(path)).filter(({ source }) => source === 'archc');
}

export function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

export function diagnostic(path: string, code: string): Promise<vscode.Diagnostic> {
  return until(`${code} in ${path}`, () => diagnosticsOf(path).find((found) => codeOf(found) === code));
}

export function same(found: unknown, wanted: unknown, what: string): void {
  const [left, right] = [found, wanted].map((value) => JSON.stringify(value, undefined, 1));
  if (left !== right) throw new Error(`${what}: wanted ${right}, found ${left}`);
}

export function has(found: string | undefined, part: string, what: string): void {
  if (found?.includes(part) !== true) throw new Error(`${what}: ${JSON.stringify(part)} is missing in ${JSON.stringify(found)}`);
}

export function includes(found: readonly unknown[], wanted: unknown, what: string): void {
  if (!found.includes(wanted)) throw new Error(`${what}: ${JSON.stringify(wanted)} is missing in ${JSON.stringify(found)}`);
}

/** The text of a document after an edit that is not made. */
export function edited(document: vscode.TextDocument, edits: readonly vscode.TextEdit[]): string {
  let text = document.getText();
  const ordered = [...edits].sort((a, b) => b.range.start.compareTo(a.range.start));
  for (const { range, newText } of ordered)
    text = text.slice(0, document.offsetAt(range.start)) + newText + text.slice(document.offsetAt(range.end));
  return text;
}

/** Puts a document back as it is on disk. */
export async function restore(path: string): Promise<void> {
  await show(path);
  await command('workbench.action.files.revert');
}

/** The paths, relative to the workspace, and the numbers of edits. */
export function filesOf(edit: vscode.WorkspaceEdit): Readonly<Record<string, number>> {
  const counted = edit.entries().map(([uri, edits]): [string, number] => [vscode.workspace.asRelativePath(uri), edits.length]);
  return Object.fromEntries(counted.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function markdown(contents: readonly (vscode.MarkdownString | vscode.MarkedString)[]): string {
  return contents.map((part) => (typeof part === 'string' ? part : part.value)).join('\n');
}
