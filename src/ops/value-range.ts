import { Dim } from '../dims/dim.js';

/** Which integers an input may hold: from `least` to `most`, and also those in `also`. */
export interface ValueRange {
  readonly least: Dim;
  readonly most: Dim;
  readonly also?: number | undefined;
}

/** The positions on an axis of this size. */
export function positionsOf(size: Dim): ValueRange {
  return { least: Dim.zero, most: size.sub(Dim.one) };
}

/** The same, and negative ones, which count from the end. */
export function positionsFromEitherEnd(size: Dim): ValueRange {
  return { least: Dim.zero.sub(size), most: size.sub(Dim.one) };
}

/** The integers that two ranges share, if their formulas tell; otherwise those of the first. */
export function commonRange(a: ValueRange, b: ValueRange): ValueRange {
  const tighter = (one: Dim, other: Dim, isTighter: (one: number, other: number) => boolean): Dim => {
    const isKnown = one.constant !== undefined && other.constant !== undefined;
    return isKnown && isTighter(other.constant, one.constant) ? other : one;
  };
  return {
    least: tighter(a.least, b.least, (one, other) => one > other),
    most: tighter(a.most, b.most, (one, other) => one < other),
    also: a.also === b.also ? a.also : undefined,
  };
}
