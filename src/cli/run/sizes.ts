import type { Report } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/span.js';
import { Dim } from '../../dims/dim.js';
import { factText } from '../../dims/fact-text.js';
import type { Fact } from '../../dims/facts.js';
import { solvedFor } from '../../dims/solve.js';
import { holdsAt } from '../../dims/witness.js';
import type { DType } from '../../ops/types.js';
import type { TensorData } from './tensor-data.js';

/** An input as the model declares it. */
export interface InputSlot {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly Dim[];
  /** Its declaration, or the start of the ONNX file. */
  readonly span: Span;
}

interface Source {
  /** Where it was specified, for messages: `` `image` (axis 0) `` or `--bind`. */
  readonly who: string;
  readonly size: number;
  readonly span: Span | undefined;
}

/** Sizes to try for dims that nobody gave, until one satisfies the facts of the model. */
const candidates = [4, 8, 16, 32, 64, 128, 224, 256, 512, 1, 2, 3] as const;

/** Conditions on the sizes: every run must satisfy them, and generated sizes are chosen to. */
export interface Demands {
  readonly facts: readonly Fact[];
  /** Demands that the compiler left open. Sizes that violate them are refused where the demands were left open, not here. */
  readonly open?: readonly Fact[];
}

/**
 * A size for every dim name, from `--bind` and the shapes of the given tensors; any other gets a small size that satisfies the facts.
 * Contradictions are reported with both sides; the result is then undefined.
 */
export function resolveSizes(
  slots: readonly InputSlot[],
  given: ReadonlyMap<string, TensorData>,
  bound: ReadonlyMap<string, number>,
  { facts, open: wishes = [] }: Demands,
  report: Report,
): ReadonlyMap<string, number> | undefined {
  const known = new Map<string, Source>();
  for (const [name, size] of bound) known.set(name, { who: '`--bind`', size, span: undefined });
  // The size of an axis may be determined before the axis that determines the other sizes in it.
  for (let before = -1; before !== known.size && !report.hasErrors; ) {
    before = known.size;
    for (const slot of slots) {
      const tensor = given.get(slot.name);
      if (tensor !== undefined) readShape(slot, tensor, known, report);
    }
  }
  if (report.hasErrors) return undefined;
  const sizes = new Map([...known].map(([name, source]) => [name, source.size]));
  const open = new Set(slots.flatMap((slot) => slot.shape.flatMap((size) => [...size.variables()])).filter((name) => !sizes.has(name)));
  const attempts = (open.size === 0 ? [1] : candidates).map(
    (candidate) => new Map([...sizes, ...[...open].map((name) => [name, candidate] as const)]),
  );
  const possible = attempts.filter(
    (all) => facts.every((fact) => holds(fact, all)) && slots.every((slot) => slot.shape.every((size) => isPossible(size, all))),
  );
  const best = possible.find((all) => wishes.every((fact) => holds(fact, all))) ?? possible[0];
  if (best !== undefined) {
    checkFormulas(slots, given, best, report);
    return report.hasErrors ? undefined : best;
  }
  reportBrokenFact(slots, facts, sizes, open, report);
  return undefined;
}

/** Takes the names that are alone in a shape; if one name of a sum is open, solves for it. */
function readShape(slot: InputSlot, tensor: TensorData, known: Map<string, Source>, report: Report): void {
  const mismatch = () => {
    // A name accepts any size. If the rank differs, nothing is known about any axis.
    const open = slot.shape.flatMap((size, axis) => (size.variableName === undefined ? [] : [axis]));
    const isSameRank = slot.shape.length === tensor.shape.length;
    report.add(
      'input-shape',
      slot.span,
      { name: slot.name, wanted: `[${slot.shape.join(', ')}]`, got: `[${tensor.shape.join(', ')}]` },
      {
        table: { wanted: slot.shape.map(String), got: tensor.shape.map(String), ...(isSameRank ? { open } : {}) },
      },
    );
  };
  if (slot.shape.length !== tensor.shape.length) {
    mismatch();
    return;
  }
  for (const [axis, wanted] of slot.shape.entries()) {
    const size = tensor.shape[axis] ?? 0;
    if (wanted.constant !== undefined) {
      if (wanted.constant === size) continue;
      mismatch();
      return;
    }
    const name = wanted.variableName ?? openName(wanted, known);
    const value = name === undefined ? undefined : solve(wanted, name, size, known);
    if (name === undefined || value === undefined) continue;
    const source: Source = { who: `\`${slot.name}\``, size: value, span: slot.span };
    const first = known.get(name);
    if (first === undefined) known.set(name, source);
    else if (first.size !== value) {
      const notes = first.span === undefined ? [] : [{ span: first.span, text: `${name} = ${first.size} comes from here` }];
      report.add('input-sizes-conflict', slot.span, { dim: name, first, second: source }, { notes });
    }
  }
}

/** The only name in `size` that has no value yet. */
function openName(size: Dim, known: ReadonlyMap<string, Source>): string | undefined {
  const open = [...size.variables()].filter((name) => !known.has(name));
  return open.length === 1 ? open[0] : undefined;
}

/** The value of `name` that makes `size` equal to `total`, if `size` is strictly monotonic in it. */
function solve(size: Dim, name: string, total: number, known: ReadonlyMap<string, Source>): number | undefined {
  if (size.variableName === name) return total;
  const values = new Map([...known].map(([other, source]) => [other, Dim.of(source.size)]));
  const rest = size.substitute(values);
  const value = solvedFor(name, rest, Dim.of(total))?.constant;
  return value !== undefined && value >= 0 && rest.evaluate(new Map([[name, value]])) === total ? value : undefined;
}

/** Axes that are formulas, once every name has a size. */
function checkFormulas(
  slots: readonly InputSlot[],
  given: ReadonlyMap<string, TensorData>,
  sizes: ReadonlyMap<string, number>,
  report: Report,
): void {
  for (const slot of slots) {
    const tensor = given.get(slot.name);
    if (tensor === undefined) continue;
    const wanted = slot.shape.map((size) => size.evaluate(sizes));
    if (wanted.every((size, axis) => size === tensor.shape[axis])) continue;
    const formula = slot.shape.map((size, axis) =>
      size.constant === undefined && size.variableName === undefined ? `${size} = ${wanted[axis]}` : `${wanted[axis]}`,
    );
    report.add(
      'input-shape',
      slot.span,
      { name: slot.name, wanted: `[${formula.join(', ')}]`, got: `[${tensor.shape.join(', ')}]` },
      {
        table: { wanted: wanted.map(String), got: tensor.shape.map(String) },
      },
    );
  }
}

/** Whether a fact holds for these sizes; a fact about other names is not decided here. */
export function holds(fact: Fact, sizes: ReadonlyMap<string, number>): boolean {
  return variablesOf(fact).some((name) => !sizes.has(name)) || holdsAt(fact, sizes);
}

/** Whether an axis can have this size: it is a number that is not negative. */
function isPossible(size: Dim, sizes: ReadonlyMap<string, number>): boolean {
  return holdsAt({ kind: 'at-least', left: size, right: Dim.zero }, sizes);
}

function reportBrokenFact(
  slots: readonly InputSlot[],
  facts: readonly Fact[],
  sizes: ReadonlyMap<string, number>,
  open: ReadonlySet<string>,
  report: Report,
): void {
  const broken = facts.find((fact) => !holds(fact, sizes)) ?? facts[0];
  const names = broken === undefined ? [] : variablesOf(broken);
  const slot = slots.find(({ shape }) => shape.some((size) => names.some((name) => size.variables().has(name)))) ?? slots[0];
  if (slot === undefined) return;
  const said = names.filter((name) => sizes.has(name)).map((name) => `${name} = ${sizes.get(name)}`);
  const tried = names.filter((name) => open.has(name)).map((name) => `any ${name} that was tried`);
  report.add('size-breaks-fact', slot.span, {
    fact: broken === undefined ? 'sizes of at least 0' : factText(broken),
    sizes: [...said, ...tried].join(', '),
  });
}

function variablesOf(fact: Fact): readonly string[] {
  const parts = fact.kind === 'divides' ? [fact.value, fact.divisor] : [fact.left, fact.right];
  return [...new Set(parts.flatMap((part) => [...part.variables()]))];
}
