import type {
  AliasDecl,
  Arg,
  ConfigDecl,
  EntryDecl,
  File,
  FnDecl,
  ImportDecl,
  Item,
  LayerDecl,
  LetDecl,
  LetPattern,
  OptimizerClause,
  Param,
  PathPattern,
  Result,
  Setting,
  TrainBinding,
  TrainClause,
  TrainDecl,
  TrainGroup,
} from '../ast.js';
import { type Doc, flat, flatWidth, group, hardLine, indent, join, line, mustBreak } from './doc.js';
import type { Item as ListItem } from './expressions.js';
import { breaksLine, find } from './source.js';
import { type Entry, StatementPrinter } from './statements.js';

/** The width of a result that is broken over lines. */
const longResult = 80;

/** A declaration with a body; its kind is its keyword. */
type BodyDecl = FnDecl | LayerDecl | EntryDecl;

/** Prints a whole file. */
export class FilePrinter extends StatementPrinter {
  file(file: File): Doc {
    const entries = file.items.map((item): Entry => ({ start: item.span.start, end: item.span.end, doc: () => this.#item(item) }));
    return this.entries(entries, 0, file.text.length);
  }

  #item(item: Item): Doc {
    switch (item.kind) {
      case 'import':
        return this.#import(item);
      case 'let':
      case 'let-pattern':
        return this.declaration(item);
      case 'fn':
        return [this.#doc(item.doc), this.#withBody(item, [item.params])];
      case 'layer':
      case 'model':
        return [this.#doc(item.doc), this.#withBody(item, [item.hyper, item.inputs])];
      case 'alias':
        return [this.#doc(item.doc), this.#alias(item)];
      case 'config':
        return [this.#doc(item.doc), this.#config(item)];
      case 'train':
        return [this.#doc(item.doc), this.#train(item)];
      case 'error-item':
        return this.text.slice(item.span.start, item.span.end);
    }
  }

  #doc(doc: string | undefined): Doc {
    if (doc === undefined) return '';
    return doc.split('\n').map((text): Doc => [`## ${text}`.trimEnd(), hardLine]);
  }

  #import({ names, sourceSpan }: ImportDecl): Doc {
    const list = names.map(({ name, alias }) => (alias === undefined ? name.text : `${name.text} as ${alias.text}`));
    const source = this.text.slice(sourceSpan.start, sourceSpan.end);
    return [group(['import {', indent([line, join(list, [',', line])]), line, '}']), ' from ', source];
  }

  declaration(item: LetDecl | LetPattern | EntryDecl): Doc {
    if (item.kind === 'entry') return [this.#doc(item.doc), this.#withBody(item, [item.inputs])];
    if (item.kind === 'let-pattern')
      return [this.#doc(item.doc), 'let ', this.pattern(item.target), this.bind(item.target.span.end, item.value)];
    const head: Doc = [this.#doc(item.doc), 'let ', item.name.text];
    if (item.params === undefined) return [head, this.bind(item.name.span.end, item.value)];
    const start = find(this.text, '(', item.name.span.end);
    const end = this.#closing(start, item.params);
    const params = this.list(
      '(',
      ')',
      { start, end },
      item.params.map((p) => this.#param(p)),
    );
    return [head, params, 'statements' in item.body ? [' ', this.block(item.body)] : this.bind(end, item.body)];
  }

  #alias({ of, name, value }: AliasDecl): Doc {
    return [`${of} ${name.text}`, this.bind(name.span.end, value)];
  }

  /** `lists` are its lists of parameters; those that are not written are `undefined`. */
  #withBody(decl: BodyDecl, lists: readonly (readonly Param[] | undefined)[]): Doc {
    const written = lists.filter((list) => list !== undefined);
    return [this.#signature(decl, written), this.block(decl.body)];
  }

  // ---------------------------------------------------------------- signatures

  /** Everything up to the `{` of the body, which is on a line of its own if the result or the facts are. */
  #signature({ kind, name, result, where, body }: BodyDecl, lists: readonly (readonly Param[])[]): Doc {
    let from = name.span.end;
    const printed: Doc[] = lists.map((params) => {
      const start = find(this.text, '(', from);
      const end = this.#closing(start, params);
      from = end;
      return this.list(
        '(',
        ')',
        { start, end },
        params.map((p) => this.#param(p)),
      );
    });
    const head: Doc = [`${kind} ${name.text}`, printed];
    const resultDoc = result === undefined ? undefined : this.#result(result);
    const facts =
      where.length === 0
        ? undefined
        : [
            'where ',
            join(
              where.map((fact) => this.operation(fact)),
              ', ',
            ),
          ];
    const [firstFact] = where;
    const whereStart = firstFact === undefined ? body.span.start : this.text.lastIndexOf('where', firstFact.span.start);
    const breaksResult = result !== undefined && breaksLine(this.text, from, result.span.start);
    const breaksWhere = firstFact !== undefined && breaksLine(this.text, result?.span.end ?? from, whereStart);
    if (breaksResult || breaksWhere) {
      const beforeResult = breaksResult ? hardLine : ' ';
      const beforeWhere = breaksWhere ? hardLine : ' ';
      const tail = [resultDoc === undefined ? '' : [beforeResult, resultDoc], facts === undefined ? '' : [beforeWhere, facts]];
      return [head, indent(tail), hardLine];
    }
    const tail = resultDoc === undefined ? '' : [' ', resultDoc];
    if (facts === undefined) return [head, tail, ' '];
    return [head, tail, group([indent([line, facts]), line])];
  }

  /** The offset after the bracket that closes a list of parameters. */
  #closing(start: number, params: readonly Param[]): number {
    return find(this.text, ')', params.at(-1)?.span.end ?? start) + 1;
  }

  #param({ name, type, fallback, from, span }: Param): ListItem {
    const doc = (): Doc => [
      name.text,
      this.#paramType(type),
      fallback === undefined ? '' : [' = ', this.expr(fallback)],
      from === undefined ? '' : ` from ${from.text}`,
    ];
    return { start: span.start, end: span.end, doc };
  }

  #paramType(type: Param['type']): Doc {
    if (type === undefined) return '';
    return [': ', type.kind === 'kind' ? `${type.name}${type.optional ? '?' : ''}` : this.tensorType(type)];
  }

  #result({ outputs, named, span }: Result): Doc {
    const items = outputs.map(({ name, type }): ListItem => {
      const doc = () => [name === undefined ? '' : `${name.text}: `, this.tensorType(type)];
      return { start: name?.span.start ?? type.span.start, end: type.span.end, doc };
    });
    if (!named) return ['-> ', items.map(({ doc }) => doc())];
    const list = this.list('(', ')', { start: find(this.text, '(', span.start), end: span.end }, items);
    // A line that is too long breaks in the parameters, unless the result alone is too long.
    return ['-> ', mustBreak(list) || flatWidth(list) > longResult ? list : flat(list)];
  }

  // ---------------------------------------------------------------- config

  #config({ name, fields, where }: ConfigDecl): Doc {
    const open = find(this.text, '{', name.span.end);
    const close = find(this.text, '}', fields.at(-1)?.span.end ?? open + 1);
    const head = `config ${name.text} `;
    const isEmpty = fields.length === 0 && !this.comments.has(open, close);
    const body = (): Doc => {
      const afterBrace = this.comments.takeTrailing(open + 1);
      return [
        '{',
        afterBrace,
        indent([
          hardLine,
          this.entries(
            fields.map((f) => this.#field(f)),
            open,
            close,
          ),
        ]),
        hardLine,
        '}',
      ];
    };
    const printed: Doc = [head, isEmpty ? '{}' : body()];
    const [firstFact] = where;
    if (firstFact === undefined) return printed;
    const facts = [
      'where ',
      join(
        where.map((fact) => this.operation(fact)),
        ', ',
      ),
    ];
    const breaks = breaksLine(this.text, close, firstFact.span.start);
    return [printed, breaks ? indent([hardLine, facts]) : group(indent([line, facts]))];
  }

  /** A field on a line of its own: its `=` and its `from` stay aligned with those of the neighboring fields. */
  #field({ doc, name, type, fallback, from, span }: Param): Entry {
    const typeEnd = type?.span.end ?? name.span.end;
    const printed = (): Doc => [
      this.#doc(doc),
      name.text,
      this.#paramType(type),
      fallback === undefined ? '' : this.bind(typeEnd, fallback),
      from === undefined
        ? ''
        : [{ kind: 'mark', before: 'from', offset: find(this.text, 'from', fallback?.span.end ?? typeEnd) }, `from ${from.text}`],
    ];
    return { start: span.start, end: span.end, doc: printed };
  }

  // ---------------------------------------------------------------- train

  #train({ name, model, clauses, span }: TrainDecl): Doc {
    const head = [`train ${name.text} for `, this.expr(model), ' '];
    const open = find(this.text, '{', model.span.end);
    if (clauses.length === 0 && !this.comments.has(open, span.end)) return [head, '{}'];
    const afterBrace = this.comments.takeTrailing(open + 1);
    const entries = clauses.map((clause): Entry => ({ start: clause.span.start, end: clause.span.end, doc: () => this.#clause(clause) }));
    return [head, '{', afterBrace, indent([hardLine, this.entries(entries, open, span.end - 1)]), hardLine, '}'];
  }

  #clause(clause: TrainClause): Doc {
    switch (clause.kind) {
      case 'input':
        return [`input ${clause.name.text}: `, this.tensorType(clause.type)];
      case 'assign':
        return clause.isFrozen ? this.#frozen(clause) : this.statement(clause);
      case 'loss':
        return ['loss', this.bind(clause.span.start + 'loss'.length, clause.value)];
      case 'metric':
        return [`metric ${clause.name.text}`, this.bind(clause.name.span.end, clause.value)];
      case 'freeze':
        return ['freeze ', this.#paths(clause.patterns), this.#settings(clause.settings, ' with ', ':')];
      case 'eval':
      case 'checkpoint':
        return [`${clause.kind} `, this.#paths(clause.patterns)];
      case 'lora':
        return [
          'lora',
          this.#args(clause.args, clause.span.start, clause.patterns[0]?.span.start ?? clause.span.end),
          ' on ',
          this.#paths(clause.patterns),
        ];
      case 'optimizer':
        return this.#optimizer(clause);
      case 'option':
        return [`${clause.name.text} `, this.expr(clause.value)];
      case 'error-clause':
        return this.text.slice(clause.span.start, clause.span.end);
    }
  }

  #frozen({ target, value }: TrainBinding): Doc {
    const mark: Doc = { kind: 'mark', before: '=', offset: find(this.text, '=', target.span.end) };
    return [this.pattern(target), mark, '= frozen ', this.expr(value)];
  }

  #args(args: readonly Arg[], from: number, to: number): Doc {
    const start = find(this.text, '(', from);
    const end = find(this.text, ')', args.at(-1)?.value.span.end ?? start) + 1;
    return this.list(
      '(',
      ')',
      { start, end: Math.min(end, to) },
      args.map((a) => this.arg(a)),
    );
  }

  #optimizer({ name, args, groups, span }: OptimizerClause): Doc {
    const [first] = groups;
    const start = find(this.text, '(', name.span.end);
    const open = find(this.text, ')', args.at(-1)?.value.span.end ?? start) + 1;
    const head: Doc = [`optimizer ${name.text}`, this.#args(args, name.span.end, first?.span.start ?? span.end)];
    if (first === undefined) return head;
    const brace = find(this.text, '{', open);
    const afterBrace = this.comments.takeTrailing(brace + 1);
    const entries = groups.map((group): Entry => ({ start: group.span.start, end: group.span.end, doc: () => this.#group(group) }));
    return [head, ' {', afterBrace, indent([hardLine, this.entries(entries, brace, span.end - 1)]), hardLine, '}'];
  }

  #group({ patterns, settings }: TrainGroup): Doc {
    return ['group ', this.#paths(patterns), settings.length === 0 ? ' {}' : this.#settings(settings, ' ', ' =')];
  }

  /** ` with { statistics: update }`; nothing if there are none. */
  #settings(settings: readonly Setting[], before: string, sign: string): Doc {
    if (settings.length === 0) return '';
    const items = settings.map(({ name, value }): Doc => [`${name.text}${sign} `, this.expr(value)]);
    return [before, group(['{', indent([line, join(items, [',', line])]), line, '}'])];
  }

  #paths(patterns: readonly PathPattern[]): Doc {
    const [first, ...rest] = patterns.map(({ text }) => text);
    return [first ?? '', rest.map((text): Doc => [', ', text])];
  }
}
