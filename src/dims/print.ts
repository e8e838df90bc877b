import type { Atom, FloorAtom, MaxAtom } from './atom.js';
import type { Dim } from './dim.js';
import { DimError } from './dim-error.js';
import type { Term } from './terms.js';

/**
 * A size as the user would write it: positive terms first, higher degrees first, constants last. The normal form takes sizes apart
 * (`max(T, 3)` is `max(T - 3, 0) + 3`, `8*D // 3` is `2*D + floor(2*D/3)`, and there is no remainder), so this puts them together
 * again wherever that mentions fewer variables or is shorter.
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
    if (folded !== undefined && isSimpler(folded, best)) best = folded;
  }
  return best;
}

/** `R + k*max(V, 0)` is `max(R + k*V, R)` for a positive `k` and `min(R + k*V, R)` for a negative one; a constant comes second. */
function foldMax(k: number, { value }: MaxAtom, rest: Dim): string {
  const shifted = value.mul(k).add(rest);
  const operands = rest.constant === undefined && shifted.constant !== undefined ? [rest, shifted] : [shifted, rest];
  return `${k > 0 ? 'max' : 'min'}(${operands.map(printSum).join(', ')})`;
}

/** `floor(E/c) + R = floor((E + c*R)/c)`, `R - floor(E/c) = floor((c*R + c - 1 - E)/c)` and `E - c*floor(E/c) = E % c`. */
function foldFloor(k: number, atom: FloorAtom, rest: Dim): string | undefined {
  const c = atom.divisor.constant;
  if (c === undefined) return undefined;
  if (k === -c) {
    const left = rest.sub(atom.value);
    const remainder = `${printOperand(atom.value)} % ${c}`;
    return left.terms.length === 0 ? remainder : `${remainder}${printTerms(left, true)}`;
  }
  const head = rest.sub(rest.offset);
  if (Math.abs(k) !== 1 || head.terms.length === 0) return undefined;
  const numerator = head.mul(c).add(k === 1 ? atom.value : atom.value.withConstant(c - 1).sub(atom.value));
  const quotient = `floor(${printOperand(numerator)}/${c})`;
  return rest.offset === 0 ? quotient : `${quotient} ${rest.offset < 0 ? '-' : '+'} ${Math.abs(rest.offset)}`;
}

function isSimpler(a: string, b: string): boolean {
  const [x, y] = [mentions(a), mentions(b)];
  return x === y ? a.length < b.length : x < y;
}

/** How often names stand in a text. */
function mentions(text: string): number {
  return text.match(/[\p{L}_][\p{L}\p{N}_.']*/gu)?.filter((word) => !FUNCTIONS.has(word)).length ?? 0;
}

const FUNCTIONS: ReadonlySet<string> = new Set(['floor', 'max', 'min']);

function printSum(dim: Dim): string {
  return dim.terms.length === 0 ? '0' : printTerms(dim, false);
}

/** The terms with their signs; a sum that goes on starts with a sign between blanks. */
function printTerms(dim: Dim, goesOn: boolean): string {
  const terms = [...dim.terms.filter((t) => t.coefficient > 0), ...dim.terms.filter((t) => t.coefficient < 0)];
  return terms
    .map((term, i) => {
      const sign = term.coefficient < 0 ? '-' : '+';
      const lead = i > 0 || goesOn ? ` ${sign} ` : sign === '-' ? '-' : '';
      return lead + printProduct(term);
    })
    .join('');
}

/** Without the sign. */
function printProduct({ coefficient, monomial }: Term): string {
  const factors = monomial.factors.map(({ atom, power }) => (power === 1 ? printAtom(atom) : `${printAtom(atom)}**${power}`));
  const size = Math.abs(coefficient);
  return (size === 1 && factors.length > 0 ? factors : [String(size), ...factors]).join('*');
}

function printAtom(atom: Atom): string {
  if (atom.kind === 'variable') return atom.name;
  if (atom.kind === 'max') return `max(${printSum(atom.value)}, 0)`;
  const { divisor } = atom;
  const isSimple = divisor.constant !== undefined || divisor.variableName !== undefined;
  return `floor(${printOperand(atom.value)}/${isSimple ? printSum(divisor) : `(${printSum(divisor)})`})`;
}

/** In parentheses unless it is a single positive term. */
function printOperand(dim: Dim): string {
  const [first] = dim.terms;
  return dim.terms.length === 1 && first !== undefined && first.coefficient > 0 ? printSum(dim) : `(${printSum(dim)})`;
}

/** Undefined where putting together would exceed the limits of a size. */
function attempt(fold: () => string | undefined): string | undefined {
  try {
    return fold();
  } catch (e) {
    if (e instanceof DimError) return undefined;
    throw e;
  }
}
