import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { endOf } from '../../1-syntax/repair/token-kinds.js';
import type { Known, Types } from '../../2-check/reuse/types.js';
import type { Valued } from '../../2-check/session.js';
import type { FileItem, FileView } from '../file-view.js';
import type { Workspace } from '../workspace.js';
import { type Frame, framesAt } from './frames.js';

/** A place in a text, and the tokens around it, which say what is meant there also where the text is broken. */
export interface Cursor {
  readonly workspace: Workspace;
  readonly view: FileView;
  readonly path: string;
  readonly text: string;
  readonly offset: number;
  readonly tokens: readonly SourceToken[];
  /** The number of tokens that end before the word. */
  readonly count: number;
  /** The word around the cursor, or an empty place. */
  readonly word: { readonly start: number; readonly end: number; readonly text: string };
  /** The first token of the declaration around the cursor; undefined between declarations. */
  readonly head: SourceToken | undefined;
  /** The open brackets around it, from the outermost one of the declaration to the innermost. */
  readonly frames: readonly Frame[];
  /** Whether the word is a number. */
  readonly isNumber: boolean;
  readonly item: FileItem | undefined;
  readonly types: Types;
}

/** What is around an offset; undefined in comments, and in files that cannot be read. Strings are like words. */
export function cursorAt(workspace: Workspace, path: string, offset: number): Cursor | undefined {
  const view = workspace.view(path);
  if (view === undefined || offset < 0 || offset > view.text.length) return undefined;
  const { text, scanned } = view;
  if (scanned.comments.some(({ startOffset, image }) => startOffset < offset && offset <= startOffset + image.trimEnd().length))
    return undefined;
  const { tokens } = scanned;
  const touching = tokenTouching(tokens, offset);
  const isInside = touching !== undefined && touching.startOffset < offset && offset < endOf(touching);
  if (isInside && touching.tokenType !== T.Str && !/^\w/.test(touching.image)) return undefined;
  const isWord = touching !== undefined && /^\w/.test(touching.image);
  const start = isWord ? touching.startOffset : offset;
  const word = { start, end: isWord ? endOf(touching) : offset, text: text.slice(start, isWord ? endOf(touching) : offset) };
  const count = countBefore(tokens, start, offset);
  const { head, frames } = framesAt({ text, tokens, count, word });
  const item = itemAround(view, head?.startOffset ?? -1, offset);
  const types = item === undefined ? noTypes : view.types(item);
  return { workspace, view, path, text, offset, tokens, count, word, head, frames, isNumber: touching?.tokenType === T.Num, item, types };
}

const noTypes: ReadonlyMap<Valued, Known> = new Map();

/** The word that the offset is in or at the end of, else the token that it is in. */
function tokenTouching(tokens: readonly SourceToken[], offset: number): SourceToken | undefined {
  const at = countBefore(tokens, offset, offset);
  const around = [tokens[at - 1], tokens[at]].filter((token) => token !== undefined);
  const words = around.filter((token) => /^\w/.test(token.image) && token.startOffset <= offset && offset <= endOf(token));
  const [first] = words;
  // Between a number and a word that touch, neither is meant.
  return first ?? around.find((token) => token.startOffset < offset && offset < endOf(token));
}

/** The number of tokens that end at or before `start` and before the word at `offset`. */
function countBefore(tokens: readonly SourceToken[], start: number, offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const token = tokens[middle] as SourceToken; // inside the list
    if (endOf(token) <= start && token.startOffset < Math.max(offset, start) && token.image !== '') low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The declaration that begins at the token that begins one, else the one around the offset. */
function itemAround(view: FileView, start: number, offset: number): FileItem | undefined {
  const items = view.items();
  return items.find(({ span }) => span.start === start) ?? items.find(({ span }) => span.start <= offset && offset <= span.end);
}

/** The `k`-th token before the word. */
export function before({ tokens, count }: Pick<Cursor, 'tokens' | 'count'>, k = 1): SourceToken | undefined {
  return tokens[count - k];
}

/** The first token after the word, if it is not the end of the file. */
export function after({ tokens, count, word }: Cursor): SourceToken | undefined {
  for (let i = count; i < tokens.length; i++) {
    const token = tokens[i];
    if (token !== undefined && token.startOffset >= word.end && token.image !== '' && endOf(token) > word.end) return token;
  }
  return undefined;
}

/** The first token after the word, if it is on the same line. */
export function onLine(cursor: Cursor): SourceToken | undefined {
  const next = after(cursor);
  return next === undefined || cursor.text.slice(cursor.word.end, next.startOffset).includes('\n') ? undefined : next;
}

/** Whether nothing but a comment follows the word on its line. */
export function endsLine(cursor: Cursor): boolean {
  return onLine(cursor) === undefined;
}

/** Whether the word is the first of its line. */
export function startsLine({ text, word }: Cursor): boolean {
  return text.slice(text.lastIndexOf('\n', word.start - 1) + 1, word.start).trim() === '';
}

/** Whether the previous token is on the line of the word. */
export function isBesidePrevious(cursor: Cursor): boolean {
  return before(cursor) !== undefined && !startsLine(cursor);
}

/** Whether the text goes on directly after the word with one of these characters. */
export function isFollowedBy({ text, word }: Cursor, characters: string): boolean {
  const next = text.charAt(word.end);
  return next !== '' && characters.includes(next);
}

/** The string around the cursor. */
export function stringAt({ tokens, offset }: Pick<Cursor, 'tokens' | 'offset'>): SourceToken | undefined {
  return tokens.find(({ tokenType, startOffset, image }) => {
    const isClosed = image.length > 1 && image.endsWith('"');
    return (
      tokenType === T.Str && startOffset < offset && (isClosed ? offset < startOffset + image.length : offset <= startOffset + image.length)
    );
  });
}
