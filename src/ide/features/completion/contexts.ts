import { T } from '../../../../grammar/tokens.js';
import { closerOf, isWord } from '../../../1-syntax/repair/token-kinds.js';
import { initializerNames } from '../../../2-check/layers/initializers.js';
import { callAt } from '../../cursor/call.js';
import { arrowBefore, isInitialValue } from '../../cursor/callee.js';
import { after, before, type Cursor, isFollowedBy, onLine, startsLine } from '../../cursor/cursor.js';
import { closingOf, isInDType } from '../../cursor/frames.js';
import { beforeNames, isAfterOperand, isBlocked, isResultArrow, isStatementStart, statementStart } from '../../cursor/place.js';
import { initializerCallable } from '../../present/built-ins.js';
import { signatureText } from '../../present/callable.js';
import { argumentSuggestions } from './arguments.js';
import { dtypeSuggestions, expressionSuggestions } from './expressions.js';
import { argumentsText, Places, type Suggestion } from './item.js';
import { memberSuggestions } from './members.js';
import { stageSuggestions } from './stages.js';
import { assignable, statementSuggestions, wordsAfterOperand } from './statements.js';
import { pathSuggestions } from './strings.js';
import { importedSuggestions, topSuggestions } from './top.js';
import {
  clauseSuggestions,
  groupSettingSuggestions,
  optimizerSuggestions,
  precisionSuggestions,
  trainedNames,
  trainedSuggestions,
} from './training.js';
import { ascriptionSuggestion, kindSuggestions, resultSuggestions, shapeSuggestions, sizeSuggestions, tensorSuggestions } from './types.js';

/** What fits at the cursor, in any order. */
export function suggestionsAt(cursor: Cursor): readonly Suggestion[] {
  const { tokens, count, frames, head } = cursor;
  const previous = before(cursor);
  const role = frames.at(-1)?.role;
  if (isBlocked(cursor)) return [];
  if (previous?.tokenType === T.RBrace && frames.length > 0 && !startsLine(cursor)) return elseSuggestion(cursor);
  if (head === undefined) return topSuggestions(cursor);
  if (previous?.tokenType === T.Dot) return memberSuggestions(cursor);
  if (previous?.tokenType === T.Less && isInDType(tokens, count)) return dtypeSuggestions();
  if (role === 'index' && isFollowedBy(cursor, ':')) return [];
  if (role === 'import') return importedSuggestions(cursor);
  if (previous?.tokenType === T.hard.as) return shapeSuggestions(cursor);
  if (previous?.tokenType === T.Arrow)
    return isResultArrow(tokens, count - 1) ? resultSuggestions(cursor) : stageSuggestions(cursor, count - 1);
  if (previous?.tokenType === T.Colon) return afterColon(cursor);
  if (role === 'train' || role === 'groups' || role === 'settings' || role === 'statistics') return inTrain(cursor);
  if (frames.length === 0) return inHead(cursor);
  if (role === 'outputs') return [];
  if ((role === 'params' || role === 'fields') && previous?.tokenType !== T.Eq && !isInValue(cursor)) return [];
  if (isStatementStart(cursor)) return atStatement(cursor);
  if (isAfterOperand(cursor)) return afterOperand(cursor);
  if (previous === undefined || isBeforeName(cursor)) return [];
  if (role === 'sizes' || role === 'axes') return sizeSuggestions(cursor);
  return expression(cursor);
}

/** Whether a default is being written, beyond its first word. */
function isInValue({ tokens, count, frames }: Cursor): boolean {
  const open = frames.at(-1)?.at ?? 0;
  for (let i = count - 1; i > open; i--) {
    const token = tokens[i];
    if (token === undefined || token.tokenType === T.Comma || (token.indent >= 0 && frames.at(-1)?.role === 'fields')) return false;
    if (token.tokenType === T.Eq) return true;
  }
  return false;
}

// ---------------------------------------------------------------- after a colon

function afterColon(cursor: Cursor): readonly Suggestion[] {
  const { tokens, count, frames, head } = cursor;
  const role = frames.at(-1)?.role;
  if (role === 'params' || role === 'fields') return parameterTypes(cursor);
  if (role === 'outputs') return tensorSuggestions(cursor);
  if (role === 'statistics') return [{ label: 'update', kind: 'value', rank: 0 }];
  if (role === 'index' || role === 'sizes') return [];
  const arrow = arrowBefore(tokens, count);
  if (arrow !== undefined) return stageSuggestions(cursor, arrow, { labelled: true });
  const declares = tokens[count - 3]?.tokenType;
  const isStorage = declares === T.hard.param || declares === T.hard.buffer || declares === T.soft.state || declares === T.soft.carry;
  const isCarry = declares === T.Comma && tokens[statementStart(cursor)]?.tokenType === T.soft.scan;
  const isInput = head?.tokenType === T.soft.train && declares === T.soft.input;
  if (isWord(tokens[count - 2]) && (isStorage || isCarry || isInput)) return tensorSuggestions(cursor);
  // `n = ln_f: LayerNorm`
  const before = tokens[count - 3]?.tokenType;
  return before === T.Eq || before === T.hard.return || before === T.Comma || before === T.LParen
    ? stageSuggestions(cursor, undefined, { labelled: true })
    : [];
}

/** What a parameter can be: a tensor has a place of its own in the second list of a layer. */
function parameterTypes(cursor: Cursor): readonly Suggestion[] {
  const { tokens, frames, head } = cursor;
  const open = frames.at(-1)?.at ?? 0;
  if (isFollowedBy(cursor, '[<')) return tensorSuggestions(cursor);
  const isLayer = head?.tokenType === T.hard.layer || head?.tokenType === T.hard.model;
  const isFirst = isLayer && tokens[closingOf(tokens, open) + 1]?.tokenType === T.LParen;
  const isSecond = isLayer && tokens[open - 1]?.tokenType === T.RParen;
  if (isSecond || tokens[open - 2]?.tokenType === T.soft.entry) return tensorSuggestions(cursor);
  const tensors = isFirst || frames.at(-1)?.role === 'fields' ? [] : tensorSuggestions(cursor, 2);
  return [...kindSuggestions(cursor), ...tensors];
}

// ---------------------------------------------------------------- outside all brackets of a declaration

function inHead(cursor: Cursor): readonly Suggestion[] {
  const { tokens, count, head } = cursor;
  const previous = before(cursor);
  if (previous === undefined || head === undefined) return [];
  switch (head.tokenType) {
    case T.hard.import:
      if (previous.tokenType !== T.hard.from) return wordsAfterOperand(cursor);
      return pathSuggestions(cursor).map((path) => ({ ...path, insert: JSON.stringify(path.label), filter: JSON.stringify(path.label) }));
    case T.soft.train:
      return previous.tokenType === T.hard.for
        ? trainedSuggestions(cursor)
        : isWord(previous) && count > 1
          ? wordsAfterOperand(cursor)
          : [];
    default:
      break;
  }
  if (isAfterOperand(cursor) || isBeforeName(cursor) || previous === head)
    return head.tokenType === T.hard.let ? [] : whereSuggestion(cursor);
  if (tokens[count - 1]?.tokenType === T.RBrace) return [];
  const isAlias = (head.tokenType === T.hard.model || head.tokenType === T.hard.layer) && previous.tokenType === T.Eq;
  return expression(cursor).filter(({ kind }) => !isAlias || kind === 'layer' || kind === 'model');
}

/** `where` after the result of a signature. */
function whereSuggestion(cursor: Cursor): readonly Suggestion[] {
  const { tokens, count, head } = cursor;
  const next = after(cursor);
  const hasWhere = tokens
    .slice(0, count)
    .some(({ tokenType, startOffset }) => tokenType === T.soft.where && startOffset > (head?.startOffset ?? 0));
  const isEnd =
    tokens[count - 1]?.tokenType === T.RBracket || tokens[count - 1]?.tokenType === T.RParen || tokens[count - 1]?.tokenType === T.RBrace;
  const hasArrow = tokens
    .slice(0, count)
    .some(({ tokenType, startOffset }) => tokenType === T.Arrow && startOffset > (head?.startOffset ?? 0));
  const isConfig = head?.tokenType === T.soft.config && tokens[count - 1]?.tokenType === T.RBrace && !startsLine(cursor);
  if (hasWhere || !isEnd || (!hasArrow && !isConfig) || (next !== undefined && next.tokenType !== T.LBrace && next.indent < 0)) return [];
  if (next?.tokenType === T.soft.where) return [];
  return [
    {
      label: 'where',
      kind: 'keyword',
      snippet: 'where «D % heads == 0»',

      rank: 1,
      documentation: 'Facts about sizes: every use must satisfy them, and proofs rely on them.',
    },
  ];
}

// ---------------------------------------------------------------- in bodies

function atStatement(cursor: Cursor): readonly Suggestion[] {
  const next = onLine(cursor);
  // The word is assigned, or begins a larger expression.
  if (next !== undefined && next.tokenType !== T.RBrace && cursor.word.text !== '') {
    if (next.tokenType === T.Eq) return assignable(cursor);
    return next.tokenType === T.Colon ? [] : expression(cursor).map((item) => ({ ...item, insert: item.label, isSnippet: false }));
  }
  const isValue = cursor.frames.at(-1)?.role === 'block' && !startsLine(cursor);
  return [...statementSuggestions(cursor), ...(isValue || isAtValue(cursor) ? expression(cursor) : [])];
}

/** `else` after the block of an `if`. */
function elseSuggestion(cursor: Cursor): readonly Suggestion[] {
  const { tokens, count } = cursor;
  const isIf = tokens[statementStart({ ...cursor, count: count - 1 })]?.tokenType === T.hard.if;
  return isIf && onLine(cursor) === undefined ? [{ label: 'else', kind: 'keyword', snippet: 'else {\n  $0\n}', rank: 0 }] : [];
}

/** Whether the line is in a branch of an expression, which ends with a value. */
function isAtValue({ tokens, frames }: Cursor): boolean {
  const frame = frames.at(-1);
  if (frame?.role !== 'block') return false;
  for (let i = frame.at - 1; i >= 0; i--) {
    const token = tokens[i];
    if (token === undefined || token.tokenType === T.LBrace) return false;
    if (token.tokenType === T.soft.cond) return true;
    if (token.tokenType === T.hard.if) return token.indent < 0 && tokens[i - 1]?.tokenType !== T.hard.else;
    if (token.tokenType === T.hard.for || token.indent >= 0) return false;
  }
  return false;
}

function afterOperand(cursor: Cursor): readonly Suggestion[] {
  const { tokens, frames } = cursor;
  const words = wordsAfterOperand(cursor);
  if (words.length > 0) return words;
  const first = tokens[statementStart(cursor)]?.tokenType;
  const isOther =
    first === T.hard.param ||
    first === T.hard.buffer ||
    first === T.soft.state ||
    first === T.hard.for ||
    first === T.soft.scan ||
    first === T.soft.entry ||
    first === T.hard.if;
  const next = after(cursor);
  const role = frames.at(-1)?.role;
  const isPlace = role === 'body' || role === 'block' || role === 'call' || role === 'group';
  const canFollow =
    next === undefined || next.indent >= 0 || next.tokenType === T.Arrow || next.tokenType === T.RParen || next.tokenType === T.RBrace;
  return isPlace && !isOther && canFollow && next?.tokenType !== T.hard.as && !isFollowedBy(cursor, '[')
    ? ascriptionSuggestion(cursor)
    : [];
}

/** Whether a new name is expected. */
function isBeforeName(cursor: Cursor): boolean {
  const { tokens, count, frames } = cursor;
  const previous = before(cursor);
  if (previous === undefined) return true;
  if (beforeNames.has(previous.tokenType)) return true;
  const start = statementStart(cursor);
  const first = tokens[start];
  if (first === undefined) return false;
  const isNamed = [T.soft.state, T.soft.emit, T.soft.next, T.soft.entry, T.soft.scan, T.soft.config, T.soft.train].includes(
    first.tokenType,
  );
  if (isNamed && count === start + 1) return true;
  const seen = (type: typeof T.hard.in) => tokens.slice(start, count).some(({ tokenType }) => tokenType === type);
  if (first.tokenType === T.hard.for && !seen(T.hard.in)) return true;
  if (first.tokenType === T.hard.let && tokens[start + 1]?.tokenType === T.LParen && !seen(T.Eq)) return true;
  if (first.tokenType === T.soft.scan && !seen(T.soft.over)) return true;
  if (previous.tokenType === T.soft.carry || previous.tokenType === T.soft.named) return true;
  if (first.tokenType === T.soft.scan && previous.tokenType === T.Comma && frames.at(-1)?.token.tokenType === T.LBrace) return true;
  return isComprehensionTarget(cursor);
}

/** `[f(i) for i| in xs]` */
function isComprehensionTarget({ tokens, count, frames }: Cursor): boolean {
  const frame = frames.at(-1);
  const from = frame?.role === 'group' ? frame.at : count;
  return tokens[from - 1]?.tokenType === T.hard.for;
}

// ---------------------------------------------------------------- expressions

function expression(cursor: Cursor): readonly Suggestion[] {
  const { tokens, count, frames, head } = cursor;
  const frame = frames.at(-1);
  const names = head?.tokenType === T.soft.train ? trainedNames(cursor) : [];
  if (frame?.role === 'call') {
    const call = callAt(cursor);
    if (call !== undefined) return argumentSuggestions(cursor, call, names);
  }
  if (frame?.role === 'group' && isPattern(cursor, frame.at)) return assignable(cursor);
  if (/^\s*=(?!=)/.test(cursor.text.slice(cursor.word.end, cursor.word.end + 20)) && cursor.word.text !== '') return outputNames(cursor);
  if (closerOf.has(before(cursor)?.tokenType ?? T.Id) && frame === undefined) return [];
  if (isInitialValue(tokens, count)) return [...initializerSuggestions(cursor), ...expressionSuggestions(cursor).filter(isConstant)];
  return [...names, ...expressionSuggestions(cursor)];
}

/** An initial value cannot read tensors. */
function isConstant({ detail = '', kind }: Suggestion): boolean {
  return !detail.startsWith('Tensor') || (kind !== 'variable' && kind !== 'parameter' && kind !== 'weight');
}

/** `(a, b) = ...` */
function isPattern({ tokens }: Cursor, open: number): boolean {
  return tokens[closingOf(tokens, open) + 1]?.tokenType === T.Eq;
}

/** `return (logits = y)`: the names of the outputs. */
function outputNames({ item }: Cursor): readonly Suggestion[] {
  const result = item?.kind === 'layer' || item?.kind === 'model' || item?.kind === 'fn' ? item.result : undefined;
  return (result?.outputs ?? []).flatMap(({ name }): readonly Suggestion[] =>
    name === undefined || name.text === '' ? [] : [{ label: name.text, kind: 'variable', rank: 1 }],
  );
}

/** The initial values of parameters and states. */
function initializerSuggestions(cursor: Cursor): readonly Suggestion[] {
  const made = initializerNames.map((name): Suggestion => {
    const callable = initializerCallable(name);
    const base = {
      label: name,
      kind: 'function' as const,
      detail: callable && signatureText(callable).label,
      rank: 1,
      subject: { of: 'initializer' as const, name },
    };
    const places = new Places();
    const args = callable === undefined ? '' : argumentsText(callable, 0, places);
    return args === '' || isFollowedBy(cursor, '(') ? base : { ...base, insert: `${name}(${args})`, isSnippet: true };
  });
  const isState = cursor.tokens[statementStart(cursor)]?.tokenType === T.soft.state;
  return isState ? [...made, { label: 'empty', kind: 'value', rank: 0, documentation: 'No elements yet: a state that grows.' }] : made;
}

// ---------------------------------------------------------------- `train` blocks

function inTrain(cursor: Cursor): readonly Suggestion[] {
  const { frames, tokens, count } = cursor;
  const role = frames.at(-1)?.role;
  const previous = before(cursor);
  const isStart = isStatementStart(cursor) || previous?.tokenType === T.Comma;
  if (role === 'statistics') return isStart ? [{ label: 'statistics', kind: 'option', insert: 'statistics: update', rank: 0 }] : [];
  if (role === 'groups') {
    return isStatementStart(cursor)
      ? [{ label: 'group', kind: 'keyword', snippet: 'group «vectors» { weight_decay = «0» }', rank: 0 }]
      : [];
  }
  if (role === 'settings') {
    if (isStart || (startsLine(cursor) && previous?.tokenType !== T.Eq)) return groupSettingSuggestions(cursor);
    return isAfterOperand(cursor) ? [] : expression(cursor);
  }
  if (isStatementStart(cursor)) return after(cursor)?.tokenType === T.Eq && after(cursor)?.indent === -1 ? [] : clauseSuggestions(cursor);
  const start = statementStart(cursor);
  const first = tokens[start]?.tokenType;
  if (first === T.soft.optimizer && count === start + 1) return optimizerSuggestions(cursor);
  if (tokens[start]?.image === 'precision' && count === start + 1) return precisionSuggestions();
  if ((first === T.soft.input || first === T.soft.metric) && count === start + 1) return [];
  if (previous?.tokenType === T.Eq) return [...frozenWord(cursor), ...expression(cursor)];
  if (isAfterOperand(cursor) || previous?.tokenType === T.RBrace) return afterClauseOperand(cursor);
  return previous === undefined ? [] : expression(cursor);
}

function frozenWord(cursor: Cursor): readonly Suggestion[] {
  const first = cursor.tokens[statementStart(cursor)];
  const isOwn = first !== undefined && isWord(first) && first.tokenType !== T.soft.loss && first.tokenType !== T.soft.metric;
  if (!isOwn || cursor.count !== statementStart(cursor) + 2 || !isAlone(cursor)) return [];
  return [
    {
      label: 'frozen',
      kind: 'keyword',
      snippet: 'frozen «Model»',

      rank: 12,
      documentation: 'Another model that is only used, never trained.',
    },
  ];
}

function isAlone(cursor: Cursor): boolean {
  return onLine(cursor) === undefined;
}

function afterClauseOperand(cursor: Cursor): readonly Suggestion[] {
  const { tokens, count } = cursor;
  const first = tokens[statementStart(cursor)]?.tokenType;
  if (!isAlone(cursor) || tokens[count - 1]?.tokenType !== T.RParen) return [];
  if (first === T.soft.lora) return [{ label: 'on', kind: 'keyword', snippet: 'on «*»', rank: 0 }];
  return [];
}
