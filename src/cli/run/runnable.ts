import { join } from 'node:path';
import { summarize } from '../../6-emit/onnx/summary.js';
import { type CompileOptions, compile } from '../../compile.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Signature } from '../../runtime/pure/signature.js';
import { signatureOfFile } from '../../runtime/pure/signature-of-file.js';
import { signatureOfModel } from '../../runtime/pure/signature-of-model.js';
import type { ParsedOptions } from '../arguments.js';
import { buildModel } from '../build-model.js';
import { compileOptions } from '../compile-options.js';
import { commandHost, sourcePath } from '../input.js';
import type { Progress } from '../progress.js';
import { onnxModel } from '../read-file.js';
import type { Findings } from '../reporting.js';

/** A model file that can be run. */
export interface Runnable extends Findings {
  readonly path: string;
  readonly signature: Signature;
  /** Problems with these particular sizes: demands that were open as long as sizes were names. Undefined for an ONNX file, which has no source. */
  readonly recheck: ((sizes: ReadonlyMap<string, number>) => readonly Diagnostic[]) | undefined;
}

/** The diagnostics say what stopped the build. */
export interface NotRunnable extends Findings {
  readonly signature: undefined;
}

/** An ONNX file as it is. */
export function onnxFile(path: string): Runnable {
  const signature = signatureOfFile(summarize(onnxModel(path)), { file: path, start: 0, end: 0 });
  return { diagnostics: [], sources: new Map(), path, signature, recheck: undefined };
}

/** A source file, built into `folder`. Sizes stay names there, so one file serves all sizes. */
export async function builtFile(word: string, folder: string, options: ParsedOptions, progress: Progress): Promise<Runnable | NotRunnable> {
  const path = join(folder, 'model.onnx');
  const { bind: _, ...settings } = compileOptions(options);
  const { diagnostics, sources, built } = await buildModel({ word, output: path, settings, options, progress });
  if (built === undefined) return { diagnostics, sources, signature: undefined };
  return {
    diagnostics,
    sources,
    path,
    signature: signatureOfModel(built.model),
    recheck: (sizes) => recompiled(word, sources, { ...settings, bind: Object.fromEntries(sizes) }),
  };
}

/** With numbers for all sizes nothing stays open: the checker decides each demand, and reports problems in its own words. */
function recompiled(word: string, sources: ReadonlyMap<string, string>, settings: CompileOptions): readonly Diagnostic[] {
  const files = commandHost();
  const host = { ...files, read: (path: string) => sources.get(path) ?? files.read(path) };
  return compile(sourcePath(word), host, settings).diagnostics.filter(({ severity }) => severity === 'error');
}
