import type { Decl, Module, ModuleChange } from '../modules/modules.js';
import type { Flaws } from './flaws.js';

/** A declaration and the module that it is in, or was in. */
export interface Placed {
  readonly decl: Decl;
  readonly module: Module;
}

/** Finds what must be checked again after a change: a declaration depends on everything whose name is anywhere in its text, and on what that depends on. */
export class Dependencies {
  readonly #words = new WeakMap<Decl, ReadonlySet<string>>();

  /** The declarations of `modules` that must be checked again, and those that were removed from the text. */
  outdated(modules: readonly Module[], changes: readonly ModuleChange[], flaws: Flaws): readonly Placed[] {
    const found = new Map<Decl, Module>();
    const names: { readonly module: Module; readonly name: string }[] = [];
    for (const { module, before, names: changed } of changes) {
      for (const name of changed) names.push({ module, name });
      for (const [name, decl] of before) if (module.decls.get(name) !== decl) found.set(decl, module);
    }
    for (const module of modules) for (const [name, decl] of module.decls) if (flaws.has(decl.span)) names.push({ module, name });
    const seen = new Set<string>();
    for (let next = names.pop(); next !== undefined; next = names.pop()) {
      const { module, name } = next;
      const key = `${module.path} ${name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const decl = module.decls.get(name);
      if (decl !== undefined) found.set(decl, module);
      for (const [user, other] of module.decls) if (this.#wordsIn(other, module).has(name)) names.push({ module, name: user });
      for (const importer of modules)
        for (const [local, imported] of importer.imports)
          if (imported !== 'missing' && imported.module === module && imported.name === name) names.push({ module: importer, name: local });
    }
    return [...found].map(([decl, module]) => ({ decl, module }));
  }

  #wordsIn(decl: Decl, { file }: Module): ReadonlySet<string> {
    const known = this.#words.get(decl);
    if (known !== undefined) return known;
    const words = new Set(file.text.slice(decl.span.start, decl.span.end).match(/[\p{ID_Continue}$]+/gu) ?? []);
    this.#words.set(decl, words);
    return words;
  }
}
