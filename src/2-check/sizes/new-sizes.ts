import type { Span } from '../../diagnostics/span.js';
import type { Dim } from '../../dims/dim.js';
import { type NewSize, newSize, renamedSize } from '../../dims/new-size.js';
import type { Shape } from '../../ops/types.js';
import { SnapshotMap } from '../../snapshot-map.js';

/** A new size of a body. */
export interface MadeSize extends NewSize {
  /** Whether a step of the body itself makes it, and not a body that it uses. */
  readonly isOwn: boolean;
  /** The expression that makes it. */
  readonly span: Span;
  /** What the result type of the body calls it, or else its name: what it is called where the body is used. */
  readonly outerName: string;
}

/** A size to be made, and what to call it if that name is free. */
export type Making = Omit<NewSize, 'size'> & Pick<MadeSize, 'span'>;

/**
 * The new sizes of a body. Their names are taken neither in it nor in the bodies around it, whose sizes it may be given. The names that a signature and
 * hyperparameters bring are reserved in the outermost body.
 */
export class NewSizes {
  readonly #outer: NewSizes | undefined;
  readonly #known = new SnapshotMap<string, MadeSize>();
  readonly #reserved = new SnapshotMap<string, true>();

  constructor(outer?: NewSizes) {
    this.#outer = outer;
  }

  /** Whether none was made, here or around this body. */
  get isEmpty(): boolean {
    return this.#known.size === 0 && this.#outer?.isEmpty !== false;
  }

  /** All of them, each after those that bound it. */
  get all(): readonly MadeSize[] {
    return [...this.#known.values()];
  }

  /** The names of those that `work` makes, with its result. */
  during<T>(work: () => T): { readonly value: T; readonly made: ReadonlySet<string> } {
    const before = this.#known.snapshot();
    const value = work();
    return { value, made: new Set([...this.#known.keys()].filter((name) => !before.has(name))) };
  }

  /** The new size of that name, made here or around this body. */
  find(name: string): MadeSize | undefined {
    return this.#known.get(name) ?? this.#outer?.find(name);
  }

  /** Keeps names of other sizes from being given to new ones. */
  reserve(names: Iterable<string>): void {
    for (const name of names) this.#reserved.set(name, true);
  }

  /** A size that a step of this body makes. */
  make({ name, span, ...kind }: Making): MadeSize {
    const made = newSize(this.#free(name), kind);
    return this.#add({ ...made, isOwn: true, span, outerName: made.name });
  }

  /** A size of a body that is used at `span`, under a new name, since each use has another size. `replacements` are those of the others of that body. */
  adopt(inner: MadeSize, name: string, span: Span, replacements: ReadonlyMap<string, Dim>): MadeSize {
    const made = renamedSize(inner, this.#free(name), replacements);
    return this.#add({ ...made, isOwn: false, span, outerName: made.name });
  }

  /** Notes that the result type of the body has a name for one of its sizes. */
  nameOutside(size: Dim, outerName: string): void {
    const made = this.#known.get(size.variableName ?? '');
    if (made !== undefined && made.outerName === made.name) this.#add({ ...made, outerName });
  }

  /** Returns a function that forgets the sizes made from here on. */
  mark(): () => void {
    const known = this.#known.snapshot();
    return () => this.#known.restore(known);
  }

  #add(made: MadeSize): MadeSize {
    this.#known.set(made.name, made);
    return made;
  }

  #free(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.isTaken(name); i++) name = `${wanted}_${i}`;
    return name;
  }

  /** Whether a size here or around this body has the name. */
  isTaken(name: string): boolean {
    return this.#reserved.has(name) || this.#known.has(name) || this.#outer?.isTaken(name) === true;
  }
}

/** The first size in a shape that only the data decide. */
export function sizeOfData(sizes: NewSizes, shape: Shape): MadeSize | undefined {
  if (sizes.isEmpty) return undefined;
  for (const size of shape) {
    const made = decidedByData(sizes, size.variables());
    if (made !== undefined) return made;
  }
  return undefined;
}

/** The first of these sizes that only the data decide: nothing before a run can know it. */
export function decidedByData(sizes: NewSizes, names: Iterable<string>): MadeSize | undefined {
  for (const name of names) {
    const made = sizes.find(name);
    if (made?.by === 'data') return made;
  }
  return undefined;
}
