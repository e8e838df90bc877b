import type { IToken } from 'chevrotain';
import type { Arg, Expr, Name, PathPattern, Setting, TrainBinding, TrainClause, TrainDecl, TrainGroup } from '../src/1-syntax/ast.js';
import { LetParser } from './lets.js';
import type { SourceToken } from './source-token.js';
import { T } from './tokens.js';

/** The `train` block. Its keywords are soft: `loss` and `input` are names everywhere else. */
export abstract class TrainParser extends LetParser {
  readonly train = this.RULE('train', (): TrainDecl => {
    const clauses: TrainClause[] = [];
    const doc = this.ACTION(() => this.context.takeDoc(this.LA(1).startOffset));
    const word = this.CONSUME(T.soft.train);
    const name = this.SUBRULE(this.name);
    this.CONSUME(T.hard.for);
    const model = this.SUBRULE(this.postfix);
    this.CONSUME(T.LBrace);
    this.isInTrain = true;
    try {
      do {
        this.MANY(() => {
          const clause = this.SUBRULE(this.clause);
          this.ACTION(() => clauses.push(clause));
        });
      } while (this.skipJunk('a clause such as `loss = ...`', this.beginsClause));
    } finally {
      this.isInTrain = false;
    }
    this.CONSUME(T.RBrace);
    return this.ACTION(() => ({ kind: 'train', doc, name, model, clauses, span: this.since(word.startOffset) }));
  });

  private readonly beginsClause = (token: SourceToken): boolean => token.indent >= 0 && this.beginsExpression(token);

  readonly clause = this.RULE(
    'clause',
    (): TrainClause =>
      this.attemptOne<TrainClause>(
        () =>
          this.OR({
            DEF: [
              { GATE: () => this.is(T.Id, 2) && this.is(T.Colon, 3), ALT: () => this.SUBRULE(this.inputClause) },
              { ALT: () => this.SUBRULE(this.lossClause) },
              { GATE: () => !this.is(T.Eq, 2), ALT: () => this.SUBRULE(this.metricClause) },
              { GATE: () => this.atPatterns(), ALT: () => this.SUBRULE(this.freezeClause) },
              { GATE: () => this.atPatterns(), ALT: () => this.SUBRULE(this.evalClause) },
              { GATE: () => this.atPatterns(), ALT: () => this.SUBRULE(this.checkpointClause) },
              { GATE: () => !this.is(T.Eq, 2), ALT: () => this.SUBRULE(this.loraClause) },
              { GATE: () => !this.is(T.Eq, 2), ALT: () => this.SUBRULE(this.optimizerClause) },
              { GATE: () => this.is(T.LParen) || this.is(T.Eq, 2), ALT: () => this.SUBRULE(this.binding) },
              { ALT: () => this.SUBRULE(this.optionClause) },
            ],
            IGNORE_AMBIGUITIES: true,
            ERR_MSG: 'a clause such as `loss = ...`',
          }),
        this.beginsClause,
        (start) => ({ kind: 'error-clause', span: this.since(start) }),
      ),
  );

  readonly inputClause = this.RULE('inputClause', (): TrainClause => {
    const word = this.CONSUME(T.soft.input);
    const name = this.SUBRULE(this.name);
    const type = this.SUBRULE(this.ofType);
    return this.ACTION(() => ({ kind: 'input', name, type, span: this.since(word.startOffset) }));
  });

  readonly lossClause = this.RULE('lossClause', (): TrainClause => {
    const word = this.CONSUME(T.soft.loss);
    this.CONSUME(T.Eq);
    const value = this.SUBRULE(this.expr);
    return this.ACTION(() => ({ kind: 'loss', value, span: this.since(word.startOffset) }));
  });

  readonly metricClause = this.RULE('metricClause', (): TrainClause => {
    const word = this.CONSUME(T.soft.metric);
    const name = this.SUBRULE(this.name);
    this.CONSUME(T.Eq);
    const value = this.SUBRULE(this.expr);
    return this.ACTION(() => ({ kind: 'metric', name, value, span: this.since(word.startOffset) }));
  });

  /** Whether patterns follow the word, and it is not a name. */
  private atPatterns(): boolean {
    return !this.is(T.Eq, 2) && this.sameLine(2);
  }

  /** `freeze conv1, *.bn* with { statistics: update }` */
  readonly freezeClause = this.RULE('freezeClause', (): TrainClause => {
    const settings: Setting[] = [];
    const word = this.CONSUME(T.soft.freeze);
    const patterns = this.SUBRULE(this.paths);
    this.OPTION(() => {
      this.CONSUME(T.soft.with);
      this.CONSUME(T.LBrace);
      this.MANY(() => {
        const token = this.CONSUME(T.Id);
        this.CONSUME(T.Colon);
        const value = this.SUBRULE(this.expr);
        this.OPTION1(() => this.CONSUME(T.Comma));
        this.ACTION(() => settings.push({ name: this.nameOf(token), value, span: this.span(token.startOffset, value.span.end) }));
      });
      this.CONSUME(T.RBrace);
    });
    return this.ACTION(() => ({ kind: 'freeze', patterns, settings, span: this.since(word.startOffset) }));
  });

  readonly evalClause = this.RULE('evalClause', (): TrainClause => {
    const word = this.CONSUME(T.soft.eval);
    const patterns = this.SUBRULE(this.paths);
    return this.ACTION(() => ({ kind: 'eval', patterns, span: this.since(word.startOffset) }));
  });

  readonly checkpointClause = this.RULE('checkpointClause', (): TrainClause => {
    const word = this.CONSUME(T.soft.checkpoint);
    const patterns = this.SUBRULE(this.paths);
    return this.ACTION(() => ({ kind: 'checkpoint', patterns, span: this.since(word.startOffset) }));
  });

  /** `other = model(image2)`, `teacher = frozen BigNet(classes = 10)` */
  readonly binding = this.RULE('binding', (): TrainBinding => {
    const { startOffset } = this.LA(1);
    const target = this.SUBRULE(this.pattern);
    this.CONSUME(T.Eq);
    const word = this.OPTION({
      GATE: () => (this.is(T.Id, 2) || this.is(T.hard.model, 2)) && this.sameLine(2),
      DEF: () => this.CONSUME(T.soft.frozen),
    });
    const value = this.SUBRULE(this.expr);
    return this.ACTION(() => ({ kind: 'assign', target, value, isFrozen: word !== undefined, span: this.since(startOffset) }));
  });

  readonly loraClause = this.RULE('loraClause', (): TrainClause => {
    const word = this.CONSUME(T.soft.lora);
    const args = this.SUBRULE(this.args);
    this.CONSUME(T.soft.on);
    const patterns = this.SUBRULE(this.paths);
    return this.ACTION(() => ({ kind: 'lora', args, patterns, span: this.since(word.startOffset) }));
  });

  /** `optimizer adamw(lr = input) { group *.bias { weight_decay = 0 } }` */
  readonly optimizerClause = this.RULE('optimizerClause', (): TrainClause => {
    const groups: TrainGroup[] = [];
    const word = this.CONSUME(T.soft.optimizer);
    const name = this.SUBRULE(this.name);
    const args: Arg[] = this.SUBRULE(this.args);
    this.OPTION(() => this.SUBRULE(this.formerGroups));
    this.OPTION1(() => {
      this.CONSUME(T.LBrace);
      this.MANY(() => {
        const group = this.SUBRULE(this.group);
        this.ACTION(() => groups.push(group));
      });
      this.ACTION(() => {
        if (!this.is(T.RBrace)) this.unexpected('a `group` or `}`');
      });
      this.CONSUME(T.RBrace);
    });
    return this.ACTION(() => ({ kind: 'optimizer', name, args, groups, span: this.since(word.startOffset) }));
  });

  /** `group *.bias, *.norm*.weight { weight_decay = 0 }` */
  readonly group = this.RULE('group', (): TrainGroup => {
    const settings: Setting[] = [];
    const word = this.CONSUME(T.soft.group);
    const patterns = this.SUBRULE(this.paths);
    this.CONSUME(T.LBrace);
    this.MANY(() => {
      const token = this.CONSUME(T.Id);
      this.CONSUME(T.Eq);
      const value: Expr = this.SUBRULE(this.expr);
      this.OPTION(() => this.CONSUME(T.Comma));
      this.ACTION(() => settings.push({ name: this.nameOf(token), value, span: this.span(token.startOffset, value.span.end) }));
    });
    this.CONSUME(T.RBrace);
    return this.ACTION(() => ({ patterns, settings, span: this.since(word.startOffset) }));
  });

  /** `with { no_decay: *.bias, *.norm*.weight }`, as groups were written in the first version of the language. */
  readonly formerGroups = this.RULE('formerGroups', () => {
    const former: { name: Name; patterns: readonly PathPattern[] }[] = [];
    const word = this.CONSUME(T.soft.with);
    this.CONSUME(T.LBrace);
    this.MANY(() => {
      const name = this.CONSUME(T.Id);
      this.CONSUME(T.Colon);
      const patterns = this.SUBRULE(this.paths);
      this.OPTION(() => this.CONSUME(T.Comma));
      this.ACTION(() => former.push({ name: this.nameOf(name), patterns }));
    });
    this.CONSUME(T.RBrace);
    this.ACTION(() => {
      const span = this.since(word.startOffset);
      const isKnown = former.length > 0 && former.every(({ name }) => name.text === 'no_decay');
      const written = former.flatMap(({ patterns }) => patterns.map(({ text }) => text)).join(', ');
      const edits = [{ span, text: `{\n    group ${written} { weight_decay = 0 }\n  }` }];
      this.complain('former-groups', span, {}, { fixes: isKnown ? [{ title: 'write a `group`', edits }] : [] });
    });
  });

  /** `clip_norm 1.0`: anything that the trainer knows by name. */
  readonly optionClause = this.RULE('optionClause', (): TrainClause => {
    const name = this.CONSUME(T.Id);
    this.ACTION(() => {
      const takesPatterns = [T.soft.freeze, T.soft.eval, T.soft.checkpoint].some((type) => this.is(type, 0));
      if (!this.sameLine() || !this.beginsExpression(this.next()))
        this.unexpected(takesPatterns ? 'a pattern of names' : `a value for \`${name.image}\``);
    });
    const value = this.SUBRULE(this.expr);
    return this.ACTION(() => ({ kind: 'option', name: this.nameOf(name), value, span: this.since(name.startOffset) }));
  });

  // ---------------------------------------------------------------- patterns of parameter paths

  readonly paths = this.RULE('paths', () => {
    const patterns: PathPattern[] = [];
    const one = (index: number) => {
      const pattern = this.subrule(index, this.path);
      this.ACTION(() => patterns.push(pattern));
    };
    one(0);
    this.MANY({
      GATE: () => !(this.is(T.Id, 2) && this.is(T.Colon, 3)),
      DEF: () => {
        this.CONSUME(T.Comma);
        one(1);
      },
    });
    return patterns;
  });

  /** `encoder[0..6]`, `*.norm*.weight`: the pieces of one pattern touch each other or are joined by dots. */
  readonly path = this.RULE('path', (): PathPattern => {
    const { startOffset } = this.LA(1);
    const images: string[] = [];
    const take = (token: IToken) => images.push(token.image);
    this.SUBRULE(this.piece, { ARGS: [take] });
    this.MANY({
      GATE: () => this.is(T.Dot) || this.is(T.LBracket) || this.touches(),
      DEF: () =>
        this.OR([
          {
            ALT: () => {
              take(this.CONSUME(T.Dot));
              this.SUBRULE1(this.piece, { ARGS: [take] });
            },
          },
          { ALT: () => this.SUBRULE2(this.piece, { ARGS: [take] }) },
          { ALT: () => this.SUBRULE(this.pathIndex, { ARGS: [take] }) },
        ]),
    });
    return this.ACTION(() => ({ text: images.join(''), span: this.since(startOffset) }));
  });

  private touches(): boolean {
    return this.LA(1).startOffset === this.endOfLast();
  }

  readonly piece = this.RULE('piece', (take: (token: IToken) => void) => {
    const token = this.OR({
      DEF: [
        { ALT: () => this.CONSUME(T.Star) },
        { ALT: () => this.CONSUME(T.Id) },
        { ALT: () => this.CONSUME(T.Num) },
        { ALT: () => this.CONSUME(T.HardKeyword) },
      ],
      ERR_MSG: 'a pattern of parameter names',
    });
    this.ACTION(() => take(token));
  });

  /** `[3]`, `[0..6]`, `[*]` */
  readonly pathIndex = this.RULE('pathIndex', (take: (token: IToken) => void) => {
    const open = this.CONSUME(T.LBracket);
    this.ACTION(() => take(open));
    const first = this.OR({ DEF: [{ ALT: () => this.CONSUME(T.Star) }, { ALT: () => this.CONSUME(T.Num) }], ERR_MSG: 'an index' });
    this.ACTION(() => take(first));
    this.OPTION(() => {
      const dots = this.CONSUME(T.DotDot);
      const end = this.CONSUME1(T.Num);
      this.ACTION(() => {
        take(dots);
        take(end);
      });
    });
    const close = this.CONSUME(T.RBracket);
    this.ACTION(() => take(close));
  });
}
