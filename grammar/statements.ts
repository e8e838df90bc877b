import type { ParserMethod } from 'chevrotain';
import type {
  AssertStmt,
  AssignStmt,
  Block,
  EmitStmt,
  EntryDecl,
  ForStmt,
  IfStmt,
  LetDecl,
  LetPattern,
  NamedPair,
  NextStmt,
  ReturnStmt,
  Stmt,
  StorageStmt,
  StringExpr,
} from '../src/1-syntax/ast.js';
import { branches } from './branches.js';
import { ScanParser } from './scans.js';
import type { SourceToken } from './source-token.js';
import { T } from './tokens.js';

const same = (block: Block): Block => block;

/** Statements and the blocks that contain them. */
export abstract class StatementParser extends ScanParser {
  abstract readonly letDecl: ParserMethod<[], LetDecl | LetPattern>;

  override readonly block: ParserMethod<[], Block> = this.RULE('block', () => {
    const statements: Stmt[] = [];
    const open = this.CONSUME(T.LBrace);
    do {
      this.MANY(() => {
        const statement = this.SUBRULE(this.statement);
        this.ACTION(() => statements.push(statement));
      });
    } while (this.skipJunk('a statement', this.beginsStatement));
    this.CONSUME(T.RBrace);
    return this.ACTION(() => ({ statements, span: this.since(open.startOffset) }));
  });

  /** Where parsing continues after a statement that could not be read. */
  protected readonly beginsStatement = (token: SourceToken): boolean => {
    if (token.indent < 0) return false;
    return this.beginsExpression(token) ? token.tokenType !== T.Minus && token.tokenType !== T.Not : statementWords.has(token.tokenType);
  };

  readonly statement: ParserMethod<[], Stmt> = this.RULE('statement', () =>
    this.attemptOne<Stmt>(
      () => {
        this.ACTION(() => this.refuseKeywordAsName());
        return this.OR({
          DEF: [
            { ALT: () => this.SUBRULE(this.letDecl) },
            { ALT: () => this.SUBRULE(this.forStmt) },
            { ALT: () => this.SUBRULE(this.ifStmt) },
            { ALT: () => this.SUBRULE(this.returnStmt) },
            { GATE: () => this.atStorage(), ALT: () => this.SUBRULE(this.storage) },
            { GATE: () => this.is(T.soft.next) && this.atNamed(), ALT: () => this.SUBRULE(this.nextStmt) },
            { GATE: () => this.is(T.soft.emit) && this.atNamed(), ALT: () => this.SUBRULE(this.emitStmt) },
            { GATE: () => this.atAssert(), ALT: () => this.SUBRULE(this.assertStmt) },
            { GATE: () => this.atEntry(), ALT: () => this.SUBRULE(this.entry) },
            { GATE: () => this.atScan(), ALT: () => this.SUBRULE(this.scan) },
            { GATE: () => this.atAssignment(), ALT: () => this.SUBRULE(this.assign) },
            { ALT: () => this.SUBRULE(this.exprStmt) },
          ],
          IGNORE_AMBIGUITIES: true,
          ERR_MSG: 'a statement',
        });
      },
      this.beginsStatement,
      (start) => ({ kind: 'error-stmt', span: this.since(start) }),
    ),
  );

  // ---------------------------------------------------------------- which statement: soft keywords have a meaning only here

  private atStorage(): boolean {
    return !this.is(T.soft.state) || (this.is(T.Id, 2) && this.is(T.Colon, 3));
  }

  private atNamed(): boolean {
    return this.is(T.Id, 2) && this.sameLine(2);
  }

  private atAssert(): boolean {
    return this.is(T.soft.assert) && this.sameLine(2) && this.beginsExpression(this.next(2));
  }

  protected atEntry(): boolean {
    return this.is(T.soft.entry) && this.is(T.Id, 2) && this.is(T.LParen, 3);
  }

  private atScan(): boolean {
    if (!this.is(T.soft.scan) || !this.sameLine(2)) return false;
    if (!this.is(T.LParen, 2)) return this.is(T.Id, 2);
    const after = this.afterBrackets(2);
    return this.sameLine(after) && this.is(T.Id, after);
  }

  private atAssignment(): boolean {
    if (this.is(T.LParen)) return this.is(T.Eq, this.afterBrackets(1));
    return this.is(T.Eq, 2);
  }

  // ---------------------------------------------------------------- statements

  readonly assign = this.RULE('assign', (): AssignStmt => {
    const { startOffset } = this.LA(1);
    const target = this.SUBRULE(this.pattern);
    this.CONSUME(T.Eq);
    const value = this.SUBRULE(this.expr);
    return this.ACTION(() => ({ kind: 'assign', target, value, span: this.since(startOffset) }));
  });

  readonly exprStmt = this.RULE('exprStmt', (): Stmt => {
    const value = this.SUBRULE(this.expr);
    return this.ACTION(() => ({ kind: 'expr-stmt', value, span: value.span }));
  });

  readonly forStmt = this.RULE('forStmt', (): ForStmt => {
    const word = this.CONSUME(T.hard.for);
    const { target, iterable } = this.attempt<Pick<ForStmt, 'target' | 'iterable'>>(
      () => {
        this.ACTION(() => this.refuseKeywordAsName(T.hard.in));
        const pattern = this.SUBRULE(this.pattern);
        this.CONSUME(T.hard.in);
        return { target: pattern, iterable: this.SUBRULE(this.operation) };
      },
      (token) => token.tokenType === T.LBrace,
      (start) => ({
        target: { kind: 'bind', name: this.missingName(), span: this.since(start) },
        iterable: { kind: 'error', span: this.since(start) },
      }),
    );
    const body = this.SUBRULE(this.block);
    return this.ACTION(() => ({ kind: 'for', target, iterable, body, span: this.since(word.startOffset) }));
  });

  readonly ifStmt = this.RULE('ifStmt', (): Stmt => {
    const found = this.SUBRULE(this.branches);
    return this.ACTION((): Stmt => {
      const [first] = found.cases;
      const span = this.since(first?.start ?? 0);
      if (found.cases.length <= this.context.maxOperators) return branches(found, this.anchor, same, 'if-stmt') as IfStmt;
      this.complain('expression-too-long', span, { limit: this.context.maxOperators });
      return { kind: 'error-stmt', span };
    });
  });

  readonly returnStmt = this.RULE('returnStmt', (): ReturnStmt => {
    const word = this.CONSUME(T.hard.return);
    this.ACTION(() => {
      if (this.is(T.RBrace)) this.fail('return-without-value', this.spanOf(word), {});
    });
    const value = this.SUBRULE(this.expr);
    return this.ACTION(() => ({ kind: 'return', value, span: this.since(word.startOffset) }));
  });

  /** `param w: Tensor[out, In] = zeros named "weight"` */
  readonly storage = this.RULE('storage', (): StorageStmt => {
    const word = this.OR([
      { ALT: () => this.CONSUME(T.hard.param) },
      { ALT: () => this.CONSUME(T.hard.buffer) },
      { ALT: () => this.CONSUME(T.soft.state) },
    ]);
    const name = this.SUBRULE(this.name);
    const type = this.SUBRULE(this.ofType);
    const init = this.OPTION(() => {
      this.CONSUME(T.Eq);
      return this.SUBRULE(this.expr);
    });
    const names = this.OPTION1({
      GATE: () => this.atStoredNames(),
      DEF: () => {
        this.CONSUME(T.soft.named);
        return this.SUBRULE(this.storedNames);
      },
    });
    return this.ACTION(() => {
      const storage = word.image as StorageStmt['storage']; // one of the three keywords above
      const named = names?.kind === 'named-pair' && storage !== 'state' ? this.onlyName(names, storage) : names;
      return { kind: 'storage', storage, name, type, init, named, span: this.since(word.startOffset) };
    });
  });

  /** `named` and what follows it, also on a line of its own if no call of something named so can be meant. */
  private atStoredNames(): boolean {
    if (!this.sameLine(2)) return false;
    if (this.is(T.Str, 2)) return true;
    if (this.is(T.LParen, 2)) return this.sameLine() || (this.is(T.Str, 3) && this.is(T.Comma, 4));
    return this.sameLine() && this.is(T.Id, 2);
  }

  /** `"weight"`, or for a state `("past", "present")`. */
  readonly storedNames = this.RULE('storedNames', (): StringExpr | NamedPair =>
    this.OR<StringExpr | NamedPair>({
      DEF: [{ ALT: () => this.SUBRULE(this.string) }, { ALT: () => this.SUBRULE(this.namedPair) }],
      ERR_MSG: 'a string',
    }),
  );

  readonly namedPair = this.RULE('namedPair', (): NamedPair => {
    const open = this.CONSUME(T.LParen);
    const input = this.SUBRULE(this.string);
    this.CONSUME(T.Comma);
    const output = this.SUBRULE1(this.string);
    this.CONSUME(T.RParen);
    return this.ACTION(() => ({ kind: 'named-pair', input, output, span: this.since(open.startOffset) }));
  });

  private onlyName({ input, span }: NamedPair, storage: 'param' | 'buffer'): StringExpr {
    this.complain('two-names', span, { word: storage });
    return input;
  }

  readonly nextStmt = this.RULE('nextStmt', (): NextStmt => {
    const word = this.CONSUME(T.soft.next);
    const name = this.SUBRULE(this.name);
    this.CONSUME(T.Eq);
    const value = this.SUBRULE(this.expr);
    return this.ACTION(() => ({ kind: 'next', name, value, span: this.since(word.startOffset) }));
  });

  readonly emitStmt = this.RULE('emitStmt', (): EmitStmt => {
    const word = this.CONSUME(T.soft.emit);
    const name = this.SUBRULE(this.name);
    this.ACTION(() => {
      if (!this.is(T.Eq)) this.fail('emit-name', name.span, { value: this.sameLine() && !this.is(T.RBrace) ? undefined : name.text });
    });
    this.CONSUME(T.Eq);
    const value = this.SUBRULE(this.expr);
    return this.ACTION(() => ({ kind: 'emit', name, value, span: this.since(word.startOffset) }));
  });

  readonly assertStmt = this.RULE('assertStmt', (): AssertStmt => {
    const word = this.CONSUME(T.soft.assert);
    const condition = this.SUBRULE(this.fact);
    const message = this.OPTION(() => {
      this.CONSUME(T.Comma);
      return this.SUBRULE(this.expr);
    });
    return this.ACTION(() => ({ kind: 'assert', condition, message, span: this.since(word.startOffset) }));
  });

  /** `entry step(x: Tensor[N, D]) -> (y: Tensor[N, D]) where N <= 8 { ... }` */
  readonly entry = this.RULE('entry', (): Stmt => {
    const doc = this.ACTION(() => this.context.takeDoc(this.LA(1).startOffset));
    const word = this.CONSUME(T.soft.entry);
    const head = this.attempt<Pick<EntryDecl, 'name' | 'inputs' | 'result' | 'where'> | undefined>(
      () => {
        const name = this.SUBRULE(this.name);
        const inputs = this.SUBRULE(this.params);
        const result = this.SUBRULE(this.result);
        const where = this.SUBRULE(this.where);
        this.ACTION(() => {
          if (!this.is(T.LBrace)) this.unexpected('`{`');
          const other = inputs.find((param) => param.type?.kind !== 'tensor-type');
          if (other !== undefined) this.complain('mixed-parameters', other.span, { name: name.text, kind: 'entry' });
        });
        return { name, inputs, result, where };
      },
      (token) => token.tokenType === T.LBrace || (token.tokenType !== T.soft.where && this.beginsStatement(token)),
      () => undefined,
    );
    const body = this.RECORDING_PHASE || this.is(T.LBrace) ? this.SUBRULE(this.block) : undefined;
    return this.ACTION((): Stmt => {
      const span = this.since(word.startOffset);
      return head === undefined || body === undefined ? { kind: 'error-stmt', span } : { kind: 'entry', doc, ...head, body, span };
    });
  });
}

const statementWords: ReadonlySet<unknown> = new Set([T.hard.let, T.hard.for, T.hard.if, T.hard.return, T.hard.param, T.hard.buffer]);
