import { Dim } from '../../src/dims/dim.js';

/** A size expression as a tree, with an evaluator that knows nothing of normal forms. */
export type Expr =
  | { readonly op: 'variable'; readonly name: string }
  | { readonly op: 'integer'; readonly value: number }
  | { readonly op: Binary; readonly a: Expr; readonly b: Expr };

export type Binary = '+' | '-' | '*' | '//' | '%' | 'max' | 'min';
export type Env = Readonly<Record<string, number>>;

export const variable = (name: string): Expr => ({ op: 'variable', name });
export const integer = (value: number): Expr => ({ op: 'integer', value });
export const binary = (op: Binary, a: Expr, b: Expr | number): Expr => ({ op, a, b: typeof b === 'number' ? integer(b) : b });

/** NaN where a value does not exist (division by zero) or is not exact in a double. */
export function evaluate(e: Expr, env: Env): number {
  if (e.op === 'variable') return env[e.name] ?? Number.NaN;
  if (e.op === 'integer') return e.value;
  const a = evaluate(e.a, env);
  const b = evaluate(e.b, env);
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  const value = combine(e.op, a, b);
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

function combine(op: Binary, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '//':
      return b === 0 ? Number.NaN : Math.abs(a) < 2 ** 50 ? (a - mod(a, b)) / b : Number.NaN;
    case '%':
      return b === 0 ? Number.NaN : mod(a, b);
    case 'max':
      return Math.max(a, b);
    case 'min':
      return Math.min(a, b);
  }
}

/** With the sign of `b`, as in Python. */
function mod(a: number, b: number): number {
  return (((a % b) + b) % b) + 0;
}

/** The same expression as a `Dim`. */
export function build(e: Expr): Dim {
  if (e.op === 'variable') return Dim.variable(e.name);
  if (e.op === 'integer') return Dim.of(e.value);
  const a = build(e.a);
  const b = build(e.b);
  switch (e.op) {
    case '+':
      return a.add(b);
    case '-':
      return a.sub(b);
    case '*':
      return a.mul(b);
    case '//':
      return a.floorDiv(b);
    case '%':
      return a.mod(b);
    case 'max':
      return a.max(b);
    case 'min':
      return a.min(b);
  }
}

export function show(e: Expr): string {
  if (e.op === 'variable') return e.name;
  if (e.op === 'integer') return String(e.value);
  return e.op === 'max' || e.op === 'min' ? `${e.op}(${show(e.a)}, ${show(e.b)})` : `(${show(e.a)} ${e.op} ${show(e.b)})`;
}

/** A seeded generator of random numbers: the same on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** In `[0, 1)`. */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  pick<T>(items: readonly T[]): T {
    // The index is in range; the callers' lists are not empty.
    return items[this.between(0, items.length - 1)] as T;
  }
}
