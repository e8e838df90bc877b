import type { ParserMethod } from 'chevrotain';
import type { Block, Expr, LetDecl, LetPattern, Name, Param, Stmt } from '../src/1-syntax/ast.js';
import { spanBeside } from '../src/diagnostics/anchor.js';
import { StatementParser } from './statements.js';
import { T } from './tokens.js';

/** `let`: compile-time constants and functions. */
export abstract class LetParser extends StatementParser {
  /** `let width = 64`, `let (a, b) = pair`, `let twice(v) = 2 * v`, `let round_up(v, d = 8) { ... return n }` */
  override readonly letDecl: ParserMethod<[], LetDecl | LetPattern> = this.RULE('letDecl', (): LetDecl | LetPattern => {
    const doc = this.ACTION(() => this.context.takeDoc(this.LA(1).startOffset));
    const word = this.CONSUME(T.hard.let);
    return this.OR<LetDecl | LetPattern>({
      DEF: [
        {
          GATE: () => this.is(T.LParen),
          ALT: () => {
            const target = this.SUBRULE(this.pattern);
            this.CONSUME(T.Eq);
            const value = this.SUBRULE(this.expr);
            return this.ACTION((): LetPattern => ({ kind: 'let-pattern', doc, target, value, span: this.since(word.startOffset) }));
          },
        },
        {
          ALT: () => {
            const name = this.SUBRULE(this.name);
            const params = this.OPTION(() => this.SUBRULE(this.letParams));
            this.OPTION1(() => this.SUBRULE(this.letType));
            const value = this.SUBRULE(this.letValue, { ARGS: [name, params !== undefined] });
            return this.ACTION((): LetDecl => {
              const span = this.since(word.startOffset);
              if (params !== undefined) return { kind: 'let', doc, name, params, body: value, span };
              return { kind: 'let', doc, name, value: 'statements' in value ? { kind: 'error', span: value.span } : value, span };
            });
          },
        },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'a name',
    });
  });

  readonly letParams = this.RULE('letParams', () => {
    const params: Param[] = [];
    this.CONSUME(T.LParen);
    this.commas(0, T.RParen, 'a name', () => {
      const param = this.SUBRULE(this.letParam);
      this.ACTION(() => params.push(param));
    });
    this.CONSUME(T.RParen);
    return params;
  });

  readonly letParam = this.RULE('letParam', (): Param => {
    const { startOffset } = this.LA(1);
    const name = this.SUBRULE(this.name);
    this.OPTION(() => this.SUBRULE(this.letType));
    const fallback = this.OPTION1(() => {
      this.CONSUME(T.Eq);
      return this.SUBRULE(this.expr);
    });
    return this.ACTION(() => ({ name, fallback, span: this.since(startOffset) }));
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

  /** What follows the name: `= value`, or the block of a function. */
  readonly letValue: ParserMethod<[Name, boolean], Expr | Block> = this.RULE(
    'letValue',
    (name: Name, isFunction: boolean): Expr | Block => {
      this.OPTION({ GATE: () => isFunction && this.is(T.LBrace, 2), DEF: () => this.SUBRULE(this.strayEquals) });
      this.ACTION(() => {
        if (this.is(T.Eq)) return;
        if (!this.is(T.LBrace)) this.unexpected(isFunction ? '`=` or `{`' : '`=`');
        if (!isFunction) this.noParameters(name);
      });
      return this.OR<Expr | Block>([
        {
          ALT: () => {
            const block = this.SUBRULE(this.block);
            this.ACTION(() => this.checkBlock(name, block));
            return block;
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.Eq);
            return this.SUBRULE(this.expr);
          },
        },
      ]);
    },
  );

  /** `let f(v) = { ... }` */
  readonly strayEquals = this.RULE('strayEquals', () => {
    const eq = this.CONSUME(T.Eq);
    this.ACTION(() => {
      const span = this.spanOf(eq);
      const edit = { span: this.span(span.start, this.LA(1).startOffset), text: '' };
      this.complain('let-block', span, { mistake: 'equals' }, { fixes: [{ title: 'remove the `=`', edits: [edit] }] });
    });
  });

  /** `let n { ... }` */
  private noParameters({ text, span }: Name): void {
    const fixes = [{ title: 'insert `()`', edits: [{ span: this.span(span.end, span.end), text: '()' }] }];
    this.complain('let-block', span, { mistake: 'parameters', name: text }, { fixes });
  }

  /** What can be checked about the block of a function without running it. */
  private checkBlock({ text: name, span }: Name, block: Block): void {
    for (const { at, word } of storageIn(block)) this.complain('storage-in-let', at, { name, word });
    if (returns(block)) return;
    const last = block.statements.at(-1);
    if (last?.kind === 'error-stmt') return;
    if (last?.kind !== 'expr-stmt') {
      this.complain('missing-return', span, { name, of: 'let' });
      return;
    }
    const edits = [{ span: spanBeside(last.span, last.span.start, last.span.start), text: 'return ' }];
    this.complain('missing-return', last.span, { name, of: 'let' }, { fixes: [{ title: 'insert `return`', edits }] });
  }
}

/** The statements that give a layer something of its own. */
function storageIn(block: Block): readonly { readonly at: Stmt['span']; readonly word: string }[] {
  return block.statements.flatMap((statement) => {
    switch (statement.kind) {
      case 'storage':
        return [{ at: statement.span, word: statement.storage }];
      case 'next':
      case 'entry':
        return [{ at: statement.span, word: statement.kind }];
      default:
        return blocksOf(statement).flatMap(storageIn);
    }
  });
}

function returns(block: Block): boolean {
  return block.statements.some((statement) => statement.kind === 'return' || blocksOf(statement).some(returns));
}

function blocksOf(statement: Stmt): readonly Block[] {
  if (statement.kind === 'for' || statement.kind === 'scan') return [statement.body];
  if (statement.kind !== 'if-stmt') return [];
  const { then, otherwise } = statement;
  return [then, ...(otherwise === undefined ? [] : 'kind' in otherwise ? blocksOf(otherwise) : [otherwise])];
}
