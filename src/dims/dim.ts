import { flatMap } from '../lists.js';
import { type Bounds, boundsOf } from './bounds.js';
import { DimLimitError, DivisionError } from './dim-error.js';
import { floorQuotient } from './floor.js';
import { exact, floorDivide } from './integer.js';
import { positivePart } from './positive-part.js';
import { printDim } from './print.js';
import { type Atom, addTerms, Monomial, multiplyTerms, scaleTerms, type Term, type VariableAtom, variableAtom } from './terms.js';

export { DimError, type DimErrorCode, type DimLimitCode, DimLimitError, DivisionError } from './dim-error.js';

/** The most atoms, including those inside atoms, and the deepest nesting of one size. */
const MAX_SIZE = 4096;
const MAX_DEPTH = 100;

/** How many constants are made once, for all sizes: most of those in a model are small. */
const SHARED = 512;
const noVariables: ReadonlySet<string> = new Set();

/**
 * A symbolic size: a sum of integers times products of variables, `floor(E/F)` and `max(E, 0)`. Immutable and always in normal form, so
 * sizes with equal keys are equal for all values of the variables. `decideEqual` decides the converse.
 */
export class Dim {
  /** Sorted by monomial, without zero coefficients. */
  readonly terms: readonly Term[];
  #key: string | undefined;
  #text: string | undefined;
  #atoms: readonly Atom[] | undefined;
  #variables: ReadonlySet<string> | undefined;
  #bounds: Bounds | undefined;
  #measure: { readonly size: number; readonly depth: number } | undefined;

  private constructor(terms: readonly Term[]) {
    this.terms = terms;
  }

  static readonly zero = new Dim([]);
  static readonly one = new Dim([{ coefficient: 1, monomial: Monomial.one }]);
  static readonly #shared: readonly Dim[] = Array.from({ length: SHARED }, (_, n) =>
    n === 0 ? Dim.zero : n === 1 ? Dim.one : new Dim([{ coefficient: n, monomial: Monomial.one }]),
  );

  /** The constant size `n`, an integer. */
  static of(n: number): Dim {
    return Dim.#shared[n] ?? new Dim([{ coefficient: exact(n), monomial: Monomial.one }]);
  }

  /** A named size of at least `min`, by default 1, and at most `max`. Within one scope a name must always have one range. */
  static variable(name: string, min = 1, max = Number.POSITIVE_INFINITY): Dim {
    return Dim.ofAtom(variableAtom(name, min, max));
  }

  /** The size that is exactly this atom. */
  static ofAtom(atom: Atom): Dim {
    const dim = new Dim([{ coefficient: 1, monomial: Monomial.of(atom) }]);
    if (atom.kind !== 'variable') dim.#checkSize();
    return dim;
  }

  /** The sum of terms that are already sorted and free of zeros. */
  static ofTerms(terms: readonly Term[]): Dim {
    return terms.length === 0 ? Dim.zero : new Dim(terms);
  }

  /** `ofTerms`, `of` and `ofAtom` for the files that this class is built on: they use sizes, but importing the class would be circular. */
  withTerms(terms: readonly Term[]): Dim {
    return Dim.ofTerms(terms);
  }
  withConstant(n: number): Dim {
    return Dim.of(n);
  }
  withAtom(atom: Atom): Dim {
    return Dim.ofAtom(atom);
  }

  /** Structural: equal keys mean equal sizes. */
  get key(): string {
    if (this.#key === undefined) {
      const [only, ...more] = this.terms;
      this.#key = only === undefined ? '0' : more.length === 0 ? termKey(only) : this.terms.map(termKey).join('+');
    }
    return this.#key;
  }

  /** The number, if no variables are left. */
  get constant(): number | undefined {
    const first = this.terms[0];
    if (first === undefined) return 0;
    return first.monomial.degree === 0 ? first.coefficient : undefined;
  }

  /** The constant term, 0 if there is none. */
  get offset(): number {
    const last = this.terms[this.terms.length - 1];
    return last !== undefined && last.monomial.degree === 0 ? last.coefficient : 0;
  }

  /** The name, if this is exactly one bare variable. */
  get variableName(): string | undefined {
    const [first] = this.terms;
    if (this.terms.length !== 1 || first?.coefficient !== 1) return undefined;
    const atom = first.monomial.atom;
    return atom?.kind === 'variable' ? atom.name : undefined;
  }

  /** The least and greatest values it may take, as far as intervals determine them; otherwise `-Infinity` and `Infinity`. */
  get bounds(): Bounds {
    this.#bounds ??= boundsOf(this);
    return this.#bounds;
  }

  /** How deeply floors and maxima are nested; 0 for a polynomial. */
  get depth(): number {
    return this.#measured().depth;
  }

  add(other: Dim | number): Dim {
    const b = asDim(other);
    if (this.terms.length === 0) return b;
    return b.terms.length === 0 ? this : Dim.ofTerms(addTerms(this.terms, b.terms));
  }

  sub(other: Dim | number): Dim {
    const b = asDim(other);
    if (b === this) return Dim.zero;
    return b.terms.length === 0 ? this : Dim.ofTerms(addTerms(this.terms, b.terms, -1));
  }

  neg(): Dim {
    return Dim.ofTerms(scaleTerms(this.terms, -1));
  }

  mul(other: Dim | number): Dim {
    const b = asDim(other);
    if (b.constant === 1) return this;
    if (this.constant === 1) return b;
    if (b.constant !== undefined) return Dim.ofTerms(scaleTerms(this.terms, b.constant));
    if (this.constant !== undefined) return Dim.ofTerms(scaleTerms(b.terms, this.constant));
    return Dim.ofTerms(multiplyTerms(this.terms, b.terms));
  }

  /** The quotient rounded down. A literal divisor must be positive; where a symbolic one is 0, the quotient does not exist. */
  floorDiv(other: Dim | number): Dim {
    return floorQuotient(this, positiveDivisor(other));
  }

  /** The quotient rounded up. */
  ceilDiv(other: Dim | number): Dim {
    const divisor = positiveDivisor(other);
    const constant = divisor.constant;
    // -floor(-a/b) for a symbolic b, whose sign may not be known.
    return constant === undefined ? this.neg().floorDiv(divisor).neg() : this.add(constant - 1).floorDiv(divisor);
  }

  /** The remainder of `floorDiv`; there is no atom for it. */
  mod(other: Dim | number): Dim {
    const divisor = positiveDivisor(other);
    return this.sub(this.floorDiv(divisor).mul(divisor));
  }

  max(other: Dim | number): Dim {
    const b = asDim(other);
    if (this.constant !== undefined && b.constant !== undefined) return this.constant >= b.constant ? this : b;
    return b.add(positivePart(this.sub(b)));
  }

  min(other: Dim | number): Dim {
    const b = asDim(other);
    if (this.constant !== undefined && b.constant !== undefined) return this.constant <= b.constant ? this : b;
    return this.sub(positivePart(this.sub(b)));
  }

  /** The `n`-th power for an integer `n` of at least 0. */
  pow(n: number): Dim {
    if (!Number.isSafeInteger(n) || n < 0) throw new DimLimitError('dim-overflow', 'a size can only be raised to a power of at least 0');
    if (this.constant !== undefined) return Dim.of(exact(this.constant ** n));
    let power = Dim.one;
    for (let i = 0; i < n; i++) power = power.mul(this);
    return power;
  }

  /** The names of its variables, including those inside floors and maxima. */
  variables(): ReadonlySet<string> {
    this.#variables ??= this.constant === undefined ? new Set(variablesIn(this).map(({ name }) => name)) : noVariables;
    return this.#variables;
  }

  /** The atoms of its terms, without those inside other atoms; an atom of several terms occurs several times. */
  atoms(): readonly Atom[] {
    this.#atoms ??= flatMap(this.terms, ({ monomial }) => monomial.factors.map(({ atom }) => atom));
    return this.#atoms;
  }

  /** Replaces variables with sizes, all at once, and normalizes again. */
  substitute(map: ReadonlyMap<string, Dim>): Dim {
    if (map.size === 0) return this;
    const { variableName } = this;
    if (variableName !== undefined) return map.get(variableName) ?? this;
    const isSum = this.atoms().every(({ kind }) => kind === 'variable');
    if (!isSum && !someIn(map, this.variables())) return this;
    return this.replaceAtoms((atom) => {
      if (atom.kind === 'variable') return map.get(atom.name);
      return rebuilt(atom, (operand) => operand.substitute(map));
    });
  }

  /** Maps the sizes inside its floors and maxima and normalizes again; this size itself if nothing changes. */
  replaceOperands(replacement: (operand: Dim) => Dim): Dim {
    for (const atom of this.atoms()) {
      if (atom.kind !== 'variable') return this.replaceAtoms((other) => rebuilt(other, replacement));
    }
    return this;
  }

  /** Replaces the atoms of its terms with sizes; atoms for which `replacement` is undefined stay. */
  replaceAtoms(replacement: (atom: Atom) => Dim | undefined): Dim {
    let replaced: Map<Atom, Dim> | undefined;
    for (const atom of this.atoms()) {
      const dim = replaced?.has(atom) === true ? undefined : replacement(atom);
      if (dim !== undefined) replaced = (replaced ?? new Map<Atom, Dim>()).set(atom, dim);
    }
    if (replaced === undefined) return this;
    let sum = Dim.zero;
    for (const { coefficient, monomial } of this.terms) {
      const kept = monomial.filter((atom) => !replaced.has(atom));
      let product = Dim.ofTerms([{ coefficient, monomial: kept }]);
      if (kept !== monomial) {
        for (const { atom, power } of monomial.factors) {
          const dim = replaced.get(atom);
          if (dim !== undefined) product = product.mul(dim.pow(power));
        }
      }
      sum = sum.add(product);
    }
    return sum;
  }

  /** The value for given variables; exact, or a `DimError`. Every variable needs a value. */
  evaluate(env: ReadonlyMap<string, number>): number {
    let sum = 0;
    for (const { coefficient, monomial } of this.terms) {
      let product = coefficient;
      for (const { atom, power } of monomial.factors) {
        const value = evaluateAtom(atom, env);
        for (let i = 0; i < power; i++) product = exact(product * value);
      }
      sum = exact(sum + product);
    }
    return sum;
  }

  /** Whether both have the same normal form; `decideEqual` finds more equalities. */
  equals(other: Dim): boolean {
    return this === other || this.key === other.key;
  }

  /** In the syntax of the language, as the user would write it: `4*planes`, `(H + 31) // 32`, `max(T - 3, 0)`. */
  toString(): string {
    this.#text ??= printDim(this);
    return this.#text;
  }

  #checkSize(): void {
    const { size, depth } = this.#measured();
    if (size > MAX_SIZE || depth > MAX_DEPTH) throw new DimLimitError('dim-too-large', 'this size is nested too deeply');
  }

  #measured(): { readonly size: number; readonly depth: number } {
    if (this.#measure === undefined) {
      let size = 1;
      let depth = 0;
      for (const atom of this.atoms()) {
        size += 1;
        for (const operand of operandsOf(atom)) {
          const inner = operand.#measured();
          size += inner.size;
          depth = Math.max(depth, inner.depth + 1);
        }
      }
      this.#measure = { size, depth };
    }
    return this.#measure;
  }
}

function someIn(map: ReadonlyMap<string, Dim>, names: ReadonlySet<string>): boolean {
  for (const name of names) if (map.has(name)) return true;
  return false;
}

function asDim(value: Dim | number): Dim {
  return typeof value === 'number' ? Dim.of(value) : value;
}

function positiveDivisor(value: Dim | number): Dim {
  const divisor = asDim(value);
  const constant = divisor.constant;
  if (constant !== undefined && constant < 1) throw new DivisionError(constant);
  return divisor;
}

/** The atom with other operands, normalized; undefined if they are the same. */
function rebuilt(atom: Atom, replacement: (operand: Dim) => Dim): Dim | undefined {
  if (atom.kind === 'variable') return undefined;
  const value = replacement(atom.value);
  if (atom.kind === 'max') return value === atom.value ? undefined : positivePart(value);
  const divisor = replacement(atom.divisor);
  return value === atom.value && divisor === atom.divisor ? undefined : floorQuotient(value, positiveDivisor(divisor));
}

function termKey({ coefficient, monomial }: Term): string {
  if (monomial.degree === 0) return String(coefficient);
  return coefficient === 1 ? monomial.key : `${coefficient}*${monomial.key}`;
}

/** All variables with their ranges, including those inside floors and maxima; some occur more than once. */
export function variablesIn(dim: Dim): readonly VariableAtom[] {
  return flatMap(dim.atoms(), (atom) => (atom.kind === 'variable' ? [atom] : flatMap(operandsOf(atom), variablesIn)));
}

/** The sizes inside an atom. */
export function operandsOf(atom: Atom): readonly Dim[] {
  if (atom.kind === 'variable') return [];
  return atom.kind === 'floor' ? [atom.value, atom.divisor] : [atom.value];
}

function evaluateAtom(atom: Atom, env: ReadonlyMap<string, number>): number {
  if (atom.kind === 'floor') return floorDivide(atom.value.evaluate(env), atom.divisor.evaluate(env));
  if (atom.kind === 'max') return Math.max(0, atom.value.evaluate(env));
  const value = env.get(atom.name);
  if (value === undefined) throw new RangeError(`no value for the size ${atom.name}`);
  return value;
}
