import type { ImportDecl } from '../../../1-syntax/ast.js';
import type { Edit } from '../../../diagnostics/record.js';
import { standardModuleOf } from '../../../stdlib.js';
import type { FileView } from '../../file-view.js';
import { declarersOf } from '../../names/declarers.js';
import { importsOf } from '../../names/outer.js';
import type { Workspace } from '../../workspace.js';
import { relativePath } from '../rename/rename-files.js';
import { insert, type Offer, type Place } from './action.js';

/** Imports for unknown names that other files of the workspace or the standard library declare. */
export function importOffers(place: Place): readonly Offer[] {
  const { workspace, view, text } = place;
  return place.diagnostics.flatMap((diagnostic): readonly Offer[] => {
    const name = text.slice(diagnostic.span.start, diagnostic.span.end);
    if ((diagnostic.code !== 'unknown-name' && diagnostic.code !== 'unknown-kind') || !/^[A-Za-z_]\w*$/.test(name)) return [];
    const sources = sourcesOf(workspace, view, name);
    return sources.map((source): Offer => {
      const offer = { title: `import \`${name}\` from "${source}"`, kind: 'quickfix' as const, diagnostics: [diagnostic] };
      const edits = () => importEdits(view, name, source);
      return sources.length === 1 ? { ...offer, isPreferred: true, edits } : { ...offer, edits };
    });
  });
}

/** The modules from which a file could import a name, as it would write them. */
function sourcesOf(workspace: Workspace, { path }: FileView, name: string): readonly string[] {
  const standard = standardModuleOf(name);
  const others = declarersOf(workspace, path, name);
  return [...(standard === undefined ? [] : [standard]), ...others.map((other) => relativePath(path, other)).sort()];
}

/** The edits that import a name: into an import of the same file, or as a line of its own. */
export function importEdits(view: FileView, name: string, source: string): readonly Edit[] {
  const { path, text, module } = view;
  const all = importsOf(module);
  const same = all.find((other) => other.source === source && other.names.length > 0);
  if (same !== undefined)
    return same.names.some((other) => other.alias === undefined && other.name.text === name) ? [] : [merged(path, same, name)];
  const written = `import { ${name} } from "${source}"\n`;
  const last = all.at(-1);
  if (last !== undefined) {
    const end = text.indexOf('\n', last.span.end);
    return [end < 0 ? insert(path, text.length, `\n${written}`) : insert(path, end + 1, written)];
  }
  const start = afterHeader(text);
  return [insert(path, start, /^\s*(?:\n|$)/.test(text.slice(start)) ? written : `${written}\n`)];
}

/** The names of an import stay in order if they are in order. */
function merged(path: string, { names }: ImportDecl, name: string): Edit {
  const isSorted = names.every((other, i) => i === 0 || (names[i - 1]?.name.text ?? '') <= other.name.text);
  const next = isSorted ? names.find((other) => other.name.text > name) : undefined;
  if (next !== undefined) return insert(path, next.name.span.start, `${name}, `);
  const last = names.at(-1);
  return insert(path, (last?.alias ?? last?.name)?.span.end ?? 0, `, ${name}`);
}

/** The end of the comments at the top of a file that belong to no declaration: an empty line follows them. */
function afterHeader(text: string): number {
  const header = /^(?:#(?!#).*\n)+\n/.exec(text);
  return header?.[0].length ?? 0;
}
