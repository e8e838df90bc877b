import * as vscode from 'vscode';
import { type Check, codeOf, command, diagnostic, diagnosticsOf, has, includes, rangeOf, restore, same, show, until } from './kit.js';

const unused = 'models/unused.arch';
const mistakes = 'models/mistakes.arch';
const digits = 'models/digits.arch';

export const diagnosticChecks: readonly Check[] = [
  {
    name: 'diagnostics: message, related places, link to the page',
    run: async () => {
      const { document } = await show(mistakes);
      const found = await diagnostic(mistakes, 'broadcast-mismatch');
      has(found.message, 'cannot add [N, 400] and [N, 300]', 'the message');
      same(found.range, rangeOf(document, 'x + h'), 'the place');
      same(
        found.relatedInformation?.map(({ message, location }) => `${location.range.start.line}: ${message}`),
        ['0: `x` is [N, 400]', '1: `h` is [N, 300]'],
        'the related places',
      );
      const target = typeof found.code === 'object' ? String(found.code.target) : '';
      has(target, 'errors/broadcast-mismatch.md', 'the link');
      return { message: found.message, target };
    },
  },
  {
    name: 'diagnostics: the page of a message opens',
    run: async () => {
      const { code } = await diagnostic(mistakes, 'broadcast-mismatch');
      if (typeof code !== 'object') throw new Error('there is no link');
      if (code.target.scheme.startsWith('http')) return String(code.target);
      const page = await vscode.workspace.openTextDocument(code.target);
      has(page.getText(), '# broadcast-mismatch', 'the page');
      return String(code.target);
    },
  },
  {
    name: 'diagnostics: what is unused is marked as unnecessary',
    run: async () => {
      const { document } = await show(unused);
      const found = await until('unused code', () => {
        const tagged = diagnosticsOf(unused).filter(({ tags }) => tags?.includes(vscode.DiagnosticTag.Unnecessary));
        return tagged.length > 0 && tagged;
      });
      const texts = found.map(({ range }) => document.getText(range));
      for (const text of ['spare', 'rope', 'causal_mask']) includes(texts, text, 'what is unused');
      return found.map(({ message }) => message);
    },
  },
  {
    name: 'diagnostics: they follow the text while it is typed',
    run: async () => {
      const editor = await show(mistakes);
      const start = Date.now();
      await editor.edit((edit) => edit.replace(rangeOf(editor.document, 'Linear(300)'), 'Linear(400)'));
      await until('the correction', () => !diagnosticsOf(mistakes).some((found) => codeOf(found) === 'broadcast-mismatch'));
      const took = Date.now() - start;
      await restore(mistakes);
      await diagnostic(mistakes, 'broadcast-mismatch');
      return `${took} ms`;
    },
  },
];

async function choose(build: string): Promise<void> {
  const target = vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration('archc').update('build', build === '' ? undefined : build, target);
}

/** What needs to read weights. */
export const weightChecks: readonly Check[] = [
  {
    name: 'build: weights that do not fit',
    run: async () => {
      await show(digits);
      await choose('finetune');
      const found = await diagnostic(digits, 'weights-shape');
      has(found.message, '`head.weight` is [10, 784] in the model and [10, 500]', 'the message');
      return found.message;
    },
  },
];

/** The chosen build decides what is reported for its model. */
export const buildChecks: readonly Check[] = [
  {
    name: 'build: nodes that leave the GPU',
    run: async () => {
      await show(digits);
      await choose('web');
      const found = await diagnostic(digits, 'no-kernel');
      await until('the other build', () => !diagnosticsOf(digits).some((other) => codeOf(other).startsWith('weights-')));
      return found.message;
    },
  },
  {
    name: 'build: archc.json changes',
    run: async () => {
      const editor = await show('archc.json');
      const { document } = editor;
      await editor.edit((edit) => edit.replace(rangeOf(document, '"webgpu"'), '"cpu"'));
      await document.save();
      await until('no message about the GPU', () => !diagnosticsOf(digits).some((found) => codeOf(found) === 'no-kernel'));
      await editor.edit((edit) => edit.replace(rangeOf(document, '"cpu"'), '"webgpu"'));
      await document.save();
      await diagnostic(digits, 'no-kernel');
      await show(digits);
      return undefined;
    },
  },
  {
    name: 'server: restarts',
    run: async () => {
      await show(mistakes);
      await command('archc.restartServer');
      const found = await diagnostic(mistakes, 'broadcast-mismatch');
      await show(digits);
      await diagnostic(digits, 'no-kernel');
      return found.message.split('\n')[0];
    },
  },
];
