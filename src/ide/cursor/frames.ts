import type { TokenType } from 'chevrotain';
import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { closerOf, endsOperand, isCloser, isWord } from '../../1-syntax/repair/token-kinds.js';

/**
 * What a bracket encloses. `params`: parameters of a declaration; `outputs`: named results; `body`: statements; `block`: those of a `for`, `if` or another
 * statement; `sizes`: those of a tensor type; `axes`: the pattern of a `rearrange`.
 */
export type FrameRole =
  | 'call'
  | 'group'
  | 'params'
  | 'outputs'
  | 'sizes'
  | 'axes'
  | 'index'
  | 'list'
  | 'body'
  | 'block'
  | 'fields'
  | 'train'
  | 'groups'
  | 'settings'
  | 'statistics'
  | 'import';

/** An open bracket. */
export interface Frame {
  readonly role: FrameRole;
  /** The number of its token. */
  readonly at: number;
  readonly token: SourceToken;
  /** The indentation of its line. */
  readonly lineIndent: number;
}

interface Place {
  readonly text: string;
  readonly tokens: readonly SourceToken[];
  readonly count: number;
  readonly word: { readonly start: number };
}

/** The declaration and the open brackets around a place. */
export function framesAt(place: Place): { readonly head: SourceToken | undefined; readonly frames: readonly Frame[] } {
  const { tokens, count } = place;
  const start = startOfItem(tokens, count);
  if (start === undefined) return { head: undefined, frames: [] };
  const walk = new Walk(tokens, start);
  for (let i = start; i < count; i++) walk.token(i);
  const column = columnOf(place);
  if (column !== undefined) walk.newLine(column, isStatementAt(place));
  const isOver = walk.frames.length === 0 && walk.hasBody && column !== undefined;
  const isOutside = column === 0 && (walk.frames.length > 0 ? !isInside(tokens, count, walk.frames) : walk.hasBody || !isHeadOpen(place));
  if (isOver || isOutside) return { head: undefined, frames: [] };
  return { head: tokens[start], frames: walk.frames };
}

/** The last token before `count` that begins a declaration. */
export function startOfItem(tokens: readonly SourceToken[], count: number): number | undefined {
  for (let i = count - 1; i >= 0; i--) {
    const token = tokens[i];
    if (token !== undefined && token.indent === 0 && isDeclarationWord(token)) return i;
  }
  return undefined;
}

function isDeclarationWord({ tokenType }: SourceToken): boolean {
  return declarationWords.has(tokenType);
}

const declarationWords: ReadonlySet<TokenType> = new Set([
  T.hard.import,
  T.hard.fn,
  T.hard.layer,
  T.hard.model,
  T.hard.let,
  T.soft.config,
  T.soft.train,
]);

/** The column of the cursor's word if it is the first of its line. */
function columnOf({ text, word }: Place): number | undefined {
  const line = text.slice(text.lastIndexOf('\n', word.start - 1) + 1, word.start);
  return line.trim() === '' ? line.length : undefined;
}

/** Whether the line of the word begins a statement, as far as it is written. */
function isStatementAt({ tokens, count }: Place): boolean {
  return isStatementStart(tokens, count) || tokens[count + 1]?.indent !== -1;
}

/** Whether what follows belongs to the head of the declaration before it. */
function isHeadOpen({ tokens, count }: Place): boolean {
  const next = tokens[count];
  return next !== undefined && (next.tokenType === T.soft.where || next.tokenType === T.LBrace || next.tokenType === T.Arrow);
}

/** Whether a place in the first column is before the end of the brackets around it. */
function isInside(tokens: readonly SourceToken[], count: number, frames: readonly Frame[]): boolean {
  let depth = frames.length;
  for (let i = count; i < tokens.length && depth > 0; i++) {
    const token = tokens[i];
    if (token === undefined || (token.indent === 0 && isDeclarationWord(token))) return false;
    if (isCloser(token)) depth--;
    else if (closerOf.has(token.tokenType)) depth++;
  }
  return depth === 0 && frames.length > 0;
}

class Walk {
  readonly frames: Frame[] = [];
  hasBody = false;
  readonly #tokens: readonly SourceToken[];
  readonly #start: number;
  #lineIndent = 0;
  /** What the bracket that was closed last enclosed. */
  #closed: FrameRole | undefined;

  constructor(tokens: readonly SourceToken[], start: number) {
    this.#tokens = tokens;
    this.#start = start;
  }

  token(i: number): void {
    const token = this.#tokens[i];
    if (token === undefined) return;
    if (token.indent >= 0) this.newLine(token.indent, isStatementStart(this.#tokens, i));
    const closer = closerOf.get(token.tokenType);
    if (closer !== undefined) {
      const role = this.#role(i, token);
      if (role === 'body' || role === 'fields' || role === 'train') this.hasBody = true;
      this.frames.push({ role, at: i, token, lineIndent: this.#lineIndent });
    } else if (isCloser(token)) this.#close(token.tokenType);
  }

  /** A line that begins a statement closes the round and square brackets of lines that are indented as far. */
  newLine(indent: number, beginsStatement: boolean): void {
    this.#lineIndent = indent;
    while (beginsStatement) {
      const top = this.frames.at(-1);
      if (top === undefined || top.token.tokenType === T.LBrace || indent > top.lineIndent) return;
      this.frames.pop();
    }
  }

  #close(type: TokenType): void {
    const at = this.frames.findLastIndex(({ token }) => closerOf.get(token.tokenType) === type);
    if (at < 0) return;
    this.#closed = this.frames[at]?.role;
    this.frames.length = at;
  }

  #role(i: number, token: SourceToken): FrameRole {
    const before = this.#tokens[i - 1];
    const top = this.frames.at(-1)?.role;
    if (token.tokenType === T.LParen) return this.#round(i, before, top);
    if (token.tokenType === T.LBracket) {
      const isType = before?.tokenType === T.hard.Tensor || before?.tokenType === T.hard.as || this.#closesDType(i - 1);
      if (isType) return 'sizes';
      if (top === 'call' && calleeOf(this.#tokens, this.frames.at(-1)?.at ?? 0) === 'rearrange') return 'axes';
      return token.indent < 0 && endsOperand(before) ? 'index' : 'list';
    }
    return this.#curly(i, before, top);
  }

  /** `(` */
  #round(i: number, before: SourceToken | undefined, top: FrameRole | undefined): FrameRole {
    const declares = this.#tokens[i - 2];
    const isName = isWord(before) && declares !== undefined && parameterWords.has(declares.tokenType);
    const isOutside = top === undefined || top === 'body' || top === 'block';
    if (isName && isOutside && (declares.tokenType !== T.soft.entry || declares.indent >= 0)) return 'params';
    if (before?.tokenType === T.RParen && this.#closed === 'params' && isOutside) return 'params';
    if (before?.tokenType === T.Arrow && this.#closed === 'params' && this.#tokens[i - 2]?.tokenType === T.RParen && isOutside)
      return 'outputs';
    return this.#tokens[i]?.indent === -1 && endsOperand(before) ? 'call' : 'group';
  }

  /** `{` */
  #curly(i: number, before: SourceToken | undefined, top: FrameRole | undefined): FrameRole {
    const head = this.#tokens[this.#start]?.tokenType;
    if (top === undefined) {
      if (head === T.hard.import) return 'import';
      if (head === T.soft.config) return 'fields';
      if (head === T.soft.train) return 'train';
      return this.#isValue(i) ? 'block' : 'body';
    }
    if (top === 'train') {
      if (before?.tokenType === T.soft.with) return 'statistics';
      return this.#lineHas(i, T.soft.optimizer) ? 'groups' : 'block';
    }
    return top === 'groups' ? 'settings' : 'block';
  }

  /** Whether a brace at the top of a declaration belongs to an `if` in the value of a constant. */
  #isValue(i: number): boolean {
    for (let k = i - 1; k > this.#start; k--)
      if (this.#tokens[k]?.tokenType === T.hard.if || this.#tokens[k]?.tokenType === T.hard.else) return true;
    return false;
  }

  #lineHas(i: number, type: TokenType): boolean {
    const from = this.frames.at(-1)?.at ?? this.#start;
    for (let k = i - 1; k > from; k--) {
      const token = this.#tokens[k];
      if (token?.tokenType === type) return true;
      if (token?.tokenType === T.RBrace) return false;
    }
    return false;
  }

  /** Whether a token is the `>` of `Tensor<i64>`. */
  #closesDType(i: number): boolean {
    return this.#tokens[i]?.tokenType === T.Greater && isInDType(this.#tokens, i);
  }
}

const parameterWords: ReadonlySet<TokenType> = new Set([T.hard.layer, T.hard.model, T.hard.fn, T.hard.let, T.soft.entry]);

/** Whether the tokens before `i` are `Tensor<` and the name of an element type, as far as it is written. */
export function isInDType(tokens: readonly SourceToken[], i: number): boolean {
  let k = i - 1;
  while (isWord(tokens[k]) || tokens[k]?.tokenType === T.Dot) k--;
  return tokens[k]?.tokenType === T.Less && tokens[k - 1]?.tokenType === T.hard.Tensor;
}

/** The name directly before a bracket. */
function calleeOf(tokens: readonly SourceToken[], bracket: number): string | undefined {
  return tokens[bracket - 1]?.image;
}

/** Whether a token that is the first of its line begins a statement and does not continue the one before. */
function isStatementStart(tokens: readonly SourceToken[], i: number): boolean {
  const token = tokens[i];
  const previous = tokens[i - 1];
  if (token === undefined) return true;
  if (statementWords.has(token.tokenType) || token.image === '') return true;
  const opens = previous !== undefined && closerOf.has(previous.tokenType);
  if (previous?.tokenType === T.Comma || opens) return isWord(token) && tokens[i + 1]?.tokenType === T.Eq && isAssignment(tokens, i);
  return isWord(token) && (tokens[i + 1]?.tokenType === T.Eq || tokens[i + 1]?.tokenType === T.Comma);
}

/** Whether `name =` is an assignment rather than an argument: what is after it is not followed by a comma or a closing bracket. */
function isAssignment(tokens: readonly SourceToken[], i: number): boolean {
  for (let k = i + 2; k < tokens.length && k < i + 200; k++) {
    const token = tokens[k];
    if (token === undefined || token.tokenType === T.Comma || isCloser(token)) return false;
    if (token.indent >= 0 && token.tokenType !== T.Arrow) return true;
    if (closerOf.has(token.tokenType)) return false;
  }
  return true;
}

const statementWords: ReadonlySet<TokenType> = new Set([T.hard.return, T.hard.let, T.hard.for, T.hard.param, T.hard.buffer, T.RBrace]);

/** The number of the token that closes the bracket at `at`, or that of the end. */
export function closingOf(tokens: readonly SourceToken[], at: number): number {
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined || (token.indent === 0 && isDeclarationWord(token))) return i;
    if (closerOf.has(token.tokenType)) depth++;
    else if (isCloser(token) && --depth === 0) return i;
  }
  return tokens.length - 1;
}

/** The number of the token that opens the bracket that `at` closes; undefined if there is none. */
export function openingOf(tokens: readonly SourceToken[], at: number): number | undefined {
  let depth = 0;
  for (let i = at; i >= 0; i--) {
    const token = tokens[i];
    if (token === undefined) return undefined;
    if (isCloser(token)) depth++;
    else if (closerOf.has(token.tokenType) && --depth === 0) return i;
  }
  return undefined;
}
