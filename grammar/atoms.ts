import type { IToken, ParserMethod } from 'chevrotain';
import type { Block, CondExpr, Expr, IfExpr, Name, Pattern, StringExpr, TupleExpr } from '../src/1-syntax/ast.js';
import { isOperator } from './base-parser.js';
import { branches, valueBlock } from './branches.js';
import { describeToken } from './describe.js';
import { T } from './tokens.js';
import { TypeParser } from './types.js';

/** One `if c { } else if d { } else { }` before it is known whether it is used as a value. */
export interface Branches {
  readonly cases: readonly { readonly start: number; readonly condition: Expr; readonly then: Block }[];
  readonly otherwise: Block | undefined;
  readonly end: number;
}

/** The parts of expressions: literals, names, brackets, lists, `if` and `cond`. */
export abstract class AtomParser extends TypeParser {
  abstract readonly expr: ParserMethod<[], Expr>;
  abstract readonly block: ParserMethod<[], Block>;

  /** Made once: this list is used at every operand. */
  private readonly atoms = {
    DEF: [
      { ALT: () => this.SUBRULE(this.number) },
      { ALT: () => this.SUBRULE(this.string) },
      { ALT: () => this.SUBRULE(this.bool) },
      { ALT: () => this.SUBRULE(this.none) },
      { GATE: () => this.atCond(), ALT: () => this.SUBRULE(this.condExpr) },
      { ALT: () => this.SUBRULE(this.reference) },
      { GATE: () => this.isInTrain && !(this.is(T.Id, 2) && this.sameLine(2)), ALT: () => this.SUBRULE(this.trainedModel) },
      { ALT: () => this.SUBRULE(this.brackets) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.ifExpr) },
      { ALT: () => this.SUBRULE(this.typeAsValue) },
    ],
    IGNORE_AMBIGUITIES: true,
    ERR_MSG: 'an expression',
  };

  readonly atom: ParserMethod<[], Expr> = this.RULE('atom', () => this.OR<Expr>(this.atoms));

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
      this.context.onString(token, parts, this.anchor);
      return { kind: 'string', parts, text: token.image, span: this.spanOf(token) };
    });
  });

  readonly bool = this.RULE('bool', (): Expr => {
    const token = this.OR([{ ALT: () => this.CONSUME(T.hard.true) }, { ALT: () => this.CONSUME(T.hard.false) }]);
    return this.ACTION(() => ({ kind: 'bool', value: token.image === 'true', span: this.spanOf(token) }));
  });

  readonly none = this.RULE('none', (): Expr => {
    const token = this.CONSUME(T.hard.none);
    return this.ACTION(() => ({ kind: 'none', span: this.spanOf(token) }));
  });

  /** Where an index that is `None` begins: Python's way to add an axis. */
  protected newAxis: number | undefined;

  readonly reference = this.RULE('reference', (): Expr => {
    this.ACTION(this.noNextStatement);
    const token = this.CONSUME(T.Id);
    return this.ACTION((): Expr => {
      const span = this.spanOf(token);
      if (token.image !== 'None') return { kind: 'name', name: token.image, span };
      if (this.newAxis !== token.startOffset)
        this.complain('none-value', span, {}, { fixes: [{ title: 'write `none`', edits: [{ span, text: 'none' }] }] });
      return { kind: 'none', span };
    });
  });

  /** Whether the parser is in a `train` block. */
  protected isInTrain = false;

  /** `model(image2)`: in a `train` block, the reserved word is the name of the model that it trains. */
  readonly trainedModel = this.RULE('trainedModel', (): Expr => {
    const token = this.CONSUME(T.hard.model);
    return this.ACTION(() => ({ kind: 'name', name: token.image, span: this.spanOf(token) }));
  });

  private readonly noNextStatement = () => this.refuseNextStatement();

  /** `a = b +` above `c = 2`: the operand is missing, and the next line is a statement. */
  private refuseNextStatement(): void {
    if (this.sameLine() || !this.is(T.Eq, 2)) return;
    const before = this.LA(0);
    if (before.tokenType !== T.Eq && !isOperator(before)) return;
    this.fail('missing-operand', this.spanOf(before), { operator: before.image, found: describeToken(this.LA(1)) });
  }

  /** A type says what a value must be and is not itself a value. */
  readonly typeAsValue = this.RULE('typeAsValue', (): Expr => {
    const type = this.SUBRULE(this.tensorType);
    return this.ACTION(() => {
      // `past: Tensor[N, 4] = zeros` is a declaration whose keyword is missing: its value is none of a statement of its own.
      if (this.is(T.Eq)) this.fail('type-as-value', type.span, {});
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
      const spread = items.find((item) => item.spread)?.value ?? to.spread;
      if (spread !== undefined) this.complain('spread-in-pattern', spread.span, {});
      return { kind: 'rearrange-pattern', from: items.map((item) => item.value), to: to.items, span };
    });
  });

  /** `*B` among the axes of a rearrangement, where each axis needs a name of its own. */
  readonly strayStar = this.RULE('strayStar', () => this.CONSUME(T.Star));

  readonly plainList = this.RULE('plainList', () => {
    const items: Expr[] = [];
    let spread: Expr | undefined;
    this.CONSUME(T.LBracket);
    this.commas(0, T.RBracket, 'an axis', () => {
      const star = this.OPTION1(() => this.SUBRULE(this.strayStar));
      const item = this.SUBRULE(this.operation);
      this.ACTION(() => {
        if (star !== undefined) spread ??= item;
        items.push(item);
      });
    });
    this.CONSUME(T.RBracket);
    return { items, spread };
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

  // ---------------------------------------------------------------- if

  readonly ifExpr = this.RULE('ifExpr', (): Expr => {
    const outer = this.enter();
    const { startOffset } = this.LA(1);
    const found = this.SUBRULE(this.branches);
    return this.ACTION(() =>
      this.leave(outer, found.cases.length, startOffset, (): IfExpr => branches(found, this.anchor, valueBlock, 'if')),
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

  /** The condition after `if`, `where` and `assert`; a lone `=` is read as `==`. Recovers at the `{`. */
  readonly condition = this.RULE(
    'condition',
    (): Expr =>
      this.attempt(
        () => this.SUBRULE(this.innerCondition),
        (token) => token.tokenType === T.LBrace,
        (start) => ({ kind: 'error', span: this.since(start) }),
      ),
  );

  /** How many conditions the next token is in. No brackets limit the depth of `if if if`. */
  private openConditions = 0;

  readonly innerCondition = this.RULE('innerCondition', (): Expr => {
    this.ACTION(() => {
      const limit = this.context.maxNesting;
      if (this.openConditions >= limit) this.fail('nesting-too-deep', this.spanOf(this.LA(1)), { limit, what: 'conditions' });
    });
    this.openConditions++;
    try {
      return this.SUBRULE(this.fact);
    } finally {
      this.openConditions--;
    }
  });

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

  // ---------------------------------------------------------------- cond

  /** `cond` is a keyword before a name, a literal, `!`, or brackets that a block follows, on its line. */
  private atCond(): boolean {
    if (!this.is(T.soft.cond) || !this.sameLine(2)) return false;
    if (this.is(T.LParen, 2)) return this.is(T.LBrace, this.afterBrackets(2));
    return this.beginsCondition(2) && !this.continuesClause(2);
  }

  private beginsCondition(k: number): boolean {
    return this.sameLine(k) && conditionStarts.some((type) => this.is(type, k));
  }

  /** In `x[0..cond by 2]` and `over cond axis 1`, the word after `cond` belongs to what is around it. */
  private continuesClause(k: number): boolean {
    return clauseWords.some((word) => this.is(word, k)) && this.beginsCondition(k + 1);
  }

  /** `cond c { a } else { b }` */
  readonly condExpr = this.RULE('condExpr', (): Expr => {
    const outer = this.enter();
    const word = this.CONSUME(T.soft.cond);
    const condition = this.SUBRULE(this.condition);
    const then = this.SUBRULE(this.ownBlock, { ARGS: ['cond'] });
    const otherwise = this.SUBRULE(this.otherSide, { ARGS: [word, then] });
    return this.ACTION(() =>
      this.leave(
        outer,
        1,
        word.startOffset,
        (): CondExpr => ({
          kind: 'cond',
          condition,
          // biome-ignore lint/suspicious/noThenProperty: the tree's word for the first branch; nobody awaits a tree
          then: valueBlock(then),
          otherwise: valueBlock(otherwise),
          span: this.since(word.startOffset),
        }),
      ),
    );
  });

  readonly otherSide = this.RULE('otherSide', (cond: IToken, then: Block): Block => {
    if (!this.RECORDING_PHASE && !this.is(T.hard.else)) {
      // A `cond` without any block has been reported.
      if (then.span.end > then.span.start) this.complain('missing-else', this.since(cond.startOffset), { word: 'cond' });
      return this.missingBlock();
    }
    this.CONSUME(T.hard.else);
    this.ACTION(() => {
      if (this.is(T.hard.if) || this.atCond())
        this.fail('missing-block', this.spanOf(this.LA(1)), { word: 'else', found: this.LA(1).image });
    });
    return this.SUBRULE(this.ownBlock, { ARGS: ['else'] });
  });

  /** The block of a `cond` or `scan`. */
  readonly ownBlock: ParserMethod<[word: BlockWord], Block> = this.RULE('ownBlock', (word: BlockWord): Block => {
    if (!this.RECORDING_PHASE && !this.is(T.LBrace)) {
      const isOnLine = this.sameLine() && !this.is(T.RBrace) && !this.atEnd();
      if (isOnLine && word === 'else') this.fail('missing-block', this.spanOf(this.LA(1)), { word });
      if (isOnLine) this.unexpected('`{`');
      const end = this.endOfLast();
      this.complain('missing-block', this.span(end, end), { word });
      return this.missingBlock();
    }
    return this.SUBRULE(this.block);
  });

  private missingBlock(): Block {
    const end = this.endOfLast();
    const span = this.span(end, end);
    return { statements: [], value: { kind: 'error', span }, span };
  }
}

/** What has a block of its own. */
type BlockWord = 'scan' | 'cond' | 'else';

const conditionStarts = [T.Id, T.Num, T.Str, T.hard.true, T.hard.false, T.hard.none, T.Not];
const clauseWords = [T.soft.by, T.soft.axis, T.soft.reverse, T.soft.carry, T.soft.over, T.soft.named];
