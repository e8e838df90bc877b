import type { SourceToken } from '../../../../grammar/source-token.js';
import { T } from '../../../../grammar/tokens.js';
import { standardModules } from '../../../stdlib.js';
import { callAt } from '../../cursor/call.js';
import { before, type Cursor } from '../../cursor/cursor.js';
import { standardOutline } from '../../outline.js';
import { relativePath } from './importable.js';
import type { Suggestion } from './item.js';
import { patternNames } from './patterns.js';

/** What can be in a string: the path of an import, or one of the choices of an option. */
export function stringSuggestions(cursor: Cursor): readonly Suggestion[] {
  if (cursor.head?.tokenType === T.hard.import && before(cursor)?.tokenType === T.hard.from) return pathSuggestions(cursor);
  const call = callAt(cursor);
  const accepts = call?.active?.accepts;
  if (accepts?.kind === 'pattern') return patternNames(cursor, 'layer').map((name) => ({ label: name, kind: 'label', rank: 1 }));
  return (accepts?.choices ?? []).map((choice) => ({ label: choice, kind: 'value', rank: 1 }));
}

/** The part of a string between its quotes. */
export function insideString({ startOffset, image }: SourceToken): { readonly start: number; readonly end: number; readonly text: string } {
  const isClosed = image.length > 1 && image.endsWith('"');
  const end = startOffset + image.length - (isClosed ? 1 : 0);
  return { start: startOffset + 1, end, text: image.slice(1, isClosed ? -1 : undefined) };
}

/** The files that can be imported. */
export function pathSuggestions({ workspace, path }: Cursor): readonly Suggestion[] {
  const own = workspace.files().flatMap((file): readonly Suggestion[] => {
    const source = file === path || !file.endsWith('.arch') ? undefined : relativePath(path, file);
    if (source === undefined || workspace.resolve(source, path) !== file) return [];
    return [{ label: source, kind: 'file', rank: 1 }];
  });
  const standard = standardModules().map((source): Suggestion => {
    const names = [...(standardOutline(source)?.decls.keys() ?? [])].filter((name) => !name.startsWith('_'));
    return { label: source, kind: 'file', detail: names.slice(0, 5).join(', '), rank: 2 };
  });
  return [...own, ...standard];
}
