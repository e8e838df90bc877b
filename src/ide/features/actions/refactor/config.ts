import type { CallExpr, Expr, LayerDecl, Param } from '../../../../1-syntax/ast.js';
import { eachNode } from '../../../../1-syntax/walk.js';
import type { Edit } from '../../../../diagnostics/record.js';
import { namedItem } from '../../../names/occurrences.js';
import { usesOf } from '../../rename/uses.js';
import { insert, isInside, type Offer, type Place, replace, sourceOf } from '../action.js';
import { freshName } from './tree.js';

/** Moves the hyperparameters of a model into a record. */
export function configOffers(place: Place): readonly Offer[] {
  const { item, span } = place;
  if (item?.kind !== 'model' || item.hyper === undefined || item.hyper.length === 0 || span.start > item.body.span.start) return [];
  const [only] = item.hyper;
  if (item.hyper.length === 1 && only?.type?.kind === 'kind' && place.view.module.decls.get(only.type.name)?.kind === 'config') return [];
  const decl: LayerDecl = item;
  return [
    {
      title: 'move the hyperparameters into a record',
      kind: 'refactor.rewrite',
      isSlow: true,
      edits: () => moved(place, decl, item.hyper ?? []),
    },
  ];
}

function moved(place: Place, decl: LayerDecl, hyper: readonly Param[]): readonly Edit[] | undefined {
  const { view, text, workspace } = place;
  const config = freshName(place, decl, `${decl.name.text}Config`);
  const c = freshName(place, decl, 'c');
  const [first, last] = [hyper[0], hyper.at(-1)];
  const uses = usesOf(workspace, namedItem(decl, view.module));
  if (first === undefined || last === undefined || uses.some((use) => use.view.path !== view.path)) return undefined;
  const list = { file: view.path, start: first.span.start, end: last.span.end };
  const ownStarts = new Set(hyper.map(({ name }) => name.span.start));
  const isOwn = (start: number | undefined) => start !== undefined && ownStarts.has(start);
  const names = view.occurrencesIn(decl).filter(({ named, span }) => isOwn(named.span?.start) && !isInside(span, list));
  const facts = movableFacts(decl, new Set(hyper.map(({ name }) => name.text)));
  const kept = decl.where.filter((fact) => !facts.includes(fact));
  const edits: Edit[] = [];
  for (const { span } of names) {
    if (!facts.some((fact) => isInside(span, fact.span))) edits.push(insert(view.path, span.start, `${c}.`));
  }
  const where = whereEdit(place, decl, kept, facts);
  if (where !== undefined) edits.push(where);
  const useEdits = callEdits(place, decl, hyper, config);
  if (useEdits === undefined) return undefined;
  const fields = hyper.map((param) => `  ${sourceOf(place, param)}\n`).join('');
  const stated = facts.length === 0 ? '' : ` where ${facts.map((fact) => sourceOf(place, fact)).join(', ')}`;
  const start = startOf(text, decl.span.start);
  return [insert(view.path, start, `config ${config} {\n${fields}}${stated}\n\n`), replace(list, `${c}: ${config}`), ...edits, ...useEdits];
}

/** Where a declaration begins, with its documentation. */
function startOf(text: string, offset: number): number {
  let start = text.lastIndexOf('\n', offset - 1) + 1;
  while (start > 0) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    if (!/^[ \t]*##/.test(text.slice(above, start))) break;
    start = above;
  }
  return start;
}

/** The facts that become those of the record: all that speak of nothing else, or those before the first that does. */
function movableFacts({ where }: LayerDecl, fields: ReadonlySet<string>): readonly Expr[] {
  const end = where.findIndex((fact) => !speaksOfFieldsAlone(fact, fields));
  return end < 0 ? where : where.slice(0, end);
}

function speaksOfFieldsAlone(fact: Expr, fields: ReadonlySet<string>): boolean {
  let isAlone = true;
  eachNode(fact, (node) => {
    if (node.kind === 'name' && !fields.has((node as { name?: string }).name ?? '')) isAlone = false;
  });
  return isAlone;
}

/** Takes out the facts that move, with their commas, and `where` if none is left. */
function whereEdit({ text, view }: Place, decl: LayerDecl, kept: readonly Expr[], facts: readonly Expr[]): Edit | undefined {
  if (facts.length === 0) return undefined;
  const [first] = decl.where;
  const last = decl.where.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (kept.length > 0) {
    const next = decl.where.findIndex((fact) => kept.includes(fact));
    const end = decl.where[next]?.span.start ?? first.span.start;
    return replace({ file: view.path, start: first.span.start, end }, '');
  }
  const before = text.lastIndexOf('where', first.span.start);
  const start = before - (/\s*$/.exec(text.slice(0, before))?.[0].length ?? 0);
  const rest = /^\s*/.exec(text.slice(last.span.end))?.[0].length ?? 0;
  return replace({ file: view.path, start, end: last.span.end + rest }, ' ');
}

/** What is given to the model elsewhere is given to the record. */
function callEdits({ view, text }: Place, decl: LayerDecl, hyper: readonly Param[], config: string): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  const open = hyper.filter(({ fallback }) => fallback === undefined);
  let isPossible = true;
  for (const item of view.items()) {
    const types = view.types(item);
    eachNode(item, (node) => {
      if (node.kind !== 'call') return;
      const { callee, args, argsSpan } = node as CallExpr;
      const value = types.get(callee)?.value;
      if (value?.kind !== 'layer' || value.decl !== decl || value.hyper !== undefined) return;
      if (value.alias !== undefined || callee.kind !== 'name') isPossible = false;
      const given = args.map(({ name, value: arg }, i) => `${(name ?? open[i]?.name)?.text} = ${text.slice(arg.span.start, arg.span.end)}`);
      edits.push(replace({ file: view.path, start: argsSpan.start, end: argsSpan.end }, `(${config}(${given.join(', ')}))`));
    });
  }
  return isPossible ? edits : undefined;
}
