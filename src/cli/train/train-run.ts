import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Trainer } from '../../api/runtime.js';
import type { TrainingManifest } from '../../api/training.js';
import { bestEpoch, type PartialEpoch } from '../../data/history.js';
import { writeAtomically } from '../../node/write-atomically.js';
import { SessionError } from '../../runtime/session/session-error.js';
import { TrainingError } from '../../runtime/trainer/training-error.js';
import { type CommandInput, exit } from '../command.js';
import { line, lines } from '../plain-text.js';
import { Progress } from '../progress.js';
import { wrapped } from '../table.js';
import { UsageError } from '../usage-error.js';
import { counted } from '../wording.js';
import { loadChildTrainer } from './child-trainer.js';
import { Clock } from './clock.js';
import { EpochTable, lineWidth } from './epoch-table.js';
import type { Interruption } from './interruption.js';
import { type LoopEnd, type LoopState, trainLoop } from './loop.js';
import type { Plan } from './plan.js';
import type { RunFolder } from './run-folder.js';
import type { RunRecord } from './run-record.js';
import type { TrainSettings } from './settings.js';
import { progressLine, short } from './show.js';

/** A run that is ready to start or to continue. */
export interface ReadyRun {
  readonly folder: RunFolder;
  readonly record: RunRecord;
  readonly manifest: TrainingManifest;
  readonly settings: TrainSettings;
  readonly plan: Plan;
}

/** Trains, writes all that belongs to the run, and prints how it goes. Returns the exit code. */
export async function trainRun(run: ReadyRun, { options, terminal }: CommandInput, interruption: Interruption): Promise<number> {
  const { folder, settings, plan } = run;
  const isQuiet = options.has('quiet');
  const progress = new Progress(terminal, isQuiet);
  /** Adds a text to the report, which is what standard output has. */
  const say = (text: string): void => {
    progress.stop();
    folder.log(text);
    if (!isQuiet) terminal.out.write(lines(wrapped(text, lineWidth, 2)));
  };
  const isStopped = (): boolean => {
    // Until the loop asks this before its first step, there is nothing to save.
    interruption.defer(() => {
      progress.stop();
      terminal.err.write(line('archc: stopping after this step, with a checkpoint; Ctrl-C again ends at once'));
    });
    return interruption.isRequested;
  };
  let trainer: Trainer | undefined;
  try {
    progress.announce('loading the training');
    const { seed, provider, threads, lr } = settings;
    trainer = await loadChildTrainer(folder.graphs, run.record.manifest, { seed, provider, threads, lr });
    const state = await restored(run, trainer);
    for (const text of beginning(run, trainer)) say(text);
    for (const remark of plan.remarks) say(`note: ${remark}`);
    const table = new EpochTable({
      names: ['loss', ...run.manifest.metrics],
      hasHeldOut: plan.loop.heldOut !== undefined,
      epochs: settings.epochs,
    });
    for (const row of table.head) say(row);
    const writer = new RunWriter(run, trainer);
    const clock = new Clock();
    const end = await trainLoop(trainer, plan.loop, state, {
      isStopped,
      onStep: (step) => {
        const speed = clock.step(step, settings.epochs);
        progress.update(progressLine(step, { epochs: settings.epochs, ...speed }));
      },
      onEvaluation: (batch, count) => {
        clock.evaluating();
        progress.update(`evaluating: batch ${batch} of ${count}`);
      },
      onEpoch: async (epoch, isBest, now) => {
        await writer.epoch(now, isBest);
        for (const row of table.rows(epoch, isBest, clock.epoch())) say(row);
      },
      onStop: (now) => writer.checkpoint(now),
    });
    if (end === 'stopped') {
      say(`stopped after step ${trainer.stepCount}; \`archc train --resume ${folder.path}\` continues`);
      return interruption.exitCode;
    }
    await writer.end();
    for (const text of [...skipped(trainer), ...ending(run, writer.state, end)]) say(text);
    return exit.ok;
  } catch (error) {
    const isLost = error instanceof SessionError || (error instanceof TrainingError && error.problem.kind === 'device-lost');
    if (isLost && folder.hasCheckpoint())
      throw new UsageError(error.message, `\`archc train --resume ${folder.path}\` continues from the last checkpoint`);
    if (!(error instanceof TrainingError) || !['not-finite', 'overflow'].includes(error.problem.kind)) throw error;
    progress.stop();
    folder.log(error.message);
    terminal.err.write(lines([`archc: ${error.message}`, ...(folder.hasCheckpoint() ? [`  = help: ${folder.last} is from before`] : [])]));
    return exit.diagnostics;
  } finally {
    progress.stop();
    // After a failure of ONNX Runtime there may be nobody to answer.
    await trainer?.dispose().catch(() => {});
  }
}

/** Brings the trainer where the last checkpoint was saved. What was written after it is forgotten. */
async function restored({ folder, record }: ReadyRun, trainer: Trainer): Promise<LoopState> {
  if (!folder.hasCheckpoint()) return { history: [], partial: undefined };
  const { step, missing, different } = await trainer.restore(folder.last);
  const [first] = [...missing, ...different.map(({ name }) => name)];
  if (first !== undefined) throw new UsageError(`${folder.last} does not belong to the graphs beside it: see \`${first}\``);
  return {
    history: record.history.filter((epoch) => epoch.step <= step),
    partial: record.partial.find((partial) => partial.step === step),
  };
}

function beginning({ record, settings, plan, manifest }: ReadyRun, trainer: Trainer): readonly string[] {
  const { train, heldOut, batching } = plan.loop;
  const classes = plan.classes === undefined ? [] : [`${plan.classes.length} classes`];
  const rows = [
    `${counted(train.rows.length, 'row')} to train`,
    `${heldOut === undefined ? 'none' : counted(heldOut.rows.length, 'row')} held out`,
  ];
  const each = manifest.accumulate === 1 ? [] : [`${manifest.accumulate} in a step`];
  const from = trainer.stepCount === 0 ? [] : [`from step ${trainer.stepCount} on`];
  return [
    `${record.train} on ${settings.data}: ${[...rows, ...classes].join(', ')}`,
    [`batches of ${batching.size}`, ...each, `on ${trainer.provider}`, ...from].join(', '),
  ];
}

/** What became of steps whose gradients overflowed. */
function skipped({ skippedSteps, stepCount, lossScale }: Trainer): readonly string[] {
  if (skippedSteps === 0) return [];
  return [`note: ${skippedSteps} of ${counted(stepCount, 'step')} overflowed f16 and were skipped; the loss scale is ${lossScale} now`];
}

function ending({ folder, plan, manifest }: ReadyRun, { history }: LoopState, end: LoopEnd): readonly string[] {
  const early = end === 'patience' ? [`stopped early: the held-out loss has not fallen for ${plan.loop.patience} epochs`] : [];
  const best = bestEpoch(history);
  if (plan.loop.heldOut === undefined) return wrote(folder, [folder.exported(false), folder.last]);
  if (best === undefined) return [...early, 'no epoch is the best: the held-out loss is not a number'];
  const metrics = ['loss', ...manifest.metrics].map((name) => `val_${name} ${short(best.heldOut?.[name] ?? null)}`);
  return [
    ...early,
    `best is epoch ${best.epoch}: ${metrics.join(', ')}`,
    ...wrote(folder, [folder.exported(true), folder.best, folder.last]),
  ];
}

/** `wrote last.onnx and last.safetensors to runs/Fit`, and which of them somebody has removed since. */
function wrote({ path }: RunFolder, files: readonly string[]): readonly string[] {
  const [there, missing] = [true, false].map((isThere) =>
    files.filter((file) => existsSync(file) === isThere).map((file) => basename(file)),
  );
  return [
    ...(missing === undefined || missing.length === 0
      ? []
      : [`note: ${listed(missing)} of an earlier epoch ${missing.length === 1 ? 'is' : 'are'} missing from ${path}`]),
    `wrote ${listed(there ?? [])} to ${path}`,
  ];
}

/** `a, b and c` */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Writes what belongs to a run, so that it can continue after a crash at any moment: `run.json` before the checkpoint that it describes. */
class RunWriter {
  readonly #run: ReadyRun;
  readonly #trainer: Trainer;
  #partial: readonly PartialEpoch[];
  state: LoopState;

  constructor(run: ReadyRun, trainer: Trainer) {
    this.#run = run;
    this.#trainer = trainer;
    this.#partial = run.record.partial;
    this.state = { history: run.record.history, partial: undefined };
  }

  async epoch(state: LoopState, isBest: boolean): Promise<void> {
    const { folder, manifest } = this.#run;
    if (isBest) {
      await this.#trainer.save(folder.best);
      await this.#export(true);
    }
    this.#partial = [];
    this.#write(state);
    await this.#trainer.save(folder.last);
    const { name, model, metrics, hasAverage } = manifest;
    folder.writeCurve(state.history, { title: `${name} of ${model}`, metrics, hasAverage });
  }

  async checkpoint(state: LoopState): Promise<void> {
    if (state.partial !== undefined) this.#partial = [...this.#partial.slice(-1), state.partial];
    this.#write(state);
    await this.#trainer.save(this.#run.folder.last);
  }

  /** The model of the last epoch and its weights, if none is the best because nothing is held out. */
  async end(): Promise<void> {
    if (this.#run.plan.loop.heldOut === undefined) await this.#export(false);
  }

  #write(state: LoopState): void {
    this.state = state;
    this.#run.folder.write({ ...this.#run.record, history: state.history, partial: this.#partial });
  }

  async #export(hasHeldOut: boolean): Promise<void> {
    const { folder, manifest } = this.#run;
    const options = { ema: manifest.hasAverage };
    writeAtomically(folder.exported(hasHeldOut), [await this.#trainer.exportModel(options)]);
    writeAtomically(folder.weights(hasHeldOut), [await this.#trainer.exportWeights(options)]);
  }
}
