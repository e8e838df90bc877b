import { Dim } from './dim.js';
import type { Fact } from './fact.js';

/** A size that no signature mentions: it comes into being during a run, and is equal to no other size. */
export interface NewSize {
  /** Different from all other names that occur together with it. */
  readonly name: string;
  /** The variable of that name, with the numbers between which it is. */
  readonly size: Dim;
  /** What decides it: the elements of a tensor, or the shape of the tensor that a run is given for a state. */
  readonly by: 'data' | 'state';
  /** What it lies between; the sizes in these may themselves be new. Without `most`, it is unbounded. */
  readonly least: Dim;
  readonly most?: Dim | undefined;
}

export function newSize(name: string, { by, least, most }: Omit<NewSize, 'name' | 'size'>): NewSize {
  return { name, size: Dim.variable(name, Math.max(0, least.bounds.min), most?.constant ?? Number.POSITIVE_INFINITY), by, least, most };
}

/** The same size under another name, with some of the sizes in its bounds replaced. */
export function renamedSize<S extends NewSize>(made: S, name: string, replacements: ReadonlyMap<string, Dim>): S {
  const { min, max } = made.size.bounds;
  const [least, most] = [made.least.substitute(replacements), made.most?.substitute(replacements)];
  return { ...made, name, size: Dim.variable(name, min, max), least, most };
}

/** The sizes that are mentioned, and the sizes that bound one of them, in their order: each after what bounds it. */
export function mentioned<S extends NewSize>(sizes: readonly S[], names: Iterable<string>): readonly S[] {
  const wanted = new Set(names);
  const found = sizes.toReversed().filter((made) => {
    if (!wanted.has(made.name)) return false;
    for (const name of [...made.least.variables(), ...(made.most?.variables() ?? [])]) wanted.add(name);
    return true;
  });
  return found.reverse();
}

/** What bounds a size, beyond the numbers that its variable knows. */
export function boundsOf({ size, least, most }: NewSize): readonly Fact[] {
  const bounds: Fact[] = [];
  if (least.constant === undefined) bounds.push({ kind: 'at-least', left: size, right: least });
  if (most !== undefined && most.constant === undefined) bounds.push({ kind: 'at-least', left: most, right: size, written: '<=' });
  return bounds;
}
