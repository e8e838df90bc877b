import type { ModelGraph as GraphInfo } from '../../api/model-manifest.js';
import type { AnyInputs, AnyOutputs, CallOptions, Tensor } from '../../api/runtime.js';
import { checkFeeds, demandInputs } from '../pure/check-feeds.js';
import { checkRanges } from '../pure/check-ranges.js';
import { givenInputs, inputOf } from '../pure/given-inputs.js';
import { inputTensor } from '../pure/input-tensor.js';
import { oldestRuntime } from '../pure/oldest-runtime.js';
import type { Signature } from '../pure/signature.js';
import { signatureOfPlain } from '../pure/signature-of-plain.js';
import { startOfStates } from '../pure/start-of-states.js';
import type { TensorData } from '../pure/tensor-data.js';
import { checkDevice } from '../session/device-checks.js';
import type { Engine, ModelSource } from '../session/engine.js';
import type { OrtSession, OrtTensor } from '../session/ort.js';
import { tensorOfResult } from '../session/tensor-of-result.js';
import type { ModelStates } from './model-states.js';

/** An entry of a model that is ready to run. */
export class ModelGraph {
  readonly entry: string;
  readonly #engine: Engine;
  readonly #session: OrtSession;
  readonly #signature: Signature;
  /** The same without the inputs of states. */
  readonly #own: Signature;

  private constructor(entry: string, engine: Engine, session: OrtSession, signature: Signature) {
    this.entry = entry;
    this.#engine = engine;
    this.#session = session;
    this.#signature = signature;
    const ofStates = new Set(signature.states.map(({ input }) => input));
    this.#own = { ...signature, inputs: signature.inputs.filter(({ name }) => !ofStates.has(name)) };
  }

  static async load(
    engine: Engine,
    source: ModelSource,
    { file, signature: plain, sessionOptions, deviceChecks, runtime = oldestRuntime(0) }: GraphInfo,
  ): Promise<ModelGraph> {
    const ofStates = new Set(plain.states.map(({ output }) => output));
    const outputs = plain.outputs.map(({ name }) => name);
    engine.demandVersion(runtime);
    await checkDevice(engine, deviceChecks);
    const session = await engine.load(source, file, outputs, (name) => ofStates.has(name), sessionOptions);
    return new ModelGraph(plain.entry, engine, session, signatureOfPlain(plain, { file, start: 0, end: 0 }));
  }

  /** Runs it with the states as they are, and then sets those that it computes. Throws `FeedError`, and `SessionError`. */
  async run(inputs: AnyInputs, states: ModelStates, options: CallOptions): Promise<AnyOutputs> {
    return this.#take(await this.#compute(this.#given(inputs, options), states), states);
  }

  /** Runs it once with made-up inputs, and leaves the states as they are. */
  async warmUp(states: ModelStates, sizes: Readonly<Record<string, number>>): Promise<void> {
    const { warmInputs } = await import('./warm-up.js');
    const results = await this.#compute(warmInputs(this.#signature, sizes), states);
    await this.#engine.dispose(Object.values(results));
  }

  #given(inputs: AnyInputs, options: CallOptions): ReadonlyMap<string, TensorData> {
    const given = new Map<string, TensorData>();
    for (const [name, value] of givenInputs(this.#own, inputs)) given.set(name, inputTensor(inputOf(this.#own, name), value, options));
    demandInputs(this.#own, given);
    return given;
  }

  async #compute(given: ReadonlyMap<string, TensorData>, states: ModelStates): Promise<Readonly<Record<string, OrtTensor>>> {
    const feeds = new Map<string, OrtTensor>();
    const kept = new Map<string, { readonly shape: readonly number[] }>();
    for (const { input } of this.#signature.states) {
      const value = input === undefined ? undefined : states.get(input);
      if (input === undefined || value === undefined) continue;
      feeds.set(input, value);
      kept.set(input, { shape: [...value.dims] });
    }
    const started = startOfStates(this.#signature, new Map([...given, ...kept]));
    checkRanges(this.#signature, given, checkFeeds(this.#signature, new Map([...given, ...started, ...kept])));
    for (const [name, tensor] of [...given, ...started]) feeds.set(name, this.#engine.tensor(tensor));
    return this.#engine.run(this.#session, Object.fromEntries(feeds), {
      what: this.entry === 'forward' ? 'run the model' : `run the entry ${this.entry}`,
    });
  }

  async #take(results: Readonly<Record<string, OrtTensor>>, states: ModelStates): Promise<AnyOutputs> {
    const ofStates = new Set(this.#signature.states.map(({ output }) => output));
    const set = Object.entries(results).filter(([name]) => ofStates.has(name));
    await states.set(new Map(set));
    const outputs: [string, Tensor][] = [];
    for (const [name, dtype] of this.#signature.outputs) {
      const result = results[name];
      if (result !== undefined && !ofStates.has(name)) outputs.push([name, tensorOfResult(result, dtype)]);
    }
    return Object.fromEntries(outputs);
  }

  release(): Promise<void> {
    return this.#engine.release([this.#session]);
  }
}
