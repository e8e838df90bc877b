import type { Dim } from './dim.js';

/** What a size is built from, apart from integers, sums and products. Atoms with the same `key` are the same atom. */
export type Atom = VariableAtom | FloorAtom | MaxAtom;

/** A named size. Within one scope a name has one range; the range is not part of the key. */
export interface VariableAtom {
  readonly kind: 'variable';
  readonly key: string;
  readonly name: string;
  readonly min: number;
  /** `Infinity` if unbounded. */
  readonly max: number;
}

/** `floor(value / divisor)`; the divisor is a literal above 1, or symbolic with a positive leading coefficient. */
export interface FloorAtom {
  readonly kind: 'floor';
  readonly key: string;
  readonly value: Dim;
  readonly divisor: Dim;
}

/** `max(value, 0)`; the leading coefficient of `value` is positive. */
export interface MaxAtom {
  readonly kind: 'max';
  readonly key: string;
  readonly value: Dim;
}

const RANK = { variable: 0, floor: 1, max: 2 } as const;
const PLAIN_NAME = /^[\p{L}_'][\p{L}\p{N}_.']*$/u;

/** The atom of a variable that ranges over `min..max`. */
export function variableAtom(name: string, min: number, max: number): VariableAtom {
  return { kind: 'variable', key: PLAIN_NAME.test(name) ? name : JSON.stringify(name), name, min, max };
}

/** The atom `floor(value / divisor)`; `floorDiv` brings the operands into normal form first. */
export function floorAtom(value: Dim, divisor: Dim): FloorAtom {
  return { kind: 'floor', key: `floor(${value.key}/${divisor.key})`, value, divisor };
}

/** The atom `max(value, 0)`; `positivePart` brings the operand into normal form first. */
export function maxAtom(value: Dim): MaxAtom {
  return { kind: 'max', key: `max(${value.key})`, value };
}

/** Variables first, then floors, then maxima; by key within a kind. The order is total and the same on every machine. */
export function compareAtoms(a: Atom, b: Atom): number {
  if (a === b || a.key === b.key) return 0;
  return RANK[a.kind] - RANK[b.kind] || (a.key < b.key ? -1 : 1);
}
