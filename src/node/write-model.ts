/// <reference types="node" />
import { readdirSync, realpathSync, rmSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { OnnxGraph } from '../5-optimize/lowering/onnx-graph.js';
import { checkEmittedSize, checkInlineSize, emitOnnx } from '../6-emit/emit.js';
import { decodeOnnx } from '../6-emit/onnx/decode.js';
import type { ModelMeta } from '../6-emit/onnx/metadata.js';
import { planStorage, type StorageOptions, type StoragePlan, storageOf } from '../6-emit/storage.js';
import type { TensorSource } from '../6-emit/weights/tensor-source.js';
import { reportUnusable } from '../6-emit/weights/unusable-weight.js';
import type { WrittenModel } from '../api/results.js';
import { InternalError } from '../diagnostics/internal-error.js';
import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import { HostError } from '../host.js';
import { defaultLimits } from '../limits.js';
import { type Access, accessToReplace } from './access.js';
import { openBinaryFile } from './binary-file.js';
import type { DataFile } from './data-file.js';
import { dataFileToCome, isDataFileOf } from './data-file-names.js';
import { withOutputLock } from './output-lock.js';
import { outputPath } from './output-path.js';
import { removeStale, TemporaryFile } from './temporary-file.js';

export interface ModelToWrite {
  /** The graphs, each with the path of its file. All files are in one folder. */
  readonly files: readonly FileToWrite[];
  /** The bytes of every parameter of the graphs, by its name. */
  readonly weights: ReadonlyMap<string, TensorSource>;
  readonly meta: ModelMeta;
}

export interface FileToWrite {
  readonly path: string;
  readonly graph: OnnxGraph;
  /** Size problems of this file are reported here. */
  readonly place: Span;
}

export interface WriteModelOptions {
  readonly external: StorageOptions['external'];
  /** Copies even weights that are in a file of the output folder, instead of referring to them there. */
  readonly copyWeights: boolean;
  /** The maximum size of the `.onnx` file in bytes; no reader accepts more than the default. */
  readonly onnxBytes?: number | undefined;
  /** Size problems are reported at `place`, and weights that cannot be written where they are declared. */
  readonly report: Report;
  readonly place: Span;
}

/**
 * Writes a model, as one `.onnx` file or one for each entry, and its weights; `name` gives the name of their data file. All files are
 * complete before any takes its place; then the data file does, under a name of its own; then each `.onnx`, in one step; then a data file
 * that only the previous model needed is removed. If it is killed at any moment, each `.onnx` file is the old one or the new one, and works;
 * of several processes that write the same model, the last one to finish leaves its own. The result is undefined if something was reported.
 * Throws `HostError`.
 */
export async function writeModel(name: string, model: ModelToWrite, options: WriteModelOptions): Promise<WrittenModel | undefined> {
  try {
    return await writeFiles(name, model, options);
  } catch (error) {
    return reportUnusable(error, options.report);
  }
}

async function writeFiles(name: string, model: ModelToWrite, options: WriteModelOptions): Promise<WrittenModel | undefined> {
  const { onnxBytes = defaultLimits.onnxBytes, report, place } = options;
  const targets = model.files.map((file) => ({ ...file, destination: outputPath(file.path) }));
  const [first] = targets;
  if (first === undefined) throw new InternalError('a model without a graph is written');
  const isShared = targets.length > 1;
  const folder = dirname(first.destination);
  const base = isShared ? join(folder, basename(name)) : first.destination;
  const locate = options.copyWeights ? undefined : (file: string) => nameInFolder(file, folder);
  const external = isShared && options.external === 'auto' ? 'always' : options.external;
  const plan = planStorage(usedBy(model), { external, target: first.graph.target, locate });
  const isBeside = plan.pieces.length > 0 || plan.referenced.size > 0;
  for (const [i, { path, destination }] of targets.entries()) {
    if (targets.slice(0, i).some((other) => other.destination === destination))
      throw new HostError(`cannot write ${path}: it is a link to the file of another entry`);
    if (isBeside && dirname(destination) !== folder)
      throw new HostError(
        `cannot write ${path}: it is in another folder than ${first.path} after links are followed, and both need the same file of weights`,
      );
  }
  if (!checkInlineSize(plan, onnxBytes, report, place)) return undefined;
  // This build may not have a data file.
  removeStale(dataFileToCome(base));
  if (plan.dataSize > 0) checkSpace(name, folder, plan.dataSize);
  const data = plan.pieces.length === 0 ? undefined : await writeData(base, plan, accessToReplace(first.destination));
  const written: { readonly destination: string; readonly file: TemporaryFile; readonly size: number }[] = [];
  try {
    for (const { path, destination, graph, place: at } of targets) {
      const encoding = emitOnnx(graph, storageOf(plan, data?.name ?? ''), model.meta);
      if (!checkEmittedSize(encoding, onnxBytes, report, at)) return undefined;
      const file = new TemporaryFile(destination, accessToReplace(destination), path);
      written.push({ destination, file, size: encoding.size });
      for (const chunk of encoding.write()) file.write(chunk);
      file.complete();
    }
    await withOutputLock(base, (leftBehind, announce) => replace(base, written, data, leftBehind, announce));
    return {
      files: targets.map(({ path }, i) => ({ name: basename(path), size: written[i]?.size ?? 0 })),
      dataFile: data === undefined ? undefined : { name: data.name, size: plan.dataSize },
      referenced: [...new Set([...plan.referenced.values()].map((place) => place.location))].sort(),
    };
  } finally {
    for (const { file } of written) file.discard();
    data?.file.discard();
  }
}

/** The weights that a graph has: those of adapters are only in the initial state of their training. */
function usedBy({ files, weights }: ModelToWrite): ReadonlyMap<string, TensorSource> {
  const used = new Set(files.flatMap(({ graph }) => graph.parameters.map(({ parameter }) => parameter.name)));
  return new Map([...weights].filter(([name]) => used.has(name)));
}

/** The threads and checksums that this needs are loaded only now: most models have no data file. */
async function writeData(destination: string, plan: StoragePlan, access: Access | undefined): Promise<DataFile> {
  const { writeDataFile } = await import('./data-file.js');
  return writeDataFile(destination, plan, access);
}

/** Replaces the old files and their data file with the new ones. Nobody else does so at the same time. `base` is the path that names the data files. */
function replace(
  base: string,
  models: readonly { readonly destination: string; readonly file: TemporaryFile }[],
  data: DataFile | undefined,
  leftBehind: readonly string[],
  announce: (names: readonly string[]) => void,
): void {
  const folder = dirname(base);
  const old = [...new Set(models.flatMap(({ destination }) => dataFilesOf(destination, base)))];
  if (data !== undefined || old.length > 0) announce(data === undefined ? old : [data.name, ...old]);
  data?.file.commit(join(folder, data.name));
  let isInPlace = false;
  try {
    for (const { destination, file } of models) {
      file.commit(destination);
      isInPlace = true;
    }
  } catch (error) {
    if (!isInPlace && data !== undefined && !old.includes(data.name)) rmSync(join(folder, data.name), { force: true });
    throw error;
  }
  for (const name of new Set([...old, ...leftBehind.filter((left) => isDataFileOf(base, left))]))
    if (name !== data?.name && !isNeededByOthers(name, base, models)) rmSync(join(folder, name), { force: true });
}

/** Whether another model refers to a data file: an entry that the model no longer has, or a copy of the model. */
function isNeededByOthers(name: string, base: string, models: readonly { readonly destination: string }[]): boolean {
  const folder = dirname(base);
  const own = new Set(models.map(({ destination }) => basename(destination)));
  const [, stem = '', ending = ''] = /^(.*?)((?:\.onnx)?)$/s.exec(basename(base)) ?? [];
  const isOfModel = (file: string) =>
    file === `${stem}${ending}` || (file.startsWith(`${stem}.`) && file.endsWith(ending)) || file.endsWith('.onnx');
  const others = namesIn(folder).filter((file) => isOfModel(file) && !own.has(file));
  return others.some((file) => dataFilesOf(join(folder, file), base).includes(name));
}

/** Throws `HostError` if the disk cannot hold `size` more bytes, instead of filling it first. */
function checkSpace(path: string, folder: string, size: number): void {
  let free: number;
  try {
    const { bavail, bsize } = statfsSync(folder);
    free = bavail * bsize;
  } catch {
    // Some file systems do not report this; writing will.
    return;
  }
  if (size > free) throw new HostError(`cannot write ${path}: its data has ${size} bytes, and the disk has room for ${free}`);
}

/** The name of a file that is in `folder` itself, with links resolved; undefined for any other location. */
function nameInFolder(file: string, folder: string): string | undefined {
  try {
    const real = realpathSync(file);
    return dirname(real) === folder && statSync(real).isFile() ? basename(real) : undefined;
  } catch {
    // A missing file will be reported when it is read.
    return undefined;
  }
}

/** The data files that the model at `path` refers to and that archc made for models called `base`. A file that is not a model has none. */
function dataFilesOf(path: string, base: string): readonly string[] {
  // The folder is read faster than the model.
  if (!mayHaveDataFile(base)) return [];
  try {
    const file = openBinaryFile(path);
    try {
      // A file worth removing belongs to a model whose weights are outside: such a model is small.
      if (file.size > largestModelWithDataFile) return [];
      const { graph } = decodeOnnx(file.read(0, file.size));
      const locations = (graph?.initializer ?? []).flatMap((tensor) =>
        (tensor.externalData ?? []).flatMap(({ key, value }) => (key === 'location' && value !== undefined ? value : [])),
      );
      return [...new Set(locations)].filter((location) => isDataFileOf(base, location));
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof HostError) return [];
    throw error;
  }
}

function mayHaveDataFile(base: string): boolean {
  try {
    return readdirSync(dirname(base)).some((name) => isDataFileOf(base, name));
  } catch {
    // A folder may allow writing but not listing.
    return true;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const largestModelWithDataFile = 256 * 1024 * 1024;
