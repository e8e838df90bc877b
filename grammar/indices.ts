import type { IToken } from 'chevrotain';
import type { Arg, Expr, IndexItem } from '../src/1-syntax/ast.js';
import type { Span } from '../src/diagnostics/span.js';
import { AtomParser } from './atoms.js';
import { T } from './tokens.js';

/** What follows an expression in brackets or after a dot: arguments, indices, members. */
export abstract class IndexParser extends AtomParser {
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
  protected atBy(at = 1): boolean {
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
