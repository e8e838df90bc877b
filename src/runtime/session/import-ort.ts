/// <reference types="node" />
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

type Runtime = typeof import('onnxruntime-node');

/** The package onnxruntime-node next to archc, or that of the project in which the process was started. Throws the error of the first if there is none. */
export async function importOrt(): Promise<Runtime> {
  try {
    return interop(await import('onnxruntime-node'));
  } catch (error) {
    const fromHere = createRequire(pathToFileURL(join(process.cwd(), 'package.json')));
    try {
      return fromHere('onnxruntime-node') as Runtime;
    } catch {
      throw error;
    }
  }
}

/** The package is CommonJS: its names may be available only under `default`. */
function interop(module: Runtime & { readonly default?: Runtime }): Runtime {
  return module.default ?? module;
}
