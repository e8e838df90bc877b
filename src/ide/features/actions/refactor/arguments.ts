import type { CallExpr, Param } from '../../../../1-syntax/ast.js';
import { presentIn } from '../../../../2-check/values/absence.js';
import type { FileItem } from '../../../file-view.js';
import { insert, isInside, type Offer, type Place, replace } from '../action.js';
import { around } from './tree.js';

/** Writes the names of arguments, or takes them out where they can be given by position. */
export function argumentOffers(place: Place): readonly Offer[] {
  const { item, span } = place;
  const nodes = item === undefined ? [] : around(item, span);
  const at = nodes.findLastIndex((node) => node.kind === 'call' && (node as CallExpr).args.length > 0);
  const call = nodes[at] as CallExpr | undefined;
  if (item === undefined || call === undefined || !isInside(span, { start: call.callee.span.start, end: call.span.end })) return [];
  const outer = nodes[at - 1];
  const isStage = outer?.kind === 'pipe' || (outer?.kind === 'label' && nodes[at - 2]?.kind === 'pipe');
  const params = paramsOf(place, item, call, isStage && !isFirst(nodes[at - 1]?.kind === 'label' ? nodes[at - 2] : outer, call));
  if (params === undefined) return [];
  const offers: Offer[] = [];
  const unnamed = call.args.flatMap(({ name, spread, value }, i) => {
    const param = name === undefined && spread !== true ? params[i] : undefined;
    return param === undefined ? [] : [insert(place.view.path, value.span.start, `${param.name.text} = `)];
  });
  if (unnamed.length > 0)
    offers.push({ title: 'write the names of arguments', kind: 'refactor.rewrite', isSlow: true, edits: () => unnamed });
  const named = removable(call, params);
  if (named.length > 0) offers.push({ title: 'give arguments by position', kind: 'refactor.rewrite', isSlow: true, edits: () => named });
  return offers;
}

/** Whether a call is what a pipeline begins with, and not one of its stages. */
function isFirst(pipe: unknown, call: CallExpr): boolean {
  return (pipe as { readonly left?: unknown } | undefined)?.left === call;
}

/** What a call gives by position; undefined for operators, whose names are rarely written, and for records. */
function paramsOf({ view }: Place, item: FileItem, { callee }: CallExpr, isStage: boolean): readonly Param[] | undefined {
  const known = view.known(callee, item)?.value;
  const value = known && presentIn(known);
  const isTensor = ({ type }: Param) => type?.kind === 'tensor-type';
  if (value?.kind === 'layer') {
    const open = (value.decl.hyper ?? []).filter(({ name, fallback }) => fallback === undefined && value.given?.has(name.text) !== true);
    return open.length > 0 && value.shared === undefined ? open : undefined;
  }
  if (value?.kind !== 'fn' || (value.form !== 'declared' && value.form !== 'let')) return undefined;
  const all = value.decl.params;
  const own = value.form === 'declared' ? all.filter((param) => isTensor(param) || param.fallback === undefined) : all;
  const first = value.form === 'declared' ? own.findIndex(isTensor) : 0;
  return isStage ? own.filter((_, i) => i !== first) : own;
}

/** Takes names out from the first argument on, as long as each is at the position of its parameter. */
function removable({ args }: CallExpr, params: readonly Param[]) {
  const edits: ReturnType<typeof replace>[] = [];
  for (const [i, { name, value }] of args.entries()) {
    if (name === undefined) continue;
    if (params[i]?.name.text !== name.text) break;
    edits.push(replace({ file: name.span.file, start: name.span.start, end: value.span.start }, ''));
  }
  return edits;
}
