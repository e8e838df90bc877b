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
import { checkCallOptions, checkSessionOptions } from '../check-options.js';
import { isBinarySource, isPlace, type Platform, readBinary, textOf } from '../platform.js';
import { checkFeeds } from '../pure/check-feeds.js';
import { checkRanges } from '../pure/check-ranges.js';
import { checksOfFile } from '../pure/checks-of-file.js';
import { FeedError } from '../pure/feed-error.js';
import { givenInputs, inputOf } from '../pure/given-inputs.js';
import { inputTensor } from '../pure/input-tensor.js';
import { kindOfValue } from '../pure/kind-of-value.js';
import { oldestRuntime } from '../pure/oldest-runtime.js';
import { adviceOfFile } from '../pure/session-advice.js';
import type { Signature } from '../pure/signature.js';
import { signatureOfFile } from '../pure/signature-of-file.js';
import type { TensorData } from '../pure/tensor-data.js';
import { checkDevice } from './device-checks.js';
import type { Engine } from './engine.js';
import { withEngine } from './open-engine.js';
import type { OrtSession, OrtTensor } from './ort.js';
import { Resident } from './resident.js';
import { SessionError } from './session-error.js';
import { tensorOfResult } from './tensor-of-result.js';

/** Loads an ONNX file. Throws `HostError` for one that cannot be read or is not a model, and `SessionError`. */
export async function loadSession(platform: Platform, model: BinarySource, options: SessionOptions): Promise<Session> {
  checkSessionOptions(options);
  if (!isBinarySource(model)) throw new TypeError(`a model is given by its place, as bytes or as a blob, not as ${kindOfValue(model)}`);
  const bytes = await readBinary(platform, model);
  const summary = summarize(decodeOnnx(bytes));
  const signature = signatureOfFile(summary, { file: 'the model', start: 0, end: 0 });
  const resident = new Set(options.resident ?? []);
  const outputs = [...signature.outputs.keys()];
  const data = new Map(Object.entries(options.data ?? {}));
  // From its path, ONNX Runtime finds the data files beside it.
  const path = isPlace(model) && data.size === 0 ? platform.pathOf(textOf(model)) : undefined;
  const advice = adviceOfFile(summary.metadata);
  const runtime = oldestRuntime(summary.opsets['ai.onnx'] ?? 0);
  return withEngine(platform, options, async (engine) => {
    engine.demandVersion(runtime);
    await checkDevice(engine, checksOfFile(summary.metadata));
    const session = await engine.load(path ?? { bytes, data }, 'the model', outputs, (name) => resident.has(name), advice);
    return new ModelSession(engine, session, signature, resident);
  });
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

  get fallback() {
    return this.#engine.fallback;
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
