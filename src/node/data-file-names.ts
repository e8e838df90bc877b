/// <reference types="node" />
import { basename } from 'node:path';

/** Whether `name` is a data file that archc made for this model, going by its name. */
export function isDataFileOf(modelPath: string, name: string): boolean {
  const stem = dataFileStem(modelPath);
  return name.startsWith(stem) && /^[0-9a-f]{12}\.data$/.test(name.slice(stem.length));
}

/** What the names of a model's data files begin with. `m.onnx` and `m` lie in one folder and share none. */
export function dataFileStem(modelPath: string): string {
  const name = basename(modelPath);
  return name.endsWith('.onnx') ? `${name.slice(0, -'.onnx'.length)}-` : `${name}+`;
}
