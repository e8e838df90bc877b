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
 * Functions that ONNX Runtime computes as a sum in which a small result is what is left of larger numbers, and how large those are: its sigmoid is
 * 1/2 plus a rational function, its elu is `alpha * (e^x - 1)`. Such a result has the error of a number of that size.
 */
const summands: Readonly<Record<string, (attrs: Readonly<Record<string, unknown>>) => number>> = {
  sigmoid: () => 1,
  elu: ({ alpha }) => Math.abs(alpha as number),
};

/**
 * Disturbs what the runtime rounds by a few units in the last place, to tell how far apart two right answers may be. What is exact in f32 stays as it
 * is: programs use floors and comparisons only on exact values.
 */
export class NoisyBuilder extends EvalBuilder {
  readonly #draw: Draw;

  constructor(draw: Draw) {
    super();
    this.#draw = draw;
  }

  protected override onCore(call: CoreCall): CoreCall {
    const { op, attrs, outputs } = call;
    const absolute = summands[op.name]?.(attrs) ?? 0;
    return { ...call, outputs: outputs.map((output) => (output.dtype === 'f32' ? this.disturbed(output, { absolute }) : output)) };
  }

  /** Changes the elements that f32 does not hold exactly, or `all`, by some units in the last place of themselves and of `absolute`. */
  disturbed(array: NdArray, { all = false, absolute = 0 } = {}): NdArray {
    const change = (x: number) => (Math.abs(x) + absolute) * (this.#draw.number() - 0.5) * 2 ** -21;
    return { ...array, data: array.data.map((x) => (all || Math.fround(x) !== x ? x + change(x) : x)) };
  }
}

/** Disturbs what the runtime rounds, but not what it only moves or selects: what a maximum is equal to, it stays equal to. */
export class NoisyGradients extends NoisyBuilder {
  protected override onCore(call: CoreCall): CoreCall {
    const given = Object.values(call.inputs).flatMap((input) => (input === undefined ? [] : 'data' in input ? [input] : input));
    const known = new Set(given.flatMap(({ data }) => [...data]));
    const { outputs } = super.onCore(call);
    const kept = outputs.map((output, i) => ({
      ...output,
      data: output.data.map((x, k) => {
        const exact = call.outputs[i]?.data[k] ?? x;
        return known.has(exact) ? exact : x;
      }),
    }));
    return { ...call, outputs: kept };
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
