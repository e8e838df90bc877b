import type { ParserMethod } from 'chevrotain';
import type {
  AliasDecl,
  Block,
  Expr,
  FnDecl,
  ImportDecl,
  Item,
  KindExpr,
  LayerDecl,
  LetDecl,
  Name,
  Param,
  ParamType,
  Result,
  TensorTypeExpr,
} from '../src/1-syntax/ast.js';
import type { ParseContext } from './base-parser.js';
import type { SourceToken } from './source-token.js';
import { T } from './tokens.js';
import { TrainParser } from './train.js';

interface Signature {
  readonly lists: readonly (readonly Param[])[];
  readonly result: Result | undefined;
  readonly where: readonly Expr[];
  readonly broken: boolean;
}

/**
 * The grammar: declarations here, on top of `train.ts`, `statements.ts` and `expressions.ts`. The actions build the syntax tree
 * directly. Everything that one token of lookahead cannot decide is decided by a gate that stands next to it.
 */
export class ArchParser extends TrainParser {
  constructor() {
    super();
    this.performSelfAnalysis();
  }

  /** Reads one prepared file. The parser keeps nothing from one call to the next. */
  parseFile(tokens: SourceToken[], context: ParseContext): Item[] {
    return this.run(tokens, context, () => this.file());
  }

  /** Reads the expression between the braces of an interpolated string. */
  parseInterpolation(tokens: SourceToken[], context: ParseContext): Expr {
    return this.run(tokens, context, () => this.interpolation());
  }

  private run<R>(tokens: SourceToken[], context: ParseContext, rule: () => R): R {
    const idle = this.context;
    this.context = context;
    this.chained = 0;
    this.input = tokens;
    try {
      return rule();
    } finally {
      this.input = [];
      this.context = idle;
    }
  }

  readonly file = this.RULE('file', () => {
    const items: Item[] = [];
    do {
      this.MANY(() => {
        const item = this.SUBRULE(this.item);
        this.ACTION(() => items.push(item));
      });
    } while (this.skipTopLevel());
    return items;
  });

  private skipTopLevel(): boolean {
    if (this.RECORDING_PHASE || this.atEnd()) return false;
    if (this.is(T.RBrace)) {
      // The repair pass has reported every bracket that closes nothing and taken it out.
      this.SKIP_TOKEN();
      return true;
    }
    return this.skipJunk('a declaration', this.beginsItemDecl);
  }

  private readonly beginsItemDecl = (token: SourceToken): boolean =>
    token.depth === 0 && token.indent >= 0 && declarationWords.has(token.tokenType);

  readonly interpolation = this.RULE(
    'interpolation',
    (): Expr =>
      this.attempt<Expr>(
        () => {
          const value = this.SUBRULE(this.expr);
          this.ACTION(() => {
            if (!this.atEnd()) this.unexpected('`}`');
          });
          return value;
        },
        () => false,
        (start) => ({ kind: 'error', span: this.since(start) }),
      ),
  );

  readonly item: ParserMethod<[], Item> = this.RULE('item', () =>
    this.attempt<Item>(
      () =>
        this.OR({
          DEF: [
            { ALT: () => this.SUBRULE(this.importDecl) },
            { ALT: () => this.SUBRULE(this.letDecl) },
            { ALT: () => this.SUBRULE(this.fnDecl) },
            { ALT: () => this.SUBRULE(this.layerDecl) },
            { GATE: () => this.is(T.soft.train) && this.is(T.Id, 2), ALT: () => this.SUBRULE(this.train) },
            { ALT: () => this.SUBRULE(this.misplaced) },
          ],
          IGNORE_AMBIGUITIES: true,
          ERR_MSG: 'a declaration',
        }),
      this.beginsItemDecl,
      (start) => ({ kind: 'error-item', span: this.since(start) }),
    ),
  );

  /** A statement outside of a body; `width = 64` is read as the `let` that it was meant to be. */
  readonly misplaced = this.RULE('misplaced', (): Item => {
    const first = this.LA(1);
    const statement = this.SUBRULE(this.statement);
    return this.ACTION((): Item => {
      const { span } = statement;
      if (statement.kind === 'error-stmt') return { kind: 'error-item', span };
      if (statement.kind === 'assign' && statement.target.kind === 'bind') {
        const at = this.span(first.startOffset, first.startOffset);
        const fixes = [{ title: 'insert `let`', edits: [{ span: at, text: 'let ' }] }];
        this.complain('statement-outside', statement.target.span, { name: statement.target.name.text }, { fixes });
        return { kind: 'let', name: statement.target.name, value: statement.value, span };
      }
      this.complain('statement-outside', this.spanOf(first), {});
      return { kind: 'error-item', span };
    });
  });

  // ---------------------------------------------------------------- declarations

  readonly importDecl = this.RULE('importDecl', (): ImportDecl => {
    const names: { name: Name; alias?: Name }[] = [];
    const word = this.CONSUME(T.hard.import);
    this.CONSUME(T.LBrace);
    this.commas(0, T.RBrace, 'a name', () => {
      const name = this.SUBRULE(this.name);
      const alias = this.OPTION1(() => {
        this.CONSUME(T.hard.as);
        return this.SUBRULE1(this.name);
      });
      this.ACTION(() => names.push(alias === undefined ? { name } : { name, alias }));
    });
    this.CONSUME(T.RBrace);
    this.CONSUME(T.hard.from);
    const source = this.SUBRULE(this.string);
    return this.ACTION(() => {
      const text = source.text.slice(1, source.text.endsWith('"') && source.text.length > 1 ? -1 : undefined);
      return { kind: 'import', names, source: text, sourceSpan: source.span, span: this.since(word.startOffset) };
    });
  });

  /** `let width = 64`, `let twice(v) = 2 * v` */
  override readonly letDecl: ParserMethod<[], LetDecl> = this.RULE('letDecl', (): LetDecl => {
    const doc = this.ACTION(() => this.context.takeDoc(this.LA(1).startOffset));
    const word = this.CONSUME(T.hard.let);
    const name = this.SUBRULE(this.name);
    const params = this.OPTION(() => {
      const names: Name[] = [];
      this.CONSUME(T.LParen);
      this.commas(1, T.RParen, 'a name', () => {
        const param = this.SUBRULE1(this.name);
        this.ACTION(() => names.push(param));
      });
      this.CONSUME(T.RParen);
      return names;
    });
    this.OPTION2(() => this.SUBRULE(this.letType));
    this.CONSUME(T.Eq);
    const value = this.SUBRULE(this.expr);
    return this.ACTION(() => ({ kind: 'let', doc, name, params, value, span: this.since(word.startOffset) }));
  });

  /** `let x: int = 3`: reported; the kind of a constant is that of its value. */
  readonly letType = this.RULE('letType', () => {
    const colon = this.CONSUME(T.Colon);
    this.SUBRULE(this.paramType);
    this.ACTION(() => {
      const span = this.since(colon.startOffset);
      this.complain('typed-let', span, {}, { fixes: [{ title: 'leave the kind out', edits: [{ span, text: '' }] }] });
    });
  });

  readonly fnDecl = this.RULE('fnDecl', (): FnDecl => {
    const doc = this.ACTION(() => this.context.takeDoc(this.LA(1).startOffset));
    const word = this.CONSUME(T.hard.fn);
    const name = this.SUBRULE(this.name);
    const signature = this.SUBRULE(this.signature);
    const body = this.SUBRULE(this.block);
    return this.ACTION(() => {
      const params = signature.lists.flat();
      const result = signature.result ?? this.noResult(name, signature.broken);
      return { kind: 'fn', doc, name, params, result, where: signature.where, body, span: this.since(word.startOffset) };
    });
  });

  private noResult(name: Name, broken: boolean): Result {
    if (!broken) this.complain('missing-result', name.span, { name: name.text });
    const { span } = name;
    const type: TensorTypeExpr = {
      kind: 'tensor-type',
      dims: [{ kind: 'size', size: { kind: 'error', span }, orOne: false, span }],
      optional: false,
      span,
    };
    return { outputs: [{ type }], named: false, span };
  }

  /** `layer` and `model`, and the short form `model A = B(...)`. */
  readonly layerDecl = this.RULE('layerDecl', (): LayerDecl | AliasDecl => {
    const doc = this.ACTION(() => this.context.takeDoc(this.LA(1).startOffset));
    const word = this.OR([{ ALT: () => this.CONSUME(T.hard.layer) }, { ALT: () => this.CONSUME(T.hard.model) }]);
    const kind = this.ACTION(() => (word.tokenType === T.hard.layer ? 'layer' : 'model'));
    const name = this.SUBRULE(this.name);
    return this.OR1<LayerDecl | AliasDecl>({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(T.Eq);
            const value = this.SUBRULE(this.expr);
            return this.ACTION((): AliasDecl => ({ kind: 'alias', of: kind, doc, name, value, span: this.since(word.startOffset) }));
          },
        },
        {
          ALT: () => {
            const signature = this.SUBRULE(this.signature);
            const body = this.SUBRULE(this.block);
            return this.ACTION(() => this.layerOf(kind, name, doc, signature, body, word.startOffset));
          },
        },
      ],
    });
  });

  /** Sorts the lists of a layer: the hyperparameters may be left out, and a model made of entries has no inputs. */
  private layerOf(
    kind: 'layer' | 'model',
    name: Name,
    doc: string | undefined,
    signature: Signature,
    body: Block,
    start: number,
  ): LayerDecl {
    const { lists, where, broken } = signature;
    const [first, second] = lists;
    const entries = kind === 'model' && signature.result === undefined && second === undefined && !allTensors(first ?? []);
    const result = signature.result ?? (entries || (kind === 'model' && lists.length === 0) ? undefined : this.noResult(name, broken));
    const span = this.since(start);
    const common = { kind, doc, name, result, where, body, span };
    if (second !== undefined) return { ...common, hyper: first, inputs: second };
    if (first === undefined || result === undefined) return { ...common, hyper: first };
    if (!first.every(isTensor)) {
      const hyper = first.filter((p) => !isTensor(p));
      if (!broken) this.complain('mixed-parameters', hyper[0]?.span ?? name.span, { name: name.text, kind });
      return { ...common, hyper, inputs: first.filter(isTensor) };
    }
    return { ...common, inputs: first };
  }

  // ---------------------------------------------------------------- signatures

  /** Everything between a name and its body; recovers at the `{` of the body. */
  readonly signature = this.RULE(
    'signature',
    (): Signature =>
      this.attempt<Signature>(
        () => {
          const lists: Param[][] = [];
          this.MANY(() => {
            const params = this.SUBRULE(this.params);
            this.ACTION(() => lists.push(params));
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
        (token) => token.tokenType === T.LBrace || this.beginsItemDecl(token),
        () => ({ lists: [], result: undefined, where: [], broken: true }),
      ),
  );

  override readonly params: ParserMethod<[], Param[]> = this.RULE('params', () => {
    const params: Param[] = [];
    this.CONSUME(T.LParen);
    this.commas(0, T.RParen, 'a parameter', () => {
      const param = this.SUBRULE(this.param);
      this.ACTION(() => params.push(param));
    });
    this.CONSUME(T.RParen);
    return params;
  });

  /** `name`, `name: int`, `name = 3`, `name: Tensor[N, C]?` */
  readonly param = this.RULE('param', (): Param => {
    const { startOffset } = this.LA(1);
    const name = this.SUBRULE(this.name);
    const type = this.OPTION(() => {
      this.CONSUME(T.Colon);
      return this.SUBRULE(this.paramType);
    });
    const fallback = this.OPTION1(() => {
      this.CONSUME(T.Eq);
      return this.SUBRULE(this.expr);
    });
    return this.ACTION(() => ({ name, type, fallback, span: this.since(startOffset) }));
  });

  readonly paramType = this.RULE(
    'paramType',
    (): ParamType =>
      this.OR({
        DEF: [{ ALT: () => this.SUBRULE(this.tensorType) }, { ALT: () => this.SUBRULE(this.kind) }],
        ERR_MSG: 'a tensor type or a kind such as `int`',
      }),
  );

  /** `int`, `layer`, `list[int]`, `tuple[int, int]` */
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
    return this.ACTION(() => {
      const name = bracketed === true ? `${word.image}[${of.map((k) => k.name).join(', ')}]` : word.image;
      return { kind: 'kind', name, span: this.since(word.startOffset) };
    });
  });

  /** `-> Tensor[N]` or `-> (a: Tensor[N], b: Tensor[M])`; a forgotten or mistaken arrow is reported. */
  override readonly result: ParserMethod<[], Result> = this.RULE('result', () => {
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
              const name = this.OPTION1(() => {
                const given = this.SUBRULE(this.name);
                this.CONSUME(T.Colon);
                return given;
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

  override readonly where: ParserMethod<[], Expr[]> = this.RULE('where', () => {
    const facts: Expr[] = [];
    this.OPTION(() => {
      this.CONSUME(T.hard.where);
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

function isTensor(p: Param): boolean {
  return p.type?.kind === 'tensor-type';
}

function allTensors(params: readonly Param[]): boolean {
  return params.length > 0 && params.every(isTensor);
}

const declarationWords: ReadonlySet<unknown> = new Set([T.hard.import, T.hard.let, T.hard.fn, T.hard.layer, T.hard.model, T.soft.train]);
