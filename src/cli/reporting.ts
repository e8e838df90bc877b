import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { renderGithub } from '../diagnostics/render-github.js';
import { renderJson } from '../diagnostics/render-json.js';
import { renderSarif } from '../diagnostics/render-sarif.js';
import { renderShort } from '../diagnostics/render-short.js';
import { renderTerminal } from '../diagnostics/render-terminal.js';
import { countOf, summaryLine } from '../diagnostics/summary.js';
import { version } from '../version.js';
import type { ParsedOptions } from './arguments.js';
import { exitCodeOf } from './exit-code.js';
import { escapedJson, line, lines, type PlainText, trusted } from './plain-text.js';
import { paletteFor, type Stream, type Terminal } from './terminal.js';

/** The diagnostics of a compilation, and the texts that they refer to. */
export interface Findings {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
}

/** Merges the findings of several compilations. Mistakes in a file that several of them import are reported once. */
export function mergedFindings(all: readonly Findings[]): Findings {
  const sources = new Map(all.flatMap((findings) => [...findings.sources]));
  const seen = new Set<string>();
  const diagnostics = all
    .flatMap((findings) => findings.diagnostics)
    .filter((d) => {
      const key = `${d.code} ${d.span.file} ${d.span.start} ${d.span.end} ${d.message}`;
      return !seen.has(key) && seen.add(key);
    });
  return { diagnostics, sources };
}

/** Diagnostics printed for people unless `--max-diagnostics` says otherwise. */
const defaultShown = 20;

/**
 * Prints the findings in the format of `--format`, and returns their exit code. With `isOutTaken`, standard output carries something else,
 * and everything goes to standard error.
 */
export function reportFindings(findings: Findings, options: ParsedOptions, terminal: Terminal, isOutTaken = false): number {
  const format = options.value('format') ?? 'human';
  const isForPeople = format === 'human' || format === 'short';
  const limit = options.integer('max-diagnostics') ?? (isForPeople ? defaultShown : Number.POSITIVE_INFINITY);
  const shown = { ...findings, diagnostics: findings.diagnostics.slice(0, limit) };
  const stream = isForPeople || isOutTaken ? terminal.err : terminal.out;
  stream.write(rendered(format, shown, stream, options, terminal));
  const count = countOf(findings.diagnostics);
  if (format === 'human' && findings.diagnostics.length > 0) {
    const hidden = findings.diagnostics.length - shown.diagnostics.length;
    const more = hidden === 0 ? '' : ` (${shown.diagnostics.length} shown; \`--max-diagnostics ${findings.diagnostics.length}\` shows all)`;
    stream.write(lines(['', `${summaryLine(count)}${more}`]));
  }
  if (count.errors === 0 && count.warnings > 0 && options.has('deny-warnings'))
    terminal.err.write(line('warnings fail this command because of `--deny-warnings`'));
  return exitCodeOf(findings.diagnostics, options.has('deny-warnings'));
}

function rendered(
  format: string,
  { diagnostics, sources }: Findings,
  stream: Stream,
  options: ParsedOptions,
  terminal: Terminal,
): PlainText {
  switch (format) {
    case 'short':
      return trusted(renderShort(diagnostics, sources));
    case 'json':
      return escapedJson(renderJson(diagnostics, sources));
    case 'sarif':
      return escapedJson(renderSarif(diagnostics, sources, { version }));
    case 'github':
      return trusted(renderGithub(diagnostics, sources));
    default: {
      const palette = paletteFor(stream, terminal.env, options.value('color'));
      const width = stream.columns === undefined ? {} : { width: stream.columns - 8 };
      return trusted(renderTerminal(diagnostics, sources, { palette, ...width }));
    }
  }
}
