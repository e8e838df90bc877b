import { type ParserMethod, tokenMatcher } from 'chevrotain';
import type {
  AliasDecl,
  Block,
  ConfigDecl,
  Expr,
  FnDecl,
  ImportDecl,
  Item,
  LayerDecl,
  Name,
  Param,
  Result,
  TensorTypeExpr,
} from '../src/1-syntax/ast.js';
import { Anchor } from '../src/diagnostics/anchor.js';
import { diagnostic } from '../src/diagnostics/diagnostic.js';
import type { ParseContext, Region } from './base-parser.js';
import { preparedDecisions } from './prepared-decisions.js';
import type { Signature } from './signatures.js';
import type { SourceToken } from './source-token.js';
import { T } from './tokens.js';
import { TrainParser } from './train.js';

/**
 * The grammar: declarations here, on top of `train.ts`, `statements.ts` and `expressions.ts`. The actions build the syntax tree directly.
 * Everything that one token of lookahead cannot decide is decided by an adjacent gate.
 */
export class ArchParser extends TrainParser {
  constructor(checksGrammar = false, prepared = checksGrammar ? undefined : preparedDecisions) {
    super(checksGrammar);
    if (prepared === undefined) this.performSelfAnalysis();
    else this.useDecisions(prepared);
  }

  /** Reads one prepared file. The parser keeps nothing from one call to the next. */
  parseFile(tokens: SourceToken[], context: ParseContext): Item[] {
    return this.run(tokens, context, new Anchor(context.path, 0), () => this.file());
  }

  /** Reads the expression between the braces of an interpolated string, in the declaration that begins at `anchor`. */
  parseInterpolation(tokens: SourceToken[], context: ParseContext, anchor: Anchor): Expr {
    return this.run(tokens, { ...context, end: '`}`' }, anchor, () => this.interpolation());
  }

  private run<R>(tokens: SourceToken[], context: ParseContext, anchor: Anchor, rule: () => R): R {
    const idle = this.context;
    this.context = context;
    this.anchor = anchor;
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
      // The repair pass has reported and removed every bracket that closes nothing.
      this.SKIP_TOKEN();
      return true;
    }
    return this.skipJunk('a declaration', this.beginsDeclaration);
  }

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

  readonly item: ParserMethod<[], Item> = this.RULE('item', () => {
    this.ACTION(() => {
      this.anchor = new Anchor(this.context.path, this.next().startOffset);
    });
    return this.attemptOne<Item>(
      () =>
        this.OR({
          DEF: [
            { ALT: () => this.SUBRULE(this.importDecl) },
            { ALT: () => this.SUBRULE(this.letDecl) },
            { ALT: () => this.SUBRULE(this.fnDecl) },
            { ALT: () => this.SUBRULE(this.layerDecl) },
            { GATE: () => this.is(T.soft.train) && this.is(T.Id, 2), ALT: () => this.SUBRULE(this.train) },
            { GATE: () => this.is(T.soft.config) && this.is(T.Id, 2), ALT: () => this.SUBRULE(this.configDecl) },
            { ALT: () => this.SUBRULE(this.misplaced) },
          ],
          IGNORE_AMBIGUITIES: true,
          ERR_MSG: 'a declaration',
        }),
      this.beginsDeclaration,
      (start) => ({ kind: 'error-item', span: this.since(start) }),
    );
  });

  /** A statement outside any body; `width = 64` is read as the `let` that it was meant to be. */
  readonly misplaced = this.RULE('misplaced', (): Item => {
    const first = this.LA(1);
    // One message for all statements up to the next declaration: most likely they are a body whose beginning was lost.
    this.ACTION(() => {
      if (!this.is(T.Id) || !this.is(T.Eq, 2)) this.fail('statement-outside', this.spanOf(first), {});
    });
    const statement = this.SUBRULE(this.statement);
    return this.ACTION((): Item => {
      const { span } = statement;
      if (statement.kind !== 'assign' || statement.target.kind !== 'bind') return { kind: 'error-item', span };
      const { name } = statement.target;
      const at = this.span(first.startOffset, first.startOffset);
      const fixes = [{ title: 'insert `let`', edits: [{ span: at, text: 'let ' }] }];
      this.complain('statement-outside', name.span, { name: name.text }, { fixes });
      return { kind: 'let', name, value: statement.value, span };
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

  readonly fnDecl = this.RULE('fnDecl', (): FnDecl => {
    const doc = this.ACTION(() => this.context.takeDoc(this.LA(1).startOffset));
    const word = this.CONSUME(T.hard.fn);
    const name = this.SUBRULE(this.name);
    const signature = this.SUBRULE(this.signature);
    const body = this.SUBRULE(this.block);
    return this.ACTION(() => {
      const params = signature.lists.flatMap(({ params }) => params);
      const result = signature.result ?? this.noResult(name, signature.broken, { start: name.span.start, end: body.span.start });
      return { kind: 'fn', doc, name, params, result, where: signature.where, body, span: this.since(word.startOffset) };
    });
  });

  private noResult(name: Name, broken: boolean, signature: Region): Result {
    if (!broken) this.context.complain(diagnostic('missing-result', name.span, { name: name.text }), signature);
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
      ERR_MSG: '`(`',
    });
  });

  /** `config Sizes { width = 64 from "hidden_size" } where width % 8 == 0`; the fields are on lines of their own, or separated by commas. */
  readonly configDecl = this.RULE('configDecl', (): ConfigDecl => {
    const fields: Param[] = [];
    const doc = this.ACTION(() => this.context.takeDoc(this.LA(1).startOffset));
    const word = this.CONSUME(T.soft.config);
    const name = this.SUBRULE(this.name);
    this.CONSUME(T.LBrace);
    do {
      this.MANY(() => {
        const field = this.SUBRULE(this.field);
        this.OPTION(() => this.CONSUME(T.Comma));
        this.ACTION(() => fields.push(field));
      });
    } while (this.skipJunk('a field such as `width = 64`', this.beginsField));
    this.CONSUME(T.RBrace);
    const where = this.SUBRULE(this.where);
    return this.ACTION(() => ({ kind: 'config', doc, name, fields, where, span: this.since(word.startOffset) }));
  });

  private readonly beginsField = (token: SourceToken): boolean => token.indent >= 0 && tokenMatcher(token, T.Id);

  readonly field = this.RULE(
    'field',
    (): Param =>
      this.attemptOne<Param>(
        () => {
          const doc = this.ACTION(() => this.context.takeDoc(this.LA(1).startOffset));
          const param = this.SUBRULE(this.param);
          return this.ACTION(() => (doc === undefined ? param : { ...param, doc }));
        },
        this.beginsField,
        (start) => ({ name: this.missingName(), span: this.since(start) }),
      ),
  );

  /** Sorts the lists of a layer: the hyperparameters may be omitted, and a model made of entries has no inputs. */
  private layerOf(
    kind: 'layer' | 'model',
    name: Name,
    doc: string | undefined,
    signature: Signature,
    body: Block,
    start: number,
  ): LayerDecl {
    const { lists, where, broken } = signature;
    const [first, second, third] = lists;
    const hyper = first?.params;
    const span = this.since(start);
    const common = { kind, doc, name, where, body, span };
    const excess = third ?? (signature.result === undefined && hyper !== undefined && allTensors(hyper) ? second : undefined);
    if (excess !== undefined && !broken) {
      const at = this.span(excess.span.start, excess.span.start);
      this.complain('missing-arrow', excess.span, {}, { fixes: [{ title: 'insert `->`', edits: [{ span: at, text: '-> ' }] }] });
    }
    const ofEntries = kind === 'model' && signature.result === undefined && second === undefined && !allTensors(hyper ?? []);
    if (ofEntries) return { ...common, hyper };
    const result =
      signature.result ?? this.noResult(name, broken || excess !== undefined, { start: name.span.start, end: body.span.start });
    if (second !== undefined && excess !== second) {
      const misplaced = hyper?.find(isTensor) ?? second.params.find((p) => !isTensor(p));
      if (misplaced !== undefined && !broken)
        this.complain('mixed-parameters', misplaced.span, { name: name.text, kind, isTensor: isTensor(misplaced) });
      return { ...common, hyper, inputs: second.params, result };
    }
    if (hyper === undefined || hyper.every(isTensor)) return { ...common, inputs: hyper ?? [], result };
    const others = hyper.filter((p) => !isTensor(p));
    if (!broken) this.complain('mixed-parameters', others[0]?.span ?? name.span, { name: name.text, kind });
    return { ...common, hyper: others, inputs: hyper.filter(isTensor), result };
  }
}

function isTensor(p: Param): boolean {
  return p.type?.kind === 'tensor-type';
}

function allTensors(params: readonly Param[]): boolean {
  return params.length > 0 && params.every(isTensor);
}
