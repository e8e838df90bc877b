import { type IToken, type TokenType, tokenMatcher } from 'chevrotain';
import type { BinaryOp, Expr } from '../src/1-syntax/ast.js';
import type { Anchor } from '../src/diagnostics/anchor.js';
import { T } from './tokens.js';

/** How tightly each binary operator binds; all but `**` group to the left. The printer inserts brackets by the same table. */
// biome-ignore format: a table
export const precedence: Readonly<Record<BinaryOp | '..', number>> = {
  '||': 1, '|': 1,
  '&&': 2, '&': 2,
  '<': 3, '<=': 3, '>': 3, '>=': 3, '==': 3, '!=': 3, in: 3,
  '..': 4,
  '+': 5, '-': 5,
  '*': 6, '/': 6, '//': 6, '%': 6, '@': 6,
  '**': 8,
};
/** `-x` and `!x`: looser than `**`, tighter than everything else. */
export const unaryPrecedence = 7;

/** The tokens of the binary operators. */
// biome-ignore format: a table
export const binaryTokens: readonly TokenType[] = [
  T.OrOr, T.Or, T.AndAnd, T.And, T.Less, T.LessEq, T.Greater, T.GreaterEq, T.EqEq, T.NotEq, T.hard.in, T.DotDot, T.Plus,
  T.Minus, T.Star, T.Slash, T.SlashSlash, T.Percent, T.At, T.StarStar,
];

/** One operand of a flat chain `-a + b * !c`, with the extent of its text, including brackets. */
export interface Operand {
  readonly prefixes: readonly IToken[];
  readonly value: Expr;
  readonly start: number;
  readonly end: number;
}

/** A part of the chain, with the operator of a comparison without brackets around it. */
export interface Placed {
  readonly value: Expr;
  readonly start: number;
  readonly end: number;
  readonly comparison?: IToken;
}

/** What can be read in two ways. */
export interface OnUnclear {
  /** Two comparisons in a row without brackets, as in `1 <= n <= 4`. */
  readonly chain: (first: IToken, second: IToken) => void;
  /** `&` or `|` beside a comparison without brackets, as in `x > 0 & m`: in Python, it binds more tightly than the comparison. */
  readonly beside: (operator: IToken, left: Placed, right: Placed) => void;
}

/**
 * The tree of a flat chain, by precedence climbing: `operators[i]` is between `operands[i]` and `operands[i + 1]`, and there is at least
 * one operand. The depth of the recursion is bounded by the length of the chain, which the caller limits.
 */
export function climb(operands: readonly Operand[], operators: readonly IToken[], anchor: Anchor, onUnclear: OnUnclear): Expr {
  let at = 0;

  function binary(minimum: number): Placed {
    let left = unary();
    let comparison: IToken | undefined;
    for (let token = operators[at]; token !== undefined; token = operators[at]) {
      const op = operatorOf(token);
      const level = precedence[op];
      if (level < minimum || op === '**') return left;
      if (level === precedence['==']) {
        if (comparison !== undefined) onUnclear.chain(comparison, token);
        comparison = token;
      }
      at++;
      const right = binary(level + 1);
      const beside = bitwise(op) && (left.comparison !== undefined || right.comparison !== undefined);
      if (beside) onUnclear.beside(token, left, right);
      const joined = join(left, token, op, right);
      left = level === precedence['=='] ? { ...joined, comparison: token } : joined;
    }
    return left;
  }

  function unary(prefix = 0): Placed {
    const operand = operands[at] as Operand; // `at` never passes the operators, of which there is one less
    const token = operand.prefixes[prefix];
    if (token === undefined) return power(operand);
    const inner = unary(prefix + 1);
    const op = tokenMatcher(token, T.Minus) ? '-' : '!';
    const value: Expr = { kind: 'unary', op, operand: inner.value, span: anchor.span(token.startOffset, inner.end) };
    return { value, start: token.startOffset, end: inner.end };
  }

  function power(operand: Operand): Placed {
    const token = operators[at];
    if (token === undefined || !tokenMatcher(token, T.StarStar)) return operand;
    at++;
    return join(operand, token, '**', unary());
  }

  function join(left: Placed, token: IToken, op: BinaryOp | '..', right: Placed): Placed {
    const whole = anchor.span(left.start, right.end);
    const value: Expr =
      op === '..'
        ? { kind: 'range', start: left.value, end: right.value, span: whole }
        : {
            kind: 'binary',
            op,
            opSpan: anchor.span(token.startOffset, (token.endOffset ?? token.startOffset) + 1),
            left: left.value,
            right: right.value,
            span: whole,
          };
    return { value, start: left.start, end: right.end };
  }

  return binary(0).value;
}

/** Whether Python has an operator of this name that binds more tightly than comparisons. */
export function bitwise(op: BinaryOp | '..'): boolean {
  return op === '&' || op === '|';
}

/** Whether brackets around the comparisons beside a `&` or `|` are the only sense that it makes: Python's reading would combine numbers. */
export function isBesideClear(left: Placed, right: Placed): boolean {
  const comparisons = [left, right].flatMap(({ comparison }) => (comparison === undefined ? [] : [comparison.image]));
  if (comparisons.length > 1 || comparisons.some((op) => op !== '==' && op !== '!=')) return true;
  const near = left.comparison === undefined ? nearest(right.value, 'left') : nearest(left.value, 'right');
  return near.kind === 'number' || near.kind === 'binary' || (near.kind === 'unary' && near.op === '-');
}

function nearest(comparison: Expr, side: 'left' | 'right'): Expr {
  return comparison.kind === 'binary' ? comparison[side] : comparison;
}

function operatorOf(token: IToken): BinaryOp | '..' {
  return token.image as BinaryOp | '..'; // the grammar allows no other token between two operands
}
