import type { TokenType } from 'chevrotain';
import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { diagnostic } from '../../diagnostics/diagnostic.js';
import { append } from '../../lists.js';
import type { Complaints } from '../complaints.js';
import { beginsOperand, closerOf, endOf, endsOperand, farthest, isCloser, retyped, supplied } from './token-kinds.js';

/** Replaces `not x > 0` with `!(x > 0)`: `not` binds more loosely than comparisons, and `!` more tightly. */
export function repairNegations(tokens: readonly SourceToken[], complaints: Complaints): readonly SourceToken[] {
  if (!tokens.some(({ image }) => image === 'not')) return tokens;
  const out: SourceToken[] = [];
  const closed = new Map<SourceToken, SourceToken[]>();
  tokens.forEach((token, i) => {
    if (!isNegation(tokens, i)) out.push(token);
    else {
      const negated = negatedBy(tokens, i);
      report(token, tokens[i + 1] ?? token, negated, complaints);
      out.push(retyped(token, T.Not));
      const last = negated?.at(-1);
      if (negated !== undefined && last !== undefined && !standsAlone(negated)) {
        out.push(supplied(T.LParen, token));
        closed.set(last, [...(closed.get(last) ?? []), supplied(T.RParen, last)]);
      }
    }
    append(out, closed.get(token) ?? []);
  });
  return out;
}

function isNegation(tokens: readonly SourceToken[], i: number): boolean {
  const [token, operand] = [tokens[i], tokens[i + 1]];
  if (token?.tokenType !== T.Id || token.image !== 'not' || operand === undefined || operand.indent >= 0) return false;
  return (token.indent >= 0 || !endsOperand(tokens[i - 1])) && beginsOperand(operand);
}

function report(token: SourceToken, operand: SourceToken, negated: readonly SourceToken[] | undefined, complaints: Complaints): void {
  const alone = negated !== undefined && standsAlone(negated);
  const operator = alone ? '!' : '!(...)';
  const edits = [{ span: complaints.span(token.startOffset, operand.startOffset), text: alone ? '!' : '!(' }];
  const end = endOf(negated?.at(-1));
  if (!alone) edits.push({ span: complaints.span(end, end), text: ')' });
  const fixes = negated === undefined ? [] : [{ title: `write \`${operator}\``, edits }];
  const span = complaints.span(token.startOffset, endOf(token));
  complaints.add(diagnostic('word-operator', span, { word: 'not', operator }, { fixes }), span);
}

/** The tokens that a `not` negates: all up to a looser operator or the end of the expression. Undefined if their brackets do not match. */
function negatedBy(tokens: readonly SourceToken[], i: number): readonly SourceToken[] | undefined {
  const open: TokenType[] = [];
  for (let k = i + 1; ; k++) {
    const next = tokens[k];
    if (k - i > farthest) return undefined;
    const isEnd = next === undefined || next.indent >= 0;
    if (isEnd || (open.length === 0 && endsNegation(next))) return open.length === 0 ? tokens.slice(i + 1, k) : undefined;
    const closer = closerOf.get(next.tokenType);
    if (closer !== undefined) open.push(closer);
    else if (isCloser(next) && open.pop() !== next.tokenType) return undefined;
  }
}

/** What binds more loosely than the `not` of Python, or cannot be in its operand. */
function endsNegation(token: SourceToken): boolean {
  const { tokenType: type, image } = token;
  const isLooser =
    type === T.AndAnd || type === T.OrOr || type === T.Arrow || type === T.hard.if || type === T.hard.else || type === T.hard.for;
  return isLooser || image === 'and' || image === 'or' || type === T.Comma || type === T.Colon || type === T.LBrace || isCloser(token);
}

/** Whether an operand is one token, or one pair of brackets and what is in them. */
function standsAlone(operand: readonly SourceToken[]): boolean {
  if (operand.length === 1) return true;
  if (operand[0]?.tokenType !== T.LParen) return false;
  let depth = 0;
  return operand.every((token, i) => {
    if (isCloser(token)) depth--;
    else if (closerOf.has(token.tokenType)) depth++;
    return depth > 0 || i === operand.length - 1;
  });
}
