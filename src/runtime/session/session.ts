import { decodeOnnx } from '../../6-emit/onnx/decode.js';
import { summarize } from '../../6-emit/onnx/summary.js';
import type {
  BinarySource,
  CallOptions,
  ResidentTensor,
  Session,
  SessionOptions,
  SessionOutputs,
  Tensor,
  TensorInput,
} from '../../api/runtime.js';
import type { DType } from '../../ops/types.js';
import { checkCallOptions, checkSessionOptions } from '../check-options.js';
import { isBinarySource, isPlace, type Platform, readBinary, textOf } from '../platform.js';
import { checkFeeds } from '../pure/check-feeds.js';
import { checkRanges } from '../pure/check-ranges.js';
import { checksOfFile } from '../pure/checks-of-file.js';
import { FeedError } from '../pure/feed-error.js';
import { inputTensor } from '../pure/input-tensor.js';
import { kindOfValue } from '../pure/kind-of-value.js';
import { adviceOfFile } from '../pure/session-advice.js';
import type { DeclaredInput, Signature } from '../pure/signature.js';
import { signatureOfFile } from '../pure/signature-of-file.js';
import { elementsOf, type TensorData } from '../pure/tensor-data.js';
import { checkDevice } from './device-checks.js';
import type { Engine } from './engine.js';
import { openEngine } from './open-engine.js';
import type { OrtSession, OrtTensor } from './ort.js';
import { SessionError } from './session-error.js';
import { tensorOfResult } from './tensor-of-result.js';

/** Loads an ONNX file. Throws `HostError` for one that cannot be read or is not a model, and `SessionError`. */
export async function loadSession(platform: Platform, model: BinarySource, options: SessionOptions): Promise<Session> {
  checkSessionOptions(options);
  if (!isBinarySource(model)) throw new TypeError(`a model is given by its place, as bytes or as a blob, not as ${kindOfValue(model)}`);
  const bytes = await readBinary(platform, model);
  const summary = summarize(decodeOnnx(bytes));
  const signature = signatureOfFile(summary, { file: 'the model', start: 0, end: 0 });
  const engine = await openEngine(platform, options);
  const resident = new Set(options.resident ?? []);
  const outputs = [...signature.outputs.keys()];
  const data = new Map(Object.entries(options.data ?? {}));
  // From its path, ONNX Runtime finds the data files beside it.
  const path = isPlace(model) && data.size === 0 ? platform.pathOf(textOf(model)) : undefined;
  const advice = adviceOfFile(summary.metadata);
  await checkDevice(engine, checksOfFile(summary.metadata));
  const session = await engine.load(path ?? { bytes, data }, 'the model', outputs, (name) => resident.has(name), advice);
  return new ModelSession(engine, session, signature, resident);
}

class ModelSession implements Session {
  readonly #engine: Engine;
  readonly #signature: Signature;
  readonly #resident: ReadonlySet<string>;
  #session: OrtSession | undefined;

  constructor(engine: Engine, session: OrtSession, signature: Signature, resident: ReadonlySet<string>) {
    this.#engine = engine;
    this.#session = session;
    this.#signature = signature;
    this.#resident = resident;
  }

  get provider() {
    return this.#engine.provider;
  }

  get inputs(): readonly string[] {
    return this.#signature.inputs.map(({ name }) => name);
  }

  get outputs(): readonly string[] {
    return [...this.#signature.outputs.keys()];
  }

  async run(inputs: Readonly<Record<string, TensorInput | ResidentTensor>>, options: CallOptions = {}): Promise<SessionOutputs> {
    checkCallOptions(options);
    const session = this.#session;
    if (session === undefined) throw new SessionError({ kind: 'disposed', what: 'session' });
    const feeds: Record<string, OrtTensor> = {};
    const given = new Map<string, TensorData>();
    for (const [name, value] of givenInputs(this.#signature, inputs)) {
      const input = inputOf(this.#signature, name);
      if (value instanceof Resident) {
        feeds[name] = value.on(this.#engine);
        if (value.dtype !== input.dtype)
          throw new FeedError({ kind: 'not-a-tensor', name, reason: `it is ${input.dtype}, and the tensor ${value.dtype}` });
        given.set(name, { dtype: input.dtype, shape: value.shape, bytes: new Uint8Array() });
      } else given.set(name, inputTensor(input, value, options));
    }
    checkRanges(this.#signature, given, checkFeeds(this.#signature, given));
    for (const [name, tensor] of given) feeds[name] ??= this.#engine.tensor(tensor);
    const results = await this.#engine.run(session, feeds, { signal: options.signal });
    return new Outputs(this.#engine, this.#signature, this.#resident, results);
  }

  async dispose(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session !== undefined) await this.#engine.release([session]);
    await this.#engine.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

/** What is given for inputs, by their names. Throws `FeedError` for something that has no names. */
export function givenInputs<T>({ inputs }: Pick<Signature, 'inputs'>, given: Readonly<Record<string, T>>): readonly [string, T][] {
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given) && !ArrayBuffer.isView(given);
  if (!isObject) throw new FeedError({ kind: 'not-inputs', known: inputs.map(({ name }) => name), given: kindOfValue(given) });
  return Object.entries(given);
}

/** The input with this name. Throws `FeedError` if there is none, or none that takes numbers. */
export function inputOf({ inputs }: Pick<Signature, 'inputs'>, name: string): DeclaredInput & { readonly dtype: DType } {
  const found = inputs.find((input) => input.name === name);
  if (found === undefined) throw new FeedError({ kind: 'unknown-input', name, known: inputs.map((input) => input.name) });
  if (found.dtype === undefined || found.dtype === 'string') throw new FeedError({ kind: 'not-numbers', name, type: found.type });
  return { ...found, dtype: found.dtype };
}

class Outputs implements SessionOutputs {
  readonly #tensors = new Map<string, Tensor | Resident>();

  constructor(engine: Engine, { outputs }: Signature, resident: ReadonlySet<string>, results: Readonly<Record<string, OrtTensor>>) {
    for (const [name, dtype] of outputs) {
      const result = results[name];
      if (result === undefined) continue;
      const isHere = result.location === 'cpu' && !resident.has(name);
      this.#tensors.set(name, isHere ? tensorOfResult(result, dtype) : new Resident(engine, result, dtype));
    }
  }

  tensor(name: string): Tensor {
    const found = this.#find(name);
    if (found instanceof Resident) throw new RangeError(`the output ${name} stays on the device: use resident('${name}')`);
    return found;
  }

  resident(name: string): ResidentTensor {
    const found = this.#find(name);
    if (found instanceof Resident) return found;
    throw new RangeError(`the output ${name} does not stay on the device: list it in \`resident\``);
  }

  #find(name: string): Tensor | Resident {
    const found = this.#tensors.get(name);
    if (found === undefined) throw new RangeError(`the model has no output ${name}: it has ${[...this.#tensors.keys()].join(', ')}`);
    return found;
  }
}

class Resident implements ResidentTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly #engine: Engine;
  #tensor: OrtTensor | undefined;

  constructor(engine: Engine, tensor: OrtTensor, dtype: DType) {
    this.#engine = engine;
    this.#tensor = tensor;
    this.dtype = dtype;
    this.shape = [...tensor.dims];
  }

  /** The tensor for a run of this engine. A tensor of another provider would be read as garbage. */
  on({ provider }: Engine): OrtTensor {
    if (provider !== this.#engine.provider)
      throw new SessionError({
        kind: 'failed',
        what: 'take a tensor',
        reason: `it is on ${this.#engine.provider}, and the session on ${provider}`,
      });
    return this.#present();
  }

  async download(): Promise<Tensor> {
    const { shape, dtype, bytes } = await this.#engine.download(this.#present(), this.dtype);
    return { dtype, shape, data: elementsOf({ dtype, shape, bytes }) };
  }

  async dispose(): Promise<void> {
    const tensor = this.#tensor;
    this.#tensor = undefined;
    if (tensor !== undefined) await this.#engine.dispose([tensor]);
  }

  #present(): OrtTensor {
    if (this.#tensor === undefined) throw new SessionError({ kind: 'disposed', what: 'tensor' });
    return this.#tensor;
  }
}
