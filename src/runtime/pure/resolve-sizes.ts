import { Dim } from '../../dims/dim.js';
import { type Fact, variablesOf } from '../../dims/fact.js';
import { factText } from '../../dims/fact-text.js';
import { holdsAt } from '../../dims/witness.js';
import { checkFormulas, type FixedSizes, givenSizes } from './given-sizes.js';
import type { InputSlot, Shaped } from './input-slots.js';
import { type Demands, sizeNames } from './signature.js';
import type { SizeReport } from './size-report.js';

/** Sizes to try for names that nobody gave a size, until one satisfies the facts of the model. */
const candidates = [4, 8, 16, 32, 64, 128, 224, 256, 512, 1, 2, 3] as const;

/**
 * A size for every name in the shapes of the inputs: those that are fixed, those of the given tensors, and for all other names the same small size,
 * one that satisfies the facts and, if possible, the open demands. Given sizes may violate open demands, which are decided by the checker.
 * Contradictions are reported with both sides, and facts that do not hold; the result is then undefined.
 */
export function resolveSizes(
  slots: readonly InputSlot[],
  given: ReadonlyMap<string, Shaped>,
  fixed: FixedSizes,
  { facts, open: wishes }: Demands,
  report: SizeReport,
): ReadonlyMap<string, number> | undefined {
  const sizes = givenSizes(slots, given, fixed, report);
  if (sizes === undefined) return undefined;
  const open = sizeNames(slots).filter((name) => !sizes.has(name));
  const attempts = (open.length === 0 ? [1] : candidates).map(
    (candidate) => new Map([...sizes, ...open.map((name) => [name, candidate] as const)]),
  );
  const possible = attempts.filter(
    (all) => facts.every((fact) => mayHold(fact, all)) && slots.every((slot) => slot.shape.every((size) => isPossible(size, all))),
  );
  const best = possible.find((all) => wishes.every((fact) => mayHold(fact, all))) ?? possible[0];
  if (best === undefined) {
    reportBrokenFact(slots, facts, sizes, open, report);
    return undefined;
  }
  checkFormulas(slots, given, best, report);
  return report.hasErrors ? undefined : best;
}

/** Whether a fact holds for these sizes; a fact about other names is not decided here, and may hold. */
function mayHold(fact: Fact, sizes: ReadonlyMap<string, number>): boolean {
  return variablesOf(fact).some((name) => !sizes.has(name)) || holdsAt(fact, sizes);
}

/** Whether an axis can have this size: it is a number that is not negative. */
function isPossible(size: Dim, sizes: ReadonlyMap<string, number>): boolean {
  return holdsAt({ kind: 'at-least', left: size, right: Dim.zero }, sizes);
}

/** Reports the first fact that fails for the given sizes, or else for all sizes that were tried. */
function reportBrokenFact(
  slots: readonly InputSlot[],
  facts: readonly Fact[],
  sizes: ReadonlyMap<string, number>,
  open: readonly string[],
  report: SizeReport,
): void {
  const broken = facts.find((fact) => !mayHold(fact, sizes)) ?? facts[0];
  const names = broken === undefined ? [] : variablesOf(broken);
  const slot = slots.find(({ shape }) => shape.some((size) => names.some((name) => size.variables().has(name)))) ?? slots[0];
  if (slot === undefined) return;
  const said = names.filter((name) => sizes.has(name)).map((name) => `${name} = ${sizes.get(name)}`);
  const tried = names.filter((name) => open.includes(name)).map((name) => `any ${name} that was tried`);
  report.add('size-breaks-fact', slot.span, {
    fact: broken === undefined ? 'sizes of at least 0' : factText(broken),
    sizes: [...said, ...tried].join(', '),
  });
}
