import type { ModelManifest } from '../../api/model-manifest.js';
import type { Tensor, TensorInput } from '../../api/runtime.js';
import type { DType } from '../../ops/types.js';
import { FeedError } from '../pure/feed-error.js';
import { inputTensor } from '../pure/input-tensor.js';
import type { DeclaredInput } from '../pure/signature.js';
import { signatureOfPlain } from '../pure/signature-of-plain.js';
import { elementsOf } from '../pure/tensor-data.js';
import type { Engine } from '../session/engine.js';
import type { OrtTensor } from '../session/ort.js';
import { inputOf } from '../session/session.js';

type Slot = DeclaredInput & { readonly dtype: DType };

/** The states of a model between its calls. On a GPU they stay there. */
export class ModelStates {
  readonly #engine: Engine;
  /** By the names of their inputs. */
  readonly #slots = new Map<string, Slot>();
  /** By the names of their outputs. */
  readonly #names: ReadonlyMap<string, string>;
  readonly #values = new Map<string, OrtTensor>();

  /** Throws `FeedError` for a state that no entry describes. */
  constructor(engine: Engine, { states, entries }: ModelManifest) {
    this.#engine = engine;
    this.#names = new Map(states.map(({ input, output }) => [output, input]));
    for (const { input, output } of states) {
      const tensors = entries.flatMap(({ signature }) => [
        ...signature.inputs.filter(({ name }) => name === input),
        ...signature.outputs.filter(({ name }) => name === output),
      ]);
      const inputs = tensors.slice(0, 1).map((tensor) => ({ ...tensor, name: input }));
      const declared = signatureOfPlain({ inputs, outputs: [], states: [], facts: [], open: [] }, { file: '', start: 0, end: 0 });
      this.#slots.set(input, inputOf(declared, input));
    }
  }

  /** The value for an input; undefined before the first call. */
  get(input: string): OrtTensor | undefined {
    return this.#values.get(input);
  }

  /** Takes what a call has computed, by the names of outputs. */
  async set(outputs: ReadonlyMap<string, OrtTensor>): Promise<void> {
    const old: OrtTensor[] = [];
    for (const [output, tensor] of outputs) {
      const name = this.#names.get(output);
      if (name === undefined) continue;
      const before = this.#values.get(name);
      if (before !== undefined && before !== tensor) old.push(before);
      this.#values.set(name, tensor);
    }
    await this.#engine.dispose(old);
  }

  /** Copies of all that have a value. */
  async read(): Promise<Readonly<Record<string, Tensor>>> {
    const copies: [string, Tensor][] = [];
    for (const [name, { dtype }] of this.#slots) {
      const value = this.#values.get(name);
      if (value === undefined) continue;
      const data = await this.#engine.download(value, dtype);
      copies.push([name, { dtype, shape: data.shape, data: elementsOf(data) }]);
    }
    return Object.fromEntries(copies);
  }

  /** Forgets all values, and takes copies of the given ones. Throws `FeedError` before anything changes. */
  async reset(given: Readonly<Record<string, TensorInput>>): Promise<void> {
    const values = Object.entries(given).map(([name, value]) => {
      const slot = this.#slots.get(name);
      if (slot === undefined) throw new FeedError({ kind: 'unknown-input', name, known: [...this.#slots.keys()] });
      const tensor = inputTensor(slot, value);
      return [name, { ...tensor, bytes: tensor.bytes.slice() }] as const;
    });
    await this.dispose();
    for (const [name, tensor] of values) this.#values.set(name, await this.#engine.upload(tensor));
  }

  /** Frees what is on the device. */
  async dispose(): Promise<void> {
    const old = [...this.#values.values()];
    this.#values.clear();
    await this.#engine.dispose(old);
  }
}
