import { type Answer, decideAtLeast, decideDivides, decideEqual } from '../../src/dims/decide.js';
import type { Fact } from '../../src/dims/fact.js';
import { Facts } from '../../src/dims/facts.js';
import { binary, build, type Env, type Expr, evaluate, integer, type Random, show, variable } from './naive.js';

/** A fact or a question about sizes, as trees: `a == b`, `a >= b` or `a % b == 0`. */
export interface Statement {
  readonly kind: Fact['kind'];
  readonly a: Expr;
  readonly b: Expr;
}

/** What a run over random facts and questions has found. */
export interface StatementFigures {
  asked: number;
  readonly answers: Record<Answer['kind'], number>;
  contradictory: number;
  /** Sets of facts that no point of the grid satisfies, without a contradiction having been reported. */
  unsatisfied: number;
  readonly wrong: string[];
  readonly undecided: string[];
}

const NAMES = ['p', 'q', 'r'];
const RANGE = Array.from({ length: 14 }, (_, i) => i + 1);
export const GRID: readonly Env[] = RANGE.flatMap((p) => RANGE.flatMap((q) => RANGE.map((r) => ({ p, q, r }))));

/** Undefined where a side does not exist. */
export function holds({ kind, a, b }: Statement, env: Env): boolean | undefined {
  const x = evaluate(a, env);
  const y = evaluate(b, env);
  if (Number.isNaN(x) || Number.isNaN(y)) return undefined;
  if (kind === 'divides') return y === 0 ? undefined : x % y === 0;
  return kind === 'equal' ? x === y : x >= y;
}

/** Asks `count` random questions under up to three random facts each, and compares the answers with all points of a grid. */
export function checkStatements(count: number, random: Random): StatementFigures {
  const figures: StatementFigures = {
    asked: 0,
    answers: { proved: 0, never: 0, 'not-always': 0, unknown: 0 },
    contradictory: 0,
    unsatisfied: 0,
    wrong: [],
    undecided: [],
  };
  while (figures.asked < count) {
    const stated = Array.from({ length: random.between(0, 3) }, () => fact(random));
    const facts = stated.reduce((all, s) => all.assume(asFact(s)), Facts.none);
    const points = GRID.filter((env) => stated.every((s) => holds(s, env) === true));
    const text = stated.map(showStatement).join(', ');
    if (facts.contradiction !== undefined) {
      figures.contradictory++;
      if (points.length > 0) figures.wrong.push(`no contradiction: ${text} at ${JSON.stringify(points[0])}`);
    } else if (points.length === 0) figures.unsatisfied++;
    for (let i = 0; i < 4; i++) ask(question(random, stated), facts, stated, points, figures, text);
  }
  return figures;
}

function ask(
  s: Statement,
  facts: Facts,
  stated: readonly Statement[],
  points: readonly Env[],
  figures: StatementFigures,
  given: string,
): void {
  const answer = decide(s, facts);
  const text = `${showStatement(s)} given ${given}`;
  figures.asked++;
  figures.answers[answer.kind]++;
  if (answer.kind === 'unknown') figures.undecided.push(text);
  if (facts.contradiction !== undefined) return;
  if (answer.kind === 'not-always' && points.length > 0) {
    const complaint = refuteWitness(answer.witness, s, stated);
    if (complaint !== undefined) figures.wrong.push(`${complaint}: ${text}`);
  }
  for (const env of points) {
    const truth = holds(s, env);
    if (truth === undefined) continue;
    if ((answer.kind === 'proved' && !truth) || (answer.kind === 'never' && truth)) {
      figures.wrong.push(`${answer.kind} at ${JSON.stringify(env)}: ${text}`);
      return;
    }
  }
}

/** The witness must refute the question, and some values of the other variables must satisfy the facts together with it. */
function refuteWitness(witness: ReadonlyMap<string, number>, s: Statement, stated: readonly Statement[]): string | undefined {
  const fixed = Object.fromEntries(witness);
  for (const [name, value] of witness) {
    if (!NAMES.includes(name)) return `a witness with the foreign name ${name}`;
    if (value < 1) return `a witness with ${name} = ${value}`;
  }
  for (const env of extensions(
    { ...fixed },
    NAMES.filter((name) => !witness.has(name)),
  )) {
    if (holds(s, env) === false && stated.every((f) => holds(f, env) === true)) return undefined;
  }
  return `witness ${JSON.stringify(fixed)} refutes nothing`;
}

/** Many ways to give values to at most two open names: one small or close to a name that has a value, the other up to a few thousand. */
function* extensions(env: Record<string, number>, open: readonly string[]): Iterable<Env> {
  const [first, second] = open;
  const close = Object.values(env).flatMap((value) => Array.from({ length: 21 }, (_, i) => value - 10 + i));
  const nearby = new Set([...Array.from({ length: 60 }, (_, i) => i + 1), ...close.filter((value) => value >= 1)]);
  if (first === undefined) yield env;
  else if (second === undefined) for (env[first] = 1; env[first] <= 60_000; env[first]++) yield env;
  else {
    for (const [near, far] of [
      [first, second],
      [second, first],
    ] as const) {
      for (const value of nearby) {
        env[near] = value;
        for (env[far] = 1; env[far] <= 4_000; env[far]++) yield env;
      }
    }
  }
}

function decide(s: Statement, facts: Facts): Answer {
  const [a, b] = [build(s.a), build(s.b)];
  if (s.kind === 'divides') return decideDivides(b, a, facts);
  return s.kind === 'equal' ? decideEqual(a, b, facts) : decideAtLeast(a, b, facts);
}

export function asFact(s: Statement): Fact {
  const [a, b] = [build(s.a), build(s.b)];
  return s.kind === 'divides' ? { kind: 'divides', value: a, divisor: b } : { kind: s.kind, left: a, right: b };
}

function showStatement({ kind, a, b }: Statement): string {
  if (kind === 'divides') return `${show(a)} % ${show(b)} == 0`;
  return `${show(a)} ${kind === 'equal' ? '==' : '>='} ${show(b)}`;
}

function name(random: Random): Expr {
  return variable(random.pick(NAMES));
}

/** A sum of one or two variables with small coefficients and a constant. */
function linear(random: Random): Expr {
  let e = random.unit() < 0.6 ? name(random) : binary('*', name(random), random.between(2, 4));
  if (random.unit() < 0.4) e = binary(random.unit() < 0.6 ? '+' : '-', e, name(random));
  return random.unit() < 0.5 ? binary('+', e, random.between(-4, 6)) : e;
}

export function fact(random: Random): Statement {
  switch (random.between(0, 8)) {
    case 0:
      return { kind: 'divides', a: name(random), b: integer(random.between(2, 6)) };
    case 1:
      return { kind: 'divides', a: linear(random), b: integer(random.between(2, 5)) };
    case 2:
      return { kind: 'divides', a: name(random), b: name(random) };
    case 3:
      return { kind: 'equal', a: name(random), b: linear(random) };
    case 4:
      return { kind: 'equal', a: linear(random), b: linear(random) };
    case 5:
      return { kind: 'equal', a: binary('*', name(random), name(random)), b: linear(random) };
    case 6:
      return { kind: 'at-least', a: name(random), b: integer(random.between(1, 8)) };
    case 7:
      return { kind: 'at-least', a: integer(random.between(3, 12)), b: name(random) };
    default:
      return { kind: 'at-least', a: linear(random), b: linear(random) };
  }
}

/** Half of the questions have something to do with what is given. */
function question(random: Random, stated: readonly Statement[]): Statement {
  const given = stated.length > 0 && random.unit() < 0.5 ? random.pick(stated) : undefined;
  const kind = given?.kind ?? random.pick(['equal', 'at-least', 'divides'] as const);
  const [a, b] = given === undefined ? [size(random), kind === 'divides' ? divisor(random) : size(random)] : [given.a, given.b];
  if (given === undefined) return { kind, a, b };
  if (kind === 'divides') {
    if (random.unit() < 0.5) return { kind, a: binary('*', a, name(random)), b };
    return { kind: 'equal', a: binary('*', binary('//', a, b), b), b: a };
  }
  const n = name(random);
  return random.unit() < 0.5 ? { kind, a: binary('+', a, n), b: binary('+', n, b) } : { kind, a: binary('*', a, n), b: binary('*', n, b) };
}

function divisor(random: Random): Expr {
  return random.unit() < 0.7 ? integer(random.between(2, 6)) : name(random);
}

function size(random: Random): Expr {
  switch (random.between(0, 5)) {
    case 0:
      return binary('//', linear(random), random.between(2, 4));
    case 1:
      return binary('max', linear(random), linear(random));
    case 2:
      return binary('*', binary('//', linear(random), random.between(2, 4)), random.between(2, 4));
    case 3:
      return binary('*', name(random), linear(random));
    default:
      return linear(random);
  }
}
