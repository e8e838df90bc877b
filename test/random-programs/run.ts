import type { OpInput } from '../../src/ops/builder.js';
import { type CoreCall, EvalBuilder } from '../../src/ops/evaluate.js';
import type { NdArray } from '../../src/ops/types.js';
import type { Draw } from './draw.js';
import type { Sizes } from './size.js';
import type { Tensor } from './tensor.js';

/** What all bodies of one run share. */
export interface World {
  /** The weight of this full name. */
  weight(name: string, shape: readonly number[]): NdArray;
  readonly builder: EvalBuilder;
}

/**
 * Disturbs what the runtime rounds by a few units in the last place, to tell how far apart two right answers may be. What is exact in f32 stays as it
 * is: programs use floors and comparisons on exact values only.
 */
export class NoisyBuilder extends EvalBuilder {
  readonly #draw: Draw;

  constructor(draw: Draw) {
    super();
    this.#draw = draw;
  }

  protected override onCore(call: CoreCall): CoreCall {
    return { ...call, outputs: call.outputs.map((output) => (output.dtype === 'f32' ? this.disturbed(output) : output)) };
  }

  disturbed(array: NdArray, all = false): NdArray {
    return { ...array, data: array.data.map((x) => (all || Math.fround(x) !== x ? x * (1 + (this.#draw.number() - 0.5) * 2 ** -21) : x)) };
  }
}

/** One body on concrete tensors: the reference, which knows the program as it was drawn and nothing of its text. */
export class Run {
  readonly sizes: Sizes;
  readonly world: World;
  /** Labels of the layers around this body, with dots: `encoder.0.`. */
  readonly path: string;
  /** Whether a tensor had no elements. */
  sawEmpty = false;
  readonly #values = new Map<object, readonly NdArray[]>();

  constructor(world: World, sizes: Sizes, given: ReadonlyMap<Tensor, NdArray>, path = '') {
    this.world = world;
    this.sizes = sizes;
    this.path = path;
    for (const [tensor, value] of given) this.#values.set(tensor.source, [value]);
  }

  /** Sets the value of a tensor that comes from outside. */
  give(tensor: Tensor, value: NdArray): void {
    this.#values.set(tensor.source, [value]);
  }

  of(tensor: Tensor): NdArray {
    const value = this.all(tensor.source)[tensor.index];
    if (value === undefined) throw new Error(`${tensor.text} has no value ${tensor.index}`);
    return value;
  }

  all(source: { compute(run: Run): readonly NdArray[] }): readonly NdArray[] {
    let values = this.#values.get(source);
    if (values === undefined) {
      values = source.compute(this);
      if (values.some((value) => value.data.length === 0)) this.sawEmpty = true;
      this.#values.set(source, values);
    }
    return values;
  }

  op(name: string, inputs: readonly OpInput<NdArray>[], attrs: Readonly<Record<string, unknown>> = {}): readonly NdArray[] {
    return this.world.builder.call(name, inputs, attrs);
  }

  weight(name: string, shape: readonly number[]): NdArray {
    return this.world.weight(this.path + name, shape);
  }
}
