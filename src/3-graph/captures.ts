import type { Body, Value } from './graph.js';

/**
 * What the bodies of one control-flow node read of the region around them, while they are written: each such value is an input of all of the bodies, after those
 * that they have from the beginning. Constants are read everywhere.
 */
export class Captures {
  readonly values: Value[] = [];
  readonly #bodies: readonly Body[];
  readonly #own: number;
  readonly #places = new Map<Value, number>();

  constructor(bodies: readonly Body[]) {
    this.#bodies = bodies;
    this.#own = bodies[0]?.inputs.length ?? 0;
  }

  /** The value in `body` that represents one of the region around it. */
  in(body: Body, value: Value): Value {
    if (value.source.kind === 'constant') return value;
    const place = this.#places.get(value) ?? this.#capture(value);
    return body.inputs[this.#own + place] as Value; // every body has an input for it
  }

  #capture(value: Value): number {
    const place = this.values.length;
    this.values.push(value);
    this.#places.set(value, place);
    for (const body of this.#bodies) body.input(value.hint ?? 'captured', value.type);
    return place;
  }
}
