import type { ImportDecl } from '../../../1-syntax/ast.js';
import { NameWalk } from '../../../2-check/modules/declared-names.js';
import { namesOf } from '../../../2-check/sizes/unmet.js';
import type { Edit } from '../../../diagnostics/record.js';
import { format } from '../../../format.js';
import { isStandardFile } from '../../../standard-file.js';
import type { FileView } from '../../file-view.js';
import { importsOf } from '../../names/outer.js';

/** An import with the comments that belong to it. */
interface Unit {
  readonly items: readonly ImportDecl[];
  readonly comments: readonly string[];
  /** Its text, if it must stay as it is. */
  readonly verbatim?: string | undefined;
}

/** Sorts the imports of a file, merges those of the same file, and removes names that are not used. Comments stay with their import. */
export function organizedImports(view: FileView): readonly Edit[] {
  return runsOf(view).flatMap((run) => {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) return [];
    const start = startOf(view.text, first);
    const end = lineEnd(view.text, last.span.end);
    const text = written(view, run);
    const before = view.text.slice(start, end);
    return text === before
      ? []
      : [{ span: { file: view.path, start, end: text === '' ? afterBlank(view.text, end) : end }, text: text === '' ? '' : text }];
  });
}

/** The imports between which there is nothing but comments that belong to one of them. */
function runsOf({ module, text }: FileView): readonly (readonly ImportDecl[])[] {
  const runs: ImportDecl[][] = [];
  const { items } = module.file;
  for (const [i, item] of items.entries()) {
    if (item.kind !== 'import' || item.source === '' || item.names.some(({ name }) => name.text === '')) continue;
    const before = items[i - 1];
    const last = runs.at(-1)?.at(-1);
    const isNext = last !== undefined && before === last && /^\s*$/.test(text.slice(lineEnd(text, last.span.end), startOf(text, item)));
    if (isNext) runs.at(-1)?.push(item);
    else runs.push([item]);
  }
  return runs;
}

/** The start of an import with the comment lines directly above it. */
function startOf(text: string, { span }: ImportDecl): number {
  let start = lineStart(text, span.start);
  for (;;) {
    const above = lineStart(text, start - 1);
    if (start === 0 || !/^[ \t]*#/.test(text.slice(above, start))) break;
    start = above;
  }
  // Comments at the top of a file with an empty line after them are not reached; without one they belong to the first import.
  return start;
}

function lineStart(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** The end of the line, unless something else than a comment follows on it. */
function lineEnd(text: string, offset: number): number {
  const [rest = ''] = /^[^\n]*/.exec(text.slice(offset)) ?? [];
  return /^[ \t\r]*(?:#.*)?$/.test(rest) ? offset + rest.length : offset;
}

function afterBlank(text: string, end: number): number {
  return end + (/^\s*\n/.exec(text.slice(end))?.[0].length ?? 0);
}

function written(view: FileView, run: readonly ImportDecl[]): string {
  const used = usedNames(view);
  const units = new Map<string, Unit>();
  for (const item of run) {
    const comments = commentsOf(view.text, item);
    const inner = view.text.slice(item.span.start, item.span.end);
    const isFixed = inner.includes('#') || comments.some((comment) => comment.includes('archc: allow unused-import'));
    const key = isFixed ? `${item.source} ${item.span.start}` : item.source;
    const known = units.get(key);
    units.set(key, {
      items: [...(known?.items ?? []), item],
      comments: [...(known?.comments ?? []), ...comments],
      verbatim: isFixed ? inner : undefined,
    });
  }
  const order = ({ items: [item] }: Unit) => `${isStandardFile(item?.source ?? '') ? 0 : 1}${item?.source}`;
  const sorted = [...units.values()].sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
  return sorted.flatMap((unit) => linesOf(view, unit, used)).join('\n');
}

/** The comments above an import, and the one behind it. */
function commentsOf(text: string, item: ImportDecl): readonly string[] {
  const above = text.slice(startOf(text, item), lineStart(text, item.span.start));
  const behind = text.slice(item.span.end, lineEnd(text, item.span.end)).trim();
  return [...above.split('\n').map((line) => line.trim()), behind].filter((line) => line !== '');
}

function linesOf({ text }: FileView, { items, comments, verbatim }: Unit, used: (name: string) => boolean): readonly string[] {
  if (verbatim !== undefined) return [...comments, verbatim];
  const names = new Map<string, string>();
  for (const { name, alias } of items.flatMap((item) => item.names)) {
    const local = (alias ?? name).text;
    if (used(local)) names.set(alias === undefined ? name.text : `${name.text} as ${local}`, name.text);
  }
  const list = [...names.keys()].sort();
  const [first] = items;
  if (first === undefined) return [];
  if (list.length === 0)
    return items.every((item) => item.names.length > 0) ? comments : [...comments, text.slice(first.span.start, first.span.end)];
  const source = text.slice(first.sourceSpan.start, first.sourceSpan.end);
  const plain = `import { ${list.join(', ')} } from ${source}`;
  return [...comments, (format('import', plain).text ?? plain).trimEnd()];
}

/** Whether something in a file uses a name. In a file with syntax errors, every word counts. */
function usedNames({ module, inside, text }: FileView): (name: string) => boolean {
  const used = new Set<string>();
  for (const decl of module.decls.values()) for (const outer of namesOf(inside.session, decl, module).outer) used.add(outer.text);
  for (const train of module.trains) {
    const walk = new NameWalk();
    walk.visit(train.model, train.clauses);
    walk.end();
    for (const outer of walk.outer) used.add(outer.text);
  }
  if (module.mistakes.length > 0) {
    let rest = text;
    for (const { span } of importsOf(module).toReversed()) rest = rest.slice(0, span.start) + rest.slice(span.end);
    for (const word of rest.match(/[A-Za-z_]\w*/g) ?? []) used.add(word);
  }
  return (name) => name.startsWith('_') || used.has(name);
}
