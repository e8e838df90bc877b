import type { ModelManifest } from '../../api/model-manifest.js';
import type { Tensor, TensorInput } from '../../api/runtime.js';
import type { DType } from '../../ops/types.js';
import { FeedError } from '../pure/feed-error.js';
import { inputOf } from '../pure/given-inputs.js';
import { inputTensor } from '../pure/input-tensor.js';
import type { DeclaredInput } from '../pure/signature.js';
import { signatureOfPlain } from '../pure/signature-of-plain.js';
import { elementsOf } from '../pure/tensor-data.js';
import type { Engine } from '../session/engine.js';
import type { OrtTensor } from '../session/ort.js';

type Slot = DeclaredInput & { readonly dtype: DType };

/** The states of a model between its calls. On a GPU they stay there. */
export class ModelStates {
  readonly #engine: Engine;
  /** By the names of their inputs. */
  readonly #slots = new Map<string, Slot>();
  /** By the names of their outputs. */
  readonly #names: ReadonlyMap<string, string>;
  readonly #values = new Map<string, OrtTensor>();
  /** How many models have each tensor. */
  readonly #owners: Map<OrtTensor, number>;

  /** Throws `FeedError` for a state that no entry describes. */
  constructor(engine: Engine, { states, entries }: ModelManifest, owners = new Map<OrtTensor, number>()) {
    this.#engine = engine;
    this.#owners = owners;
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
      this.#keep(name, tensor);
    }
    await this.#drop(old);
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
    for (const [name, tensor] of values) this.#keep(name, await this.#engine.upload(tensor));
  }

  /** The same states for another model. Values do not change, so both have them until one gets others. */
  fork(manifest: ModelManifest): ModelStates {
    const copy = new ModelStates(this.#engine, manifest, this.#owners);
    for (const [name, tensor] of this.#values) copy.#keep(name, tensor);
    return copy;
  }

  /** Frees what is on the device. */
  async dispose(): Promise<void> {
    const old = [...this.#values.values()];
    this.#values.clear();
    await this.#drop(old);
  }

  #keep(name: string, tensor: OrtTensor): void {
    this.#values.set(name, tensor);
    this.#owners.set(tensor, (this.#owners.get(tensor) ?? 0) + 1);
  }

  /** Frees the tensors that no other model has. */
  async #drop(tensors: readonly OrtTensor[]): Promise<void> {
    const unused = tensors.filter((tensor) => {
      const others = (this.#owners.get(tensor) ?? 1) - 1;
      if (others > 0) this.#owners.set(tensor, others);
      else this.#owners.delete(tensor);
      return others <= 0;
    });
    await this.#engine.dispose(unused);
  }
}
