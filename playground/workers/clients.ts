import { Remote } from './calls.js';
import type {
  Built,
  BuiltTraining,
  Device,
  Measured,
  Run,
  RunResult,
  Sizes,
  Source,
  StepDone,
  Training,
  TrainingResult,
} from './messages.js';

/** What the compiler refuses, wherever the model would run. */
export class CompileError extends Error {}

/** The compiler in its worker. */
export class Compiler {
  readonly #remote = new Remote(() => new Worker(new URL('./compile.worker.ts', import.meta.url), { type: 'module' }));

  measure(source: Source, sizes: Sizes): Promise<Measured> {
    return this.#call('measure', { source, sizes });
  }

  build(source: Source): Promise<Built> {
    return this.#call('build', { source });
  }

  /** The files of a training with its sizes as they are in the source. */
  buildOpenTraining(source: Source, train: string): Promise<Pick<BuiltTraining, 'artifacts'>> {
    return this.#call('buildOpenTraining', { source, train });
  }

  buildTraining(source: Source, train: string, target: 'webgpu' | 'wasm', batch: number): Promise<BuiltTraining> {
    return this.#call('buildTraining', { source, train, target, batch });
  }

  async #call<Result>(name: string, value: unknown): Promise<Result> {
    try {
      return await this.#remote.call(name, value);
    } catch (error) {
      throw new CompileError(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }
}

/** ONNX Runtime in its worker. */
export class Runner {
  readonly #remote = new Remote(() => new Worker(new URL('./run.worker.ts', import.meta.url), { type: 'module' }));

  device(): Promise<Device> {
    return this.#remote.call('device', undefined);
  }

  run(run: Run): Promise<RunResult> {
    return this.#remote.call('run', run);
  }

  train(training: Training, onStep: (step: StepDone) => void): Promise<TrainingResult> {
    this.#remote.on('step', onStep);
    return this.#remote.call('train', training);
  }

  /** Ends a training after the step that it takes. */
  async stopTraining(): Promise<void> {
    await this.#remote.call('stop', undefined);
  }

  /** Ends everything at once. */
  stop(): void {
    this.#remote.stop('stopped');
  }
}
