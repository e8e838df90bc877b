import type { BinaryExpr, CallExpr, Expr, LayerDecl, ReturnStmt } from '../../../1-syntax/ast.js';
import { eachNode } from '../../../1-syntax/walk.js';
import type { Diagnostic } from '../../../diagnostics/record.js';
import { Dim } from '../../../dims/dim.js';
import { append } from '../../../lists.js';
import type { FileItem } from '../../file-view.js';
import { layerOf } from '../rename/unlabelled.js';
import { insert, isInside, type Offer, type Place, replace } from './action.js';
import { assignedTo, shapeOf, sizeText } from './shapes.js';

/** Where the width that a layer was given does not fit: gives it the one that does. Where a matrix does: transposes it. */
export function widthOffers(place: Place): readonly Offer[] {
  return place.diagnostics.flatMap((diagnostic) => {
    const { table, span } = diagnostic;
    const item = place.view.itemAt(span.start);
    if (item === undefined || table === undefined) return [];
    const differing = [...table.wanted.keys()].filter((i) => table.wanted[i] !== table.got[i]);
    const [axis] = differing;
    const product = productAt(item, diagnostic);
    if (product !== undefined)
      return product.op === '@' ? transposed(place, item, product, diagnostic) : sides(place, item, product, diagnostic);
    if (differing.length !== 1 || axis === undefined || table.wanted.length !== table.got.length) return [];
    const fromEnd = table.wanted.length - axis;
    const wanted = table.wanted[axis] ?? '';
    return valuesAt(item, diagnostic).flatMap((value) => widthOffer(place, item, { value, fromEnd, wanted }, diagnostic));
  });
}

/** The binary operation that a mistake is about. */
function productAt(item: FileItem, { span }: Diagnostic): BinaryExpr | undefined {
  let found: BinaryExpr | undefined;
  eachNode(item, (node) => {
    if (node.kind === 'binary' && (node as BinaryExpr).span.start === span.start && (node as BinaryExpr).span.end === span.end)
      found = node as BinaryExpr;
  });
  return found;
}

function sides(place: Place, item: FileItem, { left, right }: BinaryExpr, diagnostic: Diagnostic): readonly Offer[] {
  const a = shapeOf(left, place, item);
  const b = shapeOf(right, place, item);
  if (a === undefined || b === undefined || a.length !== b.length) return [];
  const differing = [...a.keys()].filter((i) => a[i]?.key !== b[i]?.key);
  const [axis] = differing;
  if (differing.length !== 1 || axis === undefined) return [];
  const fromEnd = a.length - axis;
  return [
    ...widthOffer(place, item, { value: right, fromEnd, wanted: sizeText(a[axis] ?? Dim.one) }, diagnostic),
    ...widthOffer(place, item, { value: left, fromEnd, wanted: sizeText(b[axis] ?? Dim.one) }, diagnostic),
  ];
}

function transposed(place: Place, item: FileItem, { left, right }: BinaryExpr, diagnostic: Diagnostic): readonly Offer[] {
  const a = shapeOf(left, place, item);
  const b = shapeOf(right, place, item);
  const isAtom = ['name', 'member', 'call', 'index'].includes(right.kind);
  if (a === undefined || b === undefined || b.length < 2 || !isAtom || a.at(-1)?.key !== b.at(-1)?.key) return [];
  const edits = () => [insert(place.view.path, right.span.end, '.T')];
  return [
    { title: `transpose \`${place.text.slice(right.span.start, right.span.end)}\``, kind: 'quickfix', diagnostics: [diagnostic], edits },
  ];
}

/** The values whose shape a mistake is about: what is returned, what is passed on to a stage. */
function valuesAt(item: FileItem, { span, code }: Diagnostic): readonly Expr[] {
  const found: Expr[] = [];
  eachNode(item, (node) => {
    if (code === 'result-mismatch' && node.kind === 'return') {
      const { value } = node as ReturnStmt;
      const all = value.kind === 'tuple' ? value.items.map((part) => part.value) : [value];
      append(
        found,
        all.filter((expr) => expr.span.start === span.start && expr.span.end === span.end),
      );
    }
    if (code === 'argument-shape' && node.kind === 'pipe') {
      const { left, stage } = node as Extract<Expr, { kind: 'pipe' }>;
      if (isInside(span, stage.span)) found.push(left);
    }
  });
  return found;
}

interface Wish {
  readonly value: Expr;
  /** The axis, counted from the end: 1 is the last. */
  readonly fromEnd: number;
  /** The size that it should have, as text. */
  readonly wanted: string;
}

function widthOffer(place: Place, item: FileItem, { value, fromEnd, wanted }: Wish, diagnostic: Diagnostic): readonly Offer[] {
  if (!isWritable(place, item, wanted)) return [];
  const found = widthIn(place, item, value, fromEnd, 0);
  if (found === undefined) return [];
  const written = place.text.slice(found.span.start, found.span.end);
  if (written === wanted) return [];
  const title = `change the width of \`${found.layer}\` from ${written} to ${wanted}`;
  return [{ title, kind: 'quickfix', diagnostics: [diagnostic], edits: () => [replace(found.span, wanted)] }];
}

/** Whether a size, as text, means the same in the body. */
function isWritable({ view }: Place, item: FileItem, wanted: string): boolean {
  if (/^\d+$/.test(wanted)) return true;
  const names = wanted.match(/[A-Za-z_]\w*/g) ?? [];
  const known = new Set(view.occurrencesIn(item).map(({ named }) => named.name));
  return !/[?']/.test(wanted) && names.every((name) => known.has(name));
}

/** The argument that determines an axis of a value: that of the last layer which does not keep the axis as it is. */
function widthIn(
  place: Place,
  item: FileItem,
  value: Expr,
  fromEnd: number,
  depth: number,
): { readonly layer: string; readonly span: Expr['span'] } | undefined {
  if (value.kind === 'as') return widthIn(place, item, value.value, fromEnd, depth);
  if (value.kind === 'name') {
    const assigned = depth < 20 ? assignedTo(value, place, item) : undefined;
    return assigned && widthIn(place, item, assigned, fromEnd, depth + 1);
  }
  if (value.kind === 'call' && value.callee.kind !== 'name') return widthOf(place, item, value.callee, fromEnd);
  if (value.kind !== 'pipe') return undefined;
  const own = widthOf(place, item, value.stage, fromEnd);
  if (own !== undefined) return own;
  const before = shapeOf(value.left, place, item);
  const after = shapeOf(value, place, item);
  const isKept = before?.at(-fromEnd)?.key !== undefined && before.at(-fromEnd)?.key === after?.at(-fromEnd)?.key;
  return isKept ? widthIn(place, item, value.left, fromEnd, depth) : undefined;
}

/** The argument of a stage that is the size of an axis of its result. */
function widthOf(
  { view }: Place,
  item: FileItem,
  stage: Expr,
  fromEnd: number,
): { readonly layer: string; readonly span: Expr['span'] } | undefined {
  const target = stage.kind === 'label' ? stage.target : stage;
  const layer = layerOf(target, view.types(item));
  const param = layer && hyperOfAxis(layer.decl, fromEnd);
  const call = param === undefined ? undefined : madeBy(target, layer?.decl);
  if (layer === undefined || param === undefined || call === undefined) return undefined;
  const before = layerOf(call.callee, view.types(item))?.given;
  const open = (layer.decl.hyper ?? []).filter(({ fallback, name }) => fallback === undefined && before?.has(name.text) !== true);
  const arg =
    call.args.find(({ name }) => name?.text === param) ??
    call.args.filter(({ name }) => name === undefined)[open.findIndex(({ name }) => name.text === param)];
  return arg && { layer: layer.decl.name.text, span: arg.value.span };
}

/** The call that gives a layer its hyperparameters: the innermost one. */
function madeBy(target: Expr, decl: LayerDecl | undefined): CallExpr | undefined {
  if (target.kind !== 'call' || decl === undefined) return undefined;
  return target.callee.kind === 'call' ? madeBy(target.callee, decl) : target;
}

/** The hyperparameter that is the size of an axis of the result, as the signature says. */
function hyperOfAxis({ hyper = [], result }: LayerDecl, fromEnd: number): string | undefined {
  const [output, ...others] = result?.outputs ?? [];
  const dims = output?.type.dims ?? [];
  const dim = dims.at(-fromEnd);
  if (others.length > 0 || dim?.kind !== 'size' || dim.size.kind !== 'name' || dims.slice(-fromEnd).some(({ kind }) => kind === 'rest'))
    return undefined;
  const { name } = dim.size;
  return hyper.some((param) => param.name.text === name) ? name : undefined;
}
