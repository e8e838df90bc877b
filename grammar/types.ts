import type { ParserMethod } from 'chevrotain';
import type { DimExpr, Expr, Name, Pattern, TensorTypeExpr } from '../src/1-syntax/ast.js';
import { BaseParser } from './base-parser.js';
import type { SourceToken } from './source-token.js';
import { T } from './tokens.js';

/** Names, tensor types and patterns, and the bound on the depth of a tree. */
export abstract class TypeParser extends BaseParser {
  abstract readonly operation: ParserMethod<[inIndex?: boolean | undefined], Expr>;

  /** `Tensor<i64>[N, T]?` */
  readonly tensorType = this.RULE('tensorType', (): TensorTypeExpr => {
    const word = this.CONSUME(T.hard.Tensor);
    const dtype = this.OPTION(() => {
      this.CONSUME(T.Less);
      const name = this.SUBRULE(this.dtype);
      this.CONSUME(T.Greater);
      return name;
    });
    const dims = this.OR({
      DEF: [{ ALT: () => this.SUBRULE(this.dims) }, { ALT: () => this.SUBRULE(this.roundDims) }],
      ERR_MSG: 'the axes in `[..]`',
    });
    const optional = this.OPTION1(() => this.CONSUME(T.Question)) !== undefined;
    return this.ACTION(() => ({
      kind: 'tensor-type',
      dtype,
      dims,
      optional,
      span: this.since(word.startOffset),
    }));
  });

  /** `i64`, or a field of a record: `c.dtype`. */
  readonly dtype = this.RULE('dtype', (): Name => {
    const first = this.CONSUME(T.Id);
    let text = first.image;
    this.MANY(() => {
      this.CONSUME(T.Dot);
      const field = this.CONSUME1(T.Id);
      this.ACTION(() => {
        text += `.${field.image}`;
      });
    });
    return this.ACTION(() => ({ text, span: this.since(first.startOffset) }));
  });

  readonly dims = this.RULE('dims', () => {
    const dims: DimExpr[] = [];
    this.CONSUME(T.LBracket);
    this.commas(0, T.RBracket, 'an axis', () => {
      const dim = this.SUBRULE(this.dim);
      this.ACTION(() => dims.push(dim));
    });
    this.CONSUME(T.RBracket);
    return dims;
  });

  /** `Tensor(N, C)`: read as if it had square brackets. */
  readonly roundDims = this.RULE('roundDims', () => {
    const dims: DimExpr[] = [];
    const open = this.CONSUME(T.LParen);
    this.commas(0, T.RParen, 'an axis', () => {
      const dim = this.SUBRULE(this.dim);
      this.ACTION(() => dims.push(dim));
    });
    const close = this.CONSUME(T.RParen);
    this.ACTION(() => {
      const edits = [
        { span: this.spanOf(open), text: '[' },
        { span: this.spanOf(close), text: ']' },
      ];
      this.complain('tensor-parentheses', this.since(open.startOffset), {}, { fixes: [{ title: 'use square brackets', edits }] });
    });
    return dims;
  });

  /** `*B`, `N`, `N|1`, `4 * planes`. */
  readonly dim = this.RULE('dim', (): DimExpr => {
    const { startOffset } = this.LA(1);
    this.ACTION(() => this.refuseUnnamedAxis());
    return this.OR({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(T.Star);
            const name = this.CONSUME(T.Id);
            return this.ACTION((): DimExpr => ({ kind: 'rest', name: this.nameOf(name), span: this.since(startOffset) }));
          },
        },
        {
          ALT: () => {
            const size = this.SUBRULE(this.operation);
            return this.ACTION((): DimExpr => {
              const span = this.since(startOffset);
              const orOne = size.kind === 'binary' && size.op === '|' && size.right.kind === 'number' && size.right.value === 1;
              return orOne ? { kind: 'size', size: size.left, orOne, span } : { kind: 'size', size, orOne: false, span };
            });
          },
        },
      ],
      ERR_MSG: 'an axis',
    });
  });

  /** `Tensor[None, 8]`, `Tensor[?, 8]` and `Tensor[-1, 8]`. */
  private refuseUnnamedAxis(): void {
    const token = this.LA(1);
    const isNegative = this.is(T.Minus) && this.LA(2).image === '1';
    if (token.image !== 'None' && !this.is(T.hard.none) && !this.is(T.Question) && !isNegative) return;
    const after = isNegative ? 3 : 2;
    if (!this.is(T.Comma, after) && !this.is(T.RBracket, after)) return;
    const last = this.spanOf(this.LA(after - 1));
    this.fail('unnamed-axis', this.span(token.startOffset, last.end), { found: isNegative ? '-1' : token.image });
  }

  /** `x` or `(a, (b, c))`. */
  readonly pattern: ParserMethod<[], Pattern> = this.RULE('pattern', () =>
    this.OR({
      DEF: [
        {
          ALT: () => {
            const token = this.CONSUME(T.Id);
            return this.ACTION((): Pattern => ({ kind: 'bind', name: this.nameOf(token), span: this.spanOf(token) }));
          },
        },
        {
          ALT: () => {
            const items: Pattern[] = [];
            const open = this.CONSUME(T.LParen);
            this.commas(0, T.RParen, 'a name', () => {
              const item = this.SUBRULE(this.pattern);
              this.ACTION(() => items.push(item));
            });
            this.CONSUME(T.RParen);
            return this.ACTION((): Pattern => ({ kind: 'tuple-pattern', items, span: this.since(open.startOffset) }));
          },
        },
      ],
      ERR_MSG: 'a name',
    }),
  );

  readonly keywordAsName = this.RULE('keywordAsName', () => {
    const keyword = this.CONSUME(T.HardKeyword);
    this.ACTION(() => this.complain('keyword-as-name', this.spanOf(keyword), { word: keyword.image }));
    return keyword;
  });

  /** A name that is being declared; a reserved word on the same line is reported and treated as one. */
  readonly name = this.RULE('name', (): Name => {
    const token = this.OR({
      DEF: [
        { ALT: () => this.CONSUME(T.Id) },
        {
          GATE: () => this.sameLine(),
          ALT: () => this.SUBRULE(this.keywordAsName),
        },
      ],
      ERR_MSG: 'a name',
    });
    return this.ACTION(() => this.nameOf(token));
  });

  // ---------------------------------------------------------------- the depth of the tree

  /** Starts an expression; returns what `leave` needs. */
  protected enter(): number {
    const outer = this.chained;
    this.chained = 0;
    return outer;
  }

  /**
   * Ends an expression with `count` operators. The tree may be as deep as the operators on the longest path through it, and later phases
   * walk it recursively: an expression that is too long becomes an error node.
   */
  protected leave<E extends Expr>(outer: number, count: number, start: number, make: () => E): Expr {
    return this.tooLong(outer, count, start) ?? make();
  }

  /** Ends an expression as `leave` does; undefined if it is not too long. */
  protected tooLong(outer: number, count: number, start: number): Expr | undefined {
    const length = count + this.chained;
    const limit = this.context.maxOperators;
    if (length <= limit) {
      this.chained = Math.max(outer, length);
      return undefined;
    }
    const span = this.since(start);
    this.complain('expression-too-long', span, { limit });
    this.chained = outer;
    return { kind: 'error', span };
  }

  /** Whether the token can begin an expression. */
  protected beginsExpression(token: SourceToken): boolean {
    return expressionStarts.has(token.tokenType) || token.tokenType.CATEGORIES?.includes(T.Id) === true;
  }
}

// biome-ignore format: a table
const expressionStarts: ReadonlySet<unknown> = new Set([
  T.Id, T.Num, T.Str, T.hard.true, T.hard.false, T.hard.none, T.LParen, T.LBracket, T.hard.if, T.Minus, T.Not, T.hard.Tensor,
]);
