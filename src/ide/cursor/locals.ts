import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { closerOf, isCloser, isWord } from '../../1-syntax/repair/token-kinds.js';
import type { NamedKind } from '../names/named.js';
import type { Cursor } from './cursor.js';
import { closingOf, startOfItem } from './frames.js';
import { continues } from './place.js';

/** A name that a declaration gives to something, as its tokens show it. */
export interface LocalName {
  readonly name: string;
  readonly kind: NamedKind;
  /** The offset of the name where it is declared or last assigned. */
  readonly at: number;
  /** Whether it is a function of a body: `let f(v) = ...`. */
  readonly isFunction?: boolean;
}

/** The names that can be used at the cursor and are declared around it, the latest first. */
export function localsAt({ tokens, count, head }: Cursor): readonly LocalName[] {
  const start = head === undefined ? undefined : startOfItem(tokens, count);
  if (start === undefined) return [];
  const walk = new Walk(tokens, start, count);
  const found = new Map<string, LocalName>();
  for (const local of walk.run().toReversed())
    if (!found.has(local.name) && local.name !== '_' && local.name !== '') found.set(local.name, local);
  return [...found.values()];
}

/** Names of one block. Variables belong to the body. */
type Scope = LocalName[];

class Walk {
  readonly #tokens: readonly SourceToken[];
  readonly #start: number;
  readonly #end: number;
  readonly #body: Scope = [];
  /** One for each open curly bracket. */
  #scopes: Scope[] = [];
  /** Names for the block that begins next: of a loop, or the parameters of a function. */
  #pending: LocalName[] = [];

  constructor(tokens: readonly SourceToken[], start: number, end: number) {
    this.#tokens = tokens;
    this.#start = start;
    this.#end = end;
  }

  run(): readonly LocalName[] {
    const head = this.#tokens[this.#start];
    if (head?.tokenType === T.hard.layer || head?.tokenType === T.hard.model || head?.tokenType === T.hard.fn)
      this.#signature(this.#start, head);
    if (head?.tokenType === T.hard.let && this.#tokens[this.#start + 2]?.tokenType === T.LParen)
      this.#params(this.#start + 2, 'argument', this.#body);
    if (head?.tokenType === T.soft.config) this.#fields();
    for (let i = this.#start; i < this.#end; i++) this.#token(i);
    return [...this.#body, ...this.#scopes.flat(), ...this.#pending];
  }

  #token(i: number): void {
    const token = this.#tokens[i];
    if (token === undefined) return;
    switch (token.tokenType) {
      case T.LBrace:
        this.#scopes.push(this.#pending);
        this.#pending = [];
        return;
      case T.RBrace:
        this.#scopes.pop();
        return;
      case T.hard.for:
        this.#loop(i);
        return;
      case T.hard.let:
        if (i > this.#start) this.#let(i);
        return;
      case T.hard.param:
      case T.hard.buffer:
      case T.soft.state:
        if (isWord(this.#tokens[i + 1]) && this.#tokens[i + 2]?.tokenType === T.Colon && this.#isOver(i + 2))
          this.#add(this.#scope, i + 1, 'storage');
        return;
      case T.soft.carry:
        this.#carries(i);
        return;
      case T.soft.emit:
        if (isWord(this.#tokens[i + 1]) && this.#tokens[i + 2]?.tokenType === T.Eq) this.#add(this.#body, i + 1, 'variable');
        return;
      case T.soft.scan:
        if (token.indent >= 0) this.#pattern(i + 1, 'storage', this.#pending);
        return;
      case T.soft.entry:
        if (token.indent >= 0 && isWord(this.#tokens[i + 1]) && this.#tokens[i + 2]?.tokenType === T.LParen) this.#entry(i);
        return;
      case T.soft.input:
      case T.soft.metric:
        if (token.indent >= 0 && isWord(this.#tokens[i + 1])) this.#add(this.#body, i + 1, 'input');
        return;
      default:
        if (token.indent >= 0 || this.#tokens[i - 1]?.tokenType === T.LBrace) this.#assignment(i);
    }
  }

  get #scope(): Scope {
    return this.#scopes.at(-1) ?? this.#body;
  }

  #add(scope: LocalName[], i: number, kind: NamedKind, isFunction = false): void {
    const token = this.#tokens[i];
    if (token !== undefined && isWord(token) && i < this.#end) scope.push({ name: token.image, kind, at: token.startOffset, isFunction });
  }

  /** `x = ..` or `(a, b) = ..` at the start of a line. It has its name only after it. */
  #assignment(i: number): void {
    if (this.#scopes.length === 0) return;
    const isPattern = this.#tokens[i]?.tokenType === T.LParen;
    const end = isPattern ? closingOf(this.#tokens, i) : i;
    if ((!isPattern && !isWord(this.#tokens[i])) || this.#tokens[end + 1]?.tokenType !== T.Eq || !this.#isOver(end + 1)) return;
    this.#pattern(i, 'variable', this.#body);
  }

  /** Whether the statement whose `=` is at `i` ends before the cursor. */
  #isOver(i: number): boolean {
    let depth = 0;
    for (let k = i + 1; k < this.#end; k++) {
      const token = this.#tokens[k];
      if (token === undefined) return true;
      if (depth === 0 && token.indent >= 0 && !continues(this.#tokens[k - 1], token)) return true;
      if (closerOf.has(token.tokenType)) depth++;
      else if (isCloser(token) && --depth < 0) return true;
    }
    const next = this.#tokens[this.#end];
    return depth === 0 && next !== undefined && next.indent >= 0 && !continues(this.#tokens[this.#end - 1], next);
  }

  #pattern(i: number, kind: NamedKind, scope: LocalName[]): void {
    if (this.#tokens[i]?.tokenType !== T.LParen) {
      this.#add(scope, i, kind);
      return;
    }
    const end = closingOf(this.#tokens, i);
    for (let k = i + 1; k < end; k++) this.#add(scope, k, kind);
  }

  /** `for i in xs {`, or `for i in xs` in a comprehension, whose names are before it, too. */
  #loop(i: number): void {
    const target = this.#tokens[i + 1];
    const end = target?.tokenType === T.LParen ? closingOf(this.#tokens, i + 1) : i + 1;
    const isLoop = this.#tokens[i]?.indent !== -1 || this.#tokens[i - 1]?.tokenType === T.LBrace;
    if (isLoop && this.#tokens[end + 1]?.tokenType === T.hard.in) this.#pattern(i + 1, 'loop-variable', this.#pending);
  }

  #let(i: number): void {
    const isFunction = this.#tokens[i + 2]?.tokenType === T.LParen && isWord(this.#tokens[i + 1]);
    if (!isFunction) {
      const end = this.#tokens[i + 1]?.tokenType === T.LParen ? closingOf(this.#tokens, i + 1) : i + 1;
      if (this.#tokens[end + 1]?.tokenType === T.Eq && this.#isOver(end + 1)) this.#pattern(i + 1, 'constant', this.#scope);
      return;
    }
    const end = closingOf(this.#tokens, i + 2);
    const isBlock = this.#tokens[end + 1]?.tokenType === T.LBrace;
    const isInside = isBlock ? closingOf(this.#tokens, end + 1) >= this.#end : !this.#isOver(end + 1);
    if (isInside) this.#params(i + 2, 'argument', isBlock ? this.#pending : this.#scope);
    else this.#add(this.#scope, i + 1, 'function', true);
  }

  /** `h: Tensor[N] = zeros` after `carry`, up to the block. */
  #carries(i: number): void {
    for (let k = i + 1; k < this.#end && this.#tokens[k]?.tokenType !== T.LBrace; k++) {
      const isFirst = this.#tokens[k - 1]?.tokenType === T.soft.carry || this.#tokens[k - 1]?.tokenType === T.Comma;
      if (isFirst && this.#tokens[k + 1]?.tokenType === T.Colon) this.#add(this.#body, k, 'storage');
    }
  }

  /** The lists of a layer, model or function: hyperparameters and inputs, and the sizes in its types. */
  #signature(i: number, { tokenType }: SourceToken): void {
    let open = i + 2;
    while (this.#tokens[open]?.tokenType === T.LParen) {
      this.#params(open, tokenType === T.hard.fn ? 'argument' : 'hyperparameter', this.#body);
      open = closingOf(this.#tokens, open) + 1;
    }
    this.#sizes(i, this.#bodyStart(open));
  }

  #entry(i: number): void {
    const end = closingOf(this.#tokens, i + 2);
    this.#params(i + 2, 'input', this.#pending);
    this.#sizes(i, this.#bodyStart(end), this.#pending);
  }

  /** The number of the `{` of a body, from the end of the lists. */
  #bodyStart(from: number): number {
    let k = from;
    while (k < this.#tokens.length && this.#tokens[k]?.tokenType !== T.LBrace && this.#tokens[k]?.tokenType !== T.hard.return) k++;
    return k;
  }

  /** The sizes in the types between two tokens. */
  #sizes(from: number, to: number, scope: LocalName[] = this.#body): void {
    const known = new Set([...this.#body, ...scope].map(({ name }) => name));
    for (let k = from; k < to; k++) {
      if (this.#tokens[k]?.tokenType !== T.LBracket) continue;
      const end = Math.min(closingOf(this.#tokens, k), to);
      for (let j = k + 1; j < end; j++) {
        const token = this.#tokens[j];
        const isField = this.#tokens[j - 1]?.tokenType === T.Dot || this.#tokens[j + 1]?.tokenType === T.Dot;
        const isCalled = this.#tokens[j + 1]?.tokenType === T.LParen;
        if (token === undefined || !isWord(token) || isField || isCalled || known.has(token.image) || j === this.#end) continue;
        known.add(token.image);
        const isRest = this.#tokens[j - 1]?.tokenType === T.Star && this.#tokens[j - 2]?.tokenType !== T.Id && this.#isAxisStart(j - 1, k);
        if (!isRest) scope.push({ name: token.image, kind: 'size', at: token.startOffset });
      }
      k = end;
    }
  }

  #isAxisStart(star: number, open: number): boolean {
    return star - 1 === open || this.#tokens[star - 1]?.tokenType === T.Comma;
  }

  /** The parameters in a list; those with a tensor type are inputs. */
  #params(open: number, kind: NamedKind, scope: LocalName[]): void {
    const end = closingOf(this.#tokens, open);
    let depth = 0;
    for (let k = open + 1; k < end; k++) {
      const token = this.#tokens[k];
      if (token === undefined) return;
      if (closerOf.has(token.tokenType)) depth++;
      else if (isCloser(token)) depth--;
      const isFirst = depth === 0 && (k === open + 1 || this.#tokens[k - 1]?.tokenType === T.Comma);
      if (!isFirst || !isWord(token)) continue;
      const isTensor = this.#tokens[k + 1]?.tokenType === T.Colon && this.#tokens[k + 2]?.tokenType === T.hard.Tensor;
      // Inside the list, a default may read the parameters before it.
      if (k < this.#end || end < this.#end) scope.push({ name: token.image, kind: isTensor ? 'input' : kind, at: token.startOffset });
    }
  }

  #fields(): void {
    const open = this.#start + 2;
    const end = closingOf(this.#tokens, open);
    for (let k = open + 1; k < Math.min(end, this.#end); k++) {
      const token = this.#tokens[k];
      const starts = token !== undefined && (token.indent >= 0 || this.#tokens[k - 1]?.tokenType === T.Comma || k === open + 1);
      if (starts) this.#add(this.#body, k, 'field');
    }
  }
}
