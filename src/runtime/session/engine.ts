import type { Fallback, Provider, Signal } from '../../api/runtime.js';
import type { SessionAdvice } from '../../api/session-options.js';
import type { DType } from '../../ops/types.js';
import { isAsNew } from '../pure/oldest-runtime.js';
import { isRuntimeDType, runtimeTypes } from '../pure/runtime-types.js';
import { elementsOf, type TensorData } from '../pure/tensor-data.js';
import type { Ort, OrtSession, OrtSessionOptions, OrtTensor } from './ort.js';
import { type Queue, sharedQueue } from './queue.js';
import { type Room, roomOfDevice } from './room.js';
import { missingOnDevice, reasonOf, SessionError } from './session-error.js';

export interface EngineOptions {
  readonly ort: Ort;
  readonly provider: Provider;
  readonly host: 'node' | 'browser';
  /** How many threads compute one operator on the processor; ONNX Runtime's own default if it is undefined. */
  readonly threads: number | undefined;
  /** The options for the sessions of models, regardless of what the models recommend. */
  readonly sessionOptions?: Readonly<Record<string, unknown>> | undefined;
  /** The memory of the processor. */
  readonly memory?: Room;
  /** What was tried before. */
  readonly fallback?: Fallback | undefined;
}

/** The bytes of an ONNX file with those of the data files that it names, or its path in the file system. */
export type ModelSource = string | { readonly bytes: Uint8Array; readonly data?: ReadonlyMap<string, Uint8Array> };

/**
 * ONNX Runtime with one provider. Every call of it goes through the queue of the page or process. All methods throw `SessionError`: `failed` with ONNX Runtime's reason, or
 * `device-lost`.
 */
export class Engine {
  readonly provider: Provider;
  readonly host: EngineOptions['host'];
  readonly fallback: Fallback | undefined;
  readonly #ort: Ort;
  readonly #threads: number | undefined;
  readonly #sessionOptions: EngineOptions['sessionOptions'];
  readonly #memory: Room | undefined;
  readonly #queue: Queue;
  readonly #copies = new Map<string, Promise<OrtSession>>();
  #lost: Promise<never> | undefined;
  #lostReason: string | undefined;

  constructor({ ort, provider, host, threads, sessionOptions, memory, fallback }: EngineOptions, queue = sharedQueue()) {
    this.#ort = ort;
    this.provider = provider;
    this.host = host;
    this.fallback = fallback;
    this.#threads = threads;
    this.#sessionOptions = sessionOptions;
    this.#memory = memory;
    this.#queue = queue;
    if (host === 'browser' && threads !== undefined && ort.env.wasm !== undefined) ort.env.wasm.numThreads = threads;
  }

  /** How much there is room for, if that is known. On a GPU, only once a model has been loaded. */
  async room(): Promise<Room | undefined> {
    if (this.provider === 'cpu') return this.#memory;
    return this.hasDevice && this.host === 'browser' ? roomOfDevice(await this.#ort.env.webgpu?.device) : undefined;
  }

  /** The ONNX Runtime that computes, which is the same object for all engines that share it and its device. */
  get runtime(): object {
    return this.#ort;
  }

  /** Throws `SessionError` if ONNX Runtime is older than a model needs. */
  demandVersion(wanted: string | undefined): void {
    const { versions } = this.#ort.env;
    const found = versions?.web ?? versions?.node ?? versions?.common;
    if (wanted === undefined || found === undefined || isAsNew(found, wanted)) return;
    throw new SessionError({ kind: 'old-runtime', package: `onnxruntime-${this.host === 'node' ? 'node' : 'web'}`, found, wanted });
  }

  /** Whether tensors can stay on a device between runs. */
  get hasDevice(): boolean {
    return this.provider === 'webgpu';
  }

  /** Loads a model with the options that it recommends, unless the engine has its own. Outputs for which `isResident` is true stay on the device, if there is one. */
  async load(
    model: ModelSource,
    what: string,
    outputs: readonly string[] = [],
    isResident: (output: string) => boolean = () => false,
    advice: SessionAdvice = {},
  ): Promise<OrtSession> {
    const places = Object.fromEntries(outputs.map((name) => [name, isResident(name) ? 'gpu-buffer' : 'cpu'] as const));
    const data = typeof model === 'string' ? undefined : model.data;
    const options: OrtSessionOptions = {
      ...(this.#sessionOptions ?? (this.#providerName === 'cpu' ? advice.cpu : undefined)),
      executionProviders: [this.#providerName],
      logSeverityLevel: 3,
      ...(this.#threads === undefined || this.host === 'browser' ? {} : { intraOpNumThreads: this.#threads }),
      ...(this.hasDevice && outputs.length > 0 ? { preferredOutputLocation: places } : {}),
      ...(data === undefined || data.size === 0 ? {} : { externalData: [...data].map(([path, bytes]) => ({ path, data: bytes })) }),
    };
    const session = await this.#call(`load ${what}`, () =>
      this.#ort.InferenceSession.create(typeof model === 'string' ? model : model.bytes, options),
    );
    this.#watchDevice();
    if (!this.hasDevice || this.host !== 'browser' || !isJsep(this.#ort)) return session;
    await this.release([session]);
    throw new SessionError({ kind: 'wrong-build' });
  }

  /** A tensor that a run can be given. It is a view of `tensor`, whose elements must stay as they are until the run has ended. */
  tensor(tensor: TensorData): OrtTensor {
    const { dtype, shape } = tensor;
    if (!isRuntimeDType(dtype))
      throw new SessionError({ kind: 'failed', what: 'take a tensor', reason: `JavaScript cannot give it one of type ${dtype}` });
    return new this.#ort.Tensor(runtimeTypes[dtype], elementsOf(tensor), [...shape]);
  }

  /**
   * Runs a model. An output for which `into` has a tensor is written into it, and must not be fed to the same run, whose last operators may still read it; only in Node, since in a
   * browser ONNX Runtime would write into a copy.
   */
  run(
    session: OrtSession,
    feeds: Readonly<Record<string, OrtTensor>>,
    {
      into = {},
      what = 'run the model',
      signal,
    }: { readonly into?: Readonly<Record<string, OrtTensor>>; readonly what?: string; readonly signal?: Signal | undefined } = {},
  ): Promise<Readonly<Record<string, OrtTensor>>> {
    if (Object.keys(into).length === 0) return this.#call(what, () => session.run(feeds), signal);
    const fetches: Record<string, OrtTensor | null> = {};
    for (const name of session.outputNames) fetches[name] = into[name] ?? null;
    return this.#call(what, () => session.run(feeds, fetches), signal);
  }

  /** The elements of a tensor as a copy, wherever it is; `dtype` is its element type. */
  async download(tensor: OrtTensor, dtype: DType): Promise<TensorData> {
    const shape = [...tensor.dims];
    if (tensor.location === 'cpu') return { dtype, shape, bytes: bytesOf(tensor.data).slice() };
    // Not by `getData`: in onnxruntime-node it ends the process, and in a browser it moves the tensor itself into memory, where `dispose` does not free what is on the device.
    const copy = await this.#copySession(tensor.type, 'cpu');
    const { y } = await this.run(copy, { x: tensor }, { what: 'download a tensor' });
    return { dtype, shape, bytes: bytesOf(y?.data).slice() };
  }

  /** The tensor on the device, if there is one. */
  async upload(tensor: TensorData): Promise<OrtTensor> {
    const here = this.tensor(tensor);
    if (!this.hasDevice) return here;
    const { y } = await this.run(await this.#copySession(here.type, 'gpu-buffer'), { x: here }, { what: 'upload a tensor' });
    return y ?? here;
  }

  /** Frees tensors on the device. Of a lost device nothing is left to free. */
  async dispose(tensors: Iterable<OrtTensor>): Promise<void> {
    const there = [...tensors].filter(({ location }) => location !== 'cpu');
    if (there.length === 0 || this.#lostReason !== undefined) return;
    await this.#call('dispose of tensors', async () => {
      for (const tensor of there) tensor.dispose();
    });
  }

  async release(sessions: Iterable<OrtSession>): Promise<void> {
    if (this.#lostReason !== undefined) return;
    for (const session of sessions) await this.#call('release a model', () => session.release());
  }

  /** Releases what the engine itself keeps. */
  async close(): Promise<void> {
    const copies = await Promise.all([...this.#copies.values()]);
    this.#copies.clear();
    await this.release(copies);
  }

  get #providerName(): string {
    return this.provider === 'webgpu' ? 'webgpu' : this.host === 'node' ? 'cpu' : 'wasm';
  }

  async #loadCopy(type: string, to: 'cpu' | 'gpu-buffer'): Promise<OrtSession> {
    const { identityModel } = await import('./identity-model.js');
    return this.load({ bytes: identityModel(type) }, 'a copy', ['y'], () => to === 'gpu-buffer');
  }

  #copySession(type: string, to: 'cpu' | 'gpu-buffer'): Promise<OrtSession> {
    const known = `${type} ${to}`;
    const found = this.#copies.get(known) ?? this.#loadCopy(type, to);
    this.#copies.set(known, found);
    return found;
  }

  #call<T>(what: string, work: () => Promise<T>, signal?: Signal): Promise<T> {
    return this.#queue.run(async () => {
      if (this.#lostReason !== undefined) throw new SessionError({ kind: 'device-lost', reason: this.#lostReason });
      try {
        // A call may wait forever for a device that is gone.
        return await (this.#lost === undefined ? work() : Promise.race([work(), this.#lost]));
      } catch (error) {
        if (error instanceof SessionError) throw error;
        const reason = reasonOf(error);
        if (this.hasDevice && isAboutLostDevice(reason)) this.#lostReason ??= reason;
        const lost = this.#lostReason;
        const missing = lost === undefined && this.hasDevice ? missingOnDevice(reason) : undefined;
        if (missing !== undefined) throw new SessionError(missing, { cause: error });
        throw new SessionError(lost === undefined ? { kind: 'failed', what, reason } : { kind: 'device-lost', reason: lost }, {
          cause: error,
        });
      }
    }, signal);
  }

  /** In a browser, ONNX Runtime reveals which device it uses once it has loaded a model. */
  #watchDevice(): void {
    if (!this.hasDevice || this.host === 'node' || this.#lost !== undefined) return;
    const device = Promise.resolve(this.#ort.env.webgpu?.device) as Promise<
      { readonly lost?: Promise<{ readonly message: string; readonly reason: string }> } | undefined
    >;
    this.#lost = device.then(async (found) => {
      const { message, reason } = (await found?.lost) ?? (await new Promise<never>(() => {}));
      this.#lostReason ??= message || reason;
      throw new SessionError({ kind: 'device-lost', reason: this.#lostReason });
    });
    this.#lost.catch(() => {});
  }
}

function isAboutLostDevice(reason: string): boolean {
  return /device\W+(?:is |was |has been )?lost|lost device|DXGI_ERROR_DEVICE|VK_ERROR_DEVICE_LOST/i.test(reason);
}

/** Whether WebGPU is computed by JSEP, which the bare import of onnxruntime-web gives. It alone reveals its adapter, once it has loaded a model. */
function isJsep({ env }: Ort): boolean {
  return Object.getOwnPropertyDescriptor(env.webgpu ?? {}, 'adapter')?.writable === false;
}

function bytesOf(data: unknown): Uint8Array {
  const { buffer, byteOffset, byteLength } = data as Uint8Array;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
