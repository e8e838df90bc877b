import { type TokenType, tokenMatcher } from 'chevrotain';
import { isOperator } from '../../../grammar/base-parser.js';
import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { spanBeside } from '../../diagnostics/anchor.js';
import type { Code, ParamsOf } from '../../diagnostics/catalog.js';
import { diagnostic, type Edit } from '../../diagnostics/diagnostic.js';
import { append } from '../../lists.js';
import type { Complaints } from '../complaints.js';
import { beginsOperand, closerOf, endOf, endsOperand, farthest, isCloser, isWord, retyped, supplied } from './token-kinds.js';

/** Replaces words and symbols of other languages with their equivalents here, each with a message. */
export function repairWords(tokens: readonly SourceToken[], complaints: Complaints): SourceToken[] {
  return new Words(tokens, complaints).run();
}

class Words {
  readonly #tokens: readonly SourceToken[];
  readonly #complaints: Complaints;
  readonly #out: SourceToken[] = [];
  readonly #semicolons: Edit[] = [];
  #at = 0;

  constructor(tokens: readonly SourceToken[], complaints: Complaints) {
    this.#tokens = tokens;
    this.#complaints = complaints;
  }

  run(): SourceToken[] {
    for (; this.#at < this.#tokens.length; this.#at++) {
      const token = this.#tokens[this.#at] as SourceToken; // in range
      const instead = this.#symbol(token) ?? this.#word(token) ?? this.#label(token);
      if (instead === undefined) this.#out.push(token);
      else append(this.#out, instead);
    }
    this.#reportSemicolons();
    return this.#out;
  }

  #next(k = 1): SourceToken | undefined {
    return this.#tokens[this.#at + k];
  }

  #before(): SourceToken | undefined {
    return this.#out.at(-1);
  }

  /** Reports `token`; `replacement`, if it is safe, is the fix. Nothing up to `end` is reported again. */
  #say<C extends Code>(code: C, token: SourceToken, params: ParamsOf<C>, replacement?: string, end = endOf(token)): void {
    const span = this.#complaints.span(token.startOffset, endOf(token));
    const fixes = replacement === undefined ? [] : [{ title: `write \`${replacement.trim()}\``, edits: [{ span, text: replacement }] }];
    this.#complaints.add(diagnostic(code, span, params, { fixes }), { start: token.startOffset, end });
  }

  // ---------------------------------------------------------------- symbols

  #symbol(token: SourceToken): SourceToken[] | undefined {
    switch (token.tokenType) {
      case T.ColonEq:
        this.#say('colon-equals', token, {}, '=');
        return [retyped(token, T.Eq)];
      case T.OpEq:
        return this.#compound(token);
      case T.FatArrow:
        return this.#fatArrow(token);
      case T.Semicolon:
        return this.#semicolon(token);
      case T.DotDot:
        return this.#ellipsis(token);
      case T.hard.Tensor:
        return this.#resultType(token);
      default:
        return undefined;
    }
  }

  /** `=>` is only valid between two lists of axes. */
  #fatArrow(token: SourceToken): SourceToken[] | undefined {
    if (this.#before()?.tokenType === T.RBracket && this.#next()?.tokenType === T.LBracket) return undefined;
    this.#say('fat-arrow', token, {}, '->');
    return [retyped(token, T.Arrow)];
  }

  /** `h += x * 2` is `h = h + (x * 2)`. */
  #compound(token: SourceToken): SourceToken[] {
    const name = this.#before();
    const operator = token.image.slice(0, -1);
    const span = this.#complaints.span(token.startOffset, endOf(token));
    const rest = name !== undefined && name.indent >= 0 && isWord(name) ? this.#restOfLine() : undefined;
    const params = { operator, name: name !== undefined && isWord(name) ? name.image : 'x' };
    const [first, last] = [rest?.[0], rest?.at(-1)];
    const plain = rest?.every((t) => isWord(t) || t.tokenType === T.Num || t.tokenType === T.Dot) === true;
    const upTo = spanBeside(span, span.start, first?.startOffset ?? span.end);
    const edits = [{ span: upTo, text: `= ${params.name} ${operator} ${plain ? '' : '('}` }];
    if (!plain) edits.push({ span: this.#complaints.span(endOf(last), endOf(last)), text: ')' });
    const fixes = rest === undefined ? [] : [{ title: `write \`${params.name} = ${params.name} ${operator} ...\``, edits }];
    this.#complaints.add(diagnostic('compound-assignment', span, params, { fixes }), span);
    return [retyped(token, T.Eq)];
  }

  /** The tokens up to the end of the line; undefined if there are none, or if their brackets are open there. */
  #restOfLine(): readonly SourceToken[] | undefined {
    const rest: SourceToken[] = [];
    let depth = 0;
    for (let k = 1; k < farthest; k++) {
      const next = this.#next(k);
      const isEnd = next === undefined || next.indent >= 0 || next.image === '' || next.tokenType === T.Semicolon;
      if (isEnd || (depth === 0 && isCloser(next))) return depth === 0 && rest.length > 0 ? rest : undefined;
      if (isCloser(next)) depth--;
      else if (closerOf.has(next.tokenType)) depth++;
      rest.push(next);
    }
    return undefined;
  }

  /** `x[..., 0]`: all axes that are not named. */
  #ellipsis(token: SourceToken): SourceToken[] | undefined {
    const dot = this.#next();
    const [before, after] = [this.#before()?.tokenType, this.#next(2)?.tokenType];
    if (dot?.tokenType !== T.Dot || dot.startOffset !== endOf(token)) return undefined;
    if ((before !== T.LBracket && before !== T.Comma) || (after !== T.RBracket && after !== T.Comma)) return undefined;
    const span = this.#complaints.span(token.startOffset, endOf(dot));
    const fixes = [{ title: 'write `..`', edits: [{ span, text: '..' }] }];
    this.#complaints.add(diagnostic('foreign-literal', span, { word: '...', instead: '..' }, { fixes }), span);
    this.#at++;
    return [token];
  }

  /** What follows on the same line begins a statement, as if it were on a line of its own. */
  #semicolon(token: SourceToken): SourceToken[] {
    const next = this.#next();
    const goesOn = next !== undefined && next.indent < 0 && next.tokenType !== T.RBrace && next.tokenType !== T.Semicolon;
    if (goesOn) next.indent = 0;
    this.#semicolons.push({ span: this.#complaints.span(token.startOffset, token.startOffset + 1), text: goesOn ? '\n' : '' });
    return [];
  }

  /** One message for each habit. */
  #reportSemicolons(): void {
    const [first] = this.#semicolons;
    if (first === undefined) return;
    const fixes = [{ title: 'take `;` out', edits: this.#semicolons }];
    this.#complaints.add(diagnostic('semicolon', first.span, {}, { fixes }), first.span);
  }

  /** `(x: T) Tensor[..]` and `(x: T): Tensor[..]`: the arrow is missing. */
  #resultType(token: SourceToken): SourceToken[] | undefined {
    const before = this.#before();
    if (before?.tokenType === T.RParen) {
      const at = this.#complaints.span(token.startOffset, token.startOffset);
      this.#complaints.add(
        diagnostic(
          'missing-arrow',
          this.#complaints.span(token.startOffset, endOf(token)),
          {},
          { fixes: [{ title: 'insert `->`', edits: [{ span: at, text: '-> ' }] }] },
        ),
        this.#complaints.span(token.startOffset, endOf(token)),
      );
      return [supplied(T.Arrow, before), token];
    }
    if (before?.tokenType === T.Colon && this.#out.at(-2)?.tokenType === T.RParen) {
      this.#say('missing-arrow', before, {}, ' ->');
      this.#out.pop();
      return [retyped(before, T.Arrow), token];
    }
    return undefined;
  }

  // ---------------------------------------------------------------- words

  #word(token: SourceToken): SourceToken[] | undefined {
    if (token.tokenType !== T.Id && token.tokenType !== T.hard.from && token.tokenType !== T.hard.import) return undefined;
    switch (token.image) {
      case 'f':
        return this.#formatted(token);
      case 'True':
      case 'False':
        return this.#literal(token);
      case 'and':
        return this.#infix(token, T.AndAnd, '&&');
      case 'or':
        return this.#infix(token, T.OrOr, '||');
      case 'elif':
      case 'elsif':
      case 'elseif':
        return this.#elif(token);
      case 'tensor':
        return this.#tensor(token);
      case 'def':
      case 'function':
      case 'func':
        return this.#declaration(token, T.hard.fn, 'functions are declared with `fn`');
      case 'class':
      case 'module':
        return this.#declaration(token, T.hard.layer, 'layers are declared with `layer`');
      case 'const':
      case 'var':
      case 'val':
        return this.#binding(token);
      case 'export':
      case 'pub':
        return this.#export(token);
      case 'new':
        return this.#new(token);
      case 'while':
        return this.#while(token);
      case 'import':
      case 'from':
        return this.#import(token);
      default:
        return undefined;
    }
  }

  /** `x -> layer[0]: Linear(8)`, `y = model.norm: LayerNorm`: where a value is expected, a reserved word can only begin a label. */
  #label(token: SourceToken): SourceToken[] | undefined {
    const before = this.#before();
    if (before === undefined || !tokenMatcher(token, T.HardKeyword)) return undefined;
    const isValue = before.tokenType === T.Eq || before.tokenType === T.hard.return || isOperator(before);
    if (!isValue || !this.#labelGoesOn()) return undefined;
    this.#say('reserved-label', token, { word: token.image }, `"${token.image}"`);
    return [retyped(token, T.Id)];
  }

  /** Whether any number of `.name` and `[index]`, and then a colon, follow. */
  #labelGoesOn(): boolean {
    for (let k = 1, depth = 0; ; k++) {
      const next = this.#next(k);
      if (next === undefined || next.indent >= 0) return false;
      const type = next.tokenType;
      if (type === T.LBracket) depth++;
      else if (type === T.RBracket) depth--;
      else if (depth === 0 && type === T.Colon) return true;
      else if (depth === 0 && type !== T.Dot && !(isWord(next) || tokenMatcher(next, T.HardKeyword))) return false;
      if (depth < 0) return false;
    }
  }

  #literal(token: SourceToken): SourceToken[] | undefined {
    const next = this.#next()?.tokenType;
    if (next === T.LParen || next === T.Eq) return undefined;
    const instead = token.image.toLowerCase();
    this.#say('foreign-literal', token, { word: token.image, instead }, instead);
    return [retyped(token, instead === 'true' ? T.hard.true : T.hard.false, instead)];
  }

  /** `f"{n} heads"`: strings interpolate without a prefix. */
  #formatted(token: SourceToken): SourceToken[] | undefined {
    const next = this.#next();
    const isString = next?.tokenType === T.Str || next?.tokenType === T.QuotedStr;
    if (!isString || next.startOffset !== token.startOffset + 1) return undefined;
    const span = this.#complaints.span(token.startOffset, next.startOffset);
    const fixes = [{ title: 'take `f` out', edits: [{ span, text: '' }] }];
    this.#complaints.add(diagnostic('foreign-literal', span, { word: `f${next.image}`, instead: next.image }, { fixes }), span);
    return [];
  }

  #infix(token: SourceToken, type: TokenType, operator: string): SourceToken[] | undefined {
    if (!endsOperand(this.#before()) || !beginsOperand(this.#next())) return undefined;
    this.#say('word-operator', token, { word: token.image, operator }, operator);
    return [retyped(token, type)];
  }

  #elif(token: SourceToken): SourceToken[] | undefined {
    if (token.indent < 0 && this.#before()?.tokenType !== T.RBrace) return undefined;
    if (!beginsOperand(this.#next())) return undefined;
    this.#say('else-if', token, { word: token.image }, 'else if');
    return [retyped(token, T.hard.else), supplied(T.hard.if, token)];
  }

  #tensor(token: SourceToken): SourceToken[] | undefined {
    const before = this.#before()?.tokenType;
    const next = this.#next()?.tokenType;
    if (before !== T.Colon && before !== T.Arrow && before !== T.hard.as) return undefined;
    if (next !== T.LBracket && next !== T.Less) return undefined;
    this.#say('lowercase-tensor', token, { word: token.image }, 'Tensor');
    const type = retyped(token, T.hard.Tensor);
    return this.#resultType(type) ?? [type];
  }

  /** `def f(`, `class A(`: other mistakes in the first line need no messages of their own. */
  #declaration(token: SourceToken, type: TokenType, instead: string): SourceToken[] | undefined {
    if (token.indent < 0 || !isWord(this.#next()) || this.#next(2)?.tokenType !== T.LParen) return undefined;
    let k = 1;
    while (this.#next(k + 1) !== undefined && (this.#next(k + 1)?.indent ?? 0) < 0) k++;
    const last = this.#next(k);
    const braced = this.#tokens.slice(this.#at, this.#at + k + 1).some(({ tokenType }) => tokenType === T.LBrace);
    this.#say('foreign-keyword', token, { word: token.image, instead }, braced ? (type.LABEL ?? type.name) : undefined, endOf(last));
    return [retyped(token, type)];
  }

  /** `const x = 1` is a `let` at the top of a file and needs no keyword in a body. */
  #binding(token: SourceToken): SourceToken[] | undefined {
    const after = this.#next(2)?.tokenType;
    if (token.indent < 0 || !isWord(this.#next()) || (after !== T.Eq && after !== T.ColonEq)) return undefined;
    const instead = 'write `let x = ...` for a constant, `x = ...` for a tensor';
    this.#say('foreign-keyword', token, { word: token.image, instead }, token.indent === 0 ? 'let' : undefined);
    if (token.indent === 0) return [retyped(token, T.hard.let)];
    this.#passLineStart(token);
    return [];
  }

  #export(token: SourceToken): SourceToken[] | undefined {
    const next = this.#next()?.tokenType;
    if (token.indent < 0 || (next !== T.hard.fn && next !== T.hard.layer && next !== T.hard.model && next !== T.hard.let)) return undefined;
    const instead = 'every declaration of a file can be imported';
    const span = this.#complaints.span(token.startOffset, this.#next()?.startOffset ?? endOf(token));
    const fixes = [{ title: `take \`${token.image}\` out`, edits: [{ span, text: '' }] }];
    this.#complaints.add(
      diagnostic('foreign-keyword', this.#complaints.span(token.startOffset, endOf(token)), { word: token.image, instead }, { fixes }),
      span,
    );
    this.#passLineStart(token);
    return [];
  }

  /** `fc = new Linear(8)`. */
  #new(token: SourceToken): SourceToken[] | undefined {
    const next = this.#next();
    if (next === undefined || next.indent >= 0 || !isWord(next) || this.#next(2)?.tokenType !== T.LParen) return undefined;
    const span = this.#complaints.span(token.startOffset, next.startOffset);
    const fixes = [{ title: 'take `new` out', edits: [{ span, text: '' }] }];
    const word = this.#complaints.span(token.startOffset, endOf(token));
    this.#complaints.add(diagnostic('foreign-keyword', word, { word: 'new', instead: 'leave it out' }, { fixes }), word);
    this.#passLineStart(token);
    return [];
  }

  /** The next token becomes the first of its line. */
  #passLineStart(token: SourceToken): void {
    const next = this.#next();
    if (next !== undefined && next.indent < 0) next.indent = token.indent;
  }

  #while(token: SourceToken): SourceToken[] | undefined {
    if (token.indent < 0 || !beginsOperand(this.#next())) return undefined;
    this.#foreignLine('foreign-keyword', token, {
      word: 'while',
      instead: 'count with `for i in 0..n`, or step through an axis with `scan`',
    });
    return [token];
  }

  /** `import torch`, `from torch import nn`: the line is removed. */
  #import(token: SourceToken): SourceToken[] | undefined {
    const next = this.#next()?.tokenType;
    if (token.indent !== 0 || next === T.LBrace || next === undefined || (this.#next()?.indent ?? 0) >= 0) return undefined;
    const inImport = token.image === 'from' && this.#before()?.tokenType === T.RBrace;
    if (inImport) return undefined;
    this.#foreignLine('foreign-import', token, {});
    while (this.#next() !== undefined && (this.#next()?.indent ?? 0) < 0) this.#at++;
    return [];
  }

  #foreignLine<C extends Code>(code: C, token: SourceToken, params: ParamsOf<C>): void {
    let k = 0;
    while (this.#next(k + 1) !== undefined && (this.#next(k + 1)?.indent ?? 0) < 0) k++;
    this.#say(code, token, params, undefined, endOf(this.#next(k)));
  }
}
