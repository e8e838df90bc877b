import { edited } from './diagnostics/apply-fix.js';
import type { Diagnostic, Edit, Fix } from './diagnostics/record.js';
import { lineStarts, positionAt } from './diagnostics/span.js';
import { append } from './lists.js';

/** What a check of some files finds, with their texts by path. */
export interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
}

/** A fix that was applied, and where. */
export interface AppliedFix {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  readonly title: string;
}

/** What remains after safe fixes were applied, and what was fixed. */
export interface FixedFiles<C extends Checked> {
  readonly findings: C;
  readonly applied: readonly AppliedFix[];
  /** The texts of the files that have changed, by the names that `nameOf` gives them. */
  readonly texts: ReadonlyMap<string, string>;
}

interface FixAllInit<C extends Checked> {
  /** One name for each file, whatever path leads to it; undefined for a file that must stay as it is. */
  nameOf(path: string): string | undefined;
  /** Checks the files, some of which have other texts, by their names. */
  check(texts: ReadonlyMap<string, string>): C;
}

/** Each round removes something, so this many rounds would mean a cycle. */
const mostRounds = 100;

/**
 * Applies safe fixes until nothing more can be fixed. What a fix makes superfluous is found by the next round. A round that leads to a new error is discarded.
 */
export function fixAll<C extends Checked>({ nameOf, check }: FixAllInit<C>): FixedFiles<C> {
  let texts: ReadonlyMap<string, string> = new Map();
  const applied: AppliedFix[] = [];
  let findings = check(texts);
  for (let round = 0; round < mostRounds; round++) {
    const chosen = chooseFixes(findings.diagnostics, nameOf);
    if (chosen.length === 0) break;
    const next = new Map(texts);
    const edits = chosen.flatMap(({ fix }) => fix.edits);
    for (const name of new Set(edits.map(({ span }) => nameOf(span.file)))) {
      const own = edits.filter(({ span }) => nameOf(span.file) === name);
      if (name !== undefined) next.set(name, edited(textOf(findings, own), own));
    }
    const after = check(next);
    if (errorsIn(after) > errorsIn(findings)) break;
    append(
      applied,
      chosen.map(({ diagnostic, fix }) => appliedFix(findings, diagnostic, fix)),
    );
    texts = next;
    findings = after;
  }
  return { findings, applied, texts };
}

interface Chosen {
  readonly diagnostic: Diagnostic;
  readonly fix: Fix;
}

/** The safe fixes that can be applied together: none of them touches what another changes. */
function chooseFixes(diagnostics: readonly Diagnostic[], nameOf: (path: string) => string | undefined): readonly Chosen[] {
  const chosen: Chosen[] = [];
  const taken: Edit[] = [];
  const touches = ({ span: a }: Edit, { span: b }: Edit) =>
    nameOf(a.file) === nameOf(b.file) && (a.start === b.start || (a.start < b.end && b.start < a.end));
  for (const diagnostic of diagnostics) {
    const fix = diagnostic.fixes.find(({ safe, edits }) => safe === true && edits.every(({ span }) => nameOf(span.file) !== undefined));
    if (fix === undefined || fix.edits.some((edit) => taken.some((other) => touches(edit, other)))) continue;
    chosen.push({ diagnostic, fix });
    append(taken, fix.edits);
  }
  return chosen;
}

function textOf({ sources }: Checked, [first]: readonly Edit[]): string {
  return sources.get(first?.span.file ?? '') ?? '';
}

function errorsIn({ diagnostics }: Checked): number {
  return diagnostics.filter(({ severity }) => severity === 'error').length;
}

function appliedFix({ sources }: Checked, { code, span }: Diagnostic, { title }: Fix): AppliedFix {
  return { file: span.file, line: positionAt(lineStarts(sources.get(span.file) ?? ''), span.start).line, code, title };
}
