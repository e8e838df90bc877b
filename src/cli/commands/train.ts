import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '../../1-syntax/parse.js';
import type { TrainingManifest } from '../../api/training.js';
import { DataError } from '../../data/data-error.js';
import { Report } from '../../diagnostics/report.js';
import { HostError } from '../../host.js';
import { hostError } from '../../node/host-error.js';
import { SessionError } from '../../runtime/session/session-error.js';
import { parseManifest } from '../../runtime/trainer/manifest.js';
import { TrainingError } from '../../runtime/trainer/training-error.js';
import { version } from '../../version.js';
import type { ParsedOptions } from '../arguments.js';
import { buildModel } from '../build-model.js';
import type { CommandInput } from '../command.js';
import { compileOptions } from '../compile-options.js';
import { commandHost, sourcePath } from '../input.js';
import { limitsOf } from '../limits.js';
import { Progress } from '../progress.js';
import { reportFindings } from '../reporting.js';
import { withTemporaryFolder } from '../run/temporary-folder.js';
import { onlySubject } from '../subjects.js';
import { Interruption } from '../train/interruption.js';
import { planOf } from '../train/plan.js';
import { recordedOptions, resumedOptions } from '../train/recorded-options.js';
import { RunFolder } from '../train/run-folder.js';
import type { Fingerprint, RunRecord } from '../train/run-record.js';
import { type TrainSettings, trainSettings } from '../train/settings.js';
import { type ReadyRun, trainRun } from '../train/train-run.js';
import { UsageError } from '../usage-error.js';

/** `archc train MODEL.arch --data DATA`, `archc train --resume DIR`. */
export async function train(input: CommandInput): Promise<number> {
  const interruption = new Interruption();
  try {
    const resumed = input.options.value('resume');
    const ready = resumed === undefined ? await newRun(input) : await oldRun(new RunFolder(resumed), input);
    return typeof ready === 'number' ? ready : await trained(ready, input, interruption);
  } catch (error) {
    throw inWords(error, input);
  } finally {
    interruption.end();
  }
}

async function trained(run: ReadyRun, input: CommandInput, interruption: Interruption): Promise<number> {
  try {
    return await trainRun(run, input, interruption);
  } finally {
    run.folder.leave();
  }
}

/** Builds the training, reads the data and makes the folder of the run. The exit code if the model has mistakes. */
async function newRun(input: CommandInput): Promise<ReadyRun | number> {
  const { terminal } = input;
  const subject = onlySubject(input, 'train');
  if (typeof subject === 'number') return subject;
  const { file: word, options } = subject;
  if (word === '-') throw new UsageError('`archc train` needs a file, not standard input');
  const settings = trainSettings(options);
  const name = options.value('train') ?? onlyTrain(word, options);
  if (options.value('output') === '-') throw new UsageError('`archc train` writes a folder, not to standard output', '`-o DIR` names it');
  const folder = new RunFolder(options.value('output') ?? join('runs', name ?? ''));
  folder.demandNew();
  return withTemporaryFolder(async (temporary) => {
    const result = await buildModel({
      word,
      output: join(temporary, 'model.onnx'),
      settings: { ...targetOf(settings), ...compileOptions(options), ...(name === undefined ? {} : { train: name }) },
      options,
      progress: new Progress(terminal, options.has('quiet')),
    });
    const code = reportFindings(result, options, terminal, true);
    if (result.built === undefined || name === undefined) return code;
    const file = 'model.train.json';
    const manifest = readManifest(join(temporary, file));
    const plan = await planOf(manifest, settings);
    const { train, heldOut } = plan.loop;
    const record: RunRecord = {
      version: 1,
      archc: version,
      model: word,
      train: name,
      manifest: file,
      options: recordedOptions(options),
      rows: { train: train.rows.length, heldOut: heldOut?.rows.length ?? 0 },
      classes: plan.classes,
      fingerprints: plan.fingerprints,
      history: [],
      partial: [],
    };
    await folder.begin(temporary, record);
    return { folder, record, manifest, settings, plan };
  });
}

/** An existing run that continues; no other process may continue it at the same time. */
async function oldRun(folder: RunFolder, input: CommandInput): Promise<ReadyRun> {
  const record = await folder.resume();
  try {
    return await restored(folder, record, input);
  } catch (error) {
    folder.leave();
    throw error;
  }
}

/** What a run needs to continue. Its graphs are those that it started with, even if its source has changed. */
async function restored(folder: RunFolder, record: RunRecord, { options, positionals }: CommandInput): Promise<ReadyRun> {
  const { path } = folder;
  const [word] = positionals;
  if (word !== undefined)
    throw new UsageError(
      '`--resume` takes no file: a run continues with its own graphs',
      `\`archc train ${word} --weights ${folder.last}\` starts another`,
    );
  if (options.has('output')) throw new UsageError('`--output` and `--resume` exclude each other', 'a run continues in its own folder');
  folder.demandCheckpointOf(record);
  const all = resumedOptions(options, record.options, path);
  const settings = trainSettings(all);
  if (record.history.length >= settings.epochs)
    throw new UsageError(`the run in ${path} has its ${settings.epochs} epochs`, `\`--epochs ${2 * settings.epochs}\` continues it`);
  const manifest = readManifest(join(folder.graphs, record.manifest));
  const plan = await planOf(manifest, settings);
  if (!isSameData(plan.fingerprints, record.fingerprints) || plan.loop.train.rows.length !== record.rows.train)
    throw new UsageError(
      `the data are not those that the run in ${path} began with`,
      `\`--weights ${folder.last}\` starts another with its weights`,
    );
  const remarks = hasSameSizes(plan.fingerprints, record.fingerprints)
    ? plan.remarks
    : [...plan.remarks, 'some images have other sizes in bytes than those that the run began with'];
  const own = { ...record, options: recordedOptions(all), fingerprints: plan.fingerprints };
  return { folder, record: own, manifest, settings, plan: { ...plan, remarks } };
}

function isSameData(now: readonly Fingerprint[], before: readonly Fingerprint[]): boolean {
  return now.length === before.length && now.every(({ data }, i) => data === before[i]?.data);
}

function hasSameSizes(now: readonly Fingerprint[], before: readonly Fingerprint[]): boolean {
  return now.every(({ sizes }, i) => sizes === before[i]?.sizes);
}

/** The name of the only `train` block. Undefined for a file with mistakes, which a build reports. */
function onlyTrain(word: string, options: ParsedOptions): string | undefined {
  const path = sourcePath(word);
  const text = commandHost().read(path);
  if (text === undefined) throw new HostError(`${path} does not exist`);
  const report = new Report();
  const names = parse(path, text, report, limitsOf(options)).items.flatMap((item) => (item.kind === 'train' ? [item.name.text] : []));
  if (report.hasErrors) return undefined;
  const [name, other] = names;
  if (name === undefined) throw new UsageError(`${path} has no \`train\` block`, 'docs/training.md shows how to write one');
  if (other !== undefined) throw new UsageError(`${path} has several \`train\` blocks`, `choose one with \`--train\`: ${names.join(', ')}`);
  return name;
}

function targetOf({ provider }: TrainSettings): { readonly target?: 'webgpu' } {
  return provider === 'webgpu' ? { target: 'webgpu' } : {};
}

function readManifest(path: string): TrainingManifest {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw hostError('read', path, error);
  }
  return parseManifest(bytes);
}

/** The error of a command, for what has gone wrong with data or training. */
function inWords(error: unknown, { options }: CommandInput): unknown {
  if (error instanceof DataError) return new UsageError(error.message, error.hint);
  if (error instanceof TrainingError) return new UsageError(error.message);
  if (!(error instanceof SessionError)) return error;
  if (error.problem.kind === 'missing-runtime')
    return new UsageError(
      '`archc train` needs the package onnxruntime-node',
      `install it beside archc: \`npm install onnxruntime-node\` (${error.problem.reason.split('\n')[0]})`,
    );
  return new UsageError(error.message, options.has('provider') ? 'without `--provider`, models train on the CPU' : undefined);
}
