import type { AsExpr, AssignStmt, CallExpr, Expr, LabelExpr, PipeExpr } from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';
import { presentIn } from '../../2-check/values/absence.js';
import type { CheckValue } from '../../2-check/values/values.js';
import type { Edit } from '../../diagnostics/record.js';
import { lineStarts, positionAt } from '../../diagnostics/span.js';
import type { FileItem, FileView } from '../file-view.js';
import { assigned } from '../present/assign.js';
import { pipedParameter } from '../present/callable.js';
import { callableOf } from '../present/callable-value.js';
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
  /** What an `as` follows, with the `as`. */
  readonly #annotated = new Map<Expr, AsExpr>();
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
      if (node.kind === 'as') this.#annotated.set((node as AsExpr).value, node as AsExpr);
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

  /** `In = 400` after `Linear(120)`; after its `as` at the end of a line, so that a column of them stays one. */
  #sizes(pipe: PipeExpr): void {
    const { left, stage } = pipe;
    const target = stage.kind === 'label' ? (stage as LabelExpr).target : stage;
    const callee = target.kind === 'call' ? this.#valueOf(target.callee) : this.#valueOf(target);
    const input = this.#valueOf(left);
    if (callee?.kind !== 'layer' || input?.kind !== 'tensor') return;
    // A size with a name of its own says nothing new.
    const bound = boundSizes(callee, input.local.type.shape).filter(({ size }) => !/^[A-Za-z_]\w*$/.test(`${size}`));
    if (bound.length === 0) return;
    const label = bound.map(({ name, size }) => `${name} = ${size}`).join(', ');
    const end = this.#annotated.get(pipe)?.span.end;
    const offset = end !== undefined && this.#endsLine(end) ? end : target.span.end;
    this.#hints.push({ offset, label, kind: 'sizes', edit: undefined });
  }

  /** `out =` before an argument that is given by position, unless that says nothing. */
  #arguments(call: CallExpr): void {
    const { callee, args } = call;
    const value = args.every(({ name }) => name !== undefined) ? undefined : this.#valueOf(callee);
    const callable = value && callableOf(value);
    if (callable === undefined) return;
    const piped = this.#stages.has(call) ? pipedParameter(callable, 0) : undefined;
    const parameters = (callable.lists[0] ?? []).filter((parameter) => parameter.isVariadic || parameter !== piped);
    const places = assigned(
      parameters,
      args.map(({ name, value: given }) => ({ name: name?.text, isNoTensor: this.#isNoTensor(given) })),
    );
    for (const [i, { name, value, spread }] of args.entries()) {
      const param = places[i]?.isVariadic === true ? undefined : places[i]?.name;
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

  #isNoTensor(expr: Expr): boolean {
    const kind = this.#valueOf(expr)?.kind;
    return kind !== undefined && kind !== 'tensor' && kind !== 'absent' && kind !== 'unknown';
  }
}

/** Whether a name would say nothing: `x` says nothing of any argument, and `out` nothing of the variable `out`. */
function saysNothing(value: Expr, param: string): boolean {
  if (param.length === 1) return true;
  if (value.kind === 'name') return value.name.toLowerCase().includes(param.toLowerCase());
  return value.kind === 'member' && value.name.text.toLowerCase().includes(param.toLowerCase());
}
