import { check } from '../../src/check.js';
import { type CompiledEntry, type CompiledModel, type CompileOptions, type CompileResult, compile } from '../../src/compile.js';
import { renderTerminal } from '../../src/diagnostics/render-terminal.js';
import { lineStarts, positionAt } from '../../src/diagnostics/span.js';
import { createMemoryHost } from '../../src/memory-host.js';
import type { CheckResult } from '../../src/stages.js';

/** Compiles one source text, or several files with the entry `main.arch`. */
export function compileText(source: string | Readonly<Record<string, string>>, options: CompileOptions = {}): CompileResult {
  return compile('main.arch', createMemoryHost(typeof source === 'string' ? { 'main.arch': source } : source), options);
}

export function checkText(source: string | Readonly<Record<string, string>>, options: CompileOptions = {}): CheckResult {
  return check('main.arch', createMemoryHost(typeof source === 'string' ? { 'main.arch': source } : source), options);
}

/** What was reported as `code@line`, in order. */
export function complaints(result: CheckResult): readonly string[] {
  return result.diagnostics.map((d) => `${d.code}@${positionAt(lineStarts(result.sources.get(d.span.file) ?? ''), d.span.start).line}`);
}

export function rendered(result: CheckResult): string {
  return renderTerminal(result.diagnostics, result.sources);
}

/** A compiled model that has one entry, with what belongs to that entry. */
export interface OneGraph extends CompiledEntry, Pick<CompiledModel, 'parameters'> {
  /** The name of the model. */
  readonly name: string;
}

/** Fails for a model with several entries. */
export function onlyGraph({ name, parameters, entries }: CompiledModel): OneGraph {
  const [entry, ...others] = entries;
  if (entry === undefined || others.length > 0) throw new Error(`${name} has ${entries.length} entries`);
  return { ...entry, name, parameters };
}

/** The compiled model; fails with the rendered diagnostics if there is none. */
export function programOf(source: string | Readonly<Record<string, string>>, options: CompileOptions = {}): CompiledModel {
  const result = compileText(source, options);
  if (result.model === undefined) throw new Error(rendered(result));
  return result.model;
}

/** The same for a model with one entry. */
export function modelOf(source: string | Readonly<Record<string, string>>, options: CompileOptions = {}): OneGraph {
  return onlyGraph(programOf(source, options));
}

/** `name: dtype[shape]` of every output. */
export function outputTypes(
  source: string | Readonly<Record<string, string>>,
  options: CompileOptions = {},
): Readonly<Record<string, string>> {
  return Object.fromEntries(modelOf(source, options).onnx.outputs.map((o) => [o.name, `${o.type.dtype}[${o.type.shape.join(', ')}]`]));
}
