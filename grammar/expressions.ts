import type { IToken, ParserMethod, TokenType } from 'chevrotain';
import type { DimExpr, Expr, IndexItem, TensorTypeExpr } from '../src/1-syntax/ast.js';
import type { Span } from '../src/diagnostics/span.js';
import { argsFor } from './in-index.js';
import { IndexParser } from './indices.js';
import { labelSegments } from './labels.js';
import { newAxesOf } from './new-axes.js';
import { binaryTokens, climb, isBesideClear, type Operand, type Placed } from './operators.js';
import type { SourceToken } from './source-token.js';
import { T } from './tokens.js';

/** The type after `as`, and whether `Tensor` was written. */
interface Ascribed {
  readonly type: TensorTypeExpr;
  readonly full: boolean;
}

const nothing = () => undefined;

/** Where reading continues after a part of a pipeline that could not be read, besides the next line. */
const afterStage: ReadonlySet<TokenType> = new Set([T.Arrow, T.Comma, T.LBrace, T.hard.as]);

const closers: ReadonlySet<TokenType> = new Set([T.RParen, T.RBracket, T.RBrace]);

/** Operators, pipelines, calls and indices. The rules are in the order of precedence, loosest first. */
export abstract class ExpressionParser extends IndexParser {
  /** A pipeline: `start -> stage as [..] -> stage`. */
  override readonly expr: ParserMethod<[], Expr> = this.RULE('expr', () => {
    const outer = this.enter();
    const { startOffset } = this.LA(1);
    let value = this.SUBRULE(this.operation);
    let stages = 0;
    this.OPTION(() => {
      const type = this.attempt<Ascribed | undefined>(() => this.SUBRULE(this.shape), this.goesOn, nothing);
      value = this.ACTION(() => this.checked(value, type, startOffset));
    });
    this.MANY(() => {
      const arrow = this.CONSUME(T.Arrow);
      const stage = this.stage();
      const left = value;
      this.ACTION(() => {
        stages++;
        if (stages > this.context.maxOperators) return;
        value = { kind: 'pipe', left, stage, arrowSpan: this.spanOf(arrow), span: this.since(startOffset) };
      });
      this.OPTION1(() => {
        const type = this.attempt<Ascribed | undefined>(() => this.SUBRULE1(this.shape), this.goesOn, nothing);
        value = this.ACTION(() => this.checked(value, type, startOffset));
      });
    });
    return this.ACTION(() => this.tooLong(outer, 2 * stages, startOffset) ?? value);
  });

  /** What follows an arrow. If it cannot be read, the pipeline before it still can. */
  private stage(): Expr {
    const first = this.next();
    // Without a stage, the bracket around the pipeline closes here; further on, a closing bracket may be one of the stage.
    const isMissing = closers.has(first.tokenType);
    return this.attempt<Expr>(
      () => this.SUBRULE1(this.operation),
      (token) => (isMissing && token === first) || this.goesOn(token),
      (start) => ({ kind: 'error', span: this.since(start) }),
    );
  }

  /** Where reading continues after a part of a pipeline that could not be read. */
  private readonly goesOn = (token: SourceToken): boolean => token.indent >= 0 || afterStage.has(token.tokenType);

  /** Without a type, which could not be read, the value is as it is. */
  private checked(value: Expr, ascribed: Ascribed | undefined, start: number): Expr {
    return ascribed === undefined ? value : { kind: 'as', value, ...ascribed, span: this.since(start) };
  }

  /** `as [N, 400]` or `as Tensor<i64>[N]`. */
  readonly shape = this.RULE('shape', (): Ascribed => {
    this.CONSUME(T.hard.as);
    return this.OR({
      DEF: [
        { ALT: () => ({ type: this.SUBRULE(this.tensorType), full: true }) },
        {
          ALT: () => {
            const { startOffset } = this.LA(1);
            const dims = this.SUBRULE(this.dims);
            return this.ACTION(() => ({ type: this.bareType(dims, startOffset), full: false }));
          },
        },
      ],
      ERR_MSG: 'a shape such as `[N, 400]`',
    });
  });

  private bareType(dims: readonly DimExpr[], start: number): TensorTypeExpr {
    return { kind: 'tensor-type', dims, optional: false, span: this.since(start) };
  }

  /** Made once: this list is used at every operator. */
  private readonly binaryOperators = binaryTokens.map((type, i) => ({ ALT: () => this.consume(i, type) }));

  /** Operators on one level, grouped by precedence afterwards: see `operators.ts`. `inIndex` says that `a:b` is not a label. */
  override readonly operation: ParserMethod<[inIndex?: boolean | undefined], Expr> = this.RULE(
    'operation',
    (inIndex?: boolean | undefined) => {
      const outer = this.enter();
      const { startOffset } = this.LA(1);
      const args = argsFor(inIndex);
      const operands: Operand[] = [this.SUBRULE(this.operand, args)];
      const operators: IToken[] = [];
      this.MANY({
        GATE: this.operatorGoesOn,
        DEF: () => {
          operators.push(this.OR(this.binaryOperators));
          operands.push(this.SUBRULE1(this.operand, args));
        },
      });
      return this.ACTION(() => {
        const only = operators.length === 0 ? operands[0] : undefined;
        if (only?.prefixes.length === 0) return this.tooLong(outer, 0, startOffset) ?? only.value;
        const count = operands.reduce((sum, { prefixes }) => sum + prefixes.length, operators.length);
        return this.leave(outer, count, startOffset, () =>
          climb(operands, operators, this.anchor, {
            chain: (first, second) => this.chainedComparison(first, second),
            beside: (operator, left, right) => this.bareComparison(operator, left, right),
          }),
        );
      });
    },
  );

  /** In `x[1..]`, the range ends where the index does. */
  private readonly operatorGoesOn = () => !this.is(T.DotDot) || (!this.is(T.RBracket, 2) && !this.is(T.Comma, 2) && !this.atBy(2));

  private chainedComparison(first: IToken, second: IToken): void {
    this.complain('chained-comparison', this.spanOf(second), { first: first.image, second: second.image });
  }

  private bareComparison(operator: IToken, left: Placed, right: Placed): void {
    const around = [left, right].flatMap(({ comparison, start, end }) =>
      comparison === undefined
        ? []
        : [
            { span: this.span(start, start), text: '(' },
            { span: this.span(end, end), text: ')' },
          ],
    );
    const isClear = isBesideClear(left, right);
    const fixes = isClear ? [{ title: `put ${around.length > 2 ? 'the comparisons' : 'the comparison'} in brackets`, edits: around }] : [];
    const params = { operator: operator.image, left: left.comparison?.image, right: right.comparison?.image, isClear };
    this.complain('bare-comparison', this.spanOf(operator), params, { fixes });
  }

  readonly operand: ParserMethod<[inIndex: boolean | undefined], Operand> = this.RULE('operand', (inIndex: boolean | undefined) => {
    const prefixes: IToken[] = [];
    this.MANY(() => prefixes.push(this.OR([{ ALT: () => this.CONSUME(T.Minus) }, { ALT: () => this.CONSUME(T.Not) }])));
    const start = this.LA(1).startOffset;
    const value = this.SUBRULE(this.labelled, argsFor(inIndex));
    return this.ACTION(() => ({ prefixes, value, start, end: this.endOfLast() }));
  });

  /** `label: Layer(...)`. */
  readonly labelled: ParserMethod<[inIndex: boolean | undefined], Expr> = this.RULE('labelled', (inIndex: boolean | undefined) => {
    const { startOffset } = this.LA(1);
    let value = this.SUBRULE(this.postfix);
    this.OPTION({
      GATE: () => inIndex !== true,
      DEF: () => {
        const label = this.ACTION(() => this.since(startOffset));
        this.CONSUME(T.Colon);
        const target = this.SUBRULE1(this.postfix);
        value = this.ACTION(() => {
          const segments = labelSegments(value);
          if (segments === undefined) this.fail('bad-label', label, { blank: false });
          return { kind: 'label', segments, labelSpan: label, target, span: this.since(startOffset) };
        });
      },
    });
    return value;
  });

  /** Calls, indices, members and `?`. A `(` or `[` continues the expression only on the same line. */
  readonly postfix: ParserMethod<[], Expr> = this.RULE('postfix', () => {
    const outer = this.enter();
    const { startOffset } = this.LA(1);
    let value = this.SUBRULE(this.atom);
    let count = 0;
    const grow = (make: () => Expr) => {
      if (++count <= this.context.maxOperators) value = make();
    };
    this.MANY({
      GATE: () => this.sameLine() || this.is(T.Dot) || this.is(T.Question),
      DEF: () =>
        this.OR([
          {
            ALT: () => {
              const open = this.LA(1).startOffset;
              const args = this.SUBRULE(this.args);
              this.ACTION(() =>
                grow(() => ({ kind: 'call', callee: value, args, argsSpan: this.since(open), span: this.since(startOffset) })),
              );
            },
          },
          {
            ALT: () => {
              const open = this.LA(1).startOffset;
              const items = this.SUBRULE(this.index);
              this.ACTION(() => {
                const isRefused = this.refuseNewAxes(value, items, this.since(open), startOffset);
                const span = this.since(startOffset);
                grow(() => (isRefused ? { kind: 'error', span } : { kind: 'index', object: value, items, span }));
              });
            },
          },
          {
            ALT: () => {
              this.CONSUME(T.Dot);
              const name = this.attempt(
                () => this.SUBRULE(this.member),
                () => true,
                () => this.missingName(),
              );
              this.ACTION(() => grow(() => ({ kind: 'member', object: value, name, span: this.since(startOffset) })));
            },
          },
          {
            ALT: () => {
              this.CONSUME(T.Question);
              this.ACTION(() => grow(() => ({ kind: 'present', object: value, span: this.since(startOffset) })));
            },
          },
        ]),
    });
    return this.ACTION(() => this.tooLong(outer, count, startOffset) ?? value);
  });

  private refuseNewAxes(object: Expr, items: readonly IndexItem[], index: Span, start: number): boolean {
    const added = newAxesOf(items, index, start);
    if (added === undefined) return false;
    const name = object.kind === 'name' ? object.name : 'x';
    const written = `unsqueeze(${added.alone ? name : `${name}[...]`}, ${added.axes})`;
    this.complain('none-value', index, { written, isWhole: added.alone }, { fixes: [{ title: 'write `unsqueeze`', edits: added.edits }] });
    return true;
  }
}
