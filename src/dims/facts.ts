import type { Dim } from './dim.js';
import { DimError } from './dim-error.js';
import { type Fact, sidesOf, variablesOf } from './fact.js';
import { type Knowledge, learn } from './knowledge.js';
import { KnownSizes } from './known-sizes.js';
import { simplestForm } from './simplest-form.js';

/** With more facts, a decision would take seconds: further ones are ignored, which proves less but nothing wrong. */
const MAX_FACTS = 128;

/** Bounds of sizes that are made on the way, by the name of the size. */
type Bounds = ReadonlyMap<string, readonly Fact[]>;

/** Facts that hold together, in the order in which they were assumed. Immutable. */
export class Facts {
  static readonly none = new Facts([], undefined, new Map());

  readonly list: readonly Fact[];
  readonly #before: Facts | undefined;
  readonly #bounds: Bounds;
  #knowledge: Knowledge | undefined;
  #key: string | undefined;
  #applied: Map<string, Dim> | undefined;
  #known: KnownSizes | undefined;
  #simplest: Map<string, Dim> | undefined;
  #views: Map<string, Facts> | undefined;

  private constructor(list: readonly Fact[], before: Facts | undefined, bounds: Bounds) {
    this.list = list;
    this.#before = before;
    this.#bounds = bounds;
  }

  /** These facts and one more. */
  assume(fact: Fact): Facts {
    if (this.list.length >= MAX_FACTS) return this;
    return new Facts([...this.list, fact], this, this.#bounds);
  }

  /**
   * These facts, and what bounds a size that is made on the way: `K <= N`. Whatever the other sizes are, some `K` is within its bounds, so
   * they say nothing about statements that do not mention it: `about` leaves them out there. A model may make hundreds of such sizes.
   */
  bound(name: string, bounds: readonly Fact[]): Facts {
    return bounds.length === 0 ? this : new Facts(this.list, this.#before, new Map([...this.#bounds, [name, bounds]]));
  }

  /** The same facts, with each size replaced. */
  map(f: (size: Dim) => Dim): Facts {
    const mapped = (facts: readonly Fact[]) => facts.map((fact) => mapFact(fact, f));
    return new Facts(mapped(this.list), undefined, new Map([...this.#bounds].map(([name, bounds]) => [name, mapped(bounds)])));
  }

  /** These facts with the bounds of others, which hold wherever their sizes occur. */
  withBoundsOf(others: Facts): Facts {
    if (others.#bounds === this.#bounds) return this;
    return new Facts(this.list, this.#before, new Map([...this.#bounds, ...others.#bounds]));
  }

  /** The facts that bear on a statement that mentions certain sizes, the bounds of those sizes among them. */
  about(isMentioned: (name: string) => boolean): Facts {
    if (this.#bounds.size === 0) return this;
    const names = this.#boundNames(isMentioned);
    const key = names.join();
    let view = this.#views?.get(key);
    if (view === undefined) {
      const bounds = names.flatMap((name) => this.#bounds.get(name) ?? []);
      view = new Facts([...this.list, ...bounds], undefined, new Map());
      this.#views = (this.#views ?? new Map<string, Facts>()).set(key, view);
    }
    return view;
  }

  /** The sizes with bounds that are mentioned, by the statement, by a fact, or by a bound of one of them. */
  #boundNames(isMentioned: (name: string) => boolean): readonly string[] {
    const mentioned = new Set(this.list.flatMap(variablesOf));
    const chosen = new Set<string>();
    for (let before = -1; before !== chosen.size; ) {
      before = chosen.size;
      for (const [name, bounds] of this.#bounds) {
        if (chosen.has(name) || !(isMentioned(name) || mentioned.has(name))) continue;
        chosen.add(name);
        for (const other of bounds.flatMap(variablesOf)) mentioned.add(other);
      }
    }
    return [...chosen];
  }

  /**
   * These facts and a demand that was left open, unless it clearly cannot hold, since that would imply everything. A chain of layers leaves
   * open `H >= 3`, `H >= 5`, ...; the last of them implies the others.
   */
  assumeOpen(demand: Fact): Facts {
    const fact = simplestForm(demand);
    const kept = this.list.filter((other) => !isWeaker(other, fact));
    if (kept.length >= MAX_FACTS) return this;
    const more = new Facts([...kept, fact], this, this.#bounds);
    return more.contradiction === undefined ? more : this;
  }

  /** The first fact that cannot hold together with the earlier ones, as far as that can be decided. */
  get contradiction(): Fact | undefined {
    if (!this.knowledge.contradictory) return undefined;
    return this.#before?.contradiction ?? this.list[this.list.length - 1];
  }

  /** The same for the same facts in the same order, however they were made. */
  get key(): string {
    this.#key ??= [...this.list, ...[...this.#bounds.values()].flat()].map(keyOfFact).join('&');
    return this.#key;
  }

  /** What follows from the facts, in a form that decisions use. */
  get knowledge(): Knowledge {
    this.#knowledge ??= learn(this.list);
    return this.#knowledge;
  }

  /** The size after all substitutions. It may contain variables that no user wrote, so it is used for decisions and never shown. */
  apply(dim: Dim): Dim {
    if (this.list.length === 0 || dim.constant !== undefined) return dim;
    let applied = this.#applied?.get(dim.key);
    if (applied === undefined) {
      applied = this.knowledge.apply(dim);
      this.#applied = (this.#applied ?? new Map<string, Dim>()).set(dim.key, applied);
    }
    return applied;
  }

  /** The simplest way to write a size under these facts: `H // 2` for `2*(H // 4)` if `H % 4 == 0`. */
  simplest(dim: Dim): Dim {
    if (this.list.length === 0 || !dim.atoms().some(({ kind }) => kind === 'floor') || this.knowledge.quotients.length === 0) return dim;
    let simplest = this.#simplest?.get(dim.key);
    if (simplest === undefined) {
      this.#known ??= new KnownSizes(this);
      simplest = shorter(dim, this.#known);
      this.#simplest = (this.#simplest ?? new Map<string, Dim>()).set(dim.key, simplest);
    }
    return simplest;
  }
}

function shorter(dim: Dim, known: KnownSizes): Dim {
  try {
    const other = known.written(known.known(dim));
    const more = roundings(other) - roundings(dim);
    return more < 0 || (more === 0 && `${other}`.length < `${dim}`.length) ? other : dim;
  } catch (error) {
    // The numbers leave the exact range on the way.
    if (error instanceof DimError) return dim;
    throw error;
  }
}

/** How many quotients a size has; those of products count twice, because `3*N*(H // 2)` says more than `3*H*N // 2`. */
function roundings(dim: Dim): number {
  const counted = dim.atoms().filter((atom) => atom.kind === 'floor');
  return counted.reduce((sum, { value }) => sum + (value.terms.some(isProduct) ? 2 : 1), 0);
}

function isProduct({ coefficient, monomial }: Dim['terms'][number]): boolean {
  return monomial.degree > 1 || (monomial.degree === 1 && Math.abs(coefficient) !== 1);
}

/** Whether `a` bounds the same sum from below no more tightly than `b` does: `H >= 3` next to `H >= 5`. */
function isWeaker(a: Fact, b: Fact): boolean {
  if (a.kind !== 'at-least' || b.kind !== 'at-least') return false;
  try {
    const [x, y] = [a.left.sub(a.right), b.left.sub(b.right)];
    return x.offset >= y.offset && x.sub(x.offset).equals(y.sub(y.offset));
  } catch (e) {
    if (e instanceof DimError) return false;
    throw e;
  }
}

/** Whether a fact contains names at all; one about numbers is either true or false. */
export function isOpenFact(fact: Fact): boolean {
  const [a, b] = sidesOf(fact);
  return a.constant === undefined || b.constant === undefined;
}

/** The fact about other sizes. */
export function mapFact(fact: Fact, f: (size: Dim) => Dim): Fact {
  if (fact.kind === 'divides') return { ...fact, divisor: f(fact.divisor), value: f(fact.value) };
  return { ...fact, left: f(fact.left), right: f(fact.right) };
}

/** Equal for equal facts. */
export function keyOfFact(fact: Fact): string {
  switch (fact.kind) {
    case 'equal':
      return `${fact.left.key}=${fact.right.key}`;
    case 'divides':
      return `${fact.divisor.key}|${fact.value.key}`;
    case 'at-least':
      return `${fact.left.key}>${fact.right.key}`;
  }
}
