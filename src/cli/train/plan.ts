import type { TrainingManifest } from '../../api/training.js';
import { DataError } from '../../data/data-error.js';
import { type BatchInputs, batchInputs, imageInputs } from '../../data/inputs.js';
import { type Batching, heldOutBatches, split, stepCount } from '../../data/sampler.js';
import { UsageError } from '../usage-error.js';
import { counted, grouped } from '../wording.js';
import { findData } from './data-files.js';
import type { LoopSettings, Rows } from './loop.js';
import type { Fingerprint } from './run-record.js';
import type { TrainSettings } from './settings.js';

/** The data of a run and how they are trained. */
export interface Plan {
  readonly loop: LoopSettings;
  readonly classes: readonly string[] | undefined;
  readonly fingerprints: readonly Fingerprint[];
  /** What the user may not expect. */
  readonly remarks: readonly string[];
}

/** Reads the data and divides them. Throws `DataError`, `UsageError` and `HostError`. */
export async function planOf(manifest: TrainingManifest, settings: TrainSettings): Promise<Plan> {
  checkRate(manifest, settings);
  const inputs = batchInputs(manifest);
  const batching = batchingOf(manifest, inputs, settings);
  const found = await findData(settings.data, inputs, settings);
  const all = found.dataset;
  let train: Rows;
  let heldOut: Rows;
  const fingerprints = [found.fingerprint];
  if ('path' in settings.heldOut) {
    const other = await findData(settings.heldOut.path, inputs, settings, found.classes);
    if ((other.classes === undefined) !== (found.classes === undefined))
      throw new DataError(`of ${settings.data} and ${settings.heldOut.path}, only one is a folder of images`);
    fingerprints.push(other.fingerprint);
    train = { dataset: all, rows: split(all.count, 0, 0).train };
    heldOut = { dataset: other.dataset, rows: split(other.dataset.count, 0, 0).train };
  } else {
    const parts = split(all.count, settings.heldOut.share, settings.seed);
    train = { dataset: all, rows: parts.train };
    heldOut = { dataset: all, rows: parts.heldOut };
  }
  if (stepCount(train.rows.length, batching) === 0)
    throw new DataError(
      `${settings.data} has ${counted(train.rows.length, 'row')} to train, too few for a step`,
      `the training takes ${batching.isFixed ? counted(batching.size * batching.accumulate, 'row') : counted(batching.accumulate, 'batch', 'batches')} at once`,
    );
  const evaluated = heldOutBatches(heldOut.rows, batching).flat().length;
  if (heldOut.rows.length > 0 && evaluated === 0)
    throw new DataError(
      `of ${counted(heldOut.rows.length, 'held-out row')}, none fills a batch of ${batching.size}, which the model takes`,
    );
  const { seed, epochs, patience } = settings;
  return {
    loop: { train, heldOut: evaluated === 0 ? undefined : heldOut, batching, seed, epochs, patience },
    classes: found.classes,
    fingerprints,
    remarks: [
      ...classRemarks(manifest, inputs, found.classes),
      ...restRemarks(heldOut.rows.length - evaluated, batching),
      ...averageRemarks(manifest, evaluated),
    ],
  };
}

function checkRate({ name, hasRate }: TrainingManifest, { lr }: TrainSettings): void {
  if (hasRate && lr === undefined)
    throw new UsageError(`\`${name}\` takes its learning rate from outside: give \`--lr\``, '`--lr 0.001` is a common start for adamw');
  if (!hasRate && lr !== undefined)
    throw new UsageError(`\`--lr\`: \`${name}\` computes its learning rate itself`, 'with `lr = input` in its optimizer, it takes yours');
}

function batchingOf({ accumulate }: TrainingManifest, { batchSize }: BatchInputs, settings: TrainSettings): Batching {
  if (batchSize !== undefined && settings.batchSize !== undefined && settings.batchSize !== batchSize)
    throw new UsageError(`\`--batch-size ${settings.batchSize}\`: the model takes ${counted(batchSize, 'row')} at once`);
  return { size: batchSize ?? settings.batchSize ?? 32, accumulate, isFixed: batchSize !== undefined };
}

/** The number of classes that the model distinguishes, if its only output shows it. Throws `DataError` for more of them in the data. */
function classRemarks({ inference }: TrainingManifest, inputs: BatchInputs, classes: readonly string[] | undefined): readonly string[] {
  const [output, other] = inference.signature.outputs;
  const room = output?.shape.at(-1);
  if (classes === undefined || output === undefined || other !== undefined || output.shape.length !== 2 || typeof room !== 'number')
    return [];
  if (classes.length > room && room > 1)
    throw new DataError(
      `there are ${classes.length} classes, and \`${output.name}\` has room for ${room}`,
      `\`${imageInputs(inputs).label.name}\` is the number of a class`,
    );
  return classes.length < room ? [`the model has room for ${grouped(room)} classes, and the data have ${classes.length}`] : [];
}

function restRemarks(rest: number, { size }: Batching): readonly string[] {
  return rest === 0 ? [] : [`${counted(rest, 'held-out row')} left out: the model takes batches of ${size}`];
}

function averageRemarks({ hasAverage }: TrainingManifest, evaluated: number): readonly string[] {
  return hasAverage && evaluated > 0 ? ['val_loss is that of the moving average of the weights, as in best.onnx'] : [];
}
