import { type Answer, decideEqual } from '../../src/dims/decide.js';
import { type Dim, DimLimitError } from '../../src/dims/dim.js';
import { Facts } from '../../src/dims/facts.js';
import { build, type Env, type Expr, evaluate, type Random, show } from './naive.js';

/** What a run over pairs of expressions has found. The first wrong answers are kept as text. */
export interface PairFigures {
  pairs: number;
  equalPairs: number;
  equalProved: number;
  readonly answers: Record<Answer['kind'], number>;
  overLimits: number;
  readonly wrong: string[];
  readonly unproved: string[];
  readonly undecided: string[];
}

/** A pair of expressions; `equal` if it was made so that both have one value wherever they exist. */
export interface Pair {
  readonly a: Expr;
  readonly b: Expr;
  readonly equal: boolean;
}

const VALUES = [
  [1, 2, 3, 5, 6, 7, 12, 17],
  [1, 2, 4, 7, 9, 16],
  [1, 3, 5, 8, 10],
];

/** 240 points for three variables. */
export function grid(names: readonly string[]): readonly Env[] {
  return names.reduce<Env[]>((points, name, i) => points.flatMap((p) => (VALUES[i] ?? []).map((v) => ({ ...p, [name]: v }))), [{}]);
}

/** Decides `count` pairs and compares every answer, value, bound and witness with the naive evaluator. */
export function checkPairs(count: number, random: Random, names: readonly string[], next: (i: number) => Pair): PairFigures {
  const figures: PairFigures = {
    pairs: 0,
    equalPairs: 0,
    equalProved: 0,
    answers: { proved: 0, never: 0, 'not-always': 0, unknown: 0 },
    overLimits: 0,
    wrong: [],
    unproved: [],
    undecided: [],
  };
  const points = grid(names);
  for (let i = 0; i < count; i++) checkPair(next(i), figures, random, points);
  return figures;
}

function checkPair({ a, b, equal }: Pair, figures: PairFigures, random: Random, points: readonly Env[]): void {
  const built = buildBoth(a, b);
  if (built === undefined) {
    figures.overLimits++;
    return;
  }
  const text = `${show(a)}  ==  ${show(b)}`;
  for (let j = 0; j < 12; j++) checkValue(a, built[0], random.pick(points), figures, text);
  const answer = decideEqual(built[0], built[1], Facts.none);
  figures.pairs++;
  figures.answers[answer.kind]++;
  if (equal) {
    figures.equalPairs++;
    if (answer.kind === 'proved') figures.equalProved++;
    else figures.unproved.push(text);
  } else if (answer.kind === 'unknown') figures.undecided.push(text);
  const complaint = refute(answer, a, b, points);
  if (complaint !== undefined) figures.wrong.push(`${complaint}: ${text}`);
}

function buildBoth(a: Expr, b: Expr): readonly [Dim, Dim] | undefined {
  try {
    return [build(a), build(b)];
  } catch (e) {
    if (e instanceof DimLimitError) return undefined;
    throw e;
  }
}

/** The value and the bounds at one point. */
function checkValue(e: Expr, dim: Dim, env: Env, figures: PairFigures, text: string): void {
  const wanted = evaluate(e, env);
  if (Number.isNaN(wanted)) return;
  let got: number;
  try {
    got = dim.evaluate(new Map(Object.entries(env)));
  } catch (error) {
    // An expanded product may pass 2^53 on the way to a small value.
    if (error instanceof DimLimitError) return;
    throw error;
  }
  if (got !== wanted) figures.wrong.push(`value ${got} for ${wanted} at ${JSON.stringify(env)}: ${text}`);
  const { min, max } = dim.bounds;
  if (wanted < min || wanted > max) figures.wrong.push(`bounds ${min}..${max} for ${wanted}: ${text}`);
}

/** What is wrong with an answer, judged by the naive evaluator alone. */
export function refute(answer: Answer, a: Expr, b: Expr, points: readonly Env[]): string | undefined {
  if (answer.kind === 'unknown') return undefined;
  if (answer.kind === 'not-always') {
    const env = { ...points[0], ...Object.fromEntries(answer.witness) };
    if (Object.values(env).some((v) => !Number.isSafeInteger(v) || v < 1)) return `witness ${JSON.stringify(env)} out of range`;
    const [x, y] = [evaluate(a, env), evaluate(b, env)];
    return Number.isNaN(x) || Number.isNaN(y) || x === y ? `witness ${JSON.stringify(env)} does not separate` : undefined;
  }
  for (const env of points) {
    const [x, y] = [evaluate(a, env), evaluate(b, env)];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    if ((x === y) !== (answer.kind === 'proved')) return `${answer.kind}, but ${x} and ${y} at ${JSON.stringify(env)}`;
  }
  return undefined;
}
