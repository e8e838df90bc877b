import type { Dim } from './dim.js';

/** What a `where` clause or a range states about sizes. */
export type Fact =
  | { readonly kind: 'equal'; readonly left: Dim; readonly right: Dim }
  /** `value % divisor == 0`. */
  | { readonly kind: 'divides'; readonly divisor: Dim; readonly value: Dim }
  | AtLeast;

/** `left >= right`. */
export interface AtLeast {
  readonly kind: 'at-least';
  readonly left: Dim;
  readonly right: Dim;
  /** How it was written, and is shown, if differently: `right <= left`, `left > right - 1` or `right - 1 < left`. */
  readonly written?: '<=' | '>' | '<' | undefined;
}

/** The sizes that a fact compares. */
export function sidesOf(fact: Fact): readonly [Dim, Dim] {
  return fact.kind === 'divides' ? [fact.divisor, fact.value] : [fact.left, fact.right];
}

/** The names in a fact, each once. */
export function variablesOf(fact: Fact): readonly string[] {
  const [a, b] = sidesOf(fact);
  return [...new Set([...a.variables(), ...b.variables()])];
}
