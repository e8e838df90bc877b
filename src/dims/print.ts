import type { Dim } from './dim.js';
import { DimError } from './dim-error.js';
import type { Atom, FloorAtom, MaxAtom, Term } from './terms.js';

/**
 * A size in the syntax of the language, as the user would write it: positive terms first, higher degrees first, constants last. The normal
 * form takes sizes apart (`max(T, 3)` is `max(T - 3, 0) + 3`, `8*D // 3` is `2*D + 2*D // 3`, and there is no remainder), so this
 * recombines them if the result mentions fewer variables or is shorter. `parseSize` reads it back.
 */
export function printDim(dim: Dim): string {
  const whole = printSum(dim);
  if (dim.terms.length < 2) return whole;
  let best = whole;
  for (const term of dim.terms) {
    const atom = term.monomial.atom;
    if (atom === undefined || atom.kind === 'variable') continue;
    const rest = dim.sub(dim.withTerms([term]));
    const folded = attempt(() => (atom.kind === 'max' ? foldMax(term.coefficient, atom, rest) : foldFloor(term.coefficient, atom, rest)));
    if (folded === undefined || !isSimpler(folded.text, best)) continue;
    // The normal form may simplify the recombined text further than its parts; but a text must mean the size that it shows.
    if (attempt(() => folded.read().equals(dim)) === true) best = folded.text;
  }
  return best;
}

/** A recombined part: its text, and the size to which it parses. */
interface Folded {
  readonly text: string;
  readonly read: () => Dim;
}

/** `R + k*max(V, 0)` is `max(R + k*V, R)` for a positive `k` and `min(R + k*V, R)` for a negative one; a constant comes second. */
function foldMax(k: number, { value }: MaxAtom, rest: Dim): Folded {
  const shifted = value.mul(k).add(rest);
  const [a, b] = rest.constant === undefined && shifted.constant !== undefined ? [rest, shifted] : [shifted, rest];
  return { text: `${k > 0 ? 'max' : 'min'}(${printSum(a)}, ${printSum(b)})`, read: () => (k > 0 ? a.max(b) : a.min(b)) };
}

/** `E // c + R = (E + c*R) // c`, `R - E // c = (c*R + c - 1 - E) // c` and `E - c*(E // c) = E % c`. */
function foldFloor(k: number, { value, divisor }: FloorAtom, rest: Dim): Folded | undefined {
  const c = divisor.constant;
  if (c === undefined) return undefined;
  if (k === -c) {
    const left = rest.sub(value);
    const remainder = `${printOperand(value)} % ${c}`;
    const text = left.terms.length === 0 ? remainder : `${remainder}${printTerms(left, true)}`;
    return { text, read: () => value.mod(c).add(left) };
  }
  const head = rest.sub(rest.offset);
  if (Math.abs(k) !== 1 || head.terms.length === 0) return undefined;
  const numerator = head.mul(c).add(k === 1 ? value : value.withConstant(c - 1).sub(value));
  const quotient = `${printOperand(numerator)} // ${c}`;
  const text = rest.offset === 0 ? quotient : `${quotient} ${rest.offset < 0 ? '-' : '+'} ${Math.abs(rest.offset)}`;
  return { text, read: () => numerator.floorDiv(c).add(rest.offset) };
}

function isSimpler(a: string, b: string): boolean {
  const [x, y] = [mentions(a), mentions(b)];
  return x === y ? a.length < b.length : x < y;
}

/** How many names occur in a text. */
function mentions(text: string): number {
  return text.match(/[\p{L}_][\p{L}\p{N}_.']*/gu)?.filter((word) => !FUNCTIONS.has(word)).length ?? 0;
}

const FUNCTIONS: ReadonlySet<string> = new Set(['max', 'min']);

function printSum(dim: Dim): string {
  return dim.terms.length === 0 ? '0' : printTerms(dim, false);
}

/** The terms with their signs; a sum that continues another starts with a sign between blanks. */
function printTerms(dim: Dim, goesOn: boolean): string {
  const terms = [...dim.terms.filter((t) => t.coefficient > 0), ...dim.terms.filter((t) => t.coefficient < 0)];
  return terms
    .map((term, i) => {
      const sign = term.coefficient < 0 ? '-' : '+';
      if (i > 0 || goesOn) return ` ${sign} ${printProduct(term)}`;
      // A sign binds tighter than `//`.
      return sign === '-' ? `-${isQuotient(term) ? `(${printProduct(term)})` : printProduct(term)}` : printProduct(term);
    })
    .join('');
}

/** Without the sign. */
function printProduct(term: Term): string {
  const { coefficient, monomial } = term;
  const isAlone = isQuotient(term);
  const factors = monomial.factors.map(({ atom, power }) => {
    const text = printAtom(atom);
    const factor = atom.kind === 'floor' && !isAlone ? `(${text})` : text;
    return power === 1 ? factor : `${factor}**${power}`;
  });
  const size = Math.abs(coefficient);
  return (size === 1 && factors.length > 0 ? factors : [String(size), ...factors]).join('*');
}

/** Whether the term, apart from its sign, is just `E // F`. */
function isQuotient({ coefficient, monomial }: Term): boolean {
  return Math.abs(coefficient) === 1 && monomial.atom?.kind === 'floor';
}

function printAtom(atom: Atom): string {
  if (atom.kind === 'variable') return atom.name;
  if (atom.kind === 'max') return `max(${printSum(atom.value)}, 0)`;
  const { divisor } = atom;
  const isSimple = divisor.constant !== undefined || divisor.variableName !== undefined;
  return `${printOperand(atom.value)} // ${isSimple ? printSum(divisor) : `(${printSum(divisor)})`}`;
}

/** The dividend: in parentheses unless it is a single positive product. */
function printOperand(dim: Dim): string {
  const [first] = dim.terms;
  if (first === undefined) return '0';
  return dim.terms.length === 1 && first.coefficient > 0 && !isQuotient(first) ? printSum(dim) : `(${printSum(dim)})`;
}

/** Undefined if recombining would exceed the limits of a size. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (e) {
    if (e instanceof DimError) return undefined;
    throw e;
  }
}
