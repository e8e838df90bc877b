/// <reference types="node" />
import { basename, dirname, join } from 'node:path';

/** Whether `name` is, judging by its form, a data file that archc made for this model. */
export function isDataFileOf(modelPath: string, name: string): boolean {
  const stem = dataFileStem(modelPath);
  return name.startsWith(stem) && /^[0-9a-f]{12}\.data$/.test(name.slice(stem.length));
}

/** The prefix of the names of a model's data files. `m.onnx` and `m` in the same folder share none. */
export function dataFileStem(modelPath: string): string {
  const name = basename(modelPath);
  return name.endsWith('.onnx') ? `${name.slice(0, -'.onnx'.length)}-` : `${name}+`;
}

/** What the temporary data file of a model is called after, until its content and so its name is known. */
export function dataFileToCome(modelPath: string): string {
  return join(dirname(modelPath), `${dataFileStem(modelPath)}.data`);
}
