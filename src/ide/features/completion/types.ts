import { T } from '../../../../grammar/tokens.js';
import { endOf } from '../../../1-syntax/repair/token-kinds.js';
import { before, type Cursor, isFollowedBy } from '../../cursor/cursor.js';
import { tensorType, valueBefore, valueEndingAt } from '../../cursor/values.js';
import { kindNames } from '../../present/built-ins.js';
import { fileCandidates, localCandidates } from './candidates.js';
import { detailOf } from './expressions.js';
import type { Suggestion } from './item.js';
import { shapeText } from './shapes.js';

/** A tensor type. */
export function tensorSuggestions(cursor: Cursor, rank = 0): readonly Suggestion[] {
  if (isFollowedBy(cursor, '[<')) return [{ label: 'Tensor', kind: 'type', rank }];
  return [
    {
      label: 'Tensor[..]',
      kind: 'type',
      filter: 'Tensor',
      snippet: 'Tensor[«N»]',

      rank,
      detail: "of the build's float type",
    },
    {
      label: 'Tensor<..>[..]',
      kind: 'type',
      filter: 'Tensor',
      snippet: 'Tensor<«i64»>[«N»]',

      rank: rank + 1,
      detail: 'of another element type',
    },
  ];
}

/** A result of a declaration. */
export function resultSuggestions(cursor: Cursor): readonly Suggestion[] {
  if (isFollowedBy(cursor, '[<')) return tensorSuggestions(cursor);
  const named: Suggestion = {
    label: '(y: Tensor[..])',
    kind: 'snippet',
    filter: 'Tensor',
    snippet: '(«y»: Tensor[«N»])',

    detail: 'a named output',
    rank: 2,
  };
  return [...tensorSuggestions(cursor), ...(cursor.word.text === '' ? [named] : [])];
}

/** The kind of a hyperparameter, or the name of a `config`. */
export function kindSuggestions(cursor: Cursor): readonly Suggestion[] {
  const kinds = kindNames().map((name): Suggestion => ({ label: name, kind: 'type', rank: 1, subject: { of: 'kind', name } }));
  const configs = fileCandidates(cursor).filter(({ kind }) => kind === 'config');
  const records = configs.map(({ name, subject }): Suggestion => ({ label: name, kind: 'config', rank: 0, subject }));
  return [...records, ...kinds];
}

/** The sizes that a type can mention. */
export function sizeSuggestions(cursor: Cursor): readonly Suggestion[] {
  const { frames, tokens, count, word } = cursor;
  const bracket = frames.at(-1)?.at ?? 0;
  const sizes = localCandidates(cursor).flatMap((candidate): readonly Suggestion[] => {
    const { name, kind, value } = candidate;
    const isSize =
      kind === 'size' ||
      value?.kind === 'int' ||
      value?.kind === 'record' ||
      (value === undefined && kind !== 'weight' && kind !== 'variable');
    return isSize && value?.kind !== 'tensor'
      ? [{ label: name, kind, detail: detailOf(cursor, candidate), rank: kind === 'size' ? 1 : 2 }]
      : [];
  });
  const constants = fileCandidates(cursor).flatMap((candidate): readonly Suggestion[] =>
    candidate.value?.kind === 'int'
      ? [{ label: candidate.name, kind: 'constant', detail: detailOf(cursor, candidate), rank: 3, subject: candidate.subject }]
      : [],
  );
  const isWhole = tokens[bracket - 1]?.tokenType === T.hard.as && count === bracket + 1 && word.text === '' && isFollowedBy(cursor, ']');
  const type =
    isWhole || (tokens[bracket - 1]?.tokenType === T.hard.as && count === bracket + 1 && word.text === '')
      ? ascribedType(cursor, bracket - 1)
      : undefined;
  const shape = type && shapeText(cursor, type);
  const whole: readonly Suggestion[] =
    shape === undefined
      ? []
      : [
          {
            label: shape.label.slice(1, -1),
            kind: 'snippet',
            insert: shape.snippet.slice(1, -1),
            isSnippet: true,
            detail: 'the shape at this place',
            rank: 0,
          },
        ];
  return [...whole, ...sizes, ...constants];
}

/** The type of the value before an `as`. */
function ascribedType(cursor: Cursor, at: number) {
  const last = cursor.tokens[at - 1];
  if (last === undefined) return undefined;
  return tensorType(valueEndingAt(cursor, endOf(last)) ?? valueBefore(cursor, at));
}

/** What follows `as`: the shape of the value before it. */
export function shapeSuggestions(cursor: Cursor): readonly Suggestion[] {
  const type = ascribedType(cursor, cursor.count - 1);
  const shape = type && shapeText(cursor, type);
  const actual: readonly Suggestion[] =
    shape === undefined
      ? []
      : [
          {
            label: shape.label,
            kind: 'snippet',
            insert: shape.snippet,
            isSnippet: true,
            detail: 'the shape at this place',
            rank: 0,
            filter: shape.label,
          },
        ];
  return [...actual, ...tensorSuggestions(cursor, 1)];
}

/** `as [N, 10]` after a value. */
export function ascriptionSuggestion(cursor: Cursor): readonly Suggestion[] {
  if (isFollowedBy(cursor, '[')) return [];
  const last = before(cursor);
  const type = last && tensorType(valueEndingAt(cursor, endOf(last)) ?? valueBefore(cursor, cursor.count));
  const shape = type && shapeText(cursor, type);
  if (shape === undefined) return [];
  const label = `as ${shape.label}`;
  return [
    {
      label,
      kind: 'snippet',
      filter: 'as',
      insert: `as ${shape.snippet}`,
      isSnippet: true,
      detail: 'the shape at this place',
      rank: 0,
      documentation: 'A comment that the compiler checks.',
    },
  ];
}
