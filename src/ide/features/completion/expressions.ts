import { T } from '../../../../grammar/tokens.js';
import { presentIn } from '../../../2-check/values/absence.js';
import type { CheckValue } from '../../../2-check/values/values.js';
import { describe } from '../../../2-check/values/values.js';
import { dtypes, showType } from '../../../ops/types.js';
import { before, type Cursor, isFollowedBy } from '../../cursor/cursor.js';
import { statementStart } from '../../cursor/place.js';
import type { Accepted } from '../../present/callable.js';
import { signatureText } from '../../present/callable.js';
import { type Candidate, globalCandidates, localCandidates } from './candidates.js';
import { argumentsText, Places, type Suggestion } from './item.js';

/** What an expression may begin with. `bare`: functions and layers are meant as values, not called. */
export function expressionSuggestions(
  cursor: Cursor,
  { wanted, bare = false }: { wanted?: Accepted | undefined; bare?: boolean } = {},
): readonly Suggestion[] {
  const locals = localCandidates(cursor);
  const names = new Set(locals.map(({ name }) => name));
  const all = [...locals, ...globalCandidates(cursor, names)];
  const isMeantHere = meantInTrain(cursor);
  const made = all.map((candidate): Suggestion => {
    const rank = (isMeantHere(candidate) ? 7 : rankOf(candidate)) + (wanted !== undefined && isUnlikely(candidate, wanted) ? 15 : 0);
    return { ...nameSuggestion(cursor, candidate, bare || isValueKind(wanted)), rank };
  });
  return [...made, ...words(cursor)];
}

/** After `loss =` and `metric m =`: whether something is a loss or a metric. */
function meantInTrain(cursor: Cursor): (candidate: Candidate) => boolean {
  const first = cursor.head?.tokenType === T.soft.train ? cursor.tokens[statementStart(cursor)]?.tokenType : undefined;
  if ((first !== T.soft.loss && first !== T.soft.metric) || cursor.frames.at(-1)?.role !== 'train') return () => false;
  const file = first === T.soft.loss ? 'std/losses' : 'std/metrics';
  return ({ op, subject }) => op?.family === 'loss' || (subject?.of === 'declaration' && subject.file === file);
}

function isValueKind(wanted: Accepted | undefined): boolean {
  return wanted?.kind === 'fn' || wanted?.kind === 'layer' || wanted?.kind === 'dtype';
}

/** A name, with places for what its call needs. */
export function nameSuggestion(cursor: Cursor, candidate: Candidate, bare: boolean): Omit<Suggestion, 'rank'> {
  const { name, kind, callable, subject, edits } = candidate;
  const base = { label: name, kind, detail: detailOf(cursor, candidate), subject, ...(edits === undefined ? {} : { edits }) };
  if (bare || callable === undefined || callable.lists.length === 0 || isFollowedBy(cursor, '(=')) return base;
  const places = new Places();
  const args = argumentsText(callable, 0, places);
  return { ...base, insert: `${name}(${places.isEmpty ? '$0' : args})`, isSnippet: true };
}

/** A type or a signature in a line. */
export function detailOf({ view }: Cursor, { value, callable, detail, kind }: Candidate): string | undefined {
  if (detail !== undefined) return detail;
  if (callable !== undefined) return signatureText(callable).label;
  if (value !== undefined) return valueText(value, view.inside.session.float);
  return kind === 'size' ? 'size' : undefined;
}

/** A value in a few words: `[N, 10]`, `int`. */
export function valueText(given: CheckValue, float: Parameters<typeof showType>[1]): string | undefined {
  const value = presentIn(given);
  if (value.kind === 'tensor') return `Tensor${showType(value.local.type, float)}`;
  if (value.kind === 'int') return value.dim.constant === undefined ? 'int' : String(value.dim);
  if (value.kind === 'record') return value.decl.name.text;
  return value.kind === 'unknown' ? undefined : describe(value, (type) => showType(type, float)).replaceAll('`', '');
}

function rankOf({ distance, kind, op, callable }: Candidate): number {
  if (distance === 0) return 10;
  if (distance === 1) return 12;
  if (distance === 3) return 40;
  if (kind === 'type') return 24;
  if (kind === 'layer' || kind === 'model') return 22;
  return op !== undefined || callable !== undefined ? 20 : 23;
}

/** Whether a name is probably not of the kind that is wanted. */
function isUnlikely({ kind, value, callable }: Candidate, { kind: wanted }: Accepted): boolean {
  const isFunction = callable !== undefined;
  switch (wanted) {
    case 'fn':
    case 'layer':
      return !isFunction || kind === 'config';
    case 'dtype':
      return kind !== 'type' && value?.kind !== 'dtype';
    case 'bool':
      return value !== undefined ? value.kind !== 'bool' : true;
    case 'any':
    case 'rate':
    case 'initializer':
    case 'pattern':
      return false;
    default:
      return value?.kind === 'tensor' || kind === 'layer' || kind === 'model' || kind === 'type';
  }
}

function words(cursor: Cursor): readonly Suggestion[] {
  if (isFollowedBy(cursor, '([.=')) return [];
  const previous = before(cursor)?.tokenType;
  const isNoneWrong = previous === T.EqEq || previous === T.NotEq || cursor.frames.at(-1)?.role === 'index';
  const none: Suggestion = { label: 'none', kind: 'value', rank: 25, documentation: 'The value is absent.' };
  return [
    ...(isNoneWrong ? [] : [none]),
    { label: 'true', kind: 'value', rank: 25 },
    { label: 'false', kind: 'value', rank: 25 },
    {
      label: 'if',
      kind: 'snippet',
      detail: 'if c { a } else { b }',
      snippet: 'if «condition» { «a» } else { «b» }',

      rank: 26,
      documentation: 'A choice at compile time.',
    },
    {
      label: 'cond',
      kind: 'snippet',
      detail: 'cond c { a } else { b }',
      snippet: 'cond «condition» { «a» } else { «b» }',

      rank: 26,
      documentation: 'A choice at run time: only one of the two is computed.',
    },
  ];
}

/** The element types. */
export function dtypeSuggestions(rank = 1): readonly Suggestion[] {
  return dtypes.map((dtype) => ({ label: dtype, kind: 'type', detail: 'dtype', rank, subject: { of: 'built-in', name: dtype } }));
}
