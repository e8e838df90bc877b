import type { Batch, Signal } from '../../api/runtime.js';
import type { TrainingGraph as GraphInfo } from '../../api/training.js';
import { checkFeeds } from '../pure/check-feeds.js';
import { checkRanges } from '../pure/check-ranges.js';
import { givenInputs, inputOf } from '../pure/given-inputs.js';
import { inputTensor } from '../pure/input-tensor.js';
import type { Signature } from '../pure/signature.js';
import { signatureOfPlain } from '../pure/signature-of-plain.js';
import type { TensorData } from '../pure/tensor-data.js';
import type { Engine, ModelSource } from '../session/engine.js';
import type { OrtSession, OrtTensor } from '../session/ort.js';
import { averageOf } from './entries.js';
import { isCounter, nameOfState } from './manifest.js';
import type { Change, TrainingState } from './state.js';

/** What a run computes besides states: the loss, the metrics and their weights. */
export type Results = ReadonlyMap<string, number>;

/** A batch as tensors, and the sizes that the names in the shapes of the graph have in it. */
export interface Feeds {
  readonly tensors: ReadonlyMap<string, TensorData>;
  readonly sizes: ReadonlyMap<string, number>;
}

/** A graph of a training that is ready to run. */
export class TrainingGraph {
  readonly #engine: Engine;
  readonly #session: OrtSession;
  readonly #info: GraphInfo;
  /** Of a batch: neither states nor the learning rate are among its inputs. */
  readonly #batch: Signature;
  readonly #takesRate: boolean;

  private constructor(engine: Engine, session: OrtSession, info: GraphInfo, batch: Signature, takesRate: boolean) {
    this.#engine = engine;
    this.#session = session;
    this.#info = info;
    this.#batch = batch;
    this.#takesRate = takesRate;
  }

  static async load(engine: Engine, source: ModelSource, info: GraphInfo, hasRate: boolean): Promise<TrainingGraph> {
    const { file, signature } = info;
    const states = new Map(signature.states.map((state) => [state.output, nameOfState(state)]));
    const outputs = signature.outputs.map(({ name }) => name);
    const isResident = (output: string) => states.has(output) && !isCounter(states.get(output) ?? '');
    const session = await engine.load(source, file, outputs, isResident);
    const whole = signatureOfPlain(signature, { file, start: 0, end: 0 });
    const ofHost = new Set([...signature.states.map(({ input }) => input), ...(hasRate ? ['lr'] : [])]);
    const inputs = whole.inputs.filter(({ name }) => !ofHost.has(name));
    const takesRate = hasRate && signature.inputs.some(({ name }) => name === 'lr');
    return new TrainingGraph(engine, session, info, { ...whole, inputs }, takesRate);
  }

  /** The tensors of a batch, checked, with the sizes in it. Throws `FeedError`. */
  feeds(batch: Batch, resize = false): Feeds {
    const tensors = new Map<string, TensorData>();
    for (const [name, value] of givenInputs(this.#batch, batch))
      tensors.set(name, inputTensor(inputOf(this.#batch, name), value, { resize }));
    const sizes = checkFeeds(this.#batch, tensors);
    checkRanges(this.#batch, tensors, sizes);
    return { tensors, sizes };
  }

  /** Runs the graph on the states of a change, and puts those that it computes into it. If it throws, the change is as before. */
  async run(
    state: TrainingState,
    change: Change,
    {
      feeds,
      lr,
      ema = false,
      signal,
      what,
    }: {
      readonly feeds: ReadonlyMap<string, TensorData>;
      readonly lr: number | undefined;
      /** Whether weights are read as their moving average. */
      readonly ema?: boolean | undefined;
      readonly signal?: Signal | undefined;
      readonly what: string;
    },
  ): Promise<Results> {
    const given: Record<string, OrtTensor> = {};
    for (const [name, tensor] of feeds) given[name] = this.#engine.tensor(tensor);
    if (this.#takesRate)
      given.lr = this.#engine.tensor({ dtype: 'f32', shape: [], bytes: new Uint8Array(Float32Array.of(lr ?? 0).buffer) });
    const set: (readonly [output: string, state: string])[] = [];
    for (const { input, output } of this.#info.signature.states) {
      const name = nameOfState({ input, output });
      if (input !== undefined) given[input] = change.get(ema && state.slots.has(averageOf(name)) ? averageOf(name) : name);
      if (output !== undefined) set.push([output, name]);
    }
    const into: Record<string, OrtTensor> = {};
    if (state.hasBuffers) for (const [output, name] of set) into[output] = state.spare(name);
    let results: Readonly<Record<string, OrtTensor>>;
    try {
      results = await this.#engine.run(this.#session, given, { into, what, signal });
    } catch (error) {
      for (const [output, name] of set) {
        const buffer = into[output];
        if (buffer !== undefined) state.giveBack(name, buffer);
      }
      throw error;
    }
    const outputs = new Set(set.map(([output]) => output));
    for (const [output, name] of set) {
      const tensor = into[output] ?? results[output];
      if (tensor !== undefined) change.put(name, tensor);
    }
    const numbers = new Map<string, number>();
    for (const [name, { data }] of Object.entries(results).filter(([output]) => !outputs.has(output)))
      numbers.set(name, Number((data as ArrayLike<number>)[0]));
    return numbers;
  }

  release(): Promise<void> {
    return this.#engine.release([this.#session]);
  }
}
