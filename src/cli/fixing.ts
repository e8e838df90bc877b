import { resolve } from 'node:path';
import { edited } from '../diagnostics/apply-fix.js';
import type { Diagnostic, Edit, Fix } from '../diagnostics/diagnostic.js';
import { lineStarts, positionAt } from '../diagnostics/span.js';
import type { Host } from '../host.js';
import { append } from '../lists.js';
import type { Findings } from './reporting.js';

/** A fix that was applied, and where. */
interface Applied {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  readonly title: string;
}

/** What remains after safe fixes were applied, and what was fixed. */
export interface Fixed {
  readonly findings: Findings;
  readonly applied: readonly Applied[];
  /** The files that have changed, with their current contents. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Each round removes something, so this many rounds would mean a cycle. */
const mostRounds = 100;

/**
 * Applies the safe fixes of `files` until nothing more can be fixed. What a fix makes superfluous is found by the next round. A round that
 * leads to a new error is discarded.
 */
export function fixFiles(files: readonly string[], host: Host, check: (host: Host) => Findings): Fixed {
  const texts = new Map<string, string>();
  const paths = new Map(files.map((file) => [resolve(file), file]));
  const applied: Applied[] = [];
  let findings = check(host);
  for (let round = 0; round < mostRounds; round++) {
    const chosen = chooseFixes(findings.diagnostics, (edit) => paths.has(resolve(edit.span.file)));
    if (chosen.length === 0) break;
    const next = new Map(texts);
    for (const path of new Set(chosen.flatMap(({ fix }) => fix.edits.map((edit) => resolve(edit.span.file))))) {
      const edits = chosen.flatMap(({ fix }) => fix.edits.filter((edit) => resolve(edit.span.file) === path));
      next.set(path, edited(textOf(findings, edits), edits));
    }
    const after = check({ ...host, read: (path) => next.get(resolve(path)) ?? host.read(path) });
    if (errorsIn(after) > errorsIn(findings)) break;
    append(
      applied,
      chosen.map(({ diagnostic, fix }) => appliedFix(findings, diagnostic, fix)),
    );
    for (const [path, text] of next) texts.set(path, text);
    findings = after;
  }
  return { findings, applied, texts: new Map([...texts].map(([path, text]) => [paths.get(path) ?? path, text])) };
}

interface Chosen {
  readonly diagnostic: Diagnostic;
  readonly fix: Fix;
}

/** The safe fixes that can be applied together: none of them touches what another changes. */
function chooseFixes(diagnostics: readonly Diagnostic[], mayChange: (edit: Edit) => boolean): readonly Chosen[] {
  const chosen: Chosen[] = [];
  const taken: Edit[] = [];
  for (const diagnostic of diagnostics) {
    const fix = diagnostic.fixes.find(({ safe, edits }) => safe === true && edits.every(mayChange));
    if (fix === undefined || fix.edits.some((edit) => taken.some((other) => touches(edit, other)))) continue;
    chosen.push({ diagnostic, fix });
    append(taken, fix.edits);
  }
  return chosen;
}

function touches({ span: a }: Edit, { span: b }: Edit): boolean {
  return resolve(a.file) === resolve(b.file) && (a.start === b.start || (a.start < b.end && b.start < a.end));
}

function textOf({ sources }: Findings, [first]: readonly Edit[]): string {
  return sources.get(first?.span.file ?? '') ?? '';
}

function errorsIn({ diagnostics }: Findings): number {
  return diagnostics.filter(({ severity }) => severity === 'error').length;
}

function appliedFix({ sources }: Findings, { code, span }: Diagnostic, { title }: Fix): Applied {
  return { file: span.file, line: positionAt(lineStarts(sources.get(span.file) ?? ''), span.start).line, code, title };
}
