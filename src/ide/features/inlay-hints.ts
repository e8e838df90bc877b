import type { AsExpr, AssignStmt, CallExpr, Expr, LabelExpr, Param, PipeExpr } from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';
import { presentIn } from '../../2-check/values/absence.js';
import type { CheckValue } from '../../2-check/values/values.js';
import type { Edit } from '../../diagnostics/record.js';
import { lineStarts, positionAt } from '../../diagnostics/span.js';
import type { FileItem, FileView } from '../file-view.js';
import { type Called, calledIn } from '../names/arguments.js';
import { boundSizes } from '../sizes/bound-sizes.js';
import { isWritable, shapeText } from '../sizes/shape-text.js';
import type { Workspace } from '../workspace.js';

export interface InlayHint {
  /** Where it is shown. */
  readonly offset: number;
  /** What is shown, without spaces around it. */
  readonly label: string;
  readonly kind: 'shape' | 'sizes' | 'argument';
  /** What writes it into the text; absent if it cannot be written there. */
  readonly edit: Edit | undefined;
}

export interface InlayOptions {
  readonly shapes: boolean;
  readonly sizes: boolean;
  readonly argumentNames: boolean;
}

/** What the text does not say between two offsets: the shapes of stages and variables, the sizes that layers infer, the names of arguments. */
export function inlayHints(
  workspace: Workspace,
  path: string,
  within: { readonly start: number; readonly end: number },
  options: InlayOptions,
): readonly InlayHint[] {
  const view = workspace.view(path);
  if (view === undefined) return [];
  const items = view.items().filter(({ span }) => span.start <= within.end && within.start <= span.end);
  const hints = items.flatMap((item) => new ItemHints(view, item).all(options));
  return hints.filter(({ offset }) => within.start <= offset && offset <= within.end).sort((a, b) => a.offset - b.offset);
}

class ItemHints {
  readonly #view: FileView;
  readonly #item: FileItem;
  readonly #lines: readonly number[];
  /** What an `as` follows. */
  readonly #annotated = new Set<Expr>();
  readonly #hints: InlayHint[] = [];
  /** What is called with the value on the left of an arrow. */
  readonly #stages = new Set<Expr>();

  constructor(view: FileView, item: FileItem) {
    this.#view = view;
    this.#item = item;
    this.#lines = lineStarts(view.text);
  }

  all({ shapes, sizes, argumentNames: named }: InlayOptions): readonly InlayHint[] {
    eachNode(this.#item, (node) => {
      if (node.kind === 'as') this.#annotated.add((node as AsExpr).value);
      else if (node.kind === 'pipe') {
        const { stage } = node as PipeExpr;
        this.#stages.add(stage.kind === 'label' ? stage.target : stage);
        if (sizes) this.#sizes(node as PipeExpr);
        if (shapes) this.#stage(node as PipeExpr);
      } else if (node.kind === 'assign' && shapes) this.#variable(node as AssignStmt);
      else if (node.kind === 'call' && named) this.#arguments(node as CallExpr);
    });
    return this.#hints;
  }

  #valueOf(expr: Expr): CheckValue | undefined {
    const known = this.#view.known(expr, this.#item);
    return known && presentIn(known.value);
  }

  /** The shape after a stage: at the end of a line, and where it changes. */
  #stage(pipe: PipeExpr): void {
    if (this.#annotated.has(pipe)) return;
    const value = this.#valueOf(pipe);
    const text = value && shapeText(value);
    if (value === undefined || text === undefined) return;
    const before = this.#valueOf(pipe.left);
    const isSame = before !== undefined && shapeText(before) === text;
    if (isSame && !this.#endsLine(pipe.span.end)) return;
    this.#hints.push({ offset: pipe.span.end, label: text, kind: 'shape', edit: this.#asEdit(value, text, pipe) });
  }

  #endsLine(offset: number): boolean {
    return /^[ \t]*(?:#.*)?(?:\r?\n|$)/.test(this.#view.text.slice(offset));
  }

  #asEdit(value: CheckValue, text: string, { span }: Expr): Edit | undefined {
    if (!isWritable(value, this.#view, this.#item)) return undefined;
    return { span: { file: span.file, start: span.end, end: span.end }, text: ` as ${text.replace(/^</, 'Tensor<')}` };
  }

  /** The shape of a variable whose value is not a pipeline, which shows its own. */
  #variable({ target, value }: AssignStmt): void {
    if (target.kind !== 'bind' || value.kind === 'pipe' || value.kind === 'as') return;
    const known = this.#valueOf(value);
    const text = known?.kind === 'tensor' ? shapeText(known) : undefined;
    if (known === undefined || text === undefined || this.#isSpread(value)) return;
    this.#hints.push({ offset: value.span.end, label: text, kind: 'shape', edit: undefined });
  }

  /** Whether a value ends on a line that goes on. */
  #isSpread({ span }: Expr): boolean {
    return !this.#endsLine(span.end) && positionAt(this.#lines, span.start).line !== positionAt(this.#lines, span.end).line;
  }

  /** `In = 400` after `Linear(120)`. */
  #sizes({ left, stage }: PipeExpr): void {
    const target = stage.kind === 'label' ? (stage as LabelExpr).target : stage;
    const callee = target.kind === 'call' ? this.#valueOf(target.callee) : this.#valueOf(target);
    const input = this.#valueOf(left);
    if (callee?.kind !== 'layer' || input?.kind !== 'tensor') return;
    // A size with a name of its own says nothing new.
    const bound = boundSizes(callee, input.local.type.shape).filter(({ size }) => !/^[A-Za-z_]\w*$/.test(`${size}`));
    if (bound.length === 0) return;
    const label = bound.map(({ name, size }) => `${name} = ${size}`).join(', ');
    this.#hints.push({ offset: target.span.end, label, kind: 'sizes', edit: undefined });
  }

  /** Gives the parameter of each argument by position, one after the other. Of an operator, tensors are given to its inputs, and other values to its options. */
  #positions(called: Called, call: CallExpr): (value: Expr) => string | undefined {
    const isStage = this.#stages.has(call);
    if (called.kind === 'declared') {
      const names = [...positionalNames(called, call.callee, isStage)];
      return () => names.shift();
    }
    const { byPosition, positionalAttrs } = called.op.lists();
    const given = new Set(call.args.flatMap(({ name }) => (name === undefined ? [] : [name.text])));
    const inputs = byPosition.map(([name]) => name).filter((name, i) => !given.has(name) && !(isStage && i === 0));
    const options = positionalAttrs.filter((name) => !given.has(name));
    return (expr) => {
      const kind = this.#valueOf(expr)?.kind;
      if (kind === undefined || kind === 'unknown') return undefined;
      const isInput = kind === 'tensor' || kind === 'absent' || called.op.promotesScalars === true;
      return isInput ? inputs.shift() : options.shift();
    };
  }

  /** `out =` before an argument that is given by position, unless that says nothing. */
  #arguments(call: CallExpr): void {
    const { callee, args } = call;
    if (args.every(({ name }) => name !== undefined)) return;
    const { session } = this.#view.inside;
    const called = calledIn(callee, { session, module: this.#view.module, types: this.#view.types(this.#item) });
    if (called === undefined) return;
    const next = this.#positions(called, call);
    for (const { name, value, spread } of args) {
      const param = name === undefined ? next(value) : undefined;
      if (name !== undefined || spread === true || param === undefined || saysNothing(value, param)) continue;
      const { file, start } = value.span;
      this.#hints.push({
        offset: start,
        label: `${param} =`,
        kind: 'argument',
        edit: { span: { file, start, end: start }, text: `${param} = ` },
      });
    }
  }
}

/** The parameters of a declaration that arguments by position are given to, in their order. A stage of a pipeline gets its first tensor from the left. */
function positionalNames(called: Extract<Called, { kind: 'declared' }>, callee: Expr, isStage: boolean): readonly string[] {
  const names = (params: readonly Param[]) => params.map(({ name }) => name.text);
  const inputs = called.params.filter((param) => called.kindOf(param) === 'input');
  const skipped = isStage ? inputs[0] : undefined;
  // An option with a default is passed by name, unless the function runs at compile time.
  const byPosition = called.params.filter(({ fallback }) => called.isLet === true || fallback === undefined);
  if (called.isLayer !== true) return names(byPosition.filter((param) => param !== skipped));
  const others = called.params.filter((param) => called.kindOf(param) !== 'input');
  const isSecond = callee.kind === 'call' || others.length === 0;
  return names((isSecond ? inputs : byPosition.filter((param) => !inputs.includes(param))).filter((param) => param !== skipped));
}

/** Whether a name would say nothing: `x` says nothing of any argument, and `out` nothing of the variable `out`. */
function saysNothing(value: Expr, param: string): boolean {
  if (param.length === 1) return true;
  if (value.kind === 'name') return value.name.toLowerCase().includes(param.toLowerCase());
  return value.kind === 'member' && value.name.text.toLowerCase().includes(param.toLowerCase());
}
