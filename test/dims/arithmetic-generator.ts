import { type Binary, binary, type Expr, integer, type Random, variable } from './naive.js';

/** Which variables the generated expressions use. */
export const ARITHMETIC_VARIABLES = ['n', 'h', 'w'];

/** Any tree of operators: the first of two independent generators. Divisors are literals 2 to 8, or variables if `symbolic`. */
export function arithmetic(random: Random, depth: number, options: { readonly extrema: boolean; readonly symbolic: boolean }): Expr {
  if (depth === 0 || random.unit() < 0.22) {
    return random.unit() < 0.65 ? variable(random.pick(ARITHMETIC_VARIABLES)) : integer(random.between(0, 9));
  }
  const operators: Binary[] = ['+', '+', '-', '*', '//', '//', '%'];
  if (options.extrema) operators.push('max', 'min');
  const op = random.pick(operators);
  const a = arithmetic(random, depth - 1, options);
  if (op !== '//' && op !== '%') return binary(op, a, arithmetic(random, depth - 1, options));
  return binary(op, a, options.symbolic && random.unit() < 0.35 ? symbolicDivisor(random) : random.between(2, 8));
}

/** Mostly positive, sometimes negative, never 0. */
function symbolicDivisor(random: Random): Expr {
  const v = variable(random.pick(ARITHMETIC_VARIABLES));
  const kind = random.between(0, 9);
  if (kind < 6) return v;
  if (kind < 8) return binary('*', v, random.between(2, 4));
  if (kind === 8) return binary('+', v, random.between(1, 3));
  return binary('-', integer(0), v);
}

/** An expression with the same value wherever both exist. */
export function rewritten(random: Random, e: Expr): Expr {
  const chance = random.unit();
  if (e.op === 'variable' || e.op === 'integer') {
    if (chance < 0.3) return binary('+', e, 0);
    return chance < 0.45 ? binary('-', binary('+', e, 3), 3) : e;
  }
  let r = node(e.op, rewritten(random, e.a), isDivision(e.op) ? e.b : rewritten(random, e.b));
  if (['+', '*', 'max', 'min'].includes(r.op) && random.unit() < 0.5) r = node(r.op, r.b, r.a);
  if (r.op === '//' && random.unit() < 0.4) {
    const k = random.between(2, 3);
    r = node('//', binary('*', integer(k), r.a), binary('*', r.b, k));
  } else if (r.op === '//' && random.unit() < 0.3) {
    const x = variable(random.pick(ARITHMETIC_VARIABLES));
    r = node('-', binary('//', binary('+', r.a, binary('*', r.b, x)), r.b), x);
  } else if (r.op === '%' && random.unit() < 0.5) {
    r = node('-', r.a, binary('*', r.b, binary('//', r.a, r.b)));
  }
  if (r.op === '*' && r.a.op === '+' && random.unit() < 0.5) r = node('+', binary('*', r.a.a, r.b), binary('*', r.a.b, r.b));
  return r;
}

type Node = Extract<Expr, { readonly a: Expr }>;

function node(op: Binary, a: Expr, b: Expr): Node {
  return { op, a, b };
}

function isDivision(op: Binary): boolean {
  return op === '//' || op === '%';
}
