import {
  EarlyExitException,
  EmbeddedActionsParser,
  EOF,
  type IToken,
  isRecognitionException,
  NoViableAltException,
  type TokenType,
  tokenMatcher,
} from 'chevrotain';
import type { Name } from '../src/1-syntax/ast.js';
import { Anchor } from '../src/diagnostics/anchor.js';
import type { Code, ParamsOf } from '../src/diagnostics/catalog.js';
import { type Diagnostic, diagnostic, type Extra } from '../src/diagnostics/diagnostic.js';
import type { Span } from '../src/diagnostics/span.js';
import { type PreparedDecisions, prepareDecisions, readDecision } from './decisions.js';
import { describeToken, describeType } from './describe.js';
import { SyntaxFailure } from './failure.js';
import { lookaheadFunction, OneTokenLookahead } from './lookahead.js';
import type { SourceToken } from './source-token.js';
import { T, vocabulary } from './tokens.js';

/** A stretch of the text. */
export interface Region {
  readonly start: number;
  readonly end: number;
}

/** The context of one parse. */
export interface ParseContext {
  readonly path: string;
  readonly maxOperators: number;
  readonly maxNesting: number;
  /** The name of the end of the tokens, if it is not that of the file. */
  readonly end?: string;
  /** Receives each message once the region that it spoils is known: from `start` to `end`, nothing else is worth reporting. */
  readonly complain: (d: Diagnostic, region: Region) => void;
  /** The text of the `##` lines directly above the declaration that starts at `offset`. */
  readonly takeDoc: (offset: number) => string | undefined;
  /** Called for each string literal, with the anchor of its declaration; fills in its parts once the parser is free. */
  readonly onString: (token: IToken, parts: unknown[], anchor: Anchor) => void;
}

const idle: ParseContext = {
  path: '',
  maxOperators: 0,
  maxNesting: 0,
  complain: () => {},
  takeDoc: () => undefined,
  onString: () => {},
};

/** Hidden parts of Chevrotain: its lookahead functions by the keys of their places, and whether it has made them. */
interface Engine {
  selfAnalysisDone: boolean;
  readonly lookAheadFuncsCache: Map<number, unknown>;
  getLaFuncFromCache: (key: number) => unknown;
}

/** What can follow a mistake: a place where parsing can continue. */
export type Sync = (token: SourceToken) => boolean;

/**
 * What the parts of the grammar share: spans, lookahead, and recovery.
 *
 * Recovery has three layers. The repair pass before the parser inserts forgotten brackets, so that the depth of every token is right.
 * Frequent mistakes are productions of the grammar, marked with `complain`. Everything else throws, and `attempt` continues at the next
 * place that its caller knows to be a beginning. Chevrotain's own recovery guesses without knowing lines and indentation, and stays off.
 */
export abstract class BaseParser extends EmbeddedActionsParser {
  protected context: ParseContext = idle;
  /** Where the declaration begins that is being read. */
  protected anchor = new Anchor('', 0);
  /** The greatest number of operators on a path through the expression parsed last; bounds the depth of the tree. */
  protected chained = 0;
  private readonly lookahead: OneTokenLookahead;

  /** Checking the grammar itself takes as long as building the parser, and its result never changes: only a test requests it. */
  constructor(checksGrammar = false) {
    const lookahead = new OneTokenLookahead();
    super([...vocabulary], {
      skipValidations: !checksGrammar,
      lookaheadStrategy: lookahead,
      recoveryEnabled: false,
      errorMessageProvider: {
        buildMismatchTokenMessage: ({ expected }) => describeType(expected),
        buildNotAllInputParsedMessage: () => 'the end of the file',
        buildNoViableAltMessage: () => 'something else',
        buildEarlyExitMessage: () => 'something else',
      },
    });
    this.lookahead = lookahead;
  }

  // ---------------------------------------------------------------- decisions

  /** Uses the decisions that an analysis of this grammar has found, in place of another one. */
  protected useDecisions(prepared: PreparedDecisions): void {
    const engine = this as unknown as Engine;
    const decisions = new Map(prepared);
    const made = new Map<number, unknown>();
    engine.getLaFuncFromCache = (key) => {
      const known = made.get(key);
      if (known !== undefined) return known;
      const decision = decisions.get(key);
      const decide = decision === undefined ? undefined : lookaheadFunction(readDecision(decision));
      made.set(key, decide);
      return decide;
    };
    engine.selfAnalysisDone = true;
  }

  /** The decisions that the analysis of the grammar has found. */
  decisions(): PreparedDecisions {
    const { lookAheadFuncsCache } = this as unknown as Engine;
    return prepareDecisions(
      new Map(
        [...lookAheadFuncsCache].flatMap(([key, decide]) => {
          const decision = this.lookahead.decisions.get(decide);
          return decision === undefined ? [] : [[key, decision]];
        }),
      ),
    );
  }

  /** Called by Chevrotain if no alternative fits; it would look for everything that could have followed, which no message mentions. */
  protected raiseNoAltException(_place: number, expected = 'something else'): never {
    throw new NoViableAltException(expected, this.LA(1), this.LA(0));
  }

  protected raiseEarlyExitException(_place: number, _kind: unknown, expected = 'something else'): never {
    throw new EarlyExitException(expected, this.LA(1), this.LA(0));
  }

  // ---------------------------------------------------------------- lookahead

  protected next(k = 1): SourceToken {
    return this.LA(k) as SourceToken; // the parser is given nothing else
  }

  protected is(type: TokenType, k = 1): boolean {
    return tokenMatcher(this.LA(k), type);
  }

  protected atEnd(): boolean {
    return this.LA(1).tokenType === EOF;
  }

  /** Whether the next token is on the line on which the previous one ends. */
  protected sameLine(k = 1): boolean {
    return !(this.next(k).indent >= 0);
  }

  /** The number of the token after the bracket that closes the one at `k`. */
  protected afterBrackets(k: number): number {
    const { depth } = this.next(k);
    let i = k + 1;
    while (this.LA(i).tokenType !== EOF && this.next(i).depth > depth) i++;
    return i + 1;
  }

  // ---------------------------------------------------------------- spans

  protected span(start: number, end: number): Span {
    return this.anchor.span(start, end);
  }

  protected spanOf(token: IToken): Span {
    return this.span(token.startOffset, (token.endOffset ?? token.startOffset) + 1);
  }

  /** From `start` to the end of the token consumed last. */
  protected since(start: number): Span {
    return this.span(start, Math.max(start, this.endOfLast()));
  }

  protected endOfLast(): number {
    const last = this.LA(0);
    const end = last?.endOffset;
    return end === undefined || Number.isNaN(end) ? 0 : end + 1;
  }

  protected nameOf(token: IToken): Name {
    return { text: token.image, span: this.spanOf(token) };
  }

  /** Used for a missing name. */
  protected missingName(): Name {
    return { text: '', span: this.span(this.endOfLast(), this.endOfLast()) };
  }

  // ---------------------------------------------------------------- messages

  /** Reports a mistake and continues parsing as if it had not been made. */
  protected complain<C extends Code>(code: C, span: Span, params: ParamsOf<C>, extra?: Extra): void {
    this.context.complain(diagnostic(code, span, params, extra), span);
  }

  /** Leaves the current statement. */
  protected fail<C extends Code>(code: C, span: Span, params: ParamsOf<C>, extra?: Extra): never {
    throw new SyntaxFailure(diagnostic(code, span, params, extra));
  }

  /** Leaves the current statement because the next token is not the expected one. */
  protected unexpected(expected: string): never {
    throw new SyntaxFailure(this.unexpectedToken(this.LA(1), expected));
  }

  private unexpectedToken(token: IToken, expected: string): Diagnostic {
    const found = token.tokenType === EOF && this.context.end !== undefined ? this.context.end : describeToken(token);
    if (token.tokenType === EOF && this.context.end === undefined) {
      const end = this.endOfLast();
      return diagnostic('unexpected-end', this.span(end, end), { expected });
    }
    const before = this.LA(0) as IToken | undefined;
    if (before !== undefined && expected === 'an expression' && isOperator(before)) {
      return diagnostic('missing-operand', this.spanOf(before), { operator: before.image, found });
    }
    return diagnostic('unexpected-token', this.spanOf(token), { expected, found });
  }

  private diagnosticOf(e: unknown): Diagnostic {
    if (e instanceof SyntaxFailure) return e.diagnostic;
    // The message of a Chevrotain exception is the description of what was expected: see `errorMessageProvider` above.
    if (e instanceof Error && isRecognitionException(e)) return this.unexpectedToken((e as Error & { token: IToken }).token, e.message);
    throw e;
  }

  // ---------------------------------------------------------------- recovery

  /**
   * Runs `parse`; if it fails, reports that once, skips to the next token that `sync` accepts, never past the brackets around the failed
   * part, and returns what `recover` makes of it.
   */
  protected attempt<R>(parse: () => R, sync: Sync, recover: (start: number) => R): R {
    if (this.RECORDING_PHASE) return parse();
    const first = this.next();
    const chained = this.chained;
    try {
      return parse();
    } catch (e) {
      const d = this.diagnosticOf(e);
      this.chained = chained;
      this.skip(first.depth, sync);
      this.context.complain(d, { start: first.startOffset, end: this.next().startOffset });
      return recover(first.startOffset);
    }
  }

  /** Like `attempt`, for one item of a list: always continues at a later token than it began with, so that the list advances. */
  protected attemptOne<R>(parse: () => R, sync: Sync, recover: (start: number) => R): R {
    const first = this.LA(1);
    return this.attempt(parse, (token) => token !== first && sync(token), recover);
  }

  /** Skips what cannot begin anything in a list of statements or declarations; false at the end of the list. */
  protected skipJunk(expected: string, sync: Sync): boolean {
    if (this.RECORDING_PHASE || this.atEnd() || this.is(T.RBrace)) return false;
    const refuse = () => this.misplacedKeyword() ?? this.unreadCond(expected) ?? this.unexpected(expected);
    this.attemptOne<unknown>(refuse, sync, () => undefined);
    return true;
  }

  /** What a reserved word that is not allowed here was most likely meant to be. */
  private misplacedKeyword(): undefined {
    const token = this.LA(1);
    if (!this.is(T.HardKeyword)) return undefined;
    const word = token.image;
    this.refuseKeywordAsName();
    const declares = token.tokenType === T.hard.import || this.is(T.Id, 2);
    if (declares && word !== 'in' && word !== 'as' && word !== 'from') this.fail('nested-declaration', this.spanOf(token), { word });
    return undefined;
  }

  /** `cond -x > 0 {`: a difference and then a block, where `cond` is taken for a name. */
  private unreadCond(expected: string): undefined {
    if (!this.is(T.LBrace)) return undefined;
    let k = 1;
    while (k > -60 && this.sameLine(k) && !this.is(T.soft.cond, k - 1)) k--;
    if (!this.is(T.soft.cond, k - 1) || ![T.Minus, T.LParen, T.LBracket].some((type) => this.is(type, k))) return undefined;
    const edits = [
      { span: this.span(this.next(k).startOffset, this.next(k).startOffset), text: '(' },
      { span: this.span(this.endOfLast(), this.endOfLast()), text: ')' },
    ];
    const help = 'put a condition that does not begin with a name in brackets: `cond (-x > 0) { ... }`';
    const found = { expected, found: describeToken(this.LA(1)) };
    this.fail('unexpected-token', this.spanOf(this.LA(1)), found, { help, fixes: [{ title: 'insert the brackets', edits }] });
  }

  /** `for = 3`, and `for layer in layers`. */
  protected refuseKeywordAsName(before = T.Eq): void {
    const token = this.LA(1);
    if (this.is(T.HardKeyword) && this.is(before, 2)) this.fail('keyword-as-name', this.spanOf(token), { word: token.image });
  }

  private skip(depth: number, sync: Sync): void {
    while (!this.atEnd()) {
      const token = this.next();
      if (token.depth < depth || (token.depth === depth && sync(token))) return;
      this.SKIP_TOKEN();
    }
  }

  // ---------------------------------------------------------------- lists

  /**
   * Items separated by commas up to `close`, which is not consumed; a comma may end the list. A missing comma between two items is reported
   * and inserted. `index` distinguishes the lists of one rule.
   */
  protected commas(index: number, close: TokenType, what: string, item: () => void): void {
    this.many(index, {
      GATE: () => !this.is(close),
      DEF: () => {
        item();
        this.option(index, () => this.consume(index + 100, T.Comma));
        this.ACTION(() => this.checkComma(close));
      },
    });
    this.ACTION(() => {
      if (this.is(close)) return;
      const before = this.LA(0).tokenType;
      const wantsItem = before === T.Comma || before === T.LParen || before === T.LBracket || before === T.LBrace;
      this.unexpected(wantsItem ? what : `\`,\` or ${describeType(close)}`);
    });
  }

  private checkComma(close: TokenType): void {
    if (this.is(T.Comma, 0) || this.is(close) || !this.beginsItem()) return;
    const at = this.endOfLast();
    const span = this.spanOf(this.LA(1));
    this.complain(
      'missing-comma',
      span,
      { before: describeToken(this.LA(1)) },
      {
        fixes: [{ title: 'insert `,`', edits: [{ span: this.span(at, at), text: ',' }] }],
      },
    );
  }

  private beginsItem(): boolean {
    // A bracket on the same line continues what is before it.
    if (this.is(T.LParen) || this.is(T.LBracket)) return !this.sameLine();
    return [T.Id, T.Num, T.Str, T.hard.true, T.hard.false, T.hard.none, T.Colon, T.DotDot].some((type) => this.is(type));
  }
}

// biome-ignore format: a table
const operators: ReadonlySet<TokenType> = new Set([
  T.Arrow, T.EqEq, T.NotEq, T.LessEq, T.GreaterEq, T.AndAnd, T.OrOr, T.DotDot, T.SlashSlash, T.StarStar, T.Less,
  T.Greater, T.And, T.Or, T.Not, T.Plus, T.Minus, T.Star, T.Slash, T.Percent, T.At,
]);

/** Whether an expression must follow the token. */
export function isOperator(token: IToken): boolean {
  return operators.has(token.tokenType);
}
