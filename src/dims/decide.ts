import { isNeverZero } from './bounds.js';
import { type Dim, variablesIn } from './dim.js';
import { DimError } from './dim-error.js';
import type { Fact } from './fact.js';
import type { Facts } from './facts.js';
import { Fuel } from './fuel.js';
import { floorModulo } from './integer.js';
import { entailsNonNegative } from './linear.js';
import { AtomNames } from './name-atoms.js';
import { reflectFloors } from './reflect.js';
import { type Case, judgeBySplitting, type SplitOrder, type Verdict } from './split.js';
import { type Point, Points } from './witness.js';

/** Whether a statement about sizes holds for all values of the variables that satisfy the facts. */
export type Answer =
  | { readonly kind: 'proved' }
  /** It fails for all values. */
  | { readonly kind: 'never' }
  /** It fails for these values of its variables; there are values of the other variables with which they satisfy the facts. */
  | { readonly kind: 'not-always'; readonly witness: Point }
  | { readonly kind: 'unknown' };

/** The work for one way of splitting, in terms touched, and the cost of one linear argument. */
const FUEL = 50_000;
const LINEAR_COST = 500;
/** How many open cases are searched for a witness of their own. */
const MAX_LEAVES = 24;

const PROVED: Answer = { kind: 'proved' };
const NEVER: Answer = { kind: 'never' };
const UNKNOWN: Answer = { kind: 'unknown' };

/**
 * `a == b`? Complete, within limits of effort, for sums and products of variables and floors over literals. Contradictory facts imply
 * everything; their owner must report the contradiction.
 */
export function decideEqual(a: Dim, b: Dim, facts: Facts): Answer {
  if (a.equals(b)) return PROVED;
  return decide({
    facts,
    dims: [a, b],
    subject: (view) => view(a).sub(view(b)),
    holdsAt: (point) => a.evaluate(point) === b.evaluate(point),
    judge: (d, given) => {
      if (d.terms.length === 0) return 'holds';
      if (isNeverZero(d)) return 'fails';
      if (given === undefined) return 'open';
      if (entailsNonNegative(d.sub(1), given) || entailsNonNegative(d.neg().sub(1), given)) return 'fails';
      return entailsNonNegative(d, given) && entailsNonNegative(d.neg(), given) ? 'holds' : 'open';
    },
  });
}

/** `a >= b`? Polynomial inequality is undecidable: linear reasoning, case splits and examples find what they can. */
export function decideAtLeast(a: Dim, b: Dim, facts: Facts): Answer {
  if (a.equals(b) || a.bounds.min >= b.bounds.max) return PROVED;
  return decide({
    facts,
    dims: [a, b],
    subject: (view) => view(a).sub(view(b)),
    holdsAt: (point) => a.evaluate(point) >= b.evaluate(point),
    judge: (d, given) => {
      if (d.bounds.min >= 0) return 'holds';
      if (d.bounds.max < 0) return 'fails';
      if (given === undefined) return 'open';
      if (entailsNonNegative(d, given)) return 'holds';
      return entailsNonNegative(d.neg().sub(1), given) ? 'fails' : 'open';
    },
  });
}

/**
 * `value % divisor == 0`? A negative divisor divides what its absolute value divides. The literal 0 divides nothing; values for which a
 * symbolic divisor is 0 do not count.
 */
export function decideDivides(divisor: Dim, value: Dim, facts: Facts): Answer {
  if (divisor.constant === 0) return NEVER;
  if (divisor.constant === 1) return PROVED;
  return decide({
    facts,
    dims: [divisor, value],
    subject: (view) => {
      const by = view(divisor);
      return view(value).mod((by.constant ?? 1) < 0 ? by.neg() : by);
    },
    holdsAt: (point) => {
      const by = divisor.evaluate(point);
      return floorModulo(value.evaluate(point), by) === 0;
    },
    judge: (d, given) => {
      if (d.terms.length === 0) return 'holds';
      if (isNeverZero(d)) return 'fails';
      return given !== undefined && entailsNonNegative(d.sub(1), given) ? 'fails' : 'open';
    },
  });
}

/** Whether a fact follows from other facts. */
export function decideFact(fact: Fact, facts: Facts): Answer {
  switch (fact.kind) {
    case 'equal':
      return decideEqual(fact.left, fact.right, facts);
    case 'at-least':
      return decideAtLeast(fact.left, fact.right, facts);
    case 'divides':
      return decideDivides(fact.divisor, fact.value, facts);
  }
}

interface Question {
  readonly facts: Facts;
  /** The sizes that the statement is about. */
  readonly dims: readonly Dim[];
  /** The size that the statement compares with 0, with its sides simplified by the facts. */
  readonly subject: (view: (dim: Dim) => Dim) => Dim;
  readonly holdsAt: (point: Point) => boolean;
  /** Judges the subject; with `given`, sizes that are at least 0, it may reason at length. */
  readonly judge: (subject: Dim, given?: readonly Dim[]) => Verdict;
}

function decide(asked: Question): Answer {
  try {
    const facts = asked.facts.about((name) => asked.dims.some((dim) => dim.variables().has(name)));
    const question = { ...asked, facts };
    const written = question.subject((dim) => facts.apply(dim));
    const quick = asAnswer(question.judge(written));
    if (quick !== undefined) return quick;
    if (facts.knowledge.contradictory) return PROVED;
    const subject = reflectFloors(written);
    const second =
      asAnswer(question.judge(subject)) ?? asAnswer(question.judge(question.subject((dim) => facts.knowledge.substitute(dim))));
    if (second !== undefined) return second;
    const given = facts.knowledge.nonNegative;
    const points = new Points(question.dims, facts);
    const found = points.search(question.holdsAt);
    if (found.complete && found.failing === undefined) return PROVED;
    if (found.complete && !found.holdsSomewhere) return NEVER;
    if (found.failing !== undefined && found.holdsSomewhere) return { kind: 'not-always', witness: found.failing };
    const linear = asAnswer(question.judge(subject, given));
    if (linear !== undefined) return linear;
    if (found.failing !== undefined) return { kind: 'not-always', witness: found.failing };
    return decideBySplitting(question, { dim: subject, nonNegative: given, path: new Map() }, points);
  } catch (e) {
    // A size beyond the limits has occurred on the way.
    if (e instanceof DimError) return UNKNOWN;
    throw e;
  }
}

function asAnswer(verdict: Verdict): Answer | undefined {
  if (verdict === 'open') return undefined;
  return verdict === 'fails' ? NEVER : PROVED;
}

function decideBySplitting(question: Question, start: Case, points: Points): Answer {
  for (const order of ['residues-first', 'signs-first'] as const) {
    const open: Case[] = [];
    const answer = split(question, start, order, open);
    if (answer !== undefined) return answer;
    for (const c of open) {
      const witness = witnessIn(c, question, points);
      if (witness !== undefined) return { kind: 'not-always', witness };
    }
  }
  const names = new AtomNames();
  const named: Case = { ...start, dim: names.apply(start.dim), nonNegative: start.nonNegative.map((f) => names.apply(f)) };
  return (names.used ? split(question, named, 'residues-first', []) : undefined) ?? UNKNOWN;
}

function split(question: Question, start: Case, order: SplitOrder, open: Case[]): Answer | undefined {
  const fuel = new Fuel(FUEL);
  const judge = (c: Case): Verdict => {
    const quick = question.judge(c.dim);
    if (quick !== 'open' || c.nonNegative.length === 0) return quick;
    return fuel.spend(LINEAR_COST) ? question.judge(c.dim, c.nonNegative) : 'open';
  };
  return asAnswer(judgeBySplitting(start, judge, order, fuel, open, MAX_LEAVES));
}

/** A nonzero polynomial is nonzero somewhere on a grid with more points along each axis than its degree. */
function witnessIn(c: Case, question: Question, points: Points): Point | undefined {
  const ranges = new Map<string, readonly number[]>();
  const variables = [c.dim, ...c.path.values()].flatMap(variablesIn);
  for (const { name, min, max } of variables) {
    const start = Number.isFinite(min) ? min : Math.min(0, max);
    ranges.set(
      name,
      GRID.map((n) => start + n).filter((n) => n <= max),
    );
  }
  for (const choice of gridOf(ranges)) {
    try {
      const outer = new Map(choice);
      for (const [name, dim] of c.path) outer.set(name, dim.evaluate(choice));
      const witness = points.failingAt(outer, question.holdsAt);
      if (witness !== undefined) return witness;
    } catch (e) {
      if (!(e instanceof DimError)) throw e;
    }
  }
  return undefined;
}

const GRID = [0, 1, 2, 3, 5, 11];
const MAX_GRID = 256;

function* gridOf(ranges: ReadonlyMap<string, readonly number[]>): Iterable<Point> {
  const axes = [...ranges];
  const total = axes.reduce((product, [, values]) => product * values.length, 1);
  for (let i = 0; i < Math.min(total, MAX_GRID); i++) {
    let rest = i;
    const point = new Map<string, number>();
    for (const [name, values] of axes) {
      point.set(name, values[rest % values.length] ?? 0);
      rest = Math.floor(rest / values.length);
    }
    yield point;
  }
}
