import { flatMap, largest } from '../lists.js';
import { Dim, variablesIn } from './dim.js';
import { DimError } from './dim-error.js';
import { type Fact, sidesOf, variablesOf } from './fact.js';
import type { Facts } from './facts.js';
import { periodsOf } from './periods.js';

/** Values of the user's variables. */
export type Point = ReadonlyMap<string, number>;

/** How many points that satisfy the facts are examined, and how many are tried in order to find them. */
const MAX_POINTS = 64;
const MAX_TRIES = 768;
/** Ranges with no more points than this are examined completely. */
const MAX_COMPLETE = 1024;

/** The result of examining all points of finite ranges, or some points of infinite ones. */
export interface Found {
  /** The first point at which the statement fails. */
  readonly failing: Point | undefined;
  /** Whether all points that satisfy the facts were examined, or enough of them to see the statement both hold and fail. */
  readonly complete: boolean;
  /** Whether the statement holds at one of the points. */
  readonly holdsSomewhere: boolean;
}

/** The points that satisfy the facts, found by choosing values for the variables that the facts leave free. */
export class Points {
  readonly #facts: readonly Fact[];
  readonly #asked: readonly string[];
  /** Each of the user's variables in terms of the free ones, and its own least value. */
  readonly #derived = new Map<string, { readonly value: Dim; readonly min: number; readonly max: number }>();
  readonly #free = new Map<string, { readonly min: number; readonly max: number }>();
  readonly #users: readonly Dim[];
  readonly #known: Facts;
  readonly #point = new Map<string, number>();

  /** For a statement about `dims` under `facts`. */
  constructor(dims: readonly Dim[], facts: Facts) {
    const asked = new Map<string, { readonly min: number; readonly max: number }>();
    for (const dim of dims) for (const variable of variablesIn(dim)) asked.set(variable.name, variable);
    this.#asked = [...asked.keys()];
    this.#facts = connected(new Set(asked.keys()), facts.list);
    this.#known = facts;
    this.#users = [...dims, ...flatMap(this.#facts, sidesOf)];
    for (const dim of this.#users) {
      for (const variable of variablesIn(dim)) {
        const { name, min, max } = variable;
        if (this.#derived.has(name)) continue;
        const value = facts.apply(Dim.ofAtom(variable));
        this.#derived.set(name, { value, min, max });
        for (const free of variablesIn(value)) this.#free.set(free.name, free);
      }
    }
  }

  /** Examines points until `holds` fails at one; all of them if there are few. */
  search(holds: (point: Point) => boolean): Found {
    const finite = this.#completeCount() <= MAX_COMPLETE;
    let seen = 0;
    let holdsSomewhere = false;
    let failing: Point | undefined;
    for (const choice of finite ? this.#all() : this.#some()) {
      const point = this.#pointAt(choice);
      if (point === undefined) continue;
      const result = attempt(() => holds(point));
      if (result === true) holdsSomewhere = true;
      if (result === false) failing ??= this.#restricted(point);
      if (failing !== undefined && (holdsSomewhere || !finite)) break;
      if (!finite && ++seen >= MAX_POINTS) break;
    }
    return { failing, complete: finite, holdsSomewhere };
  }

  /** The point for a choice of the free variables, if it satisfies the facts; the next call changes it. */
  #pointAt(choice: Point): Point | undefined {
    const point = this.#point;
    return attempt(() => {
      for (const [name, { value, min, max }] of this.#derived) {
        const n = value.evaluate(choice);
        if (n < min || n > max) return undefined;
        point.set(name, n);
      }
      return this.#facts.every((fact) => holdsAt(fact, point)) ? point : undefined;
    });
  }

  /** Whether `holds` fails at the point for `choice`; if so, the point, in the requested variables. */
  failingAt(choice: Point, holds: (point: Point) => boolean): Point | undefined {
    const complete = new Map(choice);
    for (const [name, { min, max }] of this.#free) if (!complete.has(name)) complete.set(name, clamp(1, min, max));
    const point = this.#pointAt(complete);
    if (point === undefined || attempt(() => holds(point)) !== false) return undefined;
    return this.#restricted(point);
  }

  #restricted(point: Point): Point {
    return new Map(this.#asked.map((name) => [name, point.get(name) ?? 0]));
  }

  #completeCount(): number {
    let count = 1;
    for (const { min, max } of this.#free.values()) count *= max - min + 1;
    return count;
  }

  *#all(): Iterable<Point> {
    const ranges = [...this.#free];
    const current = new Map(ranges.map(([name, { min }]) => [name, min]));
    for (;;) {
      yield current;
      let i = 0;
      for (; i < ranges.length; i++) {
        const [name, { min, max }] = ranges[i] ?? ['', { min: 0, max: 0 }];
        const next = (current.get(name) ?? min) + 1;
        current.set(name, next <= max ? next : min);
        if (next <= max) break;
      }
      if (i === ranges.length) return;
    }
  }

  /** Small and distinct values first, then mixtures of small ones, then mixtures of all; each time in the same map. */
  *#some(): Iterable<Point> {
    const lists = [...this.#candidates(this.#users.map((dim) => this.#known.apply(dim)))];
    const longest = largest(
      lists.map(([, values]) => values.length),
      1,
    );
    const current = new Map<string, number>();
    const pick = (choose: (values: readonly number[], j: number) => number): Point => {
      for (const [j, [name, values]] of lists.entries()) current.set(name, values[choose(values, j) % values.length] ?? 1);
      return current;
    };
    for (let i = 0; i < longest; i++) yield pick((_, j) => i + j);
    let state = 12345;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state >>> 8) % below;
    };
    for (let i = longest; i < MAX_TRIES; i++) {
      const small = i % 3 !== 0;
      yield pick((values) => random(small ? Math.min(6, values.length) : values.length));
    }
  }

  /** For each free variable the values to try: small ones, those around its periods, and the ends of its range. */
  #candidates(dims: readonly Dim[]): ReadonlyMap<string, readonly number[]> {
    const periods = new Map<string, number[]>();
    const offsets = new Set<number>();
    for (const dim of dims) {
      for (const [name, period] of periodsSafely(dim)) if (period > 1) periods.set(name, [...(periods.get(name) ?? []), period]);
      if (dim.offset !== 0) offsets.add(Math.abs(dim.offset));
    }
    const values = new Map<string, readonly number[]>();
    for (const [name, range] of this.#free) {
      const near = [...(periods.get(name) ?? []), ...offsets].slice(0, 12);
      const isUsual = near.length === 0 && range.min === 1 && range.max === Number.POSITIVE_INFINITY;
      values.set(name, isUsual ? usual : valuesIn(range, near));
    }
    return values;
  }
}

/** What to try within a range: also what lies next to some numbers. */
function valuesIn({ min, max }: { readonly min: number; readonly max: number }, near: readonly number[]): readonly number[] {
  const start = Number.isFinite(min) ? min : Number.isFinite(max) ? max - 32 : -4;
  const list = new Set<number>();
  const add = (n: number) => {
    if (Number.isSafeInteger(n) && n >= min && n <= max) list.add(n);
  };
  for (const n of SMALL) add(start + n - 1);
  for (const n of near) for (const value of [n - 1, n, n + 1, 2 * n + 1]) add(value);
  for (const n of FAR) add(n);
  add(max);
  return [...list];
}

const SMALL = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16];
const FAR = [17, 23, 31, 32, 33, 48, 64, 100, 127, 225];
const usual: readonly number[] = valuesIn({ min: 1, max: Number.POSITIVE_INFINITY }, []);

function periodsSafely(dim: Dim): ReadonlyMap<string, number> {
  return attempt(() => periodsOf(dim)) ?? new Map();
}

/** The facts that share variables with `names`, directly or through others. */
function connected(names: Set<string>, facts: readonly Fact[]): readonly Fact[] {
  const chosen = new Set<Fact>();
  for (let grown = true; grown; ) {
    grown = false;
    for (const fact of facts) {
      if (chosen.has(fact)) continue;
      const variables = variablesOf(fact);
      if (!variables.some((name) => names.has(name))) continue;
      chosen.add(fact);
      for (const name of variables) names.add(name);
      grown = true;
    }
  }
  return facts.filter((fact) => chosen.has(fact));
}

/** Whether the fact holds for these values; if a size in it does not exist, because of a division by 0, it does not. */
export function holdsAt(fact: Fact, point: Point): boolean {
  return attempt(() => isTrueAt(fact, point)) ?? false;
}

function isTrueAt(fact: Fact, point: Point): boolean {
  if (fact.kind === 'divides') {
    const divisor = fact.divisor.evaluate(point);
    return divisor !== 0 && fact.value.evaluate(point) % divisor === 0;
  }
  const left = fact.left.evaluate(point);
  const right = fact.right.evaluate(point);
  return fact.kind === 'equal' ? left === right : left >= right;
}

/** Undefined if a value does not exist: beyond 2^53, or divided by zero. */
function attempt<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch (e) {
    if (e instanceof DimError) return undefined;
    throw e;
  }
}

function clamp(n: number, min: number, max: number): number {
  return Math.min(Math.max(n, min), max);
}
