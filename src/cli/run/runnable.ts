import { join } from 'node:path';
import { type ModelSummary, summarize } from '../../6-emit/onnx/summary.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/span.js';
import { type CompileOptions, compile } from '../../index.js';
import type { ParsedOptions } from '../arguments.js';
import { buildModel } from '../build-model.js';
import { compileOptions } from '../compile-options.js';
import { commandHost, sourcePath } from '../input.js';
import type { Progress } from '../progress.js';
import { onnxModel } from '../read-file.js';
import type { Findings } from '../reporting.js';

/** A model file that can be run, and where its inputs were declared. */
export interface Runnable extends Findings {
  readonly path: string;
  readonly summary: ModelSummary;
  readonly spanOf: (input: string) => Span;
  /** Problems with these particular sizes: demands that were open as long as sizes were names. */
  readonly recheck: (sizes: ReadonlyMap<string, number>) => readonly Diagnostic[];
}

/** The diagnostics say what stopped the build. */
export interface NotRunnable extends Findings {
  readonly summary: undefined;
}

/** An ONNX file as it is. */
export function onnxFile(path: string): Runnable {
  const summary = summarize(onnxModel(path));
  return { diagnostics: [], sources: new Map(), path, summary, spanOf: () => ({ file: path, start: 0, end: 0 }), recheck: () => [] };
}

/** A source file, built into `folder`. Sizes stay names there, so one file serves all sizes. */
export async function builtFile(word: string, folder: string, options: ParsedOptions, progress: Progress): Promise<Runnable | NotRunnable> {
  const path = join(folder, 'model.onnx');
  const { bind: _, ...settings } = compileOptions(options);
  const { diagnostics, sources, built } = await buildModel({ word, output: path, settings, options, progress });
  if (built === undefined) return { diagnostics, sources, summary: undefined };
  const { inputs, span } = built.model.checked;
  const spans = new Map(inputs.map((declared) => [declared.name, declared.span]));
  return {
    diagnostics,
    sources,
    path,
    summary: summarize(onnxModel(path)),
    spanOf: (name) => spans.get(name) ?? span,
    recheck: (sizes) => recompiled(word, sources, { ...settings, bind: Object.fromEntries(sizes) }),
  };
}

/** With numbers for all sizes nothing stays open: the checker decides each demand, and reports problems in its own words. */
function recompiled(word: string, sources: ReadonlyMap<string, string>, settings: CompileOptions): readonly Diagnostic[] {
  const files = commandHost();
  const host = { ...files, read: (path: string) => sources.get(path) ?? files.read(path) };
  return compile(sourcePath(word), host, settings).diagnostics.filter(({ severity }) => severity === 'error');
}
