import type { Expr, Param } from '../../../1-syntax/ast.js';
import { eachNode } from '../../../1-syntax/walk.js';
import type { Diagnostic, Edit } from '../../../diagnostics/record.js';
import type { Span } from '../../../diagnostics/span.js';
import type { FileItem } from '../../file-view.js';
import { calledIn } from '../../names/arguments.js';
import { keyOf } from '../../names/named.js';
import { namedItem } from '../../names/occurrences.js';
import { insert, isInside, type Offer, type Place } from './action.js';

/** Declares unknown names as hyperparameters. */
export function unknownNameOffers(place: Place): readonly Offer[] {
  return place.diagnostics.flatMap((diagnostic): readonly Offer[] => {
    const { span, code } = diagnostic;
    const name = place.text.slice(span.start, span.end);
    const item = place.view.itemAt(span.start);
    if (code !== 'unknown-name' || item === undefined || !/^[A-Za-z_]\w*$/.test(name) || isCalled(item, span)) return [];
    const edit = declaration(place, item, name, diagnostic);
    return edit === undefined
      ? []
      : [
          {
            title: `declare \`${name}\` as a hyperparameter of \`${item.name.text}\``,
            kind: 'quickfix',
            diagnostics: [diagnostic],
            edits: () => [edit],
          },
        ];
  });
}

/** Whether a name is used as a function, a layer or a value with members. */
function isCalled(item: FileItem, { start }: Span): boolean {
  let found = false;
  const look = (expr: Expr) => {
    if (expr.kind === 'name' && expr.span.start === start) found = true;
  };
  eachNode(item, (node) => {
    const { callee, stage, target, object } = node as { callee?: Expr; stage?: Expr; target?: Expr; object?: Expr };
    if (node.kind === 'call' && callee !== undefined) look(callee);
    if (node.kind === 'pipe' && stage !== undefined) look(stage);
    if (node.kind === 'label' && target !== undefined) look(target);
    if (node.kind === 'member' && object !== undefined) look(object);
  });
  return found;
}

function declaration(place: Place, item: FileItem, name: string, { span }: Diagnostic): Edit | undefined {
  if (item.kind !== 'layer' && item.kind !== 'model' && item.kind !== 'fn') return undefined;
  const kind = kindAt(place, item, span);
  const param = isUsed(place, item) ? `${name} = ${defaults[kind] ?? '1'}` : `${name}: ${kind}`;
  const list = item.kind === 'fn' ? item.params : item.hyper;
  const { path } = place.view;
  const last = list?.at(-1);
  if (last !== undefined) return insert(path, last.span.end, `, ${param}`);
  const open = /^\s*\(/.exec(place.text.slice(item.name.span.end));
  if (list !== undefined && open !== null) return insert(path, item.name.span.end + open[0].length, param);
  return insert(path, item.name.span.end, `(${param})`);
}

const defaults: Readonly<Record<string, string>> = { int: '1', float: '0.0', bool: 'false' };

/** The kind that the place of a name demands: that of the parameter that it is given to, or of a condition. */
function kindAt({ view }: Place, item: FileItem, span: Span): string {
  let kind = 'int';
  eachNode(item, (node) => {
    const { condition, callee, args } = node as {
      condition?: Expr;
      callee?: Expr;
      args?: readonly { name?: { text: string }; value: Expr }[];
    };
    if (condition !== undefined && isInside(span, condition.span) && condition.kind === 'name') kind = 'bool';
    const i = node.kind === 'call' ? (args?.findIndex(({ value }) => value.span.start === span.start && value.kind === 'name') ?? -1) : -1;
    const { session } = view.inside;
    const called = i >= 0 && callee !== undefined ? calledIn(callee, { session, module: view.module, types: view.types(item) }) : undefined;
    if (called?.kind !== 'declared') return;
    const given = args?.[i]?.name?.text;
    kind = kindOf(given === undefined ? called.params[i] : called.params.find((param) => param.name.text === given)) ?? kind;
  });
  return kind;
}

function kindOf(param: Param | undefined): string | undefined {
  if (param?.type?.kind === 'kind' && ['int', 'float', 'bool'].includes(param.type.name)) return param.type.name;
  if (param?.fallback?.kind === 'bool') return 'bool';
  return param?.fallback?.kind === 'number' && !param.fallback.isInt ? 'float' : undefined;
}

/** Whether something uses a declaration, so that a hyperparameter without a default would be missing there. */
function isUsed({ workspace, view }: Place, item: FileItem): boolean {
  const key = keyOf(namedItem(item, view.module));
  if (view.occurrences().some(({ named, role }) => role !== 'definition' && keyOf(named) === key)) return true;
  return workspace.files().some((path) => path !== view.path && new RegExp(`\\b${item.name.text}\\b`).test(workspace.text(path) ?? ''));
}
