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
import type { Platform } from '../platform.js';
import { type Counters, noSteps } from '../trainer/counters.js';
import { demandRate } from '../trainer/demand-rate.js';
import { TrainingError } from '../trainer/training-error.js';
import { WeightedMeans } from '../trainer/weighted-means.js';
import { Line } from './line.js';
import { demandPortable, portable, portableFiles, portableOptions } from './portable.js';
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
  const sent = portableOptions(platform, options);
  const line = new Line<Request, Reply>(start());
  try {
    const request = { kind: 'load', files: portableFiles(platform, files), manifest: portable(platform, manifest), options: sent } as const;
    const loaded = (await line.ask(request)) as Results['load'];
    return new WorkerTrainer(platform, line, loaded, options.lr);
  } catch (error) {
    await line.close();
    throw error;
  }
}

/** A trainer that works in a worker, so that its runs do not block the thread of the program. */
class WorkerTrainer implements Trainer {
  readonly manifest: TrainingManifest;
  readonly provider: Provider;
  readonly fallback: Trainer['fallback'];
  readonly skippedWeights: readonly string[];
  readonly #platform: Platform;
  readonly #line: Line<Request, Reply>;
  #counters: Counters = noSteps;
  #lr: number | undefined;
  #disposed: Promise<void> | undefined;

  constructor(
    platform: Platform,
    line: Line<Request, Reply>,
    { manifest, provider, fallback, skippedWeights }: Results['load'],
    lr: number | undefined,
  ) {
    this.#platform = platform;
    this.#line = line;
    this.manifest = manifest;
    this.provider = provider;
    this.fallback = fallback;
    line.onTold = ({ counters }) => {
      this.#counters = counters;
    };
    this.skippedWeights = skippedWeights;
    this.#lr = lr;
  }

  get stepCount(): number {
    return this.#counters.stepCount;
  }

  get skippedSteps(): number {
    return this.#counters.skippedSteps;
  }

  get lossScale(): number | undefined {
    return this.#counters.lossScale;
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
    this.#disposed ??= this.#line
      .ask({ kind: 'dispose' })
      .then(() => {})
      .finally(() => this.#line.close());
    return this.#disposed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #ask<R extends Request>(request: R, signal?: CallOptions['signal']): Promise<Results[R['kind']]> {
    if (this.#disposed !== undefined) throw new TrainingError({ kind: 'disposed' });
    return (await this.#line.ask(request, signal)) as Results[R['kind']];
  }
}
