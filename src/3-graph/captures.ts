import type { Body, Value } from './graph.js';

/**
 * The values that the bodies of one control-flow node capture from the region around them while they are written: each is an input of all the bodies, after those
 * that they have from the beginning. Constants are not captured: every region can read them.
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
