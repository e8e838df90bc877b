import type { Span } from '../../diagnostics/span.js';
import { Dim } from '../../dims/dim.js';
import { solvedFor } from '../../dims/solve.js';
import type { InputSlot, Shaped } from './input-slots.js';
import type { SizeReport } from './size-report.js';

/** The value of a size, and its origin. */
interface KnownSize {
  /** Its origin in messages: `` `image` `` or `--bind`. */
  readonly who: string;
  readonly size: number;
  readonly span: Span | undefined;
}

/** Sizes that do not depend on tensors. */
export interface FixedSizes {
  /** The sizes that the user gives. */
  readonly bound: ReadonlyMap<string, number>;
  /** The sizes that are 0 unless something else determines them, each with the state that is empty along it. */
  readonly empty: ReadonlyMap<string, string>;
}

/**
 * The sizes that are bound, and those that follow from the shapes of the given tensors. Shapes that contradict their declaration, each
 * other or a bound size are reported with both sides; the result is then undefined.
 */
export function givenSizes(
  slots: readonly InputSlot[],
  given: ReadonlyMap<string, Shaped>,
  { bound, empty }: FixedSizes,
  report: SizeReport,
): ReadonlyMap<string, number> | undefined {
  const known = new Map<string, KnownSize>();
  for (const [name, state] of empty) {
    if (!given.has(state))
      known.set(name, { who: `the empty state \`${state}\``, size: 0, span: slots.find((slot) => slot.name === state)?.span });
  }
  for (const [name, size] of bound) known.set(name, { who: '`--bind`', size, span: undefined });
  // The size of an axis may be determined before the axis that determines the other sizes in it.
  for (let before = -1; before !== known.size && !report.hasErrors; ) {
    before = known.size;
    for (const slot of slots) {
      const tensor = given.get(slot.name);
      if (tensor !== undefined) readShape(slot, tensor, known, report);
    }
  }
  return report.hasErrors ? undefined : new Map([...known].map(([name, { size }]) => [name, size]));
}

/** Adds the sizes that stand alone in a shape, and solves a formula for the only size in it that is not known yet. */
function readShape(slot: InputSlot, tensor: Shaped, known: Map<string, KnownSize>, report: SizeReport): void {
  if (slot.shape.length !== tensor.shape.length) {
    reportShape(slot, tensor, report);
    return;
  }
  for (const [axis, wanted] of slot.shape.entries()) {
    const size = tensor.shape[axis] ?? 0;
    if (wanted.constant !== undefined) {
      if (wanted.constant === size) continue;
      reportShape(slot, tensor, report);
      return;
    }
    const name = wanted.variableName ?? openName(wanted, known);
    const value = name === undefined ? undefined : solve(wanted, name, size, known);
    if (name === undefined || value === undefined) continue;
    const second: KnownSize = { who: `\`${slot.name}\``, size: value, span: slot.span };
    const first = known.get(name);
    if (first === undefined) known.set(name, second);
    else if (first.size !== value) {
      const notes = first.span === undefined ? [] : [{ span: first.span, text: `${name} = ${first.size} comes from here` }];
      report.add('input-sizes-conflict', slot.span, { dim: name, first, second }, { notes });
    }
  }
}

/** Reports that a tensor does not have the rank or the fixed sizes of the declaration. */
function reportShape(slot: InputSlot, tensor: Shaped, report: SizeReport): void {
  // A name accepts any size. If the rank differs, nothing is known about any axis.
  const open = slot.shape.flatMap((size, axis) => (size.variableName === undefined ? [] : [axis]));
  const isSameRank = slot.shape.length === tensor.shape.length;
  report.add(
    'input-shape',
    slot.span,
    { name: slot.name, wanted: `[${slot.shape.join(', ')}]`, got: `[${tensor.shape.join(', ')}]` },
    { table: { wanted: slot.shape.map(String), got: tensor.shape.map(String), ...(isSameRank ? { open } : {}) } },
  );
}

/** The only name in `size` that has no value yet. */
function openName(size: Dim, known: ReadonlyMap<string, KnownSize>): string | undefined {
  const open = [...size.variables()].filter((name) => !known.has(name));
  return open.length === 1 ? open[0] : undefined;
}

/** The value of `name` that makes `size` equal to `total`, if `size` is strictly monotonic in it. */
function solve(size: Dim, name: string, total: number, known: ReadonlyMap<string, KnownSize>): number | undefined {
  if (size.variableName === name) return total;
  const values = new Map([...known].map(([other, source]) => [other, Dim.of(source.size)]));
  const rest = size.substitute(values);
  const value = solvedFor(name, rest, Dim.of(total))?.constant;
  return value !== undefined && value >= 0 && rest.evaluate(new Map([[name, value]])) === total ? value : undefined;
}

/** Reports each given tensor whose shape is not what the formulas of its input give for these sizes. */
export function checkFormulas(
  slots: readonly InputSlot[],
  given: ReadonlyMap<string, Shaped>,
  sizes: ReadonlyMap<string, number>,
  report: SizeReport,
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
      { table: { wanted: wanted.map(String), got: tensor.shape.map(String) } },
    );
  }
}
