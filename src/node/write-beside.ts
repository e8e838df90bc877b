import { basename, dirname, join } from 'node:path';
import type { Emission } from '../api/module.js';
import type { WrittenModel } from '../api/results.js';
import { moduleFiles } from '../module-files.js';
import type { PreparedModel } from '../prepare-model.js';
import { trainingFiles } from '../training-files.js';
import { writeAtomically } from './write-atomically.js';

export interface BesideOptions {
  /** The name of the source file. */
  readonly source: string;
  readonly emit: readonly Emission[];
  /** The model as it was written before. */
  readonly written: WrittenModel;
}

/** Writes what belongs beside the model at `path`: the files of its training, its module, and the declarations of the module. Returns their names. Throws `HostError`. */
export function writeBeside(prepared: PreparedModel, path: string, { source, emit, written }: BesideOptions): readonly string[] {
  const { dataFile, referenced } = written;
  const data = [...(dataFile === undefined ? [] : [dataFile.name]), ...referenced];
  const ofTraining = emit.includes('onnx') ? trainingFiles(prepared, basename(path)) : [];
  const files = [...ofTraining, ...moduleFiles(prepared.model, { source, file: basename(path), emit, data })];
  for (const { name, chunks } of files) writeAtomically(join(dirname(path), name), chunks);
  return files.map(({ name }) => name);
}
