import type { IntegerRange } from '../../api/signature.js';
import { Dim } from '../../dims/dim.js';
import { parseSize } from '../../dims/parse.js';
import type { ValueRange } from '../../ops/value-range.js';

/** A range as plain data describe it. Undefined if its ends are not formulas. */
export function parseRange({ least, most, also }: IntegerRange): ValueRange | undefined {
  const size = (value: number | string) => (typeof value === 'number' ? Dim.of(value) : parseSize(value));
  const [from, to] = [size(least), size(most)];
  return from && to && { least: from, most: to, also };
}

/** The integers that an input may hold. */
export interface AllowedIntegers {
  has(value: number): boolean;
  /** `from 0 to 9, or -100` */
  readonly text: string;
}

/** The integers of a range at these sizes. Undefined if it depends on others. */
export function integersIn({ least, most, also }: ValueRange, sizes: ReadonlyMap<string, number>): AllowedIntegers | undefined {
  if ([...least.variables(), ...most.variables()].some((name) => !sizes.has(name))) return undefined;
  const [from, to] = [least.evaluate(sizes), most.evaluate(sizes)];
  const isBetween = (value: number) => value >= from && value <= to;
  const besides = also === undefined || isBetween(also) ? '' : `, or ${also}`;
  return { has: (value) => isBetween(value) || value === also, text: `from ${from} to ${to}${besides}` };
}
