import type { BinarySource, TrainerOptions, TrainingFiles } from '../../api/runtime.js';
import type { TrainingManifest } from '../../api/training.js';
import { checkTrainerOptions } from '../check-options.js';
import { fileSetOf, isBinarySource, type Platform, readBinary } from '../platform.js';
import { checkDevice } from '../session/device-checks.js';
import { withEngine } from '../session/open-engine.js';
import { demandRate } from './demand-rate.js';
import { initialStates } from './initial-states.js';
import { checkManifest, parseManifest, statesOf } from './manifest.js';
import { ModelFiles } from './model-files.js';
import { RunningTrainer } from './trainer.js';
import { TrainingError } from './training-error.js';

/** Loads a training. Throws `TrainingError` for a manifest, weights or options that do not fit, `HostError` for files that cannot be read, and `SessionError`. */
export async function loadTrainer(
  platform: Platform,
  files: TrainingFiles,
  manifest: TrainingManifest | BinarySource,
  options: TrainerOptions = {},
): Promise<RunningTrainer> {
  checkTrainerOptions(options);
  const known = isBinarySource(manifest) ? parseManifest(await readBinary(platform, manifest)) : checkManifest(manifest);
  const { lr, seed = 0 } = options;
  if (known.hasRate && lr === undefined) throw new TrainingError({ kind: 'rate-missing', name: known.name });
  if (lr !== undefined) demandRate(known, lr);
  const slots = statesOf(known);
  const set = fileSetOf(platform, files);
  const modelFiles = new ModelFiles(set);
  const { states: initial, skipped } = await initialStates(platform, known, slots, modelFiles, {
    stored: await set.read(known.stateFile),
    weights: options.weights,
    skipsMismatch: options.skipMismatch === true,
    seed,
  });
  return withEngine(platform, options, async (engine) => {
    if (known.lossScale !== undefined) await checkDevice(engine, ['half']);
    const trainer = new RunningTrainer({ platform, engine, manifest: known, files: modelFiles, slots, seed: seed | 0, lr, skipped });
    try {
      await trainer.start(initial);
    } catch (error) {
      await trainer.dispose().catch(() => {});
      throw error;
    }
    return trainer;
  });
}
