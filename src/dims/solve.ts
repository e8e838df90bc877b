import { Dim, DimError } from './dim.js';

/** `size` as `slope * name + rest`, where neither part mentions `name`, and the slope is at least 1, or at most -1, for all sizes. */
export interface Line {
  readonly slope: Dim;
  readonly rest: Dim;
}

/** Undefined if `size` is not of that form. */
export function lineOf(name: string, size: Dim): Line | undefined {
  try {
    const at = (value: number): Dim => size.substitute(new Map([[name, Dim.of(value)]]));
    const slope = at(2).sub(at(1));
    const rest = at(1).sub(slope);
    const isLinear = slope.mul(Dim.variable(name)).add(rest).equals(size);
    const hasSign = slope.bounds.min >= 1 || slope.bounds.max <= -1;
    return isLinear && hasSign ? { slope, rest } : undefined;
  } catch (error) {
    if (error instanceof DimError) return undefined;
    throw error;
  }
}

/**
 * The value of `name` for which `size` is `wanted`, rounded down if the division is not exact: callers must compare `size` with `wanted`
 * afterwards. Undefined if `size` is not linear in `name`.
 */
export function solvedFor(name: string, size: Dim, wanted: Dim): Dim | undefined {
  const line = lineOf(name, size);
  if (line === undefined) return undefined;
  try {
    const { slope, rest } = line;
    return slope.bounds.min >= 1 ? wanted.sub(rest).floorDiv(slope) : rest.sub(wanted).floorDiv(slope.neg());
  } catch (error) {
    if (error instanceof DimError) return undefined;
    throw error;
  }
}

/** Which axis determines a size, and how: the size is `(axis - rest) / slope`, and `rest` and `slope` mention only sizes that were found before. */
export interface Solution extends Line {
  readonly shape: number;
  readonly axis: number;
}

/**
 * How the sizes that `shapes` mention are found from the axes of tensors with these shapes, in an order in which each needs only those
 * before it; with `names`, only these sizes, while all others are known. Sizes without a solution are missing: they occur in products of
 * each other or under a rounded division, or depend on each other in a cycle.
 */
export function solutionsOf(shapes: readonly (readonly Dim[])[], names?: ReadonlySet<string>): ReadonlyMap<string, Solution> {
  const found = new Map<string, Solution>();
  const isOpen = (name: string) => !found.has(name) && names?.has(name) !== false;
  const composed: { readonly size: Dim; readonly shape: number; readonly axis: number }[] = [];
  for (const [shape, dims] of shapes.entries()) {
    for (const [axis, size] of dims.entries()) {
      const name = size.variableName;
      if (name !== undefined && isOpen(name)) found.set(name, { shape, axis, slope: Dim.one, rest: Dim.zero });
      if (name === undefined && size.constant === undefined) composed.push({ size, shape, axis });
    }
  }
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { size, shape, axis } of composed) {
      const [name, ...others] = [...size.variables()].filter(isOpen);
      const line = name === undefined || others.length > 0 ? undefined : lineOf(name, size);
      if (name !== undefined && line !== undefined) found.set(name, { shape, axis, ...line });
    }
  }
  return found;
}
