import type { ParserMethod } from 'chevrotain';
import type { Expr, KindExpr, Name, Param, ParamType, Result, TensorTypeExpr } from '../src/1-syntax/ast.js';
import type { Span } from '../src/diagnostics/span.js';
import { ExpressionParser } from './expressions.js';
import type { SourceToken } from './source-token.js';
import { T } from './tokens.js';

/** Everything between the name of a declaration and its body. */
export interface Signature {
  readonly lists: readonly { readonly params: readonly Param[]; readonly span: Span }[];
  readonly result: Result | undefined;
  readonly where: readonly Expr[];
  /** Whether something in it could not be read; if so, nothing is reported as missing. */
  readonly broken: boolean;
}

/** Parameters, results and facts. */
export abstract class SignatureParser extends ExpressionParser {
  /** Where parsing continues after a declaration that could not be read; an indented `let` is most likely a statement of its body. */
  protected readonly beginsDeclaration = (token: SourceToken): boolean =>
    token.depth === 0 && (token.tokenType === T.hard.let ? token.indent === 0 : token.indent >= 0) && declarationWords.has(token.tokenType);

  /** Everything between a name and its body; recovers at the `{` of the body. */
  readonly signature = this.RULE(
    'signature',
    (): Signature =>
      this.attempt<Signature>(
        () => {
          const lists: Signature['lists'][number][] = [];
          this.MANY(() => {
            const { startOffset } = this.LA(1);
            const params = this.SUBRULE(this.params);
            this.ACTION(() => lists.push({ params, span: this.since(startOffset) }));
          });
          this.ACTION(() => {
            if (lists.length === 0 && !this.is(T.LBrace)) this.unexpected('`(`');
          });
          const result = this.OPTION(() => this.SUBRULE(this.result));
          const where = this.SUBRULE(this.where);
          this.ACTION(() => {
            if (!this.is(T.LBrace)) this.unexpected(result === undefined ? '`->` and a result' : '`{`');
          });
          return { lists, result, where, broken: false };
        },
        (token) => token.tokenType === T.LBrace || this.beginsDeclaration(token),
        () => ({ lists: [], result: undefined, where: [], broken: true }),
      ),
  );

  readonly params: ParserMethod<[], Param[]> = this.RULE('params', () => {
    const params: Param[] = [];
    this.CONSUME(T.LParen);
    this.commas(0, T.RParen, 'a parameter', () => {
      const param = this.SUBRULE(this.param);
      this.ACTION(() => params.push(param));
    });
    this.CONSUME(T.RParen);
    return params;
  });

  /** `name`, `name: int`, `name = 3`, `name: Tensor[N, C]?`, `width = 64 from "hidden_size"` */
  readonly param = this.RULE('param', (): Param => {
    const { startOffset } = this.LA(1);
    const name = this.SUBRULE(this.name);
    // `x Tensor[N]`
    this.ACTION(() => {
      if (this.is(T.hard.Tensor)) this.unexpected('`:`');
    });
    const type = this.OPTION(() => {
      this.CONSUME(T.Colon);
      return this.SUBRULE(this.paramType);
    });
    const fallback = this.OPTION1(() => {
      this.CONSUME(T.Eq);
      return this.SUBRULE(this.expr);
    });
    const from = this.OPTION2(() => {
      this.CONSUME(T.hard.from);
      return this.SUBRULE(this.string);
    });
    return this.ACTION(() => ({ name, type, fallback, from, span: this.since(startOffset) }));
  });

  readonly paramType = this.RULE(
    'paramType',
    (): ParamType =>
      this.OR({
        DEF: [{ ALT: () => this.SUBRULE(this.tensorType) }, { ALT: () => this.SUBRULE(this.kind) }],
        ERR_MSG: 'a tensor type or a kind such as `int`',
      }),
  );

  /** `int`, `layer`, `list[int]`, `tuple[int, int]`, `int?` */
  readonly kind: ParserMethod<[], KindExpr> = this.RULE('kind', (): KindExpr => {
    const word = this.OR({
      DEF: [{ ALT: () => this.CONSUME(T.Id) }, { ALT: () => this.CONSUME(T.hard.fn) }, { ALT: () => this.CONSUME(T.hard.layer) }],
      ERR_MSG: 'a kind such as `int`',
    });
    const of: KindExpr[] = [];
    const bracketed = this.OPTION1(() => {
      this.CONSUME(T.LBracket);
      this.commas(0, T.RBracket, 'a kind', () => {
        const inner = this.SUBRULE(this.kind);
        this.ACTION(() => of.push(inner));
      });
      this.CONSUME(T.RBracket);
      return true;
    });
    const optional = this.OPTION2(() => this.CONSUME(T.Question)) !== undefined;
    return this.ACTION(() => {
      const name = bracketed === true ? `${word.image}[${of.map((k) => k.name).join(', ')}]` : word.image;
      return { kind: 'kind', name, optional, span: this.since(word.startOffset) };
    });
  });

  /** `-> Tensor[N]` or `-> (a: Tensor[N], b: Tensor[M])`; a forgotten or mistaken arrow is reported. */
  readonly result: ParserMethod<[], Result> = this.RULE('result', () => {
    const arrow = this.CONSUME(T.Arrow);
    return this.OR<Result>({
      DEF: [
        {
          ALT: () => {
            const type = this.SUBRULE(this.tensorType);
            return this.ACTION(() => ({ outputs: [{ type }], named: false, span: this.since(arrow.startOffset) }));
          },
        },
        {
          ALT: () => {
            const outputs: { name?: Name; type: TensorTypeExpr }[] = [];
            this.CONSUME(T.LParen);
            this.commas(0, T.RParen, 'an output', () => {
              const name = this.OPTION1({
                GATE: () => this.is(T.Colon, 2),
                DEF: () => {
                  const given = this.SUBRULE(this.name);
                  this.CONSUME(T.Colon);
                  return given;
                },
              });
              const type = this.SUBRULE1(this.tensorType);
              this.ACTION(() => outputs.push(name === undefined ? { type } : { name, type }));
            });
            this.CONSUME(T.RParen);
            return this.ACTION(() => ({ outputs, named: true, span: this.since(arrow.startOffset) }));
          },
        },
      ],
      ERR_MSG: 'a tensor type',
    });
  });

  /** `: Tensor[..]` */
  readonly ofType = this.RULE('ofType', (): TensorTypeExpr => {
    this.CONSUME(T.Colon);
    return this.SUBRULE(this.tensorType);
  });

  readonly where: ParserMethod<[], Expr[]> = this.RULE('where', () => {
    const facts: Expr[] = [];
    this.OPTION(() => {
      this.CONSUME(T.soft.where);
      this.AT_LEAST_ONE_SEP({
        SEP: T.Comma,
        DEF: () => {
          const fact = this.SUBRULE(this.fact);
          this.ACTION(() => facts.push(fact));
        },
      });
    });
    return facts;
  });
}

const declarationWords: ReadonlySet<unknown> = new Set([
  T.hard.import,
  T.hard.let,
  T.hard.fn,
  T.hard.layer,
  T.hard.model,
  T.soft.train,
  T.soft.config,
]);
