import { opNamed } from '../../ops/registry.js';
import { isStandardFile } from '../../standard-file.js';
import { type Cursor, cursorAt, stringAt } from '../cursor/cursor.js';
import { standardOutline } from '../outline.js';
import { builtInCallable, builtInConstant, initializerCallable, kindDoc } from '../present/built-ins.js';
import { docsLink, paragraphs, prose } from '../present/markdown.js';
import { onnxCallable } from '../present/onnx.js';
import { presentCallable, presentDecl, presentOperator } from '../present/show.js';
import { optimizerCallable } from '../present/training.js';
import type { Workspace } from '../workspace.js';
import { suggestionsAt } from './completion/contexts.js';
import { type CompletionItem, itemsFor } from './completion/item.js';
import { insideString, stringSuggestions } from './completion/strings.js';
import { patternAt, patternSuggestions } from './completion/training.js';

export type { CompletionItem, CompletionKind } from './completion/item.js';

/** What can be written at an offset, best first. */
export function completions(workspace: Workspace, path: string, offset: number): readonly CompletionItem[] {
  const cursor = cursorAt(workspace, path, offset);
  if (cursor === undefined) return [];
  const string = stringAt(cursor);
  if (string !== undefined) return itemsFor({ path, word: insideString(string) }, stringSuggestions(cursor));
  const pattern = patternAt(cursor);
  if (pattern !== undefined) return itemsFor({ path, word: wordOf(cursor, pattern) }, patternSuggestions(cursor, pattern.of));
  return cursor.isNumber ? [] : itemsFor(cursor, suggestionsAt(cursor));
}

function wordOf({ text }: Cursor, { start, end }: { readonly start: number; readonly end: number }): Cursor['word'] {
  return { start, end, text: text.slice(start, end) };
}

/** The documentation of a suggestion as Markdown. */
export function resolveCompletion(workspace: Workspace, { documentation, subject }: CompletionItem): string | undefined {
  if (documentation !== undefined || subject === undefined) return documentation;
  const { name } = subject;
  switch (subject.of) {
    case 'operator': {
      const op = opNamed(name);
      return op && presentOperator(op);
    }
    case 'built-in': {
      const callable = builtInCallable(name);
      if (callable !== undefined) return presentCallable(callable);
      const constant = builtInConstant(name);
      return constant && paragraphs(prose(constant.doc), docsLink(constant.place));
    }
    case 'initializer': {
      const callable = initializerCallable(name);
      return callable && presentCallable(callable);
    }
    case 'optimizer': {
      const callable = optimizerCallable(name);
      return callable && presentCallable(callable);
    }
    case 'onnx': {
      const callable = onnxCallable(name, onnxOpset(workspace));
      return callable && presentCallable(callable);
    }
    case 'kind':
      return prose(kindDoc(name));
    case 'declaration': {
      const { file, from } = subject;
      const module = from === undefined ? undefined : workspace.view(from)?.inside.modules.find(({ path }) => path === file);
      const source = module ?? (isStandardFile(file) ? standardOutline(file) : workspace.outline(file));
      const decl = source?.decls.get(name);
      return decl && source && presentDecl(decl, source);
    }
  }
}

/** The newest form is shown: that of the build matters little for what an operator does. */
function onnxOpset(workspace: Workspace): number {
  const [first] = workspace.opened();
  return (first === undefined ? undefined : workspace.view(first)?.inside.session.opset) ?? 22;
}
