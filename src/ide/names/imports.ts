import type { Module } from '../../2-check/modules/modules.js';
import { isStandardFile } from '../../standard-file.js';
import { standardFile } from '../../stdlib.js';
import { type Named, namedDecl, type Occurrence } from './named.js';
import { importsOf } from './outer.js';

/** The names in the imports of a file. */
export function importOccurrences(module: Module): readonly Occurrence[] {
  const found: Occurrence[] = [];
  for (const { names } of importsOf(module)) {
    for (const { name, alias } of names) {
      const local = (alias ?? name).text;
      const imported = module.imports.get(local);
      if (imported === undefined || imported === 'missing') continue;
      const decl = imported.module.decls.get(imported.name);
      if (decl === undefined) continue;
      const target = namedDecl(decl, imported.module);
      found.push({ span: name.span, named: target, role: 'read' });
      if (alias === undefined) continue;
      const named: Named = { kind: 'import', name: local, span: alias.span, source: { kind: 'import', target } };
      found.push({ span: alias.span, named, role: 'definition' });
    }
  }
  return found;
}

/** The text of a file of the standard library. */
export function standardText(path: string): string | undefined {
  return isStandardFile(path) ? standardFile(path)?.text : undefined;
}
