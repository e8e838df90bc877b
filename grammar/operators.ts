import { type IToken, type TokenType, tokenMatcher } from 'chevrotain';
import type { BinaryOp, Expr } from '../src/1-syntax/ast.js';
import type { Span } from '../src/diagnostics/span.js';
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

interface Placed {
  readonly value: Expr;
  readonly start: number;
  readonly end: number;
}

/** Two comparisons in a row without brackets, as in `1 <= n <= 4`. */
export type OnChain = (first: IToken, second: IToken) => void;

/**
 * The tree of a flat chain, by precedence climbing: `operators[i]` is between `operands[i]` and `operands[i + 1]`, and there is at least
 * one operand. The depth of the recursion is bounded by the length of the chain, which the caller limits.
 */
export function climb(operands: readonly Operand[], operators: readonly IToken[], path: string, onChain: OnChain): Expr {
  let at = 0;

  const span = (start: number, end: number): Span => ({ file: path, start, end });

  function binary(minimum: number): Placed {
    let left = unary();
    let comparison: IToken | undefined;
    for (let token = operators[at]; token !== undefined; token = operators[at]) {
      const op = operatorOf(token);
      const level = precedence[op];
      if (level < minimum || op === '**') return left;
      if (level === precedence['==']) {
        if (comparison !== undefined) onChain(comparison, token);
        comparison = token;
      }
      at++;
      left = join(left, token, op, binary(level + 1));
    }
    return left;
  }

  function unary(prefix = 0): Placed {
    const operand = operands[at] as Operand; // `at` never passes the operators, of which there is one less
    const token = operand.prefixes[prefix];
    if (token === undefined) return power(operand);
    const inner = unary(prefix + 1);
    const op = tokenMatcher(token, T.Minus) ? '-' : '!';
    const value: Expr = { kind: 'unary', op, operand: inner.value, span: span(token.startOffset, inner.end) };
    return { value, start: token.startOffset, end: inner.end };
  }

  function power(operand: Operand): Placed {
    const token = operators[at];
    if (token === undefined || !tokenMatcher(token, T.StarStar)) return operand;
    at++;
    return join(operand, token, '**', unary());
  }

  function join(left: Placed, token: IToken, op: BinaryOp | '..', right: Placed): Placed {
    const whole = span(left.start, right.end);
    const value: Expr =
      op === '..'
        ? { kind: 'range', start: left.value, end: right.value, span: whole }
        : {
            kind: 'binary',
            op,
            opSpan: span(token.startOffset, (token.endOffset ?? token.startOffset) + 1),
            left: left.value,
            right: right.value,
            span: whole,
          };
    return { value, start: left.start, end: right.end };
  }

  return binary(0).value;
}

function operatorOf(token: IToken): BinaryOp | '..' {
  return token.image as BinaryOp | '..'; // the grammar allows no other token between two operands
}
