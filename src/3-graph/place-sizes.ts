import type { Instance } from '../2-check/checked-model.js';
import type { MadeSize } from '../2-check/sizes/new-sizes.js';
import { InternalError } from '../diagnostics/internal-error.js';
import { Dim } from '../dims/dim.js';
import type { TensorType } from '../ops/types.js';

/** What the sizes of a typed body are in the graph, at one place where it is unfolded: new sizes have other names at each. */
export class PlaceSizes {
  readonly #sizes: Map<string, Dim>;
  /** What the bodies around this one call its new sizes, if they see them. */
  readonly #names: ReadonlyMap<string, string>;

  constructor(sizes: ReadonlyMap<string, Dim> = new Map(), names: ReadonlyMap<string, string> = new Map()) {
    this.#sizes = new Map(sizes);
    this.#names = names;
  }

  /** For a body that is used in `instance`: its types may mention the sizes of this one. `seen` are the new sizes of it that are seen here. */
  inside(seen: ReadonlyMap<string, Dim>, { newSizes }: Instance): PlaceSizes {
    const here = new Map([...seen].map(([inner, size]) => [size.variableName, inner]));
    const names = newSizes.flatMap((made): readonly (readonly [string, string])[] => {
      const inner = here.get(made.name);
      return inner === undefined ? [] : [[inner, this.nameOf(made)]];
    });
    return new PlaceSizes(this.#sizes, new Map(names));
  }

  /** What to call a new size: outer bodies know best. */
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
    return this.#sizes.size === 0 ? type : { ...type, shape: type.shape.map((size) => this.size(size)) };
  }

  /** The options of an operator, some of which are sizes. */
  attrs(attrs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    if (this.#sizes.size === 0) return attrs;
    return Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, this.#attr(value)]));
  }

  #attr(value: unknown): unknown {
    if (value instanceof Dim) return this.size(value);
    return Array.isArray(value) ? value.map((item) => this.#attr(item)) : value;
  }
}
