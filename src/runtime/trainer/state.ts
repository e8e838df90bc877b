import { bytesOfElements } from '../../ops/types.js';
import { elementCount, type TensorData } from '../pure/tensor-data.js';
import type { Engine } from '../session/engine.js';
import type { OrtTensor } from '../session/ort.js';
import { isCounter, type StateSlot } from './manifest.js';

/** As many as one step can need besides the state before it. */
const mostSpare = 2;

/**
 * The tensors that go from step to step. In Node on the processor, each has two buffers that take turns, since a run must not write into what it reads (three if a step has
 * several runs, because the state before the step is kept until it has succeeded). On a device, each step makes new ones, and those before are freed.
 */
export class TrainingState {
  readonly slots: ReadonlyMap<string, StateSlot>;
  readonly #engine: Engine;
  readonly #held = new Map<string, OrtTensor>();
  readonly #spare = new Map<string, OrtTensor[]>();

  constructor(engine: Engine, slots: ReadonlyMap<string, StateSlot>) {
    this.#engine = engine;
    this.slots = slots;
  }

  /** Whether runs write into buffers that are given to them. In a browser, ONNX Runtime would write into a copy of them. */
  get hasBuffers(): boolean {
    return this.#engine.host === 'node' && !this.#engine.hasDevice;
  }

  get(name: string): OrtTensor {
    const tensor = this.#held.get(name);
    if (tensor === undefined) throw new RangeError(`there is no state ${name}`);
    return tensor;
  }

  /** A copy of a state. */
  read(name: string): Promise<TensorData> {
    return this.#engine.download(this.get(name), this.#slot(name).dtype);
  }

  /** Replaces states. They are changed all together, once each of them is on the device. Their bytes belong to the state from then on. */
  async write(tensors: ReadonlyMap<string, TensorData>): Promise<void> {
    const change = this.begin();
    try {
      for (const [name, tensor] of tensors)
        change.put(name, isCounter(name) ? this.#engine.tensor(tensor) : await this.#engine.upload(tensor));
    } catch (error) {
      await change.undo();
      throw error;
    }
    await change.commit();
  }

  begin(): Change {
    return new Change(this, this.#held, (name, tensors) => this.#release(name, tensors));
  }

  /** A buffer that no run reads. */
  spare(name: string): OrtTensor {
    const { dtype, shape } = this.#slot(name);
    return (
      this.#spare.get(name)?.pop() ??
      this.#engine.tensor({ dtype, shape, bytes: new Uint8Array(bytesOfElements(dtype, elementCount(shape))) })
    );
  }

  giveBack(name: string, buffer: OrtTensor): void {
    const others = this.#spare.get(name);
    if (others === undefined) this.#spare.set(name, [buffer]);
    else if (others.length < mostSpare) others.push(buffer);
  }

  async dispose(): Promise<void> {
    const all = [...this.#held.values()];
    this.#held.clear();
    this.#spare.clear();
    await this.#engine.dispose(all);
  }

  async #release(name: string, tensor: OrtTensor): Promise<void> {
    if (this.hasBuffers) this.giveBack(name, tensor);
    else await this.#engine.dispose([tensor]);
  }

  #slot(name: string): StateSlot {
    const slot = this.slots.get(name);
    if (slot === undefined) throw new RangeError(`there is no state ${name}`);
    return slot;
  }
}

/** The states in the middle of a step. Those before it are kept until it is committed. */
export class Change {
  readonly #state: TrainingState;
  readonly #held: Map<string, OrtTensor>;
  readonly #release: (name: string, tensor: OrtTensor) => Promise<void>;
  readonly #changed = new Map<string, OrtTensor>();
  readonly #old: (readonly [string, OrtTensor])[] = [];

  constructor(state: TrainingState, held: Map<string, OrtTensor>, release: (name: string, tensor: OrtTensor) => Promise<void>) {
    this.#state = state;
    this.#held = held;
    this.#release = release;
  }

  get(name: string): OrtTensor {
    return this.#changed.get(name) ?? this.#state.get(name);
  }

  /** Sets a state, for the rest of the step and, once it is committed, for those after it. */
  put(name: string, tensor: OrtTensor): void {
    const before = this.#changed.get(name);
    if (before !== undefined) this.#old.push([name, before]);
    this.#changed.set(name, tensor);
  }

  /** Keeps states as they were before the step. */
  keep(names: readonly string[]): void {
    for (const name of names) {
      const changed = this.#changed.get(name);
      if (changed !== undefined) this.#old.push([name, changed]);
      this.#changed.delete(name);
    }
  }

  async commit(): Promise<void> {
    for (const [name, tensor] of this.#changed) {
      const before = this.#held.get(name);
      if (before !== undefined) this.#old.push([name, before]);
      this.#held.set(name, tensor);
    }
    this.#changed.clear();
    await this.freeOld();
  }

  async undo(): Promise<void> {
    for (const changed of this.#changed) this.#old.push(changed);
    this.#changed.clear();
    await this.freeOld();
  }

  /** Frees what was set during the step and set again since. */
  async freeOld(): Promise<void> {
    for (const [name, tensor] of this.#old.splice(0)) await this.#release(name, tensor);
  }
}
