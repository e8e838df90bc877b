import type { Dim } from '../dims/dim.js';
import type { TensorType } from './types.js';

/** A size that a shape rule has made, under a name that no program can contain: whoever called the rule puts another in its place. */
export interface RequestedSize {
  readonly placeholder: string;
  readonly name: string;
  readonly least: Dim;
  readonly most: Dim;
}

/** The sizes that replace those which a rule has made: the first axis of such a size in the types of the results determines it. */
export function placesIn(
  requests: readonly RequestedSize[],
  inferred: readonly TensorType[],
  results: readonly TensorType[],
): ReadonlyMap<string, Dim> {
  const found = new Map<string, Dim>();
  for (const { placeholder } of requests) {
    for (const [k, { shape }] of inferred.entries()) {
      const axis = shape.findIndex((size) => size.variableName === placeholder);
      const size = results[k]?.shape[axis];
      if (size !== undefined && !found.has(placeholder)) found.set(placeholder, size);
    }
  }
  return found;
}

/** The type with some of its sizes replaced. */
export function withSizes(type: TensorType, sizes: ReadonlyMap<string, Dim>): TensorType {
  return sizes.size === 0 ? type : { ...type, shape: type.shape.map((size) => size.substitute(sizes)) };
}
