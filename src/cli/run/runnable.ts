import { join } from 'node:path';
import { summarize } from '../../6-emit/onnx/summary.js';
import type { DeviceCheck } from '../../api/device-check.js';
import type { SessionAdvice } from '../../api/session-options.js';
import { type CompiledModel, type CompileOptions, compile } from '../../compile.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { checksOfFile } from '../../runtime/pure/checks-of-file.js';
import { adviceOfFile } from '../../runtime/pure/session-advice.js';
import { type Signature, sizeNames } from '../../runtime/pure/signature.js';
import { signatureOfEntry } from '../../runtime/pure/signature-of-entry.js';
import { signatureOfFile } from '../../runtime/pure/signature-of-file.js';
import type { ParsedOptions } from '../arguments.js';
import { type BuiltModel, buildModel } from '../build-model.js';
import { compileOptions } from '../compile-options.js';
import { commandHost, sourcePath } from '../input.js';
import type { Progress } from '../progress.js';
import { onnxModel } from '../read-file.js';
import type { Findings } from '../reporting.js';
import { UsageError } from '../usage-error.js';
import { inWords } from './feeds.js';
import type { RunRequest } from './protocol.js';

/** A request to the child process to run a model, with the session options that the model recommends for the provider. */
export function requestTo(
  { path, signature: { outputs }, advice, checks }: Runnable,
  inputs: RunRequest['inputs'],
  { provider = 'cpu', runs = 1 }: { readonly provider?: string | undefined; readonly runs?: number | undefined } = {},
): RunRequest {
  return { model: path, provider, sessionOptions: provider === 'cpu' ? advice.cpu : undefined, checks, runs, inputs, outputs };
}

/** A model file that can be run. */
export interface Runnable extends Findings {
  readonly path: string;
  /** The entry of the source that it is. Undefined for an ONNX file. */
  readonly entry: string | undefined;
  readonly signature: Signature;
  /** The session options that the model recommends. */
  readonly advice: SessionAdvice;
  /** What the build wrote. Undefined for an ONNX file. */
  readonly built: BuiltModel | undefined;
  /** The checks that a GPU must pass before it runs the model. */
  readonly checks: readonly DeviceCheck[];
  /** Reports problems with particular sizes: requirements that were open while sizes were only names. Undefined for an ONNX file, which has no source. */
  readonly recheck: ((sizes: ReadonlyMap<string, number>) => readonly Diagnostic[]) | undefined;
}

/** The diagnostics say what stopped the build. */
export interface NotRunnable extends Findings {
  readonly signature: undefined;
}

/** An ONNX file as it is. */
export function onnxFile(path: string): Runnable {
  const summary = summarize(onnxModel(path));
  const signature = inWords(path, () => signatureOfFile(summary, { file: path, start: 0, end: 0 }));
  return {
    diagnostics: [],
    sources: new Map(),
    path,
    entry: undefined,
    signature,
    advice: adviceOfFile(summary.metadata),
    built: undefined,
    checks: checksOfFile(summary.metadata),
    recheck: undefined,
  };
}

/** A source file, built into `folder`. Sizes stay names there, so one file serves all sizes. `changes` replaces some of the given options. */
export async function builtFile(
  word: string,
  folder: string,
  options: ParsedOptions,
  progress: Progress,
  changes: CompileOptions = {},
): Promise<Runnable | NotRunnable> {
  const path = join(folder, 'model.onnx');
  const { bind: _, ...settings } = { ...compileOptions(options), ...changes };
  const onCompiled = demandOneEntry;
  const { diagnostics, sources, built } = await buildModel({ word, output: path, settings, options, progress, onCompiled });
  const [entry] = built?.model.entries ?? [];
  if (entry === undefined) return { diagnostics, sources, signature: undefined };
  const signature = signatureOfEntry(entry);
  const states = new Set(signature.states.map(({ input }) => input));
  const isOfState = ({ name }: { readonly name: string }) => states.has(name);
  const own = new Set(sizeNames(signature.inputs.filter((input) => !isOfState(input))));
  // The source has no name for a size that only states have.
  const ofStates = new Set(sizeNames(signature.inputs.filter(isOfState)).filter((name) => !own.has(name)));
  return {
    diagnostics,
    sources,
    path,
    entry: entry.name,
    signature,
    advice: entry.onnx.advice ?? {},
    built,
    checks: entry.onnx.deviceChecks ?? [],
    recheck: (sizes) =>
      recompiled(word, sources, { ...settings, bind: Object.fromEntries([...sizes].filter(([name]) => !ofStates.has(name))) }),
  };
}

/** Throws `UsageError` for a model with several entries, only one of which can be run. */
function demandOneEntry({ name, entries }: CompiledModel): void {
  if (entries.length === 1) return;
  const names = entries.map((entry) => entry.name).join(', ');
  throw new UsageError(`\`${name}\` has several entries`, `choose one with \`--entry\`: ${names}`);
}

/** With numbers for all sizes nothing stays open: the checker decides each demand, and reports problems in its own words. */
function recompiled(word: string, sources: ReadonlyMap<string, string>, settings: CompileOptions): readonly Diagnostic[] {
  const files = commandHost();
  const host = { ...files, read: (path: string) => sources.get(path) ?? files.read(path) };
  return compile(sourcePath(word), host, settings).diagnostics.filter(({ severity }) => severity === 'error');
}
