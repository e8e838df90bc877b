import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { closerOf, isCloser } from '../../1-syntax/repair/token-kinds.js';
import type { CheckValue } from '../../2-check/values/values.js';
import { assigned, parameterNamed } from '../present/assign.js';
import { type Callable, type Parameter, pipedParameter } from '../present/callable.js';
import { type Callee, calleeAt, isArgumentName } from './callee.js';
import type { Cursor } from './cursor.js';
import { closingOf, type Frame } from './frames.js';
import { valueBefore } from './values.js';

/** A list of arguments around the cursor. */
export interface CallAt {
  readonly callable: Callable;
  readonly list: number;
  readonly parameters: readonly Parameter[];
  /** The parameter that the argument at the cursor is for. */
  readonly active: Parameter | undefined;
  /** Whether the argument at the cursor has a name. */
  readonly isNamed: boolean;
  /** Whether nothing of the argument is before the cursor's word. */
  readonly isStart: boolean;
  /** The names of the parameters that other arguments are for. */
  readonly given: ReadonlySet<string>;
  /** The first tensor that the call is given, if its value is known. */
  readonly first: CheckValue | undefined;
}

/** The innermost call around the cursor. `anywhere`: also if the cursor is in other brackets inside it. */
export function callAt(cursor: Cursor, { anywhere = false } = {}): CallAt | undefined {
  const frames = cursor.frames.toReversed();
  for (const frame of frames) {
    if (frame.role === 'call') {
      const callee = calleeAt(cursor, frame.at);
      if (callee !== undefined) return read(cursor, frame, callee);
      if (!anywhere) return undefined;
    } else if (!anywhere || (frame.role !== 'group' && frame.role !== 'list' && frame.role !== 'index' && frame.role !== 'axes'))
      return undefined;
  }
  return undefined;
}

interface WrittenArgument {
  readonly start: number;
  readonly end: number;
  readonly name: string | undefined;
}

function read(cursor: Cursor, frame: Frame, { callable, list, isPiped, piped }: Callee): CallAt {
  const { tokens, count } = cursor;
  const all = callable.lists[list] ?? [];
  const first = pipedParameter(callable, list);
  const takesPiped = isPiped && first !== undefined;
  const parameters = takesPiped && first?.isVariadic !== true ? all.filter((parameter) => parameter !== first) : all;
  const written = argumentsIn(tokens, frame.at);
  const index = written.findIndex(({ start, end }) => start <= count && count <= end);
  const current = written[index];
  const places = assigned(
    parameters,
    written.map(({ start, end, name }) => ({ name, isNoTensor: isLiteral(tokens, start, end) })),
  );
  const active = current?.name === undefined ? places[index < 0 ? written.length : index] : parameterNamed(parameters, current.name);
  const given = new Set(
    places.flatMap((parameter, i) => (parameter === undefined || i === index || i >= written.length ? [] : [parameter.name])),
  );
  if (takesPiped && first !== undefined && !first.isVariadic) given.add(first.name);
  const [leading] = written;
  const own =
    leading !== undefined && leading.name === undefined && index !== 0 && first !== undefined
      ? valueBefore(cursor, leading.end)
      : undefined;
  return {
    callable,
    list,
    parameters,
    active,
    isNamed: current?.name !== undefined && count > current.start + 1,
    isStart: current === undefined || count === current.start,
    given,
    first: takesPiped ? piped : own,
  };
}

/** The arguments in a bracket, as ranges of tokens. The last one may be empty. */
function argumentsIn(tokens: readonly SourceToken[], open: number): readonly WrittenArgument[] {
  const close = closingOf(tokens, open);
  const found: WrittenArgument[] = [];
  let depth = 0;
  let start = open + 1;
  const end = (at: number) => {
    found.push({ start, end: at, name: isArgumentName(tokens, start) ? tokens[start]?.image : undefined });
    start = at + 1;
  };
  for (let i = open + 1; i < close; i++) {
    const token = tokens[i];
    if (token === undefined) break;
    if (closerOf.has(token.tokenType)) depth++;
    else if (isCloser(token)) depth--;
    else if (depth === 0 && token.tokenType === T.Comma) end(i);
  }
  end(close);
  return found;
}

/** Whether an argument is a literal, which is not a tensor. */
function isLiteral(tokens: readonly SourceToken[], start: number, end: number): boolean {
  const first = tokens[start];
  if (first === undefined || start >= end) return false;
  const { tokenType } = first;
  if (tokenType === T.Minus) return tokens[start + 1]?.tokenType === T.Num && end === start + 2;
  if (tokenType === T.LBracket) return closingOf(tokens, start) === end - 1;
  return end === start + 1 && [T.Num, T.Str, T.hard.true, T.hard.false].includes(tokenType);
}
