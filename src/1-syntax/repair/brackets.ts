import type { TokenType } from 'chevrotain';
import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { diagnostic, type Note } from '../../diagnostics/diagnostic.js';
import type { Complaints } from '../complaints.js';
import { beginsDeclaration, closerOf, endOf, endsOperand, isCloser, isWord, retyped, supplied } from './token-kinds.js';

interface Open {
  readonly token: SourceToken;
  readonly closer: TokenType;
  /** The indentation of its line. */
  readonly lineIndent: number;
  /** Whether an `if` or `else` was found inside it, after which a `{` is valid in round brackets. */
  hasBranch: boolean;
  /** Whether it begins the list of a layer, whose name has a capital letter. */
  readonly isLayerList: boolean;
  /** Whether a `->` was found directly inside it. */
  hasStage: boolean;
}

/**
 * Balances the brackets of each declaration, so that a forgotten one spoils only its own line. Declarations whose brackets are balanced are unchanged. In the
 * others, the layout decides what was forgotten: a `(` does not extend past the line after which the text returns to the indentation of its line, and a `}`
 * closes the block that has its indentation.
 */
export function balanceBrackets(tokens: readonly SourceToken[], complaints: Complaints): SourceToken[] {
  const out: SourceToken[] = [];
  let start = 0;
  for (let i = 1; i <= tokens.length; i++) {
    const atEnd = i === tokens.length;
    if (!atEnd && !(beginsDeclaration(tokens, i) && (tokens[i]?.indent ?? 0) <= Math.max(0, tokens[start]?.indent ?? 0))) continue;
    const part = tokens.slice(start, i);
    if (isEven(part)) for (const token of part) out.push(token);
    else for (const token of new Balancer(part, complaints).run()) out.push(token);
    start = i;
  }
  return out;
}

function isEven(tokens: readonly SourceToken[]): boolean {
  const open: TokenType[] = [];
  for (const { tokenType } of tokens) {
    const closer = closerOf.get(tokenType);
    if (closer !== undefined) open.push(closer);
    else if ((tokenType === T.RParen || tokenType === T.RBracket || tokenType === T.RBrace) && open.pop() !== tokenType) return false;
  }
  return open.length === 0;
}

class Balancer {
  readonly #tokens: readonly SourceToken[];
  readonly #complaints: Complaints;
  readonly #out: SourceToken[] = [];
  readonly #open: Open[] = [];
  /** More `{` than `}` when positive. */
  #surplus: number;
  /** The number of missing closing brackets; a different bracket in the place of one was meant to be it. */
  readonly #scarce: ReadonlySet<TokenType>;
  #lineIndent = 0;

  constructor(tokens: readonly SourceToken[], complaints: Complaints) {
    this.#tokens = tokens;
    this.#complaints = complaints;
    const count = (type: TokenType) => tokens.filter(({ tokenType }) => tokenType === type).length;
    this.#surplus = count(T.LBrace) - count(T.RBrace);
    this.#scarce = new Set([...closerOf].filter(([open, close]) => count(open) > count(close)).map(([, close]) => close));
  }

  run(): SourceToken[] {
    this.#tokens.forEach((token, i) => {
      if (token.indent >= 0) this.#lineIndent = token.indent;
      if (token.image === '' && i === this.#tokens.length - 1) this.#closeAll();
      this.#closeByLayout(token, i);
      if (token.tokenType === T.hard.if || token.tokenType === T.hard.else || token.tokenType === T.soft.with) this.#markBranch();
      if (token.tokenType === T.Arrow) this.#markStage();
      const closer = closerOf.get(token.tokenType);
      if (closer !== undefined) {
        const isLayerList = token.tokenType === T.LParen && /^[A-Z]/.test(this.#tokens[i - 1]?.image ?? '');
        this.#open.push({ token, closer, lineIndent: this.#lineIndent, hasBranch: false, isLayerList, hasStage: false });
      }
      if (!isCloser(token) || this.#close(token, i)) this.#out.push(token);
    });
    this.#closeAll();
    return this.#out;
  }

  #top(): Open | undefined {
    return this.#open.at(-1);
  }

  #markBranch(): void {
    const top = this.#top();
    if (top !== undefined) top.hasBranch = true;
  }

  #markStage(): void {
    const top = this.#top();
    if (top !== undefined) top.hasStage = true;
  }

  #closeAll(): void {
    while (this.#open.length > 0) this.#supply();
  }

  /** Inserts the closing bracket of the innermost open one after the last output token, and reports it. */
  #supply(note?: Note): void {
    const open = this.#open.pop();
    if (open === undefined) return;
    const last = this.#out.at(-1);
    const close = open.closer.LABEL ?? '';
    const isBlock = open.closer === T.RBrace;
    if (isBlock) this.#surplus--;
    const at = this.#complaints.span(endOf(last), endOf(last));
    const text = isBlock ? `\n${' '.repeat(open.lineIndent)}}` : close;
    const span = this.#complaints.span(open.token.startOffset, open.token.startOffset + 1);
    // The stage after a layer, `x -> Linear(D -> relu`, is hardly meant to be in its list.
    const isSure = !(open.isLayerList && open.hasStage);
    const fixes = isSure ? [{ title: `insert \`${close}\``, edits: [{ span: at, text }] }] : [];
    const extra = { notes: note === undefined ? [] : [note], fixes };
    const region = { start: span.start, end: isBlock ? span.end : endOf(last) };
    this.#complaints.add(diagnostic('unclosed-bracket', span, { open: open.token.image, close }, extra), region);
    this.#out.push(supplied(open.closer, last));
  }

  // ---------------------------------------------------------------- layout

  #closeByLayout(token: SourceToken, i: number): void {
    for (let top = this.#top(); top !== undefined; top = this.#top()) {
      const ends = top.closer === T.RBrace ? this.#endsBlock(top, token, i) : this.#endsBrackets(top, token, i);
      if (!ends) return;
      this.#supply();
    }
  }

  #endsBrackets(top: Open, token: SourceToken, i: number): boolean {
    if (token.tokenType === T.LBrace) return !top.hasBranch;
    // A number is not piped: `x -> Linear(8 -> relu`.
    if (token.tokenType === T.Arrow) return top.isLayerList && this.#scarce.has(top.closer) && isLiteral(this.#tokens[i - 1]);
    if (token.indent < 0 || isCloser(token)) return false;
    if (startsStatement(this.#tokens, i)) return true;
    return token.indent <= top.lineIndent && endsOperand(this.#tokens[i - 1]);
  }

  #endsBlock(top: Open, token: SourceToken, i: number): boolean {
    if (token.tokenType === T.hard.from) return top.token !== undefined && this.#out.at(-1)?.tokenType !== T.RBrace;
    if (token.tokenType === T.hard.else) return this.#out.at(-1)?.tokenType !== T.RBrace;
    if (token.indent < 0 || isCloser(token)) return false;
    return token.indent === 0 && top.lineIndent === 0 && this.#surplus > 0 && token.tokenType === T.hard.let && i > 0;
  }

  // ---------------------------------------------------------------- closing brackets

  /** Whether the closing bracket stays. */
  #close(token: SourceToken, i: number): boolean {
    this.#closeOuterBlock(token);
    const top = this.#top();
    if (top?.closer === token.tokenType) return this.#closesItsOwn(top, token, i);
    const depth = this.#open.findLastIndex(({ closer }) => closer === token.tokenType);
    if (depth >= 0) {
      while (this.#open.length > depth + 1) this.#supply();
      this.#open.pop();
      return true;
    }
    const isMistaken = top !== undefined && top.closer !== T.RBrace && token.tokenType !== T.RBrace && this.#scarce.has(top.closer);
    if (isMistaken) return this.#replace(top, token);
    this.#drop(token);
    return false;
  }

  /** A `}` further left than the block it would close ends an outer one. */
  #closeOuterBlock(token: SourceToken): void {
    if (token.tokenType !== T.RBrace || token.indent < 0) return;
    for (let top = this.#top(); top !== undefined && this.#surplus > 0; top = this.#top()) {
      const outer = this.#open.some((o) => o !== top && o.closer === T.RBrace && o.lineIndent === token.indent);
      if (top.closer !== T.RBrace || token.indent >= top.lineIndent || !outer) return;
      const at = this.#complaints.span(token.startOffset, token.startOffset + 1);
      this.#supply({ span: at, text: 'by its indentation, this `}` closes another block' });
    }
  }

  /** A superfluous `}` is one that is not aligned with the start of its block, or after which the body continues. */
  #closesItsOwn(top: Open, token: SourceToken, i: number): boolean {
    if (token.tokenType === T.RBrace && this.#surplus < 0 && token.indent >= 0) {
      const next = this.#tokens[i + 1];
      const goesOn = this.#open.length === 1 && next !== undefined && next.indent > top.lineIndent;
      if (token.indent > top.lineIndent || goesOn) {
        this.#drop(token);
        return false;
      }
    }
    this.#open.pop();
    return true;
  }

  #replace(top: Open, token: SourceToken): boolean {
    const close = top.closer.LABEL ?? '';
    const span = this.#complaints.span(token.startOffset, token.startOffset + 1);
    const note = {
      span: this.#complaints.span(top.token.startOffset, top.token.startOffset + 1),
      text: `\`${top.token.image}\` is opened here`,
    };
    const extra = { notes: [note], fixes: [{ title: `write \`${close}\``, edits: [{ span, text: close }] }] };
    this.#complaints.add(diagnostic('mismatched-bracket', span, { open: top.token.image, close, found: token.image }, extra), span);
    this.#open.pop();
    this.#out.push(retyped(token, top.closer, close));
    return false;
  }

  #drop(token: SourceToken): void {
    if (token.tokenType === T.RBrace) this.#surplus++;
    const span = this.#complaints.span(token.startOffset, token.startOffset + 1);
    const fixes = [{ title: `take \`${token.image}\` out`, edits: [{ span, text: '' }] }];
    this.#complaints.add(diagnostic('unmatched-bracket', span, { close: token.image }, { fixes }), span);
  }
}

function isLiteral(token: SourceToken | undefined): boolean {
  const type = token?.tokenType;
  return type === T.Num || type === T.Str || type === T.QuotedStr || type === T.hard.true || type === T.hard.false;
}

/** Whether the line of `tokens[i]` begins with a word that cannot appear inside round or square brackets. */
function startsStatement(tokens: readonly SourceToken[], i: number): boolean {
  const type = tokens[i]?.tokenType;
  if (type === T.hard.return) return true;
  if (type === T.hard.let || type === T.hard.param || type === T.hard.buffer) return isWord(tokens[i + 1]);
  return beginsDeclaration(tokens, i);
}
