import { isAbsolute, relative } from 'node:path';
import { rangesIn } from '../diagnostics/located.js';
import type { Diagnostic, Severity } from '../diagnostics/record.js';
import { renderTerminal } from '../diagnostics/render-terminal.js';
import { SourceText } from '../diagnostics/source-line.js';

/** A diagnostic as bundlers take it. */
export interface Problem {
  readonly severity: Severity;
  /** `shape-mismatch: ...` */
  readonly message: string;
  /** Undefined for a failure that is not in a text. */
  readonly place: ProblemPlace | undefined;
  /** The marked lines, and what to do about them. */
  readonly frame: string;
}

export interface ProblemPlace {
  /** The absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 0, in UTF-16 units. */
  readonly column: number;
  readonly length: number;
  readonly lineText: string;
}

/** Diagnostics as problems. Paths in frames are relative to `root`. */
export function problemsOf(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>, root: string): readonly Problem[] {
  const rangeOf = rangesIn(sources);
  const shown = (path: string) => shownPath(path, root);
  const shownSources = new Map([...sources].map(([path, text]) => [shown(path), text]));
  return diagnostics.map((d) => {
    const { start, end } = rangeOf(d.span);
    const lineText = new SourceText(sources.get(d.span.file) ?? '').line(start.line);
    const column = start.column - 1;
    const length = Math.max(1, end.line === start.line ? end.column - start.column : lineText.length - column);
    const text = withoutRoot(renderTerminal([shownDiagnostic(d, shown)], shownSources), root);
    const [title = '', ...frame] = text.split('\n');
    return {
      severity: d.severity,
      message: title.replace(/^\w+\[([\w-]+)\]/, '$1'),
      place: isAbsolute(d.span.file) ? { file: d.span.file, line: start.line, column, length, lineText } : undefined,
      frame: frame.join('\n').trimEnd(),
    };
  });
}

/** A failure that is not in a source. */
export function failure(message: string): Problem {
  return { severity: 'error', message, place: undefined, frame: '' };
}

/** A text about files, with their paths as one would write them in the folder `root`. */
export function withoutRoot(text: string, root: string): string {
  return text.replaceAll(`${root.replaceAll('\\', '/').replace(/\/$/, '')}/`, '');
}

/** A path as one would write it in the folder `root`. */
export function shownPath(path: string, root: string): string {
  if (!isAbsolute(path)) return path;
  const short = relative(root, path).replaceAll('\\', '/');
  return isAbsolute(short) || short === '' ? path : short;
}

function shownDiagnostic(d: Diagnostic, shown: (path: string) => string): Diagnostic {
  return {
    ...d,
    span: { ...d.span, file: shown(d.span.file) },
    notes: d.notes.map((note) => ({ ...note, span: { ...note.span, file: shown(note.span.file) } })),
  };
}
