/// <reference types="node" />
import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileOfEntry } from '../artifacts.js';
import type { CompiledModel } from '../compile.js';
import { makeFolder } from './make-folder.js';
import type { FileToWrite } from './write-model.js';

/**
 * The path that a user's `-o` means for the model in `source`: a folder, which is made if the path ends in a slash, takes the name of the
 * source; anything else is the file. Throws `HostError`.
 */
export function modelPath(output: string, source: string): string {
  if (/[/\\]$/.test(output)) makeFolder(output);
  return isFolder(output) ? join(output, `${basename(source).replace(/\.arch$/, '')}.onnx`) : output;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    // Writing will say what is wrong with the path.
    return false;
  }
}

/** The files of a model: `path` itself, or one for each entry: `m.encode.onnx` for `m.onnx`. */
export function filesOf(model: CompiledModel, path: string): readonly FileToWrite[] {
  return model.entries.map(({ name, onnx, checked }) => ({ path: fileOfEntry(model, name, path), graph: onnx, place: checked.span }));
}
