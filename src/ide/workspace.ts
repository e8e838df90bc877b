import { parse } from '../1-syntax/parse.js';
import type { CheckOptions } from '../api/options.js';
import { type CheckedFile, check } from '../check.js';
import { Report } from '../diagnostics/report.js';
import { type BinaryHost, type Host, HostError } from '../host.js';
import { isStandardFile } from '../standard-file.js';
import { standardFile } from '../stdlib.js';
import { FileView, type FoundNames } from './file-view.js';
import { type Outline, outlineOf } from './outline.js';

/** Where a workspace reads files that are not open, and which files it has. */
export interface WorkspaceHost extends Host, Partial<Pick<BinaryHost, 'openBinary'>> {
  /** The paths of all `.arch` files of the workspace that are known; open ones need not be among them. */
  list(): readonly string[];
  /** Called when a file may have been created, changed or removed. */
  refresh?(): void;
}

/** Files with more characters are not looked through for declarations. */
const longestOutline = 1 << 20;

interface Checked {
  readonly file: CheckedFile;
  readonly view: FileView;
  /** The number of the last change that it has seen. */
  readonly seen: number;
  /** The files that it depends on, including those that do not exist. */
  readonly dependsOn: ReadonlySet<string>;
}

/**
 * The files that an editor has open, and what is known about them. A file is checked when it is asked for; it is checked again if it, or a file that it imports,
 * has changed since.
 */
export class Workspace {
  readonly #host: WorkspaceHost;
  readonly #optionsFor: (path: string) => CheckOptions;
  readonly #open = new Map<string, string>();
  readonly #checked = new Map<string, Checked>();
  /** Path -> the number of its last change. */
  readonly #changed = new Map<string, number>();
  readonly #found: FoundNames = new WeakMap();
  readonly #outlines = new Map<string, Outline>();
  #changes = 0;

  /** `optionsFor` gives the options with which a file is checked: those of the build that the editor has chosen for it. */
  constructor(host: WorkspaceHost, optionsFor: (path: string) => CheckOptions = () => ({})) {
    this.#host = host;
    this.#optionsFor = optionsFor;
  }

  /** A file was opened, or its text in the editor has changed. */
  set(path: string, text: string): void {
    if (this.#open.get(path) === text) return;
    this.#open.set(path, text);
    this.#touch(path);
  }

  /** A file was closed: from now on, its text is that on disk. */
  close(path: string): void {
    if (!this.#open.delete(path)) return;
    this.#touch(path);
    this.#checked.delete(path);
  }

  /** The workspace may have other files. */
  refresh(): void {
    this.#host.refresh?.();
  }

  /** A file may have been created, changed or removed outside the editor. */
  changedOnDisk(path: string): void {
    this.refresh();
    this.#touch(path);
  }

  /** The options of some files have changed: everything is checked from scratch. */
  reset(): void {
    this.#checked.clear();
  }

  isOpen(path: string): boolean {
    return this.#open.has(path);
  }

  /** The files that are open. */
  opened(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** All files of the workspace, those that are open first. */
  files(): readonly string[] {
    return [...new Set([...this.#open.keys(), ...this.#host.list()])];
  }

  /** The text of a file as the editor has it, else that on disk; undefined if it cannot be read. */
  text(path: string): string | undefined {
    try {
      return this.#read(path);
    } catch (error) {
      if (error instanceof HostError) return undefined;
      throw error;
    }
  }

  /** The same files, some of which have other texts: to see what an edit would lead to. Nothing in it changes this workspace. */
  with(texts: ReadonlyMap<string, string>): Workspace {
    const read = (path: string) => texts.get(path) ?? this.#read(path);
    return new Workspace({ read, resolve: (source, from) => this.resolve(source, from), list: () => this.files() }, this.#optionsFor);
  }

  /** What a file declares, without a check of it; undefined if it cannot be read. */
  outline(path: string): Outline | undefined {
    const text = this.text(path);
    if (text === undefined || text.length > longestOutline) return undefined;
    const known = this.#outlines.get(path);
    if (known?.file.text === text) return known;
    const outline = outlineOf(parse(path, text, new Report()));
    this.#outlines.set(path, outline);
    return outline;
  }

  resolve(source: string, from: string): string {
    return this.#host.resolve(source, from);
  }

  /** The latest check of a file; undefined if it cannot be read. */
  view(path: string): FileView | undefined {
    const known = this.#checked.get(path);
    if (known !== undefined && !this.#isOutdated(known)) return known.view;
    const text = this.text(path);
    // A document of the standard library is checked as well; it cannot be edited.
    if (text === undefined || (isStandardFile(path) && text !== standardFile(path)?.text)) {
      this.#checked.delete(path);
      return undefined;
    }
    const seen = this.#changes;
    const file = this.#check(path, text, known?.file);
    const view = new FileView(path, text, file, this.#found);
    this.#checked.set(path, { file, view, seen, dependsOn: this.#dependencies(file, path) });
    return view;
  }

  /** Whether a file depends on another one. Answers for the latest check. */
  dependsOn(path: string, other: string): boolean {
    return this.#checked.get(path)?.dependsOn.has(other) ?? false;
  }

  #touch(path: string): void {
    this.#changed.set(path, ++this.#changes);
  }

  #check(path: string, text: string, known: CheckedFile | undefined): CheckedFile {
    return known?.next(text) ?? check(path, this.sources(), this.#optionsFor(path));
  }

  /** The files as the editor has them, for compilations. */
  sources(): Host & Partial<BinaryHost> {
    const { openBinary } = this.#host;
    return {
      read: (path) => this.#read(path),
      resolve: (source, from) => this.#host.resolve(source, from),
      ...(openBinary === undefined ? {} : { openBinary }),
    };
  }

  #read(path: string): string | undefined {
    return this.#open.get(path) ?? this.#host.read(path);
  }

  #isOutdated({ seen, dependsOn }: Checked): boolean {
    if (seen === this.#changes) return false;
    for (const path of dependsOn) if ((this.#changed.get(path) ?? 0) > seen) return true;
    return false;
  }

  #dependencies(file: CheckedFile, path: string): ReadonlySet<string> {
    const paths = new Set([path]);
    for (const module of file.inside().modules) {
      paths.add(module.path);
      for (const item of module.file.items)
        if (item.kind === 'import' && !isStandardFile(item.source) && item.source !== '')
          paths.add(this.#host.resolve(item.source, module.path));
    }
    return paths;
  }
}
