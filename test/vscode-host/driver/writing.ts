import * as vscode from 'vscode';
import {
  at,
  type Check,
  command,
  diagnostic,
  edited,
  file,
  filesOf,
  has,
  includes,
  open,
  rangeOf,
  restore,
  same,
  show,
  until,
} from './kit.js';

const digits = 'models/digits.arch';
const unused = 'models/unused.arch';
const mistakes = 'models/mistakes.arch';
const loose = 'models/loose.arch';
const blocks = 'layers/blocks.arch';
const options = { tabSize: 2, insertSpaces: true };

async function completionsAt(document: vscode.TextDocument, position: vscode.Position): Promise<readonly vscode.CompletionItem[]> {
  // Resolves this many items.
  const list = await command<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, position, undefined, 400);
  return list.items;
}

function labelOf({ label }: vscode.CompletionItem): string {
  return typeof label === 'string' ? label : label.label;
}

async function actionsAt(path: string, text: string, kind: vscode.CodeActionKind): Promise<readonly vscode.CodeAction[]> {
  const document = await open(path);
  // Resolves this many actions.
  return command('vscode.executeCodeActionProvider', document.uri, rangeOf(document, text), kind.value, 20);
}

/** Applies what an action or rename would do, and gives the text afterwards. */
async function applied(path: string, edit: vscode.WorkspaceEdit | undefined): Promise<string> {
  if (edit === undefined) throw new Error('there is nothing to apply');
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error('the edit was not applied');
  const text = (await open(path)).getText();
  await restore(path);
  return text;
}

/** What changes code. */
export const writingChecks: readonly Check[] = [
  {
    name: 'completion of stages and arguments',
    run: async () => {
      const document = await open(digits);
      const labels = (await completionsAt(document, at(document, 'max_pool2d(2)\n', 3))).map(labelOf);
      includes(labels, 'max_pool2d', 'what is offered');
      includes(labels, 'Linear', 'what is offered');
      return `${labels.length} items`;
    },
  },
  {
    name: 'completion that imports what it inserts',
    run: async () => {
      const editor = await show(mistakes);
      const { document } = editor;
      const item = (await completionsAt(document, at(document, 'Centered', 4))).find((found) => labelOf(found) === 'Centered');
      const text = edited(document, item?.additionalTextEdits ?? []);
      has(text, 'import { Centered } from "../layers/blocks.arch"', 'the text with the import');
      // Accepting it in the editor, as the key Tab does.
      const place = at(document, 'Centered', 4);
      await editor.edit((edit) => edit.delete(new vscode.Range(place, place.translate(0, 4))));
      editor.selection = new vscode.Selection(place, place);
      await command('editor.action.triggerSuggest');
      await new Promise((done) => setTimeout(done, 3000));
      await command('acceptSelectedSuggestion');
      await until('the import', () => document.getText().includes('import { Centered }'));
      has(document.getText(), 'middle: Centered', 'the text');
      await restore(mistakes);
      return item?.detail;
    },
  },
  {
    name: 'formatting of a document',
    run: async () => {
      const document = await open(loose);
      const edits = await command<vscode.TextEdit[]>('vscode.executeFormatDocumentProvider', document.uri, options);
      const text = edited(document, edits);
      has(text, 'layer Loose(out: int)(x: Tensor[N, D]) -> Tensor[N, out] {\n  return x -> fc: Linear(out)\n}\n', 'the text');
      return text;
    },
  },
  {
    name: 'formatting of a range, where the server offers it',
    run: async () => {
      const document = await open(loose);
      const edits = await command<vscode.TextEdit[] | undefined>(
        'vscode.executeFormatRangeProvider',
        document.uri,
        rangeOf(document, 'return x->fc:Linear( out )'),
        options,
      );
      if (edits === undefined || edits.length === 0) return 'not offered';
      has(edited(document, edits), '  return x -> fc: Linear(out)\n', 'the text');
      return edits.length;
    },
  },
  {
    name: 'indentation while a model is typed',
    run: async () => {
      const editor = await show(loose);
      const end = editor.document.positionAt(editor.document.getText().length);
      editor.selection = new vscode.Selection(end, end);
      for (const key of '\nlayer Typed(x: Tensor[N]) -> Tensor[N] {\nreturn x ->\nrelu') await command('type', { text: key });
      await new Promise((done) => setTimeout(done, 1000));
      const text = editor.document.getText();
      await restore(loose);
      has(text, '{\n  return x ->\n    relu\n}', 'the text');
      return undefined;
    },
  },
  {
    name: 'documentation ends with an empty line',
    run: async () => {
      const editor = await show(loose);
      const start = new vscode.Position(0, 0);
      editor.selection = new vscode.Selection(start, start);
      for (const key of '## First.\nSecond.\n\n') {
        await command('type', { text: key });
        // What is typed at once is formatted together.
        await new Promise((done) => setTimeout(done, key === '\n' ? 1000 : 20));
      }
      await command('type', { text: 'let a = 1' });
      const text = editor.document.getText();
      await restore(loose);
      has(text, '## First.\n## Second.\nlet a = 1', 'the text');
      return undefined;
    },
  },
  {
    name: 'rename in all files',
    run: async () => {
      const document = await open(blocks);
      const edit = await command<vscode.WorkspaceEdit>(
        'vscode.executeDocumentRenameProvider',
        document.uri,
        at(document, 'ConvBlock'),
        'Block',
      );
      same(filesOf(edit), { 'layers/blocks.arch': 1, 'models/digits.arch': 3 }, 'the files');
      return filesOf(edit);
    },
  },
  {
    name: 'rename is refused where it cannot be done',
    run: async () => {
      const document = await open(digits);
      const place = at(document, 'max_pool2d');
      const found = await command('vscode.executeDocumentRenameProvider', document.uri, place, 'pool').then(
        () => 'not refused',
        (error: unknown) => String(error),
      );
      if (found === 'not refused') throw new Error(found);
      return found;
    },
  },
  {
    name: 'renaming a file updates imports',
    run: async () => {
      await open(digits);
      const edit = new vscode.WorkspaceEdit();
      edit.renameFile(file(blocks), file('layers/parts.arch'));
      await vscode.workspace.applyEdit(edit);
      const text = await until('the new path', async () => {
        const now = (await open(digits)).getText();
        return now.includes('"../layers/parts.arch"') && now;
      });
      const back = new vscode.WorkspaceEdit();
      back.renameFile(file('layers/parts.arch'), file(blocks));
      await vscode.workspace.applyEdit(back);
      await until('the old path', async () => (await open(digits)).getText().includes('"../layers/blocks.arch"'));
      await (await open(digits)).save();
      return text.split('\n')[0];
    },
  },
  {
    name: 'action: fix a misspelled name',
    run: async () => {
      await diagnostic(mistakes, 'unknown-name');
      const found = await actionsAt(mistakes, 'Linaer', vscode.CodeActionKind.QuickFix);
      const fix = found.find(({ isPreferred }) => isPreferred) ?? found[0];
      has(await applied(mistakes, fix?.edit), 'fc: Linear(10)', 'the text');
      return found.map(({ title }) => title);
    },
  },
  {
    name: 'action: import a missing name',
    run: async () => {
      const found = await actionsAt(mistakes, 'Centered', vscode.CodeActionKind.QuickFix);
      const add = found.find(({ title }) => title.includes('import `Centered`'));
      has(await applied(mistakes, add?.edit), 'import { Centered } from "../layers/blocks.arch"', 'the text');
      return found.map(({ title }) => title);
    },
  },
  {
    name: 'action: fix all',
    run: async () => {
      await show(unused);
      await diagnostic(unused, 'unused-variable');
      const found = await actionsAt(unused, 'Unused', vscode.CodeActionKind.SourceFixAll);
      const text = await applied(unused, found[0]?.edit);
      if (text.includes('spare') || text.includes('import {')) throw new Error(`what is unused is still there: ${text}`);
      return found.map(({ title }) => title);
    },
  },
  {
    name: 'action: organize imports',
    run: async () => {
      const editor = await show(digits);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'import { rope } from "std/attention"\n'));
      await diagnostic(digits, 'unused-import');
      const [organize] = await actionsAt(digits, 'import { rope', vscode.CodeActionKind.SourceOrganizeImports);
      const text = await applied(digits, organize?.edit);
      if (text.includes('rope')) throw new Error(`the import is still there: ${text}`);
      return organize?.title;
    },
  },
  {
    name: 'action: extract a layer',
    run: async () => {
      const stages = 'deep: ConvBlock(16) -> max_pool2d(2) -> flatten';
      const found = await actionsAt(digits, stages, vscode.CodeActionKind.RefactorExtract);
      const extract = found.find(({ title }) => title.startsWith('extract into a layer'));
      const text = await applied(digits, extract?.edit);
      has(text, 'layer ', 'the text');
      return found.map(({ title }) => title);
    },
  },
];
