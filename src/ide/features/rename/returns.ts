import type { EntryDecl, Expr, ReturnStmt, TupleExpr } from '../../../1-syntax/ast.js';
import { eachNode } from '../../../1-syntax/walk.js';
import type { Edit } from '../../../diagnostics/record.js';
import type { FileItem } from '../../file-view.js';

/**
 * A variable with the name of an output is given to that output: `return (b, a)` is `return (a, b)`. Where a rename would change which output gets which value,
 * the names of the outputs are written. `renamed` is what a name at an offset is called afterwards.
 */
export function namedResults(item: FileItem, renamed: (name: string, at: number) => string): readonly Edit[] {
  const edits: Edit[] = [];
  const look = (outputs: readonly { readonly text: string; readonly start: number }[], body: unknown): void => {
    eachNode(body, (node) => {
      if (node.kind !== 'return' || (node as ReturnStmt).value.kind !== 'tuple') return;
      const tuple = (node as ReturnStmt).value as TupleExpr;
      const before = outputsOf(
        tuple,
        outputs.map(({ text }) => text),
        (name) => name,
      );
      const after = outputsOf(
        tuple,
        outputs.map(({ text, start }) => renamed(text, start)),
        renamed,
      );
      if (before.join() === after.join()) return;
      for (const [i, { name, value }] of tuple.items.entries()) {
        const output = outputs[before[i] ?? -1];
        const { file, start } = value.span;
        if (name === undefined && output !== undefined)
          edits.push({ span: { file, start, end: start }, text: `${renamed(output.text, output.start)} = ` });
      }
    });
  };
  if (item.kind !== 'layer' && item.kind !== 'model' && item.kind !== 'fn') return [];
  const named = (
    outputs: readonly { readonly name?: { readonly text: string; readonly span: { readonly start: number } } | undefined }[],
  ) => outputs.map(({ name }) => ({ text: name?.text ?? '', start: name?.span.start ?? -1 }));
  const entries = item.body.statements.filter((statement): statement is EntryDecl => statement.kind === 'entry');
  if (entries.length === 0) look(named(item.result?.outputs ?? []), item.body);
  for (const entry of entries) look(named(entry.result.outputs), entry.body);
  return edits;
}

/** The position of the output that each value of a `return` is given to. */
function outputsOf({ items }: TupleExpr, outputs: readonly string[], renamed: (name: string, at: number) => string): readonly number[] {
  const nameOf = (value: Expr) => (value.kind === 'name' ? renamed(value.name, value.span.start) : undefined);
  const names = items.map(({ name, value }) => (name === undefined ? nameOf(value) : renamed(name.text, name.span.start)));
  if (names.every((name) => name !== undefined && outputs.includes(name))) return names.map((name) => outputs.indexOf(name ?? ''));
  const written = items.map(({ name }) => (name === undefined ? -1 : outputs.indexOf(renamed(name.text, name.span.start))));
  const open = [...outputs.keys()].filter((i) => !written.includes(i));
  return written.map((i) => (i >= 0 ? i : (open.shift() ?? -1)));
}
