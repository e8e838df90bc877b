import { decideFact } from './decide.js';
import type { Fact } from './fact.js';
import { type Facts, keyOfFact } from './facts.js';
import { simplestForm } from './simplest-form.js';

/** With more facts than this, only duplicates are removed. */
const MAX_FACTS = 64;

/** Facts in their simplest form, without those that follow from the others or from what is known. */
export function essentialFacts(facts: readonly Fact[], known: Facts): readonly Fact[] {
  let kept = [...new Map(facts.map(simplestForm).map((fact) => [keyOfFact(fact), fact])).values()];
  if (kept.length > MAX_FACTS) return kept;
  for (const fact of kept) {
    const others = kept.filter((other) => other !== fact);
    const all = others.reduce((assumed, other) => assumed.assume(other), known);
    // Contradictory facts would imply everything.
    if (all.contradiction === undefined && decideFact(fact, all).kind === 'proved') kept = others;
  }
  return kept;
}
