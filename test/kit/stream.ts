import type { Signature, StateSignature } from '../../src/api/signature.js';
import { ndArray, sizeOf } from '../../src/ops/nd/array.js';
import { expanded } from '../../src/ops/nd/broadcast.js';
import type { DType, NdArray } from '../../src/ops/types.js';

type Arrays = Readonly<Record<string, NdArray>>;

/** A graph that is run call after call: each state is what the call before left. */
export class Stream {
  readonly #signature: Signature;
  readonly #run: (feeds: Arrays) => Promise<Arrays>;
  #states: Arrays;

  /** `sizes` are the sizes of the states before the first call; one that is left out is 0. */
  constructor(signature: Signature, sizes: Readonly<Record<string, number>>, run: (feeds: Arrays) => Promise<Arrays>) {
    this.#signature = signature;
    this.#run = run;
    this.#states = Object.fromEntries(
      signature.states.flatMap((state) => {
        const input = signature.inputs.find(({ name }) => name === state.input);
        if (input === undefined) return [];
        const shape = input.shape.map((size) => (typeof size === 'number' ? size : (sizes[size] ?? 0)));
        return [[input.name, startOf(state, input.dtype as DType, shape)]];
      }),
    );
  }

  /** What the next call will take, by the names of the inputs. */
  get states(): Arrays {
    return this.#states;
  }

  /** Runs the graph once; gives the outputs of the model, without those of its states. */
  async call(inputs: Arrays): Promise<Arrays> {
    const outputs = { ...(await this.#run({ ...inputs, ...this.#states })) };
    const states: Record<string, NdArray> = { ...this.#states };
    for (const { input, output } of this.#signature.states) {
      if (output === undefined) continue;
      const next = outputs[output];
      if (next === undefined) throw new Error(`the graph has no output ${output}`);
      if (input !== undefined) states[input] = next;
      delete outputs[output];
    }
    this.#states = states;
    return outputs;
  }
}

function startOf({ start }: StateSignature, dtype: DType, shape: readonly number[]): NdArray {
  switch (start.kind) {
    case 'empty':
      return ndArray(dtype, shape);
    case 'stored':
      throw new Error('the value of a stored state is not in the model');
    case 'fill':
      return ndArray(dtype, shape, new Float64Array(sizeOf(shape)).fill(start.value));
    case 'values':
      return expanded(ndArray(dtype, start.shape, Float64Array.from(start.values)), shape);
  }
}
