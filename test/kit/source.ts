import { type CheckResult, type CompileOptions, type CompileResult, check, compile } from '../../src/compile.js';
import { renderTerminal } from '../../src/diagnostics/render-terminal.js';
import { lineStarts, positionAt } from '../../src/diagnostics/span.js';
import { createMemoryHost } from '../../src/memory-host.js';

/** Compiles one source text, or several files of which `main.arch` is the entry. */
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

/** The compiled model; fails with the rendered diagnostics if there is none. */
export function modelOf(source: string | Readonly<Record<string, string>>, options: CompileOptions = {}) {
  const result = compileText(source, options);
  if (result.model === undefined) throw new Error(rendered(result));
  return result.model;
}

/** `name: dtype[shape]` of every output. */
export function outputTypes(
  source: string | Readonly<Record<string, string>>,
  options: CompileOptions = {},
): Readonly<Record<string, string>> {
  return Object.fromEntries(modelOf(source, options).onnx.outputs.map((o) => [o.name, `${o.type.dtype}[${o.type.shape.join(', ')}]`]));
}
