import type { Block, Expr, IfExpr, IfStmt, ScanStmt, Stmt, StorageStmt } from '../ast.js';
import { above } from './comments.js';
import { type Doc, group, hardLine, indent, line, type Mark } from './doc.js';
import { ExpressionPrinter } from './expressions.js';
import { breaksLine, find, leavesBlank } from './source.js';

/** Something on lines of its own. */
export interface Entry {
  readonly start: number;
  readonly end: number;
  readonly doc: () => Doc;
}

/** Prints statements and blocks. */
export abstract class StatementPrinter extends ExpressionPrinter {
  abstract declaration(statement: Extract<Stmt, { kind: 'let' | 'let-pattern' | 'entry' }>): Doc;

  /** On one line if it holds one statement, fits, and the author did not break it; otherwise a line for each statement. */
  block(block: Block): Doc {
    const { start, end } = block.span;
    const entries = [
      ...block.statements.map((s, i) => this.#entry(s, i === 0)),
      ...(block.value === undefined ? [] : [this.#value(block)]),
    ];
    const [first] = entries;
    if (first === undefined && !this.comments.has(start, end)) return '{}';
    const afterBrace = this.comments.takeTrailing(start + 1);
    const short = entries.length === 1 && afterBrace === '' && first !== undefined && !breaksLine(this.text, start, first.start);
    if (short && !this.comments.has(start, end)) return group(['{', indent([line, first.doc()]), line, '}']);
    return ['{', afterBrace, indent([hardLine, this.entries(entries, start, end - 1)]), hardLine, '}'];
  }

  /** Entries with the comments and single empty lines between them, from `start` to `end` of the source. */
  protected entries(entries: readonly Entry[], start: number, end: number): Doc {
    const docs: Doc[] = [];
    let from = start;
    const separate = (at: number) => {
      if (docs.length > 0) docs.push(leavesBlank(this.text, from, at) ? [hardLine, hardLine] : hardLine);
    };
    const lone = (to: number) => {
      for (const comment of this.comments.take(from, to)) {
        separate(comment.span.start);
        docs.push(comment.text.replace(/^##+/, '#'));
        from = comment.span.end;
      }
    };
    for (const { start: at, end: to, doc } of entries) {
      lone(at);
      separate(at);
      const printed = doc();
      docs.push(above(this.comments.take(at, to)), printed, this.comments.takeTrailing(to));
      from = to;
    }
    lone(end);
    return docs;
  }

  #entry(statement: Stmt, isFirst: boolean): Entry {
    const doc = () => (statement.kind === 'expr-stmt' ? this.#lone(statement.value, isFirst) : this.statement(statement));
    return { start: statement.span.start, end: statement.span.end, doc };
  }

  #value({ value, statements }: Block): Entry {
    const e = value as Expr; // only called if there is one
    const isFirst = statements.length === 0;
    const plainIf = e.kind === 'if' && isValue(e);
    return { start: e.span.start, end: e.span.end, doc: () => (plainIf ? this.expr(e) : this.#lone(e, isFirst)) };
  }

  /** A standalone expression, in brackets if it would otherwise read as part of the previous statement or as an `if` statement. */
  #lone(e: Expr, isFirst: boolean): Doc {
    const first = leftmost(e);
    const risky = first.kind === 'if' || (!isFirst && first.kind === 'unary' && first.op === '-');
    return risky ? ['(', this.expr(e), ')'] : this.expr(e);
  }

  statement(statement: Stmt): Doc {
    switch (statement.kind) {
      case 'let':
      case 'let-pattern':
      case 'entry':
        return this.declaration(statement);
      case 'assign': {
        const { target, value } = statement;
        return [this.pattern(target), this.bind(target.span.end, value)];
      }
      case 'for':
        return ['for ', this.pattern(statement.target), ' in ', this.operation(statement.iterable), ' ', this.block(statement.body)];
      case 'if-stmt':
        return this.#ifStatement(statement);
      case 'return':
        return ['return ', this.expr(statement.value)];
      case 'storage':
        return this.#storage(statement);
      case 'next':
        return ['next ', statement.name.text, this.bind(statement.name.span.end, statement.value)];
      case 'emit':
        return ['emit ', statement.name.text, this.bind(statement.name.span.end, statement.value)];
      case 'assert': {
        const message = statement.message === undefined ? '' : [', ', this.expr(statement.message)];
        return ['assert ', this.operation(statement.condition), message];
      }
      case 'scan':
        return this.#scan(statement);
      case 'expr-stmt':
        return this.#lone(statement.value, false);
      case 'error-stmt':
        return this.text.slice(statement.span.start, statement.span.end);
    }
  }

  /** ` = value` */
  bind(from: number, value: Expr): Doc {
    return [{ kind: 'mark', before: '=', offset: find(this.text, '=', from) }, '= ', this.expr(value)];
  }

  #ifStatement(statement: IfStmt): Doc {
    const head: Doc = ['if ', this.operation(statement.condition), ' ', this.block(statement.then)];
    const { otherwise } = statement;
    if (otherwise === undefined) return head;
    return [head, ' else ', 'kind' in otherwise ? this.#ifStatement(otherwise) : this.block(otherwise)];
  }

  /** If it is too long for a line, it breaks before `named`, before `=` and then inside its parts. */
  #storage({ storage, name, type, init, named }: StorageStmt): Doc {
    const names = named === undefined || named.kind === 'string' ? named?.text : `(${named.input.text}, ${named.output.text})`;
    return [
      `${storage} ${name.text}: `,
      this.tensorType(type),
      init === undefined ? '' : this.#initial(type.span.end, init),
      names === undefined ? '' : group(indent([line, `named ${names}`])),
    ];
  }

  /** ` = zeros`, on the next line if it is too long and cannot be broken itself. */
  #initial(from: number, init: Expr): Doc {
    if (init.kind !== 'name' && init.kind !== 'number') return this.bind(from, init);
    const mark: Mark = { kind: 'mark', before: '=', offset: find(this.text, '=', from) };
    return group(indent([{ kind: 'line', flat: mark, hard: false }, '= ', this.expr(init)]));
  }

  #scan({ items, over, axis, reverse, carries, body }: ScanStmt): Doc {
    const steps = [' over ', this.operation(over), ' axis ', this.operation(axis), reverse ? ' reverse' : ''];
    const head = ['scan ', this.pattern(items), steps];
    const carried = carries.map(({ name, type, init }, i): Doc => {
      return [i === 0 ? ' carry ' : ', ', `${name.text}: `, this.tensorType(type), ' = ', this.operation(init)];
    });
    return [head, carried, ' ', this.block(body)];
  }
}

/** Whether an `if` at the end of a block is read as its value. */
function isValue({ then, otherwise }: IfExpr): boolean {
  if (then.value === undefined || otherwise === undefined) return false;
  return !('kind' in otherwise) || isValue(otherwise);
}

/** The expression whose text comes first. */
function leftmost(e: Expr): Expr {
  let at = e;
  for (;;) {
    switch (at.kind) {
      case 'pipe':
      case 'binary':
        at = at.left;
        break;
      case 'as':
        at = at.value;
        break;
      case 'range':
        at = at.start;
        break;
      default:
        return at;
    }
  }
}
