import type { Instance } from '../2-check/checked-model.js';
import type { MadeSize } from '../2-check/sizes/new-sizes.js';
import { InternalError } from '../diagnostics/internal-error.js';
import type { Dim } from '../dims/dim.js';
import type { TensorType } from '../ops/types.js';
import { SnapshotMap } from '../snapshot-map.js';
import { attrsWith, typeWith } from './replace-sizes.js';

const noNames: ReadonlyMap<string, string> = new Map();

/** The sizes of a typed body at one place in the graph where it is unfolded. New sizes have different names at each place. */
export class PlaceSizes {
  readonly #instance: Instance;
  readonly #sizes = new SnapshotMap<string, Dim>();
  /** What the bodies around this one call its new sizes, if they see them. */
  readonly #names: ReadonlyMap<string, string>;
  /** The sizes that steps of the body have yet to make, by name. */
  readonly #unmade = new SnapshotMap<string, MadeSize>();

  constructor(instance: Instance, names: ReadonlyMap<string, string> = noNames) {
    this.#instance = instance;
    this.#names = names;
    for (const made of instance.newSizes) if (made.isOwn) this.#unmade.set(made.name, made);
  }

  /** For a body that is used in this one: its types may mention the sizes of this one. `seen` lists its new sizes that are visible here. */
  inside(instance: Instance, seen: ReadonlyMap<string, Dim>): PlaceSizes {
    const inside = new PlaceSizes(instance, seen.size === 0 ? noNames : this.#namesOf(seen));
    inside.#sizes.restore(this.#sizes.snapshot());
    return inside;
  }

  #namesOf(seen: ReadonlyMap<string, Dim>): ReadonlyMap<string, string> {
    const here = new Map([...seen].map(([inner, size]) => [size.variableName, inner]));
    const names = new Map<string, string>();
    for (const made of this.#instance.newSizes) {
      const inner = here.get(made.name);
      if (inner !== undefined) names.set(inner, this.nameOf(made));
    }
    return names;
  }

  /** Whether steps of the body have yet to make sizes. */
  get hasUnmade(): boolean {
    return this.#unmade.size > 0;
  }

  /** The sizes in these types that come into being with them: each is returned once. */
  takeUnmade(types: readonly TensorType[]): readonly MadeSize[] {
    const names = new Set(types.flatMap(({ shape }) => shape.flatMap((size) => [...size.variables()])));
    const taken = [...names].flatMap((name) => this.#unmade.get(name) ?? []);
    for (const { name } of taken) this.#unmade.delete(name);
    return taken;
  }

  /** The name of a new size. The outermost body that sees it decides. */
  nameOf({ name, outerName }: MadeSize): string {
    return this.#names.get(name) ?? outerName;
  }

  get all(): ReadonlyMap<string, Dim> {
    return this.#sizes;
  }

  get(name: string): Dim {
    const size = this.#sizes.get(name);
    if (size === undefined) throw new InternalError(`the size ${name} is used before it is made`);
    return size;
  }

  set(name: string, size: Dim): void {
    this.#sizes.set(name, size);
  }

  size(size: Dim): Dim {
    return size.substitute(this.#sizes);
  }

  type(type: TensorType): TensorType {
    return typeWith(type, this.#sizes);
  }

  /** The options of an operator, some of which are sizes. */
  attrs(attrs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    return attrsWith(attrs, this.#sizes);
  }
}
