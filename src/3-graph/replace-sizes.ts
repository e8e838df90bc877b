import { Dim } from '../dims/dim.js';
import type { TensorType } from '../ops/types.js';

/** A type with some of its sizes replaced. */
export function typeWith(type: TensorType, sizes: ReadonlyMap<string, Dim>): TensorType {
  return sizes.size === 0 ? type : { ...type, shape: type.shape.map((size) => size.substitute(sizes)) };
}

/** The options of an operator with some sizes among them replaced. */
export function attrsWith(attrs: Readonly<Record<string, unknown>>, sizes: ReadonlyMap<string, Dim>): Readonly<Record<string, unknown>> {
  if (sizes.size === 0) return attrs;
  return Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, attrWith(value, sizes)]));
}

function attrWith(value: unknown, sizes: ReadonlyMap<string, Dim>): unknown {
  if (value instanceof Dim) return value.substitute(sizes);
  return Array.isArray(value) ? value.map((item) => attrWith(item, sizes)) : value;
}
