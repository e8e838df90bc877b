import type { Arg, CallExpr, Expr, LabelExpr, LayerDecl, PipeExpr, ReturnStmt, Stmt } from '../../../../../1-syntax/ast.js';
import { eachNode } from '../../../../../1-syntax/walk.js';
import { snakeCase } from '../../../../../2-check/layers/labels.js';
import type { FileItem } from '../../../../file-view.js';
import { layerOf, unlabelledUses } from '../../../rename/unlabelled.js';
import { isInside, type Place } from '../../action.js';
import { around } from '../tree.js';

/** A stage that applies a layer of the same file, whose body can take its place. */
export interface Use {
  readonly pipe: PipeExpr;
  readonly decl: LayerDecl;
  readonly hyper: readonly Arg[];
  /** The tensors after the one that is passed on. */
  readonly tensors: readonly Arg[];
  /** What the labels inside begin with; empty for `_`. */
  readonly prefix: string;
  readonly body: readonly Stmt[];
  readonly result: Expr;
}

export function useAt(place: Place, item: FileItem): Use | undefined {
  const { view, span, text } = place;
  const pipes = around(item, span).filter((node) => node.kind === 'pipe') as unknown as readonly PipeExpr[];
  const pipe = pipes.findLast(({ stage }) => isInside(span, stage.span));
  if (pipe === undefined) return undefined;
  const label = pipe.stage.kind === 'label' ? pipe.stage : undefined;
  const target = label?.target ?? pipe.stage;
  const layer = layerOf(target, view.types(item));
  if (layer === undefined || layer.shared !== undefined || layer.alias !== undefined || layer.module !== view.module) return undefined;
  const { decl } = layer;
  const lists = listsOf(target, decl);
  const prefix = lists && prefixOf(place, item, { label, decl, target });
  const parts = bodyOf(decl);
  if (lists === undefined || prefix === undefined || parts === undefined || text.slice(decl.span.start, decl.span.end).includes('"'))
    return undefined;
  return { pipe, decl, ...lists, prefix, ...parts };
}

/** The two lists of arguments of a stage. */
function listsOf(target: Expr, { name, hyper = [] }: LayerDecl): Pick<Use, 'hyper' | 'tensors'> | undefined {
  const isDecl = (expr: Expr) => expr.kind === 'name' && expr.name === name.text;
  if (isDecl(target)) return { hyper: [], tensors: [] };
  if (target.kind !== 'call') return undefined;
  const { callee, args } = target as CallExpr;
  if (callee.kind === 'call' && isDecl(callee.callee)) return { hyper: callee.args, tensors: args };
  if (!isDecl(callee)) return undefined;
  return hyper.length > 0 ? { hyper: args, tensors: [] } : { hyper: [], tensors: args };
}

function prefixOf(
  { view, text }: Place,
  item: FileItem,
  { label, decl, target }: { readonly label: LabelExpr | undefined; readonly decl: LayerDecl; readonly target: Expr },
): string | undefined {
  if (label !== undefined) {
    const written = text.slice(label.labelSpan.start, label.labelSpan.end).replace(/\s*:$/, '');
    return written === '_' ? '' : written;
  }
  const stem = snakeCase(decl.name.text);
  const same = unlabelledUses(item, view.types(item)).filter((use) => snakeCase(use.decl.name.text) === stem);
  const isRepeated = around(item, target.span).some(({ kind }) => kind === 'for' || kind === 'comprehension' || kind === 'let');
  const isTaken = view.occurrencesIn(item).some(({ named }) => named.name === stem);
  return same.length === 1 && !isRepeated && !isTaken ? stem : undefined;
}

/** The statements of a body and what it returns at its end; undefined if it returns elsewhere or stores something. */
function bodyOf({ body, result }: LayerDecl): Pick<Use, 'body' | 'result'> | undefined {
  const last = body.statements.at(-1);
  if (last?.kind !== 'return' || last.value.kind === 'tuple' || result?.outputs.length !== 1) return undefined;
  const fixed: readonly string[] = ['storage', 'entry', 'next', 'emit', 'scan', 'error', 'error-stmt', 'let', 'rest'];
  let returns = 0;
  let isFixed = false;
  eachNode(body, (node) => {
    if (node.kind === 'return') returns++;
    if (fixed.includes(node.kind) && !isConstant(node)) isFixed = true;
  });
  return returns === 1 && !isFixed ? { body: body.statements.slice(0, -1), result: (last as ReturnStmt).value } : undefined;
}

function isConstant(node: { readonly kind: string }): boolean {
  return node.kind === 'let' && (node as { readonly params?: unknown }).params === undefined;
}
