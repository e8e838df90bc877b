import type {
  AdapterReport,
  Batch,
  BinarySource,
  BinaryTarget,
  CallOptions,
  EvaluateOptions,
  ExportOptions,
  Metrics,
  Place,
  Provider,
  RestoreReport,
  Trainer,
  TrainerOptions,
  TrainingFiles,
} from '../../api/runtime.js';
import type { TrainingManifest } from '../../api/training.js';
import { checkCallOptions, checkEvaluateOptions, checkTrainerOptions } from '../check-options.js';
import { isPlace, type Platform, textOf } from '../platform.js';
import { Queue } from '../session/queue.js';
import { SessionError } from '../session/session-error.js';
import { type Counters, noSteps } from '../trainer/counters.js';
import { demandRate } from '../trainer/demand-rate.js';
import { TrainingError } from '../trainer/training-error.js';
import { WeightedMeans } from '../trainer/weighted-means.js';
import { revivedError } from './plain-error.js';
import type { Reply, Request, Results, WorkerPort } from './protocol.js';

/** Loads a training in a worker. Throws what `loadTrainer` throws, and `TypeError` for what cannot be given to a worker. */
export async function loadWorkerTrainer(
  platform: Platform,
  start: () => WorkerPort,
  files: TrainingFiles,
  manifest: TrainingManifest | BinarySource,
  given: TrainerOptions,
): Promise<Trainer> {
  checkTrainerOptions(given);
  const { worker: _, ...options } = given;
  demandPortable(files);
  if (typeof options.ort === 'object') throw new TypeError('a module cannot be given to a worker: give the URL of ONNX Runtime as `ort`');
  const { weights } = options;
  const sent = {
    ...options,
    ...(weights === undefined ? {} : { weights: portable(platform, weights) }),
    ...(options.ort === undefined ? {} : { ort: platform.absolute(options.ort) }),
  };
  const line = new Line(start());
  try {
    const request = { kind: 'load', files: portableFiles(platform, files), manifest: portable(platform, manifest), options: sent } as const;
    const loaded = await line.ask(request);
    return new WorkerTrainer(platform, line, loaded, options.lr);
  } catch (error) {
    await line.close();
    throw error;
  }
}

function demandPortable<T>(files: T): asserts files is Exclude<T, (name: string) => unknown> {
  if (typeof files === 'function')
    throw new TypeError('a function that reads files cannot be given to a worker: give their folder or their contents');
}

/** A place in a form that means the same in the worker: a text, which is relative to the worker. Anything else stays as it is. */
function portable<T>(platform: Platform, source: T): T | string {
  return isPlace(source) ? platform.absolute(textOf(source)) : source;
}

/** The same for each of several files. */
function portableFiles(platform: Platform, files: Exclude<TrainingFiles, (name: string) => unknown>): TrainingFiles {
  if (isPlace(files)) return portable(platform, files);
  const entries = files instanceof Map ? [...files] : Object.entries(files);
  return new Map(entries.map(([name, file]: [string, Uint8Array | Place]) => [name, portable(platform, file)]));
}

/** Asks a worker for one thing after the other, so that whatever waits can be taken back. */
class Line {
  counters: Counters = noSteps;
  readonly #port: WorkerPort;
  readonly #queue = new Queue();
  #waiting: { readonly resolve: (result: Results[keyof Results]) => void; readonly reject: (error: unknown) => void } | undefined;
  #end: SessionError | undefined;

  constructor(port: WorkerPort) {
    this.#port = port;
    port.onMessage((reply) => this.#take(reply));
    port.onEnd((reason) => {
      this.#end = new SessionError({ kind: 'failed', what: 'continue, because its worker has ended', reason });
      this.#waiting?.reject(this.#end);
    });
  }

  async ask<R extends Request>(request: R, signal?: CallOptions['signal']): Promise<Results[R['kind']]> {
    return this.#queue.run(() => this.#askNow(request), signal) as Promise<Results[R['kind']]>;
  }

  async close(): Promise<void> {
    await this.#port.close();
  }

  async #askNow(request: Request): Promise<Results[keyof Results]> {
    if (this.#end !== undefined) throw this.#end;
    this.#port.setAwaited(true);
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting = { resolve, reject };
        this.#port.post(request);
      });
    } finally {
      this.#waiting = undefined;
      this.#port.setAwaited(false);
    }
  }

  #take(reply: Reply): void {
    this.counters = reply.counters;
    if ('error' in reply) this.#waiting?.reject(revivedError(reply.error));
    else this.#waiting?.resolve(reply.result);
  }
}

/** A trainer that works in a worker, so that its runs do not block the thread of the program. */
class WorkerTrainer implements Trainer {
  readonly manifest: TrainingManifest;
  readonly provider: Provider;
  readonly skippedWeights: readonly string[];
  readonly #platform: Platform;
  readonly #line: Line;
  #lr: number | undefined;
  #disposed: Promise<void> | undefined;

  constructor(platform: Platform, line: Line, { manifest, provider, skippedWeights }: Results['load'], lr: number | undefined) {
    this.#platform = platform;
    this.#line = line;
    this.manifest = manifest;
    this.provider = provider;
    this.skippedWeights = skippedWeights;
    this.#lr = lr;
  }

  get stepCount(): number {
    return this.#line.counters.stepCount;
  }

  get skippedSteps(): number {
    return this.#line.counters.skippedSteps;
  }

  get lossScale(): number | undefined {
    return this.#line.counters.lossScale;
  }

  get lr(): number | undefined {
    return this.#lr;
  }

  set lr(value: number) {
    demandRate(this.manifest, value);
    this.#lr = value;
  }

  async step(batch: Batch | readonly Batch[], options: CallOptions = {}): Promise<Metrics> {
    checkCallOptions(options);
    return this.#ask({ kind: 'step', batch, lr: this.#lr, resize: options.resize }, options.signal);
  }

  async evaluate(batches: AsyncIterable<Batch> | Iterable<Batch>, options: EvaluateOptions = {}): Promise<Metrics> {
    checkEvaluateOptions(options);
    const { ema = false, signal, resize } = options;
    return WeightedMeans.over(this.manifest.metrics, batches, (batch) => this.#ask({ kind: 'evaluate', batch, ema, resize }, signal));
  }

  save(): Promise<Uint8Array>;
  save(target: BinaryTarget): Promise<void>;
  save(target?: BinaryTarget): Promise<unknown> {
    return this.#ask({ kind: 'save', target: target === undefined ? undefined : portable(this.#platform, target) });
  }

  restore(source: BinarySource): Promise<RestoreReport> {
    return this.#ask({ kind: 'restore', source: portable(this.#platform, source) });
  }

  saveAdapters(): Promise<Readonly<Record<string, Uint8Array>>>;
  saveAdapters(folder: Place): Promise<void>;
  saveAdapters(folder?: Place): Promise<unknown> {
    return this.#ask({ kind: 'saveAdapters', folder: folder === undefined ? undefined : portable(this.#platform, folder) });
  }

  async restoreAdapters(files: TrainingFiles): Promise<AdapterReport> {
    demandPortable(files);
    return this.#ask({ kind: 'restoreAdapters', files: portable(this.#platform, files) });
  }

  exportModel(options: ExportOptions = {}): Promise<Uint8Array> {
    return this.#ask({ kind: 'exportModel', options });
  }

  exportWeights(options: ExportOptions = {}): Promise<Uint8Array> {
    return this.#ask({ kind: 'exportWeights', options });
  }

  dispose(): Promise<void> {
    this.#disposed ??= this.#line.ask({ kind: 'dispose' }).finally(() => this.#line.close());
    return this.#disposed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #ask<R extends Request>(request: R, signal?: CallOptions['signal']): Promise<Results[R['kind']]> {
    if (this.#disposed !== undefined) throw new TrainingError({ kind: 'disposed' });
    return this.#line.ask(request, signal);
  }
}
