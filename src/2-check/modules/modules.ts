import type {
  AliasDecl,
  ConfigDecl,
  File,
  FnDecl,
  ImportDecl,
  LayerDecl,
  LetConstant,
  LetDecl,
  LetPattern,
  Name,
  Pattern,
  TrainDecl,
} from '../../1-syntax/ast.js';
import { parse } from '../../1-syntax/parse.js';
import { isSpoiled, parseAgain } from '../../1-syntax/parse-again.js';
import { Report } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/span.js';
import { suggest } from '../../diagnostics/suggest.js';
import { type Host, HostError } from '../../host.js';
import type { Limits } from '../../limits.js';
import { isStandardFile } from '../../standard-file.js';
import { preludeFileOf, standardFile, standardModules } from '../../stdlib.js';
import type { EntryLayer } from '../models/entry-layers.js';
import type { Signature } from './signature.js';

export type Decl = LetDecl | FnDecl | LayerDecl | AliasDecl | ConfigDecl;

/** One source file with its declarations by name. */
export interface Module {
  readonly path: string;
  readonly file: File;
  /** Whether it belongs to the standard library, whose internals are never at fault. */
  readonly standard: boolean;
  readonly decls: ReadonlyMap<string, Decl>;
  readonly trains: readonly TrainDecl[];
  /** Local name -> where it comes from; `missing` if the import was refused, so that its uses are not reported, too. */
  readonly imports: ReadonlyMap<string, Imported | 'missing'>;
  /** What misspelled imports may have meant: uses of these names are not reported, too. */
  readonly meant: ReadonlySet<string>;
  /** Declarations with syntax errors: what was read of them is not what was meant, so nothing more is reported about them. */
  readonly spoiled: ReadonlySet<Decl | TrainDecl>;
  /** Places of syntax errors. */
  readonly mistakes: readonly Span[];
  /** Cached signatures; every use of a declaration needs its signature. */
  readonly signatures: WeakMap<Decl, Signature>;
  /** The entries of its models, see `entriesOf`. */
  readonly entries: WeakMap<LayerDecl, readonly EntryLayer[]>;
}

/** What another text of its file replaces in a module. */
type Content = Pick<Module, 'file' | 'decls' | 'trains' | 'imports' | 'meant' | 'spoiled' | 'mistakes'>;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What is different in a module since its text before. */
export interface ModuleChange {
  readonly module: Module;
  /** What its declarations were. */
  readonly before: ReadonlyMap<string, Decl>;
  /** The names at its top that mean something else. */
  readonly names: ReadonlySet<string>;
}

export interface Imported {
  readonly module: Module;
  readonly name: string;
}

/** Reads the files of one compilation, each once; cycles are reported as a path. */
export class ModuleLoader {
  readonly #host: Host;
  readonly #limits: Limits;
  #report: Report;
  #modules = new Map<string, Module>();
  /** The modules of the version before. */
  #before: ReadonlyMap<string, Module> = new Map();
  #changes: ModuleChange[] = [];
  readonly #loading: string[] = [];
  /** The constants that patterns at the top of files define. */
  readonly #constants = new WeakMap<LetPattern, readonly LetConstant[]>();
  /** Path -> text of everything read, for messages and for the source hash. */
  sources: Map<string, string>;

  constructor(host: Host, report: Report, limits: Limits, sources = new Map<string, string>()) {
    this.sources = sources;
    this.#host = host;
    this.#report = report;
    this.#limits = limits;
  }

  /**
   * Reads the next version of the same files. A module stays the same object, as does each of its declarations whose text is the same. `text` is that of the
   * entry file. Returns what is different.
   */
  again(
    path: string,
    text: string,
    report: Report,
    sources: Map<string, string>,
  ): { readonly module: Module; readonly changes: readonly ModuleChange[] } {
    this.#report = report;
    this.sources = sources;
    this.#before = new Map([...this.#modules].filter(([, module]) => !module.standard));
    this.#modules = new Map([...this.#modules].filter(([, module]) => module.standard));
    for (const { path: standard, file } of this.#modules.values()) sources.set(standard, file.text);
    this.#changes = [];
    const module = this.#parse(path, text);
    return { module, changes: this.#changes };
  }

  /** The entry file. A HostError propagates, because there is no source to point at. */
  entry(path: string): Module {
    const text = this.#host.read(path);
    if (text === undefined) throw new HostError(`${path} does not exist`);
    return this.#parse(path, text);
  }

  /** The prelude's declaration of this name, if it has one. */
  prelude(name: string): { readonly module: Module; readonly decl: Decl } | undefined {
    const path = preludeFileOf(name);
    if (path === undefined) return undefined;
    const module = this.#standard(path);
    const decl = module?.decls.get(name);
    return module === undefined || decl === undefined ? undefined : { module, decl };
  }

  /** The modules that were read from the host. */
  ownModules(): readonly Module[] {
    return [...this.#modules.values()].filter((module) => !module.standard);
  }

  /** Path -> the names that other files import from it, without the standard library. */
  imports(): ReadonlyMap<string, ReadonlySet<string>> {
    const all = new Map<string, Set<string>>();
    for (const { imports, standard } of this.#modules.values()) {
      for (const imported of standard ? [] : imports.values()) {
        if (imported === 'missing' || imported.module.standard) continue;
        const names = all.get(imported.module.path) ?? new Set();
        all.set(imported.module.path, names.add(imported.name));
      }
    }
    return all;
  }

  #standard(path: string): Module | undefined {
    const known = this.#modules.get(path);
    if (known !== undefined) return known;
    const file = standardFile(path);
    return file === undefined ? undefined : this.#module(path, file, true, []);
  }

  #parse(path: string, text: string): Module {
    const report = new Report();
    const before = this.#before.get(path);
    const file = before === undefined ? parse(path, text, report, this.#limits) : parseAgain(before, text, report, this.#limits);
    for (const d of report.diagnostics) this.#report.push(d);
    return this.#module(
      path,
      file,
      false,
      report.diagnostics.map((d) => d.span),
    );
  }

  #module(path: string, file: File, standard: boolean, mistakes: readonly Span[]): Module {
    this.sources.set(path, file.text);
    this.#loading.push(path);
    const decls = new Map<string, Decl>();
    const trains: TrainDecl[] = [];
    const imports = new Map<string, Imported | 'missing'>();
    const meant = new Set<string>();
    const spoiled = new Set<Decl | TrainDecl>();
    const content: Content = { file, decls, trains, imports, meant, spoiled, mistakes };
    const known = this.#before.get(path);
    const before = known === undefined ? undefined : { ...known };
    const module: Module = known ?? { path, standard, ...content, signatures: new WeakMap(), entries: new WeakMap() };
    Object.assign<Mutable<Module>, Content>(module, content);
    this.#modules.set(path, module);
    for (const item of file.items) {
      if (item.kind === 'error-item') continue;
      const spoils = isSpoiled(item, mistakes);
      if (item.kind === 'import') {
        this.#import(item, module, imports, meant);
      } else if (item.kind === 'train') {
        if (spoils) spoiled.add(item);
        trains.push(item);
      } else {
        for (const decl of item.kind === 'let-pattern' ? this.#constantsOf(item) : [item]) {
          if (spoils) spoiled.add(decl);
          this.#declare(decl, decls, imports);
        }
      }
    }
    if (before !== undefined) this.#changes.push({ module, before: before.decls, names: changedNames(before, module) });
    this.#loading.pop();
    return module;
  }

  #constantsOf(item: LetPattern): readonly LetConstant[] {
    const known = this.#constants.get(item) ?? constantsOf(item);
    this.#constants.set(item, known);
    return known;
  }

  #declare(decl: Decl, decls: Map<string, Decl>, imports: ReadonlyMap<string, unknown>): void {
    const { text, span } = decl.name;
    if (text === '') return;
    const first = decls.get(text);
    if (first === undefined) decls.set(text, decl);
    if (first === undefined && !imports.has(text)) return;
    const notes = first === undefined ? [] : [{ span: first.name.span, text: 'first declared here' }];
    this.#report.add('duplicate-name', span, { name: text }, { notes });
  }

  #import(item: ImportDecl, from: Module, imports: Map<string, Imported | 'missing'>, meant: Set<string>): void {
    const module = this.#resolve(item, from);
    for (const { name, alias } of item.names) {
      const local = (alias ?? name).text;
      if (local === '') continue;
      const before = imports.get(local);
      if (before !== undefined || from.decls.has(local)) this.#report.add('duplicate-name', (alias ?? name).span, { name: local });
      if (module === undefined) {
        imports.set(local, 'missing');
        continue;
      }
      if (!module.decls.has(name.text)) {
        imports.set(local, 'missing');
        const near = suggest(name.text, module.decls.keys());
        if (alias === undefined) for (const other of near) meant.add(other);
        this.#report.add('unknown-import', name.span, { name: name.text, source: item.source, near }, nearFix(name.span, near));
        continue;
      }
      imports.set(local, { module, name: name.text });
    }
  }

  #unknownStandard(source: string, span: ImportDecl['span']): void {
    const known = standardModules();
    const near = suggest(source, known);
    const [best] = near;
    const fixes = best === undefined ? [] : [{ title: `use "${best}"`, edits: [{ span, text: `"${best}"` }] }];
    this.#report.add('unknown-module', span, { source, standard: { near, known } }, { fixes });
  }

  #resolve(item: ImportDecl, from: Module): Module | undefined {
    const { source, sourceSpan: span } = item;
    if (isStandardFile(source)) {
      const module = this.#standard(source);
      if (module === undefined) this.#unknownStandard(source, span);
      return module;
    }
    if (source === '') {
      this.#report.add('unknown-module', span, { source, standard: undefined });
      return undefined;
    }
    if (!source.endsWith('.arch')) {
      this.#report.add('unreadable-module', span, { source, reason: 'only files whose names end in .arch are imported' });
      return undefined;
    }
    const path = this.#host.resolve(source, from.path);
    const cycle = this.#loading.indexOf(path);
    if (cycle >= 0) {
      this.#report.add('import-cycle', span, { path: [...this.#loading.slice(cycle), path] });
      return undefined;
    }
    const known = this.#modules.get(path);
    if (known !== undefined) return known;
    if (this.#loading.length >= this.#limits.importDepth) {
      this.#report.add('import-depth', span, { limit: this.#limits.importDepth });
      return undefined;
    }
    if (this.#modules.size >= this.#limits.files) {
      this.#report.add('too-many-files', span, { limit: this.#limits.files });
      return undefined;
    }
    try {
      const text = this.#host.read(path);
      if (text !== undefined) return this.#parse(path, text);
      this.#report.add('unknown-module', span, { source, standard: undefined });
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.#report.add('unreadable-module', span, { source, reason: error.message });
    }
    return undefined;
  }
}

function nearFix(span: ImportDecl['span'], near: readonly string[]) {
  const [best] = near;
  return best === undefined ? {} : { fixes: [{ title: `use \`${best}\``, edits: [{ span, text: best }] }] };
}

/** `let (a, b) = pair` as a constant for each name. */
function constantsOf({ target, ...item }: LetPattern): readonly LetConstant[] {
  const namesIn = (pattern: Pattern): readonly Name[] => (pattern.kind === 'bind' ? [pattern.name] : pattern.items.flatMap(namesIn));
  const names = namesIn(target).filter(({ text }) => text !== '_');
  return names.map((name) => ({ ...item, kind: 'let', name, within: target }));
}

function changedNames(before: Content, after: Content): ReadonlySet<string> {
  const names = new Set<string>();
  for (const name of new Set([...before.decls.keys(), ...after.decls.keys()]))
    if (before.decls.get(name) !== after.decls.get(name)) names.add(name);
  for (const name of new Set([...before.imports.keys(), ...after.imports.keys()]))
    if (!isSameImport(before.imports.get(name), after.imports.get(name))) names.add(name);
  for (const name of new Set([...before.meant, ...after.meant])) if (before.meant.has(name) !== after.meant.has(name)) names.add(name);
  return names;
}

function isSameImport(a: Imported | 'missing' | undefined, b: Imported | 'missing' | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return a.module === b.module && a.name === b.name;
}
