import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { isWord } from '../../1-syntax/repair/token-kinds.js';
import { initializerArguments } from '../../2-check/layers/initializers.js';
import { builtinNamed } from '../../2-check/modules/names.js';
import { presentIn } from '../../2-check/values/absence.js';
import type { CheckValue } from '../../2-check/values/values.js';
import { entriesIn } from '../names/members.js';
import { trainedModel } from '../names/outer.js';
import { builtInCallable, initializerCallable } from '../present/built-ins.js';
import type { Callable } from '../present/callable.js';
import { callableOf } from '../present/callable-value.js';
import { declaredParameter, documentation, sourceText } from '../present/declared.js';
import { onnxCallable } from '../present/onnx.js';
import { loraCallable, optimizerCallable, scheduleCallable } from '../present/training.js';
import type { Cursor } from './cursor.js';
import { openingOf } from './frames.js';
import { localsAt } from './locals.js';
import { chainBefore, startOfOperand, valueBefore, valueEndingAt, valueOfName } from './values.js';

/** What a list of arguments belongs to. */
export interface Callee {
  readonly callable: Callable;
  /** Which of its lists it is. */
  readonly list: number;
  /** The number of the token after the last one of the callee: that of the bracket of the first list. */
  readonly end: number;
  /** Whether a pipeline gives the first tensor. */
  readonly isPiped: boolean;
  /** What is piped, if its value is known. */
  readonly piped: CheckValue | undefined;
}

/** What the arguments in the bracket at a token are given to. */
export function calleeAt(cursor: Cursor, bracket: number): Callee | undefined {
  const { tokens } = cursor;
  let list = 0;
  let end = bracket;
  while (tokens[end - 1]?.tokenType === T.RParen && list < 3) {
    const open = openingOf(tokens, end - 1);
    if (open === undefined) return undefined;
    end = open;
    list++;
  }
  const start = startOfOperand(tokens, end);
  const arrow = arrowBefore(tokens, start);
  const name = tokens[end - 1]?.image ?? '';
  const isPlain = arrow === undefined && start === end - 1 && builtinNamed(name) !== undefined && takesNumbers(cursor, end);
  const callable = isPlain ? builtInCallable(name) : callableBefore(cursor, end);
  if (callable === undefined) return undefined;
  const piped = arrow === undefined ? undefined : valueOfLeft(cursor, arrow);
  return callable.lists[list] === undefined ? undefined : { callable, list, end, isPiped: arrow !== undefined, piped };
}

/** Whether the first argument is not a tensor, so that `max` is the function on numbers rather than the operator. */
function takesNumbers(cursor: Cursor, bracket: number): boolean {
  const first = cursor.tokens[bracket + 1];
  if (first === undefined || bracket + 1 >= cursor.count) return false;
  if (first.tokenType === T.Num || first.tokenType === T.LBracket) return true;
  const kind = isWord(first) ? valueOfName(cursor, first.image, first.startOffset + 1)?.kind : undefined;
  return kind === 'int' || kind === 'float' || kind === 'list' || kind === 'tuple';
}

/** The number of the arrow that pipes into the stage that begins at a token, also before its label. */
export function arrowBefore(tokens: readonly SourceToken[], start: number): number | undefined {
  if (tokens[start - 1]?.tokenType === T.Arrow) return start - 1;
  if (tokens[start - 1]?.tokenType !== T.Colon) return undefined;
  const label = labelStart(tokens, start - 1);
  return tokens[label - 1]?.tokenType === T.Arrow ? label - 1 : undefined;
}

/** Where a label begins, from its colon: `encoder.layer[i]`, `"model".head`. */
function labelStart(tokens: readonly SourceToken[], colon: number): number {
  let i = colon - 1;
  for (;;) {
    const token = tokens[i];
    if (token?.tokenType === T.RBracket) {
      const open = openingOf(tokens, i);
      if (open === undefined) return i;
      const before = tokens[open - 1];
      if (before === undefined || before.tokenType === T.Arrow) return open;
      i = open - 1;
    } else if (tokens[i - 1]?.tokenType === T.Dot) i -= 2;
    else return i;
  }
}

/** The value of what is before an arrow. */
export function valueOfLeft(cursor: Cursor, arrow: number): CheckValue | undefined {
  const before = cursor.tokens[arrow - 1];
  if (before === undefined) return undefined;
  return valueEndingAt(cursor, before.startOffset + before.image.length) ?? valueBefore(cursor, arrow);
}

/** What the tokens before number `end` name, as something that can be called. */
export function callableBefore(cursor: Cursor, end: number): Callable | undefined {
  const { tokens } = cursor;
  const chain = chainBefore(tokens, end);
  const [first, second] = chain;
  if (first === undefined) return undefined;
  const name = first.image;
  if (chain.length > 1 && name === 'onnx' && second !== undefined) return onnxCallable(second.image, cursor.view.inside.session.opset);
  if (chain.length > 1) return memberCallable(cursor, end, chain);
  const inTrain = cursor.head?.tokenType === T.soft.train;
  if (inTrain && name === 'lora' && first.indent >= 0) return loraCallable();
  if (inTrain && tokens[end - 2]?.tokenType === T.soft.optimizer) return optimizerCallable(name);
  const isLocal = localsAt(cursor).some((local) => local.name === name);
  if (!isLocal && inTrain && name === 'model') return trainedCallable(cursor);
  const value = valueOfName(cursor, name, first.startOffset + 1);
  const isInitial = !isLocal && initializerArguments.has(name) && isInitialValue(tokens, end - 1);
  const initializer = isInitial ? initializerCallable(name) : undefined;
  if (initializer !== undefined && initializer.lists.length > 0) return initializer;
  const known = value && callableOf(value);
  if (known !== undefined || isLocal) return known;
  return (inTrain ? scheduleCallable(name) : undefined) ?? builtInCallable(name);
}

/** Whether a token is the initial value of a parameter or a state. */
export function isInitialValue(tokens: readonly SourceToken[], at: number): boolean {
  if (tokens[at - 1]?.tokenType !== T.Eq) return false;
  for (let i = at - 2; i >= 0 && i > at - 120; i--) {
    const token = tokens[i];
    if (token === undefined) return false;
    if (
      token.tokenType === T.hard.param ||
      token.tokenType === T.hard.buffer ||
      token.tokenType === T.soft.state ||
      token.tokenType === T.soft.carry
    )
      return tokens[i + 2]?.tokenType === T.Colon;
    if (token.tokenType === T.LBrace || token.tokenType === T.RBrace || token.tokenType === T.Eq) return false;
  }
  return false;
}

/** An entry of a model, or a field that can be called. */
function memberCallable(cursor: Cursor, end: number, chain: readonly SourceToken[]): Callable | undefined {
  const name = chain.at(-1)?.image ?? '';
  const inTrain = cursor.head?.tokenType === T.soft.train;
  const object = inTrain && chain[0]?.image === 'model' ? trainedValue(cursor) : valueBefore(cursor, end - 2);
  const layer = object && presentIn(object);
  const entry = layer?.kind === 'layer' ? entriesIn(layer.decl).find((other) => other.name.text === name) : undefined;
  if (layer?.kind !== 'layer' || entry === undefined) {
    const value = valueBefore(cursor, end);
    return value && callableOf(value);
  }
  const { module } = layer;
  const result = sourceText(module, entry.result.span.start, entry.result.span.end).replace(/^->\s*/, '');
  const lists = [entry.inputs.map((param) => declaredParameter(param, module))];
  return { name, keyword: 'entry', lists, result, doc: entry.doc === undefined ? undefined : documentation(entry.doc) };
}

/** What `model` means in a `train` block. */
function trainedValue(cursor: Cursor): CheckValue | undefined {
  const trained = cursor.item?.kind === 'train' ? trainedModel(cursor.item, cursor.view.module) : undefined;
  return trained && { kind: 'layer', decl: trained.decl, module: trained.module, hyper: new Map() };
}

function trainedCallable(cursor: Cursor): Callable | undefined {
  const value = trainedValue(cursor);
  return value && callableOf(value);
}

/** Whether the token at a place is the name of an argument. */
export function isArgumentName(tokens: readonly SourceToken[], at: number): boolean {
  return isWord(tokens[at]) && tokens[at + 1]?.tokenType === T.Eq;
}
