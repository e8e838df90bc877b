import type { Dim } from './dim.js';
import { floorDivide, gcd } from './integer.js';
import { addTerms, type FloorAtom, floorAtom, type Monomial, multiplyByTerm, type Term } from './terms.js';

/**
 * `floor(value / divisor)` in normal form, for a nonzero divisor:
 *
 * 1. common factors of value and divisor cancel;
 * 2. multiples of the divisor move out: `floor((q*F + r)/F) = q + floor(r/F)`, by division with remainder on leading terms;
 * 3. nested floors merge: `floor((floor(E/a) + P)/b) = floor((E + a*P)/(a*b))` for `b > 0`, the rule that collapses convolution chains;
 * 4. `floor(-E/F) = -floor((E + F - 1)/F)` for `F > 0`, so that rounding up has one form however it is written;
 * 5. a common factor of all but the constant moves out: `floor((g*E + k)/(g*F)) = floor((E + floor(k/g))/F)` for `F > 0`.
 */
export function floorQuotient(value: Dim, divisor: Dim): Dim {
  return quotientOf(value, divisor, true);
}

function quotientOf(value: Dim, divisor: Dim, mayReflect: boolean): Dim {
  const c = divisor.constant;
  if (c === 1) return value;
  if (value.constant !== undefined && c !== undefined) return value.withConstant(floorDivide(value.constant, c));
  const [numerator, denominator] = cancel(value, divisor);
  if (denominator.constant === 1) return numerator;
  // Modulo 2, a sign is lost in the remainder, and a single term reads better with the sign with which it was written.
  const signTells = denominator.constant === 2 || isSingle(numerator);
  if (mayReflect && signTells && leadsNegative(numerator, denominator)) return reflected(numerator, denominator);
  const { quotient, remainder } = divide(numerator, denominator);
  const isUpsideDown = leadsNegative(remainder, denominator) || leadsWithMinusOne(remainder, denominator.constant);
  if (mayReflect && isUpsideDown) return quotient.add(reflected(remainder, denominator));
  return quotient.add(floorOfRemainder(remainder, denominator));
}

/** Whether `floor(value/divisor)` is better written by its negative: the leading term is negative and not constant. */
function leadsNegative(value: Dim, divisor: Dim): boolean {
  return (value.terms[0]?.coefficient ?? 0) < 0 && value.constant === undefined && divisor.bounds.min >= 1;
}

/** Whether there is one term apart from the constant. */
function isSingle(value: Dim): boolean {
  return value.terms.length === (value.offset === 0 ? 1 : 2);
}

/** Whether the leading coefficient of a sum of several terms is -1 modulo `c`, and not 1 at the same time. */
function leadsWithMinusOne(value: Dim, c: number | undefined): boolean {
  return c !== undefined && c > 2 && value.terms[0]?.coefficient === c - 1 && value.constant === undefined && !isSingle(value);
}

function reflected(value: Dim, divisor: Dim): Dim {
  return quotientOf(value.neg().add(divisor).sub(1), divisor, false).neg();
}

function floorOfRemainder(value: Dim, divisor: Dim): Dim {
  if (value.terms.length === 0) return value.withConstant(0);
  const { min, max } = value.bounds;
  if (min >= 0 && max < divisor.bounds.min) return value.withConstant(0);
  if (divisor.bounds.min < 1) return value.withAtom(floorAtom(value, divisor));
  if (max < 0 && min >= -divisor.bounds.min) return value.withConstant(-1);
  const atom = mergeable(value);
  if (atom !== undefined) {
    const rest = value.sub(value.withAtom(atom));
    return floorQuotient(atom.value.add(rest.mul(atom.divisor)), atom.divisor.mul(divisor));
  }
  const factor = factorBesidesConstant(value, divisor);
  if (factor <= 1) return value.withAtom(floorAtom(value, divisor));
  const head = exactQuotient(value.sub(value.offset), factor);
  return floorQuotient(head.add(floorDivide(value.offset, factor)), exactQuotient(divisor, factor));
}

/** The most deeply nested of the floors that are terms by themselves: it may contain the others, but not the reverse. */
function mergeable(value: Dim): FloorAtom | undefined {
  let deepest: FloorAtom | undefined;
  for (const { coefficient, monomial } of value.terms) {
    const atom = monomial.atom;
    if (coefficient !== 1 || atom?.kind !== 'floor') continue;
    if (deepest === undefined || atom.value.depth > deepest.value.depth) deepest = atom;
  }
  return deepest;
}

/** Cancels the greatest common integer and monomial and makes the leading coefficient of the divisor positive. */
function cancel(value: Dim, divisor: Dim): readonly [Dim, Dim] {
  const leading = divisor.terms[0];
  if (leading === undefined) return [value, divisor];
  let factor = 0;
  let shared: Monomial = leading.monomial;
  for (const term of [...divisor.terms, ...value.terms]) {
    factor = gcd(factor, term.coefficient);
    if (shared.degree > 0) shared = shared.common(term.monomial);
  }
  if (leading.coefficient < 0) factor = -factor;
  if (factor === 1 && shared.degree === 0) return [value, divisor];
  const shrink = (dim: Dim): Dim =>
    dim.withTerms(
      dim.terms.map(({ coefficient, monomial }) => ({
        coefficient: coefficient / factor,
        // `shared` divides every monomial.
        monomial: monomial.over(shared) ?? monomial,
      })),
    );
  return [shrink(value), shrink(divisor)];
}

/** `value = quotient * divisor + remainder`; no term of the remainder is a multiple of the leading term of the divisor. */
function divide(value: Dim, divisor: Dim): { readonly quotient: Dim; readonly remainder: Dim } {
  const leading = divisor.terms[0];
  if (leading === undefined) return { quotient: value.withConstant(0), remainder: value };
  const quotient: Term[] = [];
  const remainder: Term[] = [];
  let todo = value.terms;
  for (let term = todo[0]; term !== undefined; term = todo[0]) {
    const monomial = term.monomial.over(leading.monomial);
    const q = monomial === undefined ? 0 : floorDivide(term.coefficient, leading.coefficient);
    if (monomial === undefined || q === 0) {
      remainder.push(term);
      todo = todo.slice(1);
      continue;
    }
    const part: Term = { coefficient: q, monomial };
    quotient.push(part);
    const left = term.coefficient - q * leading.coefficient;
    if (left !== 0) remainder.push({ coefficient: left, monomial: term.monomial });
    todo = addTerms(todo.slice(1), multiplyByTerm(divisor.terms.slice(1), part), -1);
  }
  return { quotient: value.withTerms(quotient), remainder: value.withTerms(remainder) };
}

function factorBesidesConstant(value: Dim, divisor: Dim): number {
  let factor = 0;
  for (const { coefficient } of divisor.terms) factor = gcd(factor, coefficient);
  for (const { coefficient, monomial } of value.terms) if (monomial.degree > 0) factor = gcd(factor, coefficient);
  return factor;
}

function exactQuotient(dim: Dim, factor: number): Dim {
  return dim.withTerms(dim.terms.map(({ coefficient, monomial }) => ({ coefficient: coefficient / factor, monomial })));
}
