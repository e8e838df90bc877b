import type {
  AdapterReport,
  Batch,
  BinarySource,
  BinaryTarget,
  ExportOptions,
  Fallback,
  Metrics,
  Place,
  Provider,
  RestoreReport,
  TrainerOptions,
  TrainingFiles,
} from '../../api/runtime.js';
import type { TrainingManifest } from '../../api/training.js';
import type { Counters } from '../trainer/counters.js';

/** What a trainer in a worker is asked to do, one thing after the other. Everything in it can be copied to the worker. */
export type Request =
  | {
      readonly kind: 'load';
      readonly files: TrainingFiles;
      readonly manifest: TrainingManifest | BinarySource;
      readonly options: TrainerOptions;
    }
  | {
      readonly kind: 'step';
      readonly batch: Batch | readonly Batch[];
      readonly lr: number | undefined;
      readonly resize?: boolean | undefined;
    }
  | { readonly kind: 'evaluate'; readonly batch: Batch; readonly ema: boolean; readonly resize?: boolean | undefined }
  | { readonly kind: 'save'; readonly target: BinaryTarget | undefined }
  | { readonly kind: 'restore'; readonly source: BinarySource }
  | { readonly kind: 'saveAdapters'; readonly folder: Place | undefined }
  | { readonly kind: 'restoreAdapters'; readonly files: TrainingFiles }
  | { readonly kind: 'exportModel' | 'exportWeights'; readonly options: ExportOptions }
  | { readonly kind: 'dispose' };

/** What each kind of request is answered with. */
export interface Results {
  readonly load: {
    readonly manifest: TrainingManifest;
    readonly provider: Provider;
    readonly fallback: Fallback | undefined;
    readonly skippedWeights: readonly string[];
  };
  readonly step: Metrics;
  readonly evaluate: ReadonlyMap<string, number>;
  readonly save: Uint8Array | undefined;
  readonly restore: RestoreReport;
  readonly saveAdapters: Readonly<Record<string, Uint8Array>> | undefined;
  readonly restoreAdapters: AdapterReport;
  readonly exportModel: Uint8Array;
  readonly exportWeights: Uint8Array;
  readonly dispose: undefined;
}

/** From the worker, for each request. `counters` is how far the training is by then. */
export type Reply = { readonly counters: Counters } & ({ readonly result: Results[keyof Results] } | { readonly error: PlainError });

/** An error as it is sent: errors lose their classes on the way. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  /** The problem of a `FeedError`, `SessionError` or `TrainingError`. */
  readonly problem?: unknown;
}

/** One end of the line to or from a worker. */
export interface Port<Sent, Received> {
  /** Throws an error if `message` cannot be copied. The memory of `moved` belongs to the other side afterwards. */
  post(message: Sent, moved?: readonly ArrayBuffer[]): void;
  onMessage(listener: (message: Received) => void): void;
  close(): void | Promise<void>;
}

/** The end at the program that has started the worker. */
export interface WorkerPort<Asked = Request, Told = Reply> extends Port<Asked, Told> {
  /** Registers a listener for the worker ending without having been closed, and why. */
  onEnd(listener: (reason: string) => void): void;
  /** Whether somebody waits for the worker: otherwise, the process may end. */
  setAwaited(isAwaited: boolean): void;
}
