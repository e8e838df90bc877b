import { T } from '../../../../grammar/tokens.js';
import type { Decl } from '../../../2-check/modules/modules.js';
import type { Edit } from '../../../diagnostics/record.js';
import { isStandardFile } from '../../../standard-file.js';
import { preludeFileOf, standardModules } from '../../../stdlib.js';
import type { Cursor } from '../../cursor/cursor.js';
import { type Outline, standardOutline } from '../../outline.js';
import type { Workspace } from '../../workspace.js';

/** A name that an import would bring. */
export interface Importable {
  readonly name: string;
  readonly decl: Decl;
  readonly outline: Outline;
  readonly edits: readonly Edit[];
}

/** How many other files of the workspace are looked through. */
const mostFiles = 200;

/** The names that other files declare and that mean nothing in this one, each with the import that it needs. */
export function importableNames(cursor: Cursor): readonly Importable[] {
  const { workspace, path, view } = cursor;
  const { decls, imports } = view.module;
  const found: Importable[] = [];
  const add = (outline: Outline, source: string) => {
    for (const [name, decl] of outline.decls) {
      if (name.startsWith('_') || decls.has(name) || imports.has(name) || preludeFileOf(name) === outline.path) continue;
      found.push({ name, decl, outline, edits: importEdits(cursor, name, source) });
    }
  };
  for (const module of standardModules()) {
    const outline = standardOutline(module);
    if (outline !== undefined) add(outline, module);
  }
  for (const file of workspace.files().slice(0, mostFiles)) {
    if (file === path || !file.endsWith('.arch') || isStandardFile(file)) continue;
    const source = relativePath(path, file);
    const outline = source === undefined || workspace.resolve(source, path) !== file ? undefined : workspace.outline(file);
    if (source !== undefined && outline !== undefined && !importsBack(workspace, outline, path)) add(outline, source);
  }
  return found;
}

/** Whether a file imports another one, directly or not: importing it would be circular. */
function importsBack(workspace: Workspace, outline: Outline, path: string): boolean {
  const seen = new Set<string>();
  const todo = [outline];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    for (const { source } of next.imports) {
      const target = isStandardFile(source) ? source : workspace.resolve(source, next.path);
      if (target === path) return true;
      if (seen.has(target) || isStandardFile(target)) continue;
      seen.add(target);
      const inner = workspace.outline(target);
      if (inner !== undefined) todo.push(inner);
    }
  }
  return false;
}

/** `./blocks.arch`: the path of a file as another one imports it. Undefined if they have nothing in common. */
export function relativePath(from: string, to: string): string | undefined {
  const here = from.split('/').slice(0, -1);
  const there = to.split('/');
  let common = 0;
  while (common < here.length && common < there.length - 1 && here[common] === there[common]) common++;
  const up = here.length - common;
  const isAbsolute = from.startsWith('/') || /^[a-z][\w+.-]*:/i.test(from);
  if (isAbsolute && common === 0) return undefined;
  const rest = there.slice(common).join('/');
  return up === 0 ? `./${rest}` : `${'../'.repeat(up)}${rest}`;
}

/** The change that imports a name: a name more in an import of the same file, else an import of its own. */
export function importEdits({ workspace, view, path, text }: Cursor, name: string, source: string): readonly Edit[] {
  const place = (start: number, end = start) => ({ file: path, start, end });
  const { items } = view.module.file;
  const target = isStandardFile(source) ? source : workspace.resolve(source, path);
  const imports = items.filter((item) => item.kind === 'import');
  const same = imports.find(
    (item) => (isStandardFile(item.source) ? item.source : workspace.resolve(item.source, path)) === target && item.source !== '',
  );
  if (same !== undefined) {
    const last = same.names.findLast((other) => other.name.text !== '');
    if (last !== undefined) return [{ span: place((last.alias ?? last.name).span.end), text: `, ${name}` }];
    const open = view.scanned.tokens.find(({ tokenType, startOffset }) => tokenType === T.LBrace && startOffset >= same.span.start);
    if (open !== undefined && open.startOffset < same.span.end) return [{ span: place(open.startOffset + 1), text: ` ${name}` }];
  }
  const line = `import { ${name} } from "${source}"`;
  const lastImport = imports.at(-1);
  if (lastImport !== undefined) return [{ span: place(lastImport.span.end), text: `\n${line}` }];
  const start = afterHeader(text);
  const isEmpty = text.slice(start).trim() === '';
  return [{ span: place(start), text: isEmpty ? `${line}\n` : `${line}\n\n` }];
}

/** Where the first import goes: after a comment at the top that an empty line ends. */
function afterHeader(text: string): number {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const [header] = /^(?:#(?!#)[^\n]*\n)+(?:[ \t\r]*\n)+/.exec(text.slice(start)) ?? [];
  return start + (header?.length ?? 0);
}
