import type { IToken, ParserMethod } from 'chevrotain';
import type {
  Arg,
  Block,
  DimExpr,
  Expr,
  IfExpr,
  IndexItem,
  Name,
  Pattern,
  StringExpr,
  TensorTypeExpr,
  TupleExpr,
} from '../src/1-syntax/ast.js';
import { BaseParser } from './base-parser.js';
import { branches, valueBlock } from './branches.js';
import { labelSegments } from './labels.js';
import { binaryTokens, climb, type Operand } from './operators.js';
import type { SourceToken } from './source-token.js';
import { T } from './tokens.js';

/** One `if c { } else if d { } else { }` before it is known whether it stands for a value. */
export interface Branches {
  readonly cases: readonly { readonly start: number; readonly condition: Expr; readonly then: Block }[];
  readonly otherwise: Block | undefined;
  readonly end: number;
}

/** Expressions, tensor types and patterns. The rules stand in the order of precedence, loosest first. */
export abstract class ExpressionParser extends BaseParser {
  abstract readonly block: ParserMethod<[], Block>;

  /** A pipeline: `start -> stage as [..] -> stage`. */
  readonly expr: ParserMethod<[], Expr> = this.RULE('expr', () => {
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
    return this.ACTION(() => this.leave(outer, 2 * stages, startOffset, () => value));
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

  /** Operators on one level, grouped by precedence afterwards: see `operators.ts`. `inIndex` says that `a:b` is not a label. */
  readonly operation: ParserMethod<[inIndex?: boolean | undefined], Expr> = this.RULE('operation', (inIndex?: boolean | undefined) => {
    const outer = this.enter();
    const { startOffset } = this.LA(1);
    const operands: Operand[] = [this.SUBRULE(this.operand, { ARGS: [inIndex] })];
    const operators: IToken[] = [];
    this.MANY({
      GATE: () => !this.is(T.DotDot) || this.rangeGoesOn(),
      DEF: () => {
        operators.push(this.OR(binaryTokens.map((type, i) => ({ ALT: () => this.consume(i, type) }))));
        operands.push(this.SUBRULE1(this.operand, { ARGS: [inIndex] }));
      },
    });
    return this.ACTION(() => {
      const count = operands.reduce((sum, { prefixes }) => sum + prefixes.length, operators.length);
      return this.leave(outer, count, startOffset, () =>
        climb(operands, operators, this.context.path, (a, b) => this.chainedComparison(a, b)),
      );
    });
  });

  /** In `x[1..]` the range ends where the index does. */
  private rangeGoesOn(): boolean {
    return !this.is(T.RBracket, 2) && !this.is(T.Comma, 2) && !(this.is(T.soft.by, 2) && !this.is(T.Comma, 3) && !this.is(T.RBracket, 3));
  }

  private chainedComparison(first: IToken, second: IToken): void {
    this.complain('chained-comparison', this.spanOf(second), { first: first.image, second: second.image });
  }

  readonly operand: ParserMethod<[inIndex: boolean | undefined], Operand> = this.RULE('operand', (inIndex: boolean | undefined) => {
    const prefixes: IToken[] = [];
    this.MANY(() => prefixes.push(this.OR([{ ALT: () => this.CONSUME(T.Minus) }, { ALT: () => this.CONSUME(T.Not) }])));
    const start = this.LA(1).startOffset;
    const value = this.SUBRULE(this.labelled, { ARGS: [inIndex] });
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
          if (segments === undefined) this.fail('bad-label', label, {});
          return { kind: 'label', segments, labelSpan: label, target, span: this.since(startOffset) };
        });
      },
    });
    return value;
  });

  /** Calls, indices, members and `?`. A `(` or `[` goes on only on the same line. */
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
              const items = this.SUBRULE(this.index);
              this.ACTION(() => grow(() => ({ kind: 'index', object: value, items, span: this.since(startOffset) })));
            },
          },
          {
            ALT: () => {
              this.CONSUME(T.Dot);
              const name = this.SUBRULE(this.member);
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
    return this.ACTION(() => this.leave(outer, count, startOffset, () => value));
  });

  /** After a dot keywords are names as well: `bert.encoder.layer`. */
  readonly member = this.RULE('member', () => {
    const token = this.OR({ DEF: [{ ALT: () => this.CONSUME(T.Id) }, { ALT: () => this.CONSUME(T.HardKeyword) }], ERR_MSG: 'a name' });
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

  /** `value` or `name = value`; a keyword before `=` is a name here. */
  readonly arg = this.RULE('arg', (): Arg => {
    const name = this.SUBRULE(this.argName);
    const value = this.SUBRULE(this.expr);
    return this.ACTION(() => {
      if (name !== undefined) return { name, value };
      this.checkColonArgument(value);
      return { value };
    });
  });

  readonly argName = this.RULE('argName', (): Name | undefined =>
    this.OPTION({
      GATE: () => this.is(T.Eq, 2),
      DEF: () => {
        const token = this.OR([{ ALT: () => this.CONSUME(T.Id) }, { ALT: () => this.CONSUME(T.HardKeyword) }]);
        this.CONSUME(T.Eq);
        return this.ACTION(() => this.nameOf(token));
      },
    }),
  );

  /** `f(a: 3)` reads as a label, but nothing that can carry one follows. */
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
            const colon = this.CONSUME(T.Colon);
            const end = this.OPTION(() => this.SUBRULE(this.operation, { ARGS: [true] }));
            return this.ACTION((): IndexItem => {
              if (end === undefined) return { kind: 'all', span: this.spanOf(colon) };
              this.pythonSlice(colon);
              return { kind: 'slice', end, span: this.since(startOffset) };
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
            const value = this.SUBRULE2(this.operation, { ARGS: [true] });
            let open = false;
            let end: Expr | undefined;
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
                    const colon = this.CONSUME1(T.Colon);
                    open = true;
                    end = this.OPTION3(() => this.SUBRULE3(this.operation, { ARGS: [true] }));
                    this.ACTION(() => this.pythonSlice(colon));
                  },
                },
              ]),
            );
            const step = this.SUBRULE1(this.step);
            return this.ACTION((): IndexItem => {
              const span = this.since(startOffset);
              if (open) return { kind: 'slice', start: value, end, step, span };
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

  private pythonSlice(colon: IToken): void {
    const span = this.spanOf(colon);
    this.complain('python-slice', span, {}, { fixes: [{ title: 'write `..`', edits: [{ span, text: '..' }] }] });
  }

  /** `by` is a soft keyword: in `x[by]` it is a name. */
  private atBy(): boolean {
    return this.is(T.soft.by) && !this.is(T.Comma, 2) && !this.is(T.RBracket, 2);
  }

  readonly step = this.RULE('step', (): Expr | undefined =>
    this.OPTION(() => {
      this.CONSUME(T.soft.by);
      return this.SUBRULE(this.operation, { ARGS: [true] });
    }),
  );

  // ---------------------------------------------------------------- atoms

  readonly atom: ParserMethod<[], Expr> = this.RULE('atom', () =>
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.number) },
        { ALT: () => this.SUBRULE(this.string) },
        { ALT: () => this.SUBRULE(this.bool) },
        { ALT: () => this.SUBRULE(this.reference) },
        { ALT: () => this.SUBRULE(this.brackets) },
        { ALT: () => this.SUBRULE(this.list) },
        { ALT: () => this.SUBRULE(this.ifExpr) },
        { ALT: () => this.SUBRULE(this.typeAsValue) },
      ],
      ERR_MSG: 'an expression',
    }),
  );

  readonly number = this.RULE('number', (): Expr => {
    const token = this.CONSUME(T.Num);
    return this.ACTION(() => {
      const text = token.image;
      const value = Number(text.replaceAll('_', ''));
      const isInt = !/[.eE]/.test(text);
      const span = this.spanOf(token);
      if (!Number.isFinite(value) || (isInt && !Number.isSafeInteger(value)))
        this.complain('number-out-of-range', span, { text: text.slice(0, 40), isInt });
      return { kind: 'number', value, isInt, text, span };
    });
  });

  readonly string = this.RULE('string', (): StringExpr => {
    const token = this.CONSUME(T.Str);
    return this.ACTION(() => {
      const parts: (string | Expr)[] = [];
      this.context.onString(token, parts);
      return { kind: 'string', parts, text: token.image, span: this.spanOf(token) };
    });
  });

  readonly bool = this.RULE('bool', (): Expr => {
    const token = this.OR([{ ALT: () => this.CONSUME(T.hard.true) }, { ALT: () => this.CONSUME(T.hard.false) }]);
    return this.ACTION(() => ({ kind: 'bool', value: token.image === 'true', span: this.spanOf(token) }));
  });

  readonly reference = this.RULE('reference', (): Expr => {
    const token = this.CONSUME(T.Id);
    return this.ACTION(() => ({ kind: 'name', name: token.image, span: this.spanOf(token) }));
  });

  /** A type says what a value must be and is none itself. */
  readonly typeAsValue = this.RULE('typeAsValue', (): Expr => {
    const type = this.SUBRULE(this.tensorType);
    return this.ACTION(() => {
      this.complain('type-as-value', type.span, {});
      return { kind: 'error', span: type.span };
    });
  });

  /** `(x)` is `x`; `()`, `(x,)`, `(x, y)` and `(a = x)` are tuples. */
  readonly brackets = this.RULE('brackets', (): Expr => {
    const items: TupleExpr['items'][number][] = [];
    const open = this.CONSUME(T.LParen);
    this.commas(0, T.RParen, 'an expression', () => {
      const name = this.SUBRULE(this.argName);
      const value = this.SUBRULE(this.expr);
      this.ACTION(() => items.push(name === undefined ? { value } : { name, value }));
    });
    const trailing = this.ACTION(() => this.is(T.Comma, 0));
    this.CONSUME(T.RParen);
    return this.ACTION(() => {
      const [only] = items;
      if (only !== undefined && items.length === 1 && only.name === undefined && !trailing) return only.value;
      return { kind: 'tuple', items, span: this.since(open.startOffset) };
    });
  });

  /** `[a, *rest]`, `[f(i) for i in 0..n]`, and the pattern of a rearrangement `[a, b] => [b, a]`. */
  readonly list = this.RULE('list', (): Expr => {
    const items: { value: Expr; spread: boolean }[] = [];
    let comprehension: { target: Pattern; iterable: Expr } | undefined;
    const open = this.CONSUME(T.LBracket);
    this.commas(0, T.RBracket, 'an expression', () => {
      const spread = this.OPTION1(() => this.CONSUME(T.Star)) !== undefined;
      const value = this.SUBRULE(this.expr);
      this.ACTION(() => items.push({ value, spread }));
      this.OPTION2({
        GATE: () => items.length === 1 && !spread,
        DEF: () => {
          this.CONSUME(T.hard.for);
          const target = this.SUBRULE(this.pattern);
          this.CONSUME(T.hard.in);
          const iterable = this.SUBRULE(this.operation);
          comprehension = { target, iterable };
        },
      });
    });
    this.CONSUME(T.RBracket);
    const to = this.OPTION3(() => {
      this.CONSUME(T.FatArrow);
      return this.SUBRULE(this.plainList);
    });
    return this.ACTION((): Expr => {
      const span = this.since(open.startOffset);
      const [first] = items;
      if (comprehension !== undefined && first !== undefined) return { kind: 'comprehension', value: first.value, ...comprehension, span };
      if (to === undefined) return { kind: 'list', items, span };
      const spread = items.find((item) => item.spread);
      if (spread !== undefined) this.complain('spread-in-pattern', spread.value.span, {});
      return { kind: 'rearrange-pattern', from: items.map((item) => item.value), to, span };
    });
  });

  readonly plainList = this.RULE('plainList', () => {
    const items: Expr[] = [];
    this.CONSUME(T.LBracket);
    this.commas(0, T.RBracket, 'an axis', () => {
      const item = this.SUBRULE(this.operation);
      this.ACTION(() => items.push(item));
    });
    this.CONSUME(T.RBracket);
    return items;
  });

  // ---------------------------------------------------------------- if

  readonly ifExpr = this.RULE('ifExpr', (): Expr => {
    const outer = this.enter();
    const { startOffset } = this.LA(1);
    const found = this.SUBRULE(this.branches);
    return this.ACTION(() =>
      this.leave(outer, found.cases.length, startOffset, (): IfExpr => branches(found, this.context.path, valueBlock, 'if')),
    );
  });

  /** A chain is read in a loop, so that a long one needs no stack. */
  readonly branches = this.RULE('branches', (): Branches => {
    const cases: { start: number; condition: Expr; then: Block }[] = [];
    const one = (index: number) => {
      const { startOffset } = this.LA(1);
      this.consume(index, T.hard.if);
      const condition = this.subrule(index, this.condition);
      const then = this.subrule(index, this.block);
      this.ACTION(() => cases.push({ start: startOffset, condition, then }));
    };
    one(0);
    this.MANY({
      GATE: () => this.is(T.hard.if, 2),
      DEF: () => {
        this.CONSUME3(T.hard.else);
        one(1);
      },
    });
    const otherwise = this.OPTION(() => {
      this.CONSUME4(T.hard.else);
      return this.SUBRULE4(this.block);
    });
    return this.ACTION(() => ({ cases, otherwise, end: this.endOfLast() }));
  });

  /** What is asked after `if`, `where` and `assert`; a lone `=` is taken for `==`. Recovers at the `{`. */
  readonly condition = this.RULE(
    'condition',
    (): Expr =>
      this.attempt(
        () => this.SUBRULE(this.fact),
        (token) => token.tokenType === T.LBrace,
        (start) => ({ kind: 'error', span: this.since(start) }),
      ),
  );

  readonly fact = this.RULE('fact', (): Expr => {
    const { startOffset } = this.LA(1);
    const left = this.SUBRULE(this.operation);
    const right = this.OPTION(() => {
      const eq = this.CONSUME(T.Eq);
      this.ACTION(() => this.singleEquals(eq));
      return { eq, value: this.SUBRULE1(this.operation) };
    });
    return this.ACTION((): Expr => {
      if (right === undefined) return left;
      return { kind: 'binary', op: '==', opSpan: this.spanOf(right.eq), left, right: right.value, span: this.since(startOffset) };
    });
  });

  private singleEquals(eq: IToken): void {
    const span = this.spanOf(eq);
    this.complain('assignment-in-condition', span, {}, { fixes: [{ title: 'compare with `==`', edits: [{ span, text: '==' }] }] });
  }

  // ---------------------------------------------------------------- types and patterns

  /** `Tensor<i64>[N, T]?` */
  readonly tensorType = this.RULE('tensorType', (): TensorTypeExpr => {
    const word = this.CONSUME(T.hard.Tensor);
    const dtype = this.OPTION(() => {
      this.CONSUME(T.Less);
      const token = this.CONSUME(T.Id);
      this.CONSUME(T.Greater);
      return token;
    });
    const dims = this.OR({
      DEF: [{ ALT: () => this.SUBRULE(this.dims) }, { ALT: () => this.SUBRULE(this.roundDims) }],
      ERR_MSG: 'the axes in `[..]`',
    });
    const optional = this.OPTION1(() => this.CONSUME(T.Question)) !== undefined;
    return this.ACTION(() => ({
      kind: 'tensor-type',
      dtype: dtype === undefined ? undefined : this.nameOf(dtype),
      dims,
      optional,
      span: this.since(word.startOffset),
    }));
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

  // ---------------------------------------------------------------- the depth of the tree

  /** Starts an expression; returns what `leave` needs. */
  private enter(): number {
    const outer = this.chained;
    this.chained = 0;
    return outer;
  }

  /**
   * Ends an expression of `count` operators. The tree may be as deep as the operators on the longest path through it, and later
   * phases walk it recursively: what is too long becomes an error node.
   */
  private leave<E extends Expr>(outer: number, count: number, start: number, make: () => E): Expr {
    const length = count + this.chained;
    const limit = this.context.maxOperators;
    if (length > limit) {
      const span = this.since(start);
      this.complain('expression-too-long', span, { limit });
      this.chained = outer;
      return { kind: 'error', span };
    }
    this.chained = Math.max(outer, length);
    return make();
  }

  /** Whether the token can begin an expression. */
  protected beginsExpression(token: SourceToken): boolean {
    return expressionStarts.has(token.tokenType) || token.tokenType.CATEGORIES?.includes(T.Id) === true;
  }
}

// biome-ignore format: a table
const expressionStarts: ReadonlySet<unknown> = new Set([
  T.Id, T.Num, T.Str, T.hard.true, T.hard.false, T.LParen, T.LBracket, T.hard.if, T.Minus, T.Not, T.hard.Tensor,
]);

function isLiteral(e: Expr): boolean {
  return e.kind === 'number' || e.kind === 'bool' || e.kind === 'string' || e.kind === 'list' || e.kind === 'tuple';
}
