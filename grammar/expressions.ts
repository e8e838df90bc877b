import type { IToken, ParserMethod } from 'chevrotain';
import type { Arg, DimExpr, Expr, IndexItem, TensorTypeExpr } from '../src/1-syntax/ast.js';
import type { Span } from '../src/diagnostics/span.js';
import { AtomParser } from './atoms.js';
import { labelSegments } from './labels.js';
import { newAxesOf } from './new-axes.js';
import { binaryTokens, climb, isBesideClear, type Operand, type Placed } from './operators.js';
import { T } from './tokens.js';

/** An expression and the postfix operators read so far. */
interface Grown {
  value: Expr;
  readonly start: number;
  count: number;
}

/** Stands for an expression while the grammar is analyzed. */
const nothing: Grown = { value: { kind: 'error', span: { file: '', start: 0, end: 0 } }, start: 0, count: 0 };

const insideIndex: { readonly ARGS: [boolean | undefined] } = { ARGS: [true] };
const elsewhere: { readonly ARGS: [boolean | undefined] } = { ARGS: [undefined] };

/** Operators, pipelines, calls and indices. The rules are in the order of precedence, loosest first. */
export abstract class ExpressionParser extends AtomParser {
  /** A pipeline: `start -> stage as [..] -> stage`. */
  override readonly expr: ParserMethod<[], Expr> = this.RULE('expr', () => {
    const outer = this.enter();
    const { startOffset } = this.LA(1);
    let value = this.SUBRULE(this.operation);
    let stages = 0;
    this.OPTION(() => {
      const type = this.SUBRULE(this.shape);
      value = this.ACTION(() => this.checked(value, type, startOffset));
    });
    this.MANY(() => {
      const arrow = this.CONSUME(T.Arrow);
      const stage = this.SUBRULE1(this.operation);
      const left = value;
      this.ACTION(() => {
        stages++;
        if (stages > this.context.maxOperators) return;
        value = { kind: 'pipe', left, stage, arrowSpan: this.spanOf(arrow), span: this.since(startOffset) };
      });
      this.OPTION1(() => {
        const type = this.SUBRULE1(this.shape);
        value = this.ACTION(() => this.checked(value, type, startOffset));
      });
    });
    return this.ACTION(() => this.tooLong(outer, 2 * stages, startOffset) ?? value);
  });

  private checked(value: Expr, { type, full }: { type: TensorTypeExpr; full: boolean }, start: number): Expr {
    return { kind: 'as', value, type, full, span: this.since(start) };
  }

  /** `as [N, 400]` or `as Tensor<i64>[N]`. */
  readonly shape = this.RULE('shape', () => {
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
      const args = inIndex === true ? insideIndex : elsewhere;
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

  private readonly operatorGoesOn = () => !this.is(T.DotDot) || this.rangeGoesOn();

  /** In `x[1..]`, the range ends where the index does. */
  private rangeGoesOn(): boolean {
    return !this.is(T.RBracket, 2) && !this.is(T.Comma, 2) && !this.atBy(2);
  }

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
    const value = this.SUBRULE(this.labelled, inIndex === true ? insideIndex : elsewhere);
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
    const grown: Grown = { value: this.SUBRULE(this.atom), start: startOffset, count: 0 };
    this.MANY({
      GATE: this.postfixGoesOn,
      DEF: () => {
        this.grown = grown;
        this.OR(this.postfixes);
      },
    });
    return this.ACTION(() => this.tooLong(outer, grown.count, startOffset) ?? grown.value);
  });

  private readonly postfixGoesOn = () => this.sameLine() || this.is(T.Dot) || this.is(T.Question);

  /** What the next postfix operator is applied to, until that has begun. */
  private grown: Grown | undefined;

  private takeGrown(): Grown {
    const { grown = nothing } = this;
    this.grown = undefined;
    return grown;
  }

  /** Made once, as `binaryOperators`. */
  private readonly postfixes = [
    {
      ALT: () => {
        const grown = this.takeGrown();
        const open = this.LA(1).startOffset;
        const args = this.SUBRULE(this.args);
        this.ACTION(() => this.grow(grown, (callee, span) => ({ kind: 'call', callee, args, argsSpan: this.since(open), span })));
      },
    },
    {
      ALT: () => {
        const grown = this.takeGrown();
        const open = this.LA(1).startOffset;
        const items = this.SUBRULE(this.index);
        this.ACTION(() => {
          const isRefused = this.refuseNewAxes(grown.value, items, this.since(open), grown.start);
          this.grow(grown, (object, span) => (isRefused ? { kind: 'error', span } : { kind: 'index', object, items, span }));
        });
      },
    },
    {
      ALT: () => {
        const grown = this.takeGrown();
        this.CONSUME(T.Dot);
        const name = this.SUBRULE(this.member);
        this.ACTION(() => this.grow(grown, (object, span) => ({ kind: 'member', object, name, span })));
      },
    },
    {
      ALT: () => {
        const grown = this.takeGrown();
        this.CONSUME(T.Question);
        this.ACTION(() => this.grow(grown, (object, span) => ({ kind: 'present', object, span })));
      },
    },
  ];

  private grow(grown: Grown, make: (value: Expr, span: Span) => Expr): void {
    grown.count++;
    if (grown.count <= this.context.maxOperators) grown.value = make(grown.value, this.since(grown.start));
  }

  private refuseNewAxes(object: Expr, items: readonly IndexItem[], index: Span, start: number): boolean {
    const added = newAxesOf(items, index, start);
    if (added === undefined) return false;
    const name = object.kind === 'name' ? object.name : 'x';
    const written = `unsqueeze(${added.alone ? name : `${name}[...]`}, ${added.axes})`;
    this.complain('none-value', index, { written, isWhole: added.alone }, { fixes: [{ title: 'write `unsqueeze`', edits: added.edits }] });
    return true;
  }

  /** After a dot, keywords are also names: `bert.encoder.layer`. On the next line, they begin a statement. */
  readonly member = this.RULE('member', () => {
    const token = this.OR({
      DEF: [{ ALT: () => this.CONSUME(T.Id) }, { GATE: () => this.sameLine(), ALT: () => this.CONSUME(T.HardKeyword) }],
      ERR_MSG: 'a name',
    });
    return this.ACTION(() => this.nameOf(token));
  });

  readonly args = this.RULE('args', () => {
    const args: Arg[] = [];
    this.CONSUME(T.LParen);
    this.commas(0, T.RParen, 'an argument', () => {
      const arg = this.SUBRULE(this.arg);
      this.ACTION(() => args.push(arg));
    });
    this.CONSUME(T.RParen);
    return args;
  });

  /** `value`, `name = value` or `*record`; a keyword before `=` is a name here. */
  readonly arg = this.RULE(
    'arg',
    (): Arg =>
      this.OR<Arg>({ DEF: [{ ALT: () => this.SUBRULE(this.copied) }, { ALT: () => this.SUBRULE(this.given) }], ERR_MSG: 'an expression' }),
  );

  readonly copied = this.RULE('copied', (): Arg => {
    this.CONSUME(T.Star);
    const value = this.SUBRULE(this.expr);
    return { value, spread: true };
  });

  readonly given = this.RULE('given', (): Arg => {
    const name = this.SUBRULE(this.argName);
    const value = this.SUBRULE(this.expr);
    return this.ACTION(() => {
      if (name !== undefined) return { name, value };
      this.checkColonArgument(value);
      return { value };
    });
  });

  /** `f(a: 3)` reads as a label, but is not followed by anything that can carry one. */
  private checkColonArgument(value: Expr): void {
    if (value.kind !== 'label') return;
    const [segment] = value.segments;
    if (segment?.kind !== 'word' || value.segments.length !== 1 || !isLiteral(value.target)) return;
    const colon = this.span(value.labelSpan.end, value.target.span.start);
    this.complain(
      'named-argument-colon',
      value.span,
      { name: segment.name.text },
      { fixes: [{ title: 'write `=`', edits: [{ span: colon, text: ' = ' }] }] },
    );
  }

  readonly index = this.RULE('index', () => {
    const items: IndexItem[] = [];
    const open = this.CONSUME(T.LBracket);
    this.commas(0, T.RBracket, 'an index', () => {
      const item = this.SUBRULE(this.indexItem);
      this.ACTION(() => items.push(item));
    });
    this.CONSUME(T.RBracket);
    return this.ACTION((): readonly IndexItem[] => {
      if (items.length > 0) return items;
      const span = this.since(open.startOffset);
      this.complain('empty-index', span, {});
      return [{ kind: 'at', value: { kind: 'error', span }, span }];
    });
  });

  readonly indexItem = this.RULE('indexItem', (): IndexItem => {
    const { startOffset } = this.LA(1);
    return this.OR({
      DEF: [
        {
          ALT: () => {
            const slice = this.SUBRULE(this.colons);
            return this.ACTION((): IndexItem => {
              const span = this.since(startOffset);
              if (slice.end === undefined && slice.second === undefined) return { kind: 'all', span };
              this.pythonSlice(slice, span);
              return { kind: 'slice', end: slice.end, step: slice.step, span };
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.DotDot);
            const end = this.OPTION1({ GATE: () => !this.atBy(), DEF: () => this.SUBRULE1(this.operation, { ARGS: [true] }) });
            const step = this.SUBRULE(this.step);
            return this.ACTION((): IndexItem => {
              const span = this.since(startOffset);
              return end === undefined && step === undefined ? { kind: 'ellipsis', span } : { kind: 'slice', end, step, span };
            });
          },
        },
        {
          ALT: () => {
            this.ACTION(() => {
              this.newAxis = this.is(T.Comma, 2) || this.is(T.RBracket, 2) ? startOffset : undefined;
            });
            const value = this.SUBRULE2(this.operation, { ARGS: [true] });
            let open = false;
            let python: Colons | undefined;
            this.OPTION2(() =>
              this.OR1([
                {
                  ALT: () => {
                    this.CONSUME1(T.DotDot);
                    open = true;
                  },
                },
                {
                  ALT: () => {
                    python = this.SUBRULE1(this.colons);
                    open = true;
                  },
                },
              ]),
            );
            const step = this.SUBRULE1(this.step);
            return this.ACTION((): IndexItem => {
              const span = this.since(startOffset);
              if (python !== undefined) this.pythonSlice(python, span);
              if (open) return { kind: 'slice', start: value, end: python?.end, step: python?.step ?? step, span };
              if (value.kind === 'range') return { kind: 'slice', start: value.start, end: value.end, step, span };
              if (step !== undefined) this.fail('step-without-range', span, {});
              return { kind: 'at', value, span };
            });
          },
        },
      ],
      ERR_MSG: 'an index',
    });
  });

  /** An end or a step after a colon. */
  readonly colonBound = this.RULE('colonBound', (): Expr => this.SUBRULE(this.operation, { ARGS: [true] }));

  /** `:`, and in Python `:3`, `:3:2` and `::2`, after the start of a slice, if any. */
  readonly colons = this.RULE('colons', (): Colons => {
    const first = this.CONSUME(T.Colon);
    const end = this.OPTION(() => this.SUBRULE(this.colonBound));
    let second: IToken | undefined;
    let step: Expr | undefined;
    this.OPTION1(() => {
      second = this.CONSUME1(T.Colon);
      step = this.OPTION2(() => this.SUBRULE1(this.colonBound));
    });
    return { first, end, second, step };
  });

  private pythonSlice({ first, end, second, step }: Colons, span: Span): void {
    const edits = [{ span: this.spanOf(first), text: '..' }];
    if (second !== undefined) edits.push({ span: this.spanOf(second), text: step === undefined ? '' : ' by ' });
    const isWhole = this.spanOf(first).start === span.start && end === undefined && step === undefined;
    const isReversed = step?.kind === 'unary' && step.op === '-';
    const written = isWhole ? [{ span, text: ':' }] : edits;
    const fixes = isReversed
      ? []
      : [{ title: isWhole ? 'write `:`' : `write \`..\`${step === undefined ? '' : ' and `by`'}`, edits: written }];
    this.complain('python-slice', span, { hasStep: step !== undefined, isReversed }, { fixes });
  }

  /** `by` is a soft keyword: in `x[by]` and `0..by` it is a name. */
  private atBy(at = 1): boolean {
    return this.is(T.soft.by, at) && this.beginsExpression(this.next(at + 1));
  }

  readonly step = this.RULE('step', (): Expr | undefined =>
    this.OPTION(() => {
      this.CONSUME(T.soft.by);
      return this.SUBRULE(this.operation, { ARGS: [true] });
    }),
  );
}

/** A slice with colons, as in Python, without its start. */
interface Colons {
  readonly first: IToken;
  readonly end: Expr | undefined;
  readonly second: IToken | undefined;
  readonly step: Expr | undefined;
}

function isLiteral(e: Expr): boolean {
  return e.kind === 'number' || e.kind === 'bool' || e.kind === 'string' || e.kind === 'list' || e.kind === 'tuple';
}
