import type { Block, EntryDecl, Item, LabelExpr, Param, Stmt } from '../../1-syntax/ast.js';
import { plainSpan, type Span } from '../../diagnostics/span.js';
import type { NamedKind } from '../names/named.js';
import { stagesIn } from '../names/stages.js';
import type { Workspace } from '../workspace.js';

/** Something that a file declares, for outlines and searches. */
export interface DocumentSymbol {
  readonly name: string;
  readonly kind: NamedKind;
  /** What follows the name in its declaration: its lists, or its value. */
  readonly detail: string;
  /** From its documentation or first word to its end. */
  readonly span: Span;
  /** Its name. */
  readonly nameSpan: Span;
  readonly children: readonly DocumentSymbol[];
}

/** A declaration of some file. */
export interface WorkspaceSymbol extends Omit<DocumentSymbol, 'children'> {
  readonly path: string;
}

/** What a file declares, with the hyperparameters, weights, labels and entries inside. */
export function documentSymbols(workspace: Workspace, path: string): readonly DocumentSymbol[] {
  const view = workspace.view(path);
  return view?.module.file.items.flatMap((item) => symbolsOf(item, view.text)) ?? [];
}

/** The declarations of all files whose names contain the letters of a query in this order. */
export function workspaceSymbols(workspace: Workspace, query: string): readonly WorkspaceSymbol[] {
  const letters = [...query.toLowerCase()];
  const matches = (name: string) => {
    let at = -1;
    const text = name.toLowerCase();
    return letters.every((letter) => {
      at = text.indexOf(letter, at + 1);
      return at >= 0;
    });
  };
  return workspace.files().flatMap((path) =>
    documentSymbols(workspace, path)
      .filter(({ name }) => matches(name))
      .map(({ children: _, ...symbol }) => ({ ...symbol, path })),
  );
}

function symbolsOf(item: Item, text: string): readonly DocumentSymbol[] {
  const make = (
    kind: NamedKind,
    { name, span }: { readonly name: { readonly text: string; readonly span: Span }; readonly span: Span },
    detailEnd: number,
    children: readonly DocumentSymbol[] = [],
  ): readonly DocumentSymbol[] =>
    name.text === '' || name.text === '_'
      ? []
      : [
          {
            name: name.text,
            kind,
            detail: text.slice(name.span.end, detailEnd).replace(/\s+/g, ' ').trim(),
            span: plainSpan(span),
            nameSpan: plainSpan(name.span),
            children,
          },
        ];
  const params = (list: readonly Param[] = [], kind: NamedKind) => list.flatMap((param) => make(kind, param, param.span.end));
  const inBody = (block: Block): readonly DocumentSymbol[] => block.statements.flatMap(inStatement);
  const inStatement = (statement: Stmt): readonly DocumentSymbol[] => {
    switch (statement.kind) {
      case 'storage':
        return make('storage', statement, statement.type.span.end);
      case 'entry':
        return entry(statement);
      case 'let':
        return make(statement.params === undefined ? 'constant' : 'function', statement, statement.name.span.end);
      case 'for':
        return inBody(statement.body);
      default:
        return stagesIn(statement).flatMap((stage) => make('label', labelOf(stage, text), stage.span.end));
    }
  };
  const entry = (statement: EntryDecl) =>
    make('entry', statement, statement.result.span.end, [...params(statement.inputs, 'input'), ...inBody(statement.body)]);
  switch (item.kind) {
    case 'import':
    case 'error-item':
      return [];
    case 'let-pattern':
      return item.target.kind === 'bind' ? make('constant', { name: item.target.name, span: item.span }, item.target.name.span.end) : [];
    case 'let':
      return item.params === undefined
        ? make('constant', item, item.value.span.end)
        : make('function', item, item.params.at(-1)?.span.end ?? item.name.span.end, params(item.params, 'argument'));
    case 'alias':
      return make(item.of, item, item.value.span.end);
    case 'config':
      return make('config', item, item.name.span.end, params(item.fields, 'field'));
    case 'train':
      return make('train', item, item.model.span.end);
    case 'fn':
      return make('function', item, item.result.span.end, [...params(item.params, 'argument'), ...inBody(item.body)]);
    default:
      return make(item.kind, item, item.result?.span.end ?? item.name.span.end, [
        ...params(item.hyper, 'hyperparameter'),
        ...params(item.inputs, 'input'),
        ...inBody(item.body),
      ]);
  }
}

function labelOf({ labelSpan, span }: LabelExpr, text: string) {
  return { name: { text: text.slice(labelSpan.start, labelSpan.end), span: labelSpan }, span };
}
