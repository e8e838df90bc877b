import type { Expr, TrainDecl } from '../1-syntax/ast.js';
import { type Scanned, scan } from '../1-syntax/scan.js';
import type { Decl, Module } from '../2-check/modules/modules.js';
import type { Known, Types } from '../2-check/reuse/types.js';
import type { CheckedFile, Inside } from '../check.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { importOccurrences } from './names/imports.js';
import type { Occurrence } from './names/named.js';
import { occurrencesIn } from './names/occurrences.js';

/** A declaration or `train` block. */
export type FileItem = Decl | TrainDecl;

/** The names that were found in declarations, as long as their types are the same. */
export type FoundNames = WeakMap<Types, Map<FileItem, readonly Occurrence[]>>;

/** One text of a file, and what the latest check knows about it. It answers until the file is checked again. */
export class FileView {
  readonly path: string;
  readonly text: string;
  readonly checked: CheckedFile;
  readonly #inside: Inside;
  readonly #found: FoundNames;
  #scanned: Scanned | undefined;

  constructor(path: string, text: string, checked: CheckedFile, found: FoundNames = new WeakMap()) {
    this.path = path;
    this.text = text;
    this.checked = checked;
    this.#inside = checked.inside();
    this.#found = found;
  }

  /** The tokens and comments of the text, also where it is broken. */
  get scanned(): Scanned {
    this.#scanned ??= scan(this.text);
    return this.#scanned;
  }

  get module(): Module {
    return this.#inside.module;
  }

  get inside(): Inside {
    return this.#inside;
  }

  /** The mistakes and warnings in this file; those of the files that it imports belong to those. */
  get diagnostics(): readonly Diagnostic[] {
    return this.checked.diagnostics.filter(({ span }) => span.file === this.path);
  }

  /** The declarations and `train` blocks, in source order. */
  items(): readonly FileItem[] {
    const { decls, trains } = this.module;
    return [...decls.values(), ...trains].sort((a, b) => a.span.start - b.span.start);
  }

  /** The declaration or `train` block around an offset. */
  itemAt(offset: number): FileItem | undefined {
    return this.items().find(({ span }) => span.start <= offset && offset <= span.end);
  }

  /** The values of the expressions and names in a declaration. */
  types(item: FileItem): Types {
    return this.#inside.types.of(this.module, item);
  }

  /** What is known of an expression in a declaration. */
  known(expr: Expr, item: FileItem): Known | undefined {
    return this.types(item).get(expr);
  }

  /** The places in a declaration where names are written. */
  occurrencesIn(item: FileItem): readonly Occurrence[] {
    const types = this.types(item);
    const known = this.#found.get(types) ?? new Map<FileItem, readonly Occurrence[]>();
    this.#found.set(types, known);
    const found = known.get(item) ?? occurrencesIn({ session: this.#inside.session, module: this.module, item, types });
    known.set(item, found);
    return found;
  }

  /** All places where names are written, in source order. */
  occurrences(): readonly Occurrence[] {
    const all = [...importOccurrences(this.module), ...this.items().flatMap((item) => this.occurrencesIn(item))];
    return all.sort((a, b) => a.span.start - b.span.start);
  }

  /** What is named around an offset; its end belongs to a name. */
  occurrenceAt(offset: number): Occurrence | undefined {
    const at = ({ span }: Occurrence) => span.start <= offset && offset <= span.end;
    const imported = importOccurrences(this.module).find(at);
    const item = imported === undefined ? this.itemAt(offset) : undefined;
    return imported ?? (item && this.occurrencesIn(item).findLast(at));
  }
}
