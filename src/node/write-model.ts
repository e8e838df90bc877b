/// <reference types="node" />
import { readdirSync, realpathSync, rmSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { OnnxGraph } from '../5-optimize/lowering/onnx-graph.js';
import { checkEmittedSize, checkInlineSize, emitOnnx } from '../6-emit/emit.js';
import { decodeOnnx } from '../6-emit/onnx/decode.js';
import type { ModelMeta } from '../6-emit/onnx/metadata.js';
import { planStorage, type StorageOptions, type StoragePlan, storageOf } from '../6-emit/storage.js';
import type { TensorSource } from '../6-emit/weights/tensor-source.js';
import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import { HostError } from '../host.js';
import { defaultLimits } from '../limits.js';
import { type Access, accessToReplace } from './access.js';
import { openBinaryFile } from './binary-file.js';
import type { DataFile } from './data-file.js';
import { isDataFileOf } from './data-file-names.js';
import { withOutputLock } from './output-lock.js';
import { outputPath } from './output-path.js';
import { TemporaryFile } from './temporary-file.js';

export interface ModelToWrite {
  readonly graph: OnnxGraph;
  /** The bytes of every parameter of the graph, by its name. */
  readonly weights: ReadonlyMap<string, TensorSource>;
  readonly meta: ModelMeta;
}

export interface WriteModelOptions {
  readonly external: StorageOptions['external'];
  /** Copies even weights that are in a file of the output folder, instead of referring to them there. */
  readonly copyWeights: boolean;
  /** The maximum size of the `.onnx` file in bytes; no reader accepts more than the default. */
  readonly onnxBytes?: number | undefined;
  /** Size problems are reported at `place`. */
  readonly report: Report;
  readonly place: Span;
}

export interface WrittenModel {
  /** Bytes of the `.onnx` file. */
  readonly size: number;
  /** The data file that was written next to it, by name. */
  readonly dataFile: { readonly name: string; readonly size: number } | undefined;
  /** The weight files in the folder that the model refers to; the model does not work without them. */
  readonly referenced: readonly string[];
}

/**
 * Writes a model and its weights. Both files are complete before either takes its place; then the data file does, under a name of its own;
 * then the model, in one step; then a data file that only the previous model needed is removed. If it is killed at any moment, either the
 * old model or the new one works; of several processes that write the same model, the last one to finish leaves its own. The result is
 * undefined if something was reported. Throws `HostError`.
 */
export async function writeModel(path: string, model: ModelToWrite, options: WriteModelOptions): Promise<WrittenModel | undefined> {
  const { onnxBytes = defaultLimits.onnxBytes, report, place } = options;
  const destination = outputPath(path);
  const folder = dirname(destination);
  const locate = options.copyWeights ? undefined : (file: string) => nameInFolder(file, folder);
  const plan = planStorage(model.weights, { external: options.external, locate });
  if (!checkInlineSize(plan, onnxBytes, report, place)) return undefined;
  if (plan.dataSize > 0) checkSpace(path, folder, plan.dataSize);
  const access = accessToReplace(destination);
  const data = plan.pieces.length === 0 ? undefined : await writeData(destination, plan, access);
  try {
    const encoding = emitOnnx(model.graph, storageOf(plan, data?.name ?? ''), model.meta);
    if (!checkEmittedSize(encoding, onnxBytes, report, place)) return undefined;
    const file = new TemporaryFile(destination, access, path);
    try {
      for (const chunk of encoding.write()) file.write(chunk);
      file.complete();
      await withOutputLock(destination, (leftBehind, announce) => replace(destination, file, data, leftBehind, announce));
    } finally {
      file.discard();
    }
    return {
      size: encoding.size,
      dataFile: data === undefined ? undefined : { name: data.name, size: plan.dataSize },
      referenced: [...new Set([...plan.referenced.values()].map((place) => place.location))].sort(),
    };
  } finally {
    data?.file.discard();
  }
}

/** The threads and checksums that this needs are loaded only now: most models have no data file. */
async function writeData(destination: string, plan: StoragePlan, access: Access | undefined): Promise<DataFile> {
  const { writeDataFile } = await import('./data-file.js');
  return writeDataFile(destination, plan, access);
}

/** Replaces the old model and its data file with the new ones. Nobody else does so at the same time. */
function replace(
  destination: string,
  model: TemporaryFile,
  data: DataFile | undefined,
  leftBehind: readonly string[],
  announce: (names: readonly string[]) => void,
): void {
  const folder = dirname(destination);
  const old = dataFilesOf(destination);
  if (data !== undefined || old.length > 0) announce(data === undefined ? old : [data.name, ...old]);
  data?.file.commit(join(folder, data.name));
  try {
    model.commit(destination);
  } catch (error) {
    if (data !== undefined && !old.includes(data.name)) rmSync(join(folder, data.name), { force: true });
    throw error;
  }
  for (const name of new Set([...old, ...leftBehind.filter((left) => isDataFileOf(destination, left))]))
    if (name !== data?.name) rmSync(join(folder, name), { force: true });
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

/** The data files that the model at `path` refers to and that archc made for it. A file that is not a model has none. */
function dataFilesOf(path: string): readonly string[] {
  // The folder is read faster than the model.
  if (!mayHaveDataFile(path)) return [];
  try {
    const file = openBinaryFile(path);
    try {
      // A file worth removing belongs to a model whose weights are outside: such a model is small.
      if (file.size > largestModelWithDataFile) return [];
      const { graph } = decodeOnnx(file.read(0, file.size));
      const locations = (graph?.initializer ?? []).flatMap((tensor) =>
        (tensor.externalData ?? []).flatMap(({ key, value }) => (key === 'location' && value !== undefined ? value : [])),
      );
      return [...new Set(locations)].filter((location) => isDataFileOf(path, location));
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof HostError) return [];
    throw error;
  }
}

function mayHaveDataFile(path: string): boolean {
  try {
    return readdirSync(dirname(path)).some((name) => isDataFileOf(path, name));
  } catch {
    // A folder may allow writing but not listing.
    return true;
  }
}

const largestModelWithDataFile = 256 * 1024 * 1024;
