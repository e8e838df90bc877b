import { bitwise, precedence, unaryPrecedence } from '../../../grammar/operators.js';
import type {
  Arg,
  BinaryExpr,
  BinaryOp,
  Block,
  DimExpr,
  Expr,
  File,
  IfExpr,
  IndexItem,
  LabelSegment,
  Pattern,
  TensorTypeExpr,
} from '../ast.js';
import { above, Comments, trailing } from './comments.js';
import { beginsCondition } from './conditions.js';
import { type Doc, flat, group, hardLine, indent, join, line, mustBreak, softLine } from './doc.js';
import { level, levelOf } from './levels.js';
import { type Elements, pipeline } from './pipelines.js';
import { breaksLine, find } from './source.js';

/** Whether an operand is a comparison that must be in brackets next to this operator. */
function isBare(op: BinaryOp, operand: Expr): boolean {
  return bitwise(op) && operand.kind === 'binary' && precedence[operand.op] === precedence['=='];
}

/** One item of a list in brackets. */
export interface Item {
  readonly start: number;
  readonly end: number;
  readonly doc: () => Doc;
}

/** Prints expressions, types and patterns. */
export abstract class ExpressionPrinter {
  protected readonly text: string;
  protected readonly comments: Comments;
  /** In an index, a `:` is not a label. */
  #inIndex = false;

  constructor(file: File) {
    this.text = file.text;
    this.comments = new Comments(file);
  }

  abstract block(block: Block): Doc;

  /** A whole expression, including pipelines and `if`. */
  expr(e: Expr): Doc {
    return this.at(level.expr, e);
  }

  /** Where the grammar allows no pipeline: conditions, sizes, iterables. */
  operation(e: Expr): Doc {
    return this.at(level.operation, e);
  }

  /** An expression in a place for one that binds at least as tightly as `least`; `bracketed` keeps the author's brackets. */
  protected at(least: number, e: Expr, bracketed = false): Doc {
    const hidden = this.#inIndex && e.kind === 'label';
    const keeps = bracketed && levelOf(e) < level.postfix;
    if (levelOf(e) >= least && !hidden && !keeps) return this.#bare(e);
    return this.#enclosed(() => ['(', this.#bare(e), ')']);
  }

  /** Inside brackets, a `:` is a label again. */
  #enclosed<R>(make: () => R, inIndex = false): R {
    const outer = this.#inIndex;
    this.#inIndex = inIndex;
    const made = make();
    this.#inIndex = outer;
    return made;
  }

  #bare(e: Expr): Doc {
    switch (e.kind) {
      case 'number':
      case 'string':
        return e.text;
      case 'bool':
        return String(e.value);
      case 'none':
        return 'none';
      case 'name':
        return e.name;
      case 'error':
        return this.text.slice(e.span.start, e.span.end);
      case 'list':
        return this.list(
          '[',
          ']',
          e.span,
          e.items.map(({ value, spread }) => this.item(value, spread ? '*' : '')),
        );
      case 'comprehension': {
        const head = this.#enclosed(() => [this.expr(e.value), line, 'for ', this.pattern(e.target), ' in ', this.operation(e.iterable)]);
        return group(['[', indent([softLine, head]), softLine, ']']);
      }
      case 'tuple':
        return this.#tuple(e);
      case 'call':
        return [
          this.at(level.postfix, e.callee),
          this.list(
            '(',
            ')',
            e.argsSpan,
            e.args.map((arg) => this.arg(arg)),
          ),
        ];
      case 'index':
        return [
          this.at(level.postfix, e.object),
          '[',
          this.#enclosed(
            () =>
              join(
                e.items.map((i) => this.#indexItem(i)),
                ', ',
              ),
            true,
          ),
          ']',
        ];
      case 'member':
        return [this.at(level.postfix, e.object), '.', e.name.text];
      case 'present':
        return [this.at(level.postfix, e.object), '?'];
      case 'unary': {
        const bracketed = this.text.slice(e.span.start + 1, e.operand.span.start).includes('(');
        return [e.op, this.at(unaryPrecedence, e.operand, bracketed)];
      }
      case 'binary':
        return this.#binary(e);
      case 'range':
        return [this.at(precedence['..'], e.start), '..', this.at(precedence['..'] + 1, e.end)];
      case 'pipe':
      case 'as':
        return pipeline(e, this.text, this.comments, this.#elements);
      case 'label':
        return [
          this.#label(e.segments),
          ':',
          { kind: 'mark', before: 'target', offset: e.target.span.start },
          this.at(level.postfix, e.target),
        ];
      case 'if':
        return this.ifExpr(e);
      case 'cond':
        return ['cond ', this.#runTimeCondition(e.condition), ' ', this.block(e.then), ' else ', this.block(e.otherwise)];
      case 'rearrange-pattern': {
        const side = (items: readonly Expr[]): Doc =>
          this.#enclosed(() => [
            '[',
            join(
              items.map((i) => this.operation(i)),
              ', ',
            ),
            ']',
          ]);
        const offset = find(this.text, '=>', e.from.at(-1)?.span.end ?? e.span.start);
        return [side(e.from), { kind: 'mark', before: '=>', offset }, '=> ', side(e.to)];
      }
    }
  }

  readonly #elements: Elements = {
    start: (e, bracketed) => this.at(level.operation, e, bracketed),
    stage: (e, bracketed) => this.at(level.operation, e, bracketed),
    shape: (type, full) => (full ? this.tensorType(type) : this.dims(type.dims)),
  };

  #label(segments: readonly LabelSegment[]): Doc {
    return segments.map((segment, i) => this.#segment(segment, i === 0));
  }

  #segment(segment: LabelSegment, isFirst: boolean): Doc {
    switch (segment.kind) {
      case 'word':
        return isFirst ? segment.name.text : ['.', segment.name.text];
      case 'text':
        return segment.value.text;
      case 'index':
        return ['[', this.#enclosed(() => (isFirst ? this.expr(segment.value) : this.operation(segment.value)), !isFirst), ']'];
    }
  }

  #tuple(e: Extract<Expr, { kind: 'tuple' }>): Doc {
    const items = e.items.map(({ name, value }) => this.arg({ name, value }));
    const [only] = e.items;
    if (only !== undefined && e.items.length === 1 && only.name === undefined)
      return this.#enclosed(() => ['(', this.expr(only.value), ',)']);
    return this.list('(', ')', e.span, items);
  }

  /** A chain of operators of one level breaks before all of them. */
  #binary(e: BinaryExpr): Doc {
    const own = precedence[e.op];
    const rest: Doc[] = [];
    let first: Expr = e;
    let outer = e;
    for (let at: Expr = e; at.kind === 'binary' && precedence[at.op] === own; at = at.left) {
      outer = at;
      const rightLevel = at.op === '**' ? unaryPrecedence : own + 1;
      const right = at.span.end > at.right.span.end || isBare(at.op, at.right);
      rest.unshift([line, at.op, ' ', this.at(rightLevel, at.right, right)]);
      first = at.left;
      const groupsLeft = own !== precedence['=='] && at.op !== '**' && at.span.start === at.left.span.start;
      if (!groupsLeft) break;
    }
    const leftLevel = outer.op === '**' ? level.label : own === precedence['=='] ? own + 1 : own;
    const left = outer.span.start < first.span.start || isBare(outer.op, first);
    return group([this.at(leftLevel, first, left), indent(rest)]);
  }

  #indexItem(item: IndexItem): Doc {
    switch (item.kind) {
      case 'all':
        return ':';
      case 'ellipsis':
        return '..';
      case 'at':
        return this.operation(item.value);
      case 'slice': {
        const end = precedence['..'] + 1;
        const from = item.start === undefined ? '' : this.at(end, item.start);
        const to = item.end === undefined ? '' : this.at(end, item.end);
        return [from, '..', to, item.step === undefined ? '' : [' by ', this.operation(item.step)]];
      }
    }
  }

  ifExpr(e: IfExpr): Doc {
    const head: Doc = ['if ', this.operation(e.condition), ' ', this.block(e.then)];
    if (e.otherwise === undefined) return head;
    return [head, ' else ', 'kind' in e.otherwise ? this.ifExpr(e.otherwise) : this.block(e.otherwise)];
  }

  /** In brackets unless it begins with what makes `cond` a keyword. */
  #runTimeCondition(e: Expr): Doc {
    return beginsCondition(e) ? this.operation(e) : ['(', this.#enclosed(() => this.expr(e)), ')'];
  }

  // ---------------------------------------------------------------- lists

  protected item(value: Expr, prefix = ''): Item {
    return { start: value.span.start, end: value.span.end, doc: () => [prefix, this.expr(value)] };
  }

  arg({ name, value, spread }: Arg): Item {
    const doc = () => [spread === true ? '*' : '', name === undefined ? '' : `${name.text} = `, this.expr(value)];
    const from = name?.span.start ?? value.span.start;
    return { start: spread === true ? this.text.lastIndexOf('*', from) : from, end: value.span.end, doc };
  }

  /**
   * Items in brackets. They are on one line if they fit and the author did not break the line after the opening bracket; otherwise they are indented, in the
   * author's lines.
   */
  list(open: string, close: string, span: { readonly start: number; readonly end: number }, items: readonly Item[]): Doc {
    return this.#enclosed(() => {
      const [first] = items;
      if (first === undefined) return this.#emptyList(open, close, span);
      const commented = this.#holdsOwnComments(span, items);
      if (commented || breaksLine(this.text, span.start, first.start)) {
        return [open, indent([hardLine, join(this.#rows(items, span), hardLine)]), hardLine, close];
      }
      const row = join(
        items.map(({ doc }) => doc()),
        [',', line],
      );
      return group([open, indent([softLine, group(row)]), softLine, close]);
    });
  }

  #emptyList(open: string, close: string, span: { readonly start: number; readonly end: number }): Doc {
    const inside = this.comments.take(span.start, span.end);
    return inside.length === 0
      ? [open, close]
      : [
          open,
          indent([
            hardLine,
            join(
              inside.map((c) => c.text),
              hardLine,
            ),
          ]),
          hardLine,
          close,
        ];
  }

  /** Whether a comment is between the items rather than inside one of them. */
  #holdsOwnComments(span: { readonly start: number; readonly end: number }, items: readonly Item[]): boolean {
    let from = span.start;
    for (const { start, end } of items) {
      if (this.comments.has(from, start)) return true;
      from = end;
    }
    return this.comments.has(from, span.end);
  }

  /** The author's rows, each with its comments. */
  #rows(items: readonly Item[], span: { readonly start: number; readonly end: number }): Doc[] {
    const rows: Doc[][] = [];
    items.forEach(({ start, end, doc }, i) => {
      const before = items[i - 1]?.end ?? span.start;
      const next = items[i + 1]?.start ?? span.end;
      const leading = this.comments.take(before, start);
      const printed = doc();
      const after = this.comments.take(end, next, (c) => !c.ownLine);
      const comma = i < items.length - 1 ? ',' : '';
      const cell: Doc = [above(leading), printed, comma, after.map(trailing)];
      const startsRow = i === 0 || leading.length > 0 || breaksLine(this.text, before, start);
      if (startsRow) rows.push([cell]);
      else rows.at(-1)?.push(line, cell);
    });
    const last = this.comments.take(items.at(-1)?.end ?? span.start, span.end);
    const docs: Doc[] = rows.map((row) => group(row));
    return last.length === 0
      ? docs
      : [
          ...docs,
          join(
            last.map((c) => c.text),
            hardLine,
          ),
        ];
  }

  // ---------------------------------------------------------------- types and patterns

  tensorType(type: TensorTypeExpr): Doc {
    const dtype = type.dtype === undefined ? '' : `<${type.dtype.text}>`;
    return ['Tensor', dtype, this.dims(type.dims), type.optional ? '?' : ''];
  }

  dims(dims: readonly DimExpr[]): Doc {
    return this.#enclosed(() => [
      '[',
      join(
        dims.map((dim) => this.#dim(dim)),
        ', ',
      ),
      ']',
    ]);
  }

  #dim(dim: DimExpr): Doc {
    if (dim.kind === 'rest') return ['*', dim.name.text];
    const size = dim.orOne ? [this.at(precedence['|'], dim.size), '|1'] : this.operation(dim.size);
    // A line never breaks in a size: the lists of parameters around the type do.
    return mustBreak(size) ? size : flat(size);
  }

  pattern(pattern: Pattern): Doc {
    if (pattern.kind === 'bind') return pattern.name.text;
    const [only] = pattern.items;
    if (only !== undefined && pattern.items.length === 1) return ['(', this.pattern(only), ',)'];
    return [
      '(',
      join(
        pattern.items.map((item) => this.pattern(item)),
        ', ',
      ),
      ')',
    ];
  }
}
