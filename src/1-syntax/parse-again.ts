import type { Region } from '../../grammar/base-parser.js';
import { anchorOf } from '../diagnostics/anchor.js';
import { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import type { Comment, File, Item } from './ast.js';
import { Complaints } from './complaints.js';
import type { SyntaxLimits } from './limits.js';
import { parse, readRegion } from './parse.js';
import { checkText } from './source-checks.js';
import { changeBetween } from './text-change.js';

/** A file that was read, and where its mistakes are. */
export interface ParsedFile {
  readonly file: File;
  readonly mistakes: readonly Span[];
}

/**
 * Reads the next text of a file. Each declaration whose text is the same keeps its tree, whose spans then are those in the next text: the tree of the file
 * before must no longer be used. The result equals that of `parse`.
 */
export function parseAgain(before: ParsedFile, text: string, report: Report, limits: SyntaxLimits): File {
  const quick = before.mistakes.length === 0 ? parseChange(before.file, text, limits) : undefined;
  if (quick !== undefined) return quick;
  const own = new Report();
  const file = parse(before.file.path, text, own, limits);
  for (const d of own.diagnostics) report.push(d);
  const mistakes = own.diagnostics.map(({ span }) => span);
  return { ...file, items: keepTrees(before.file.items, before, file.items, { file, mistakes }) };
}

/** Whether a place with a mistake is in a declaration: what was read of it is not what was meant. */
export function isSpoiled({ span: { start, end } }: Item, mistakes: readonly Span[]): boolean {
  return mistakes.some((mistake) => mistake.start >= start && mistake.start <= end);
}

/** The new declarations, but those of the same text and documentation as an old one are that one, moved to where it is now. */
function keepTrees(oldItems: readonly Item[], before: ParsedFile, newItems: readonly Item[], after: ParsedFile): readonly Item[] {
  const known = new Map<string, Item[]>();
  for (const item of oldItems) {
    if (isSpoiled(item, before.mistakes)) continue;
    const key = keyOf(item, before.file.text);
    const same = known.get(key);
    if (same === undefined) known.set(key, [item]);
    else same.push(item);
  }
  return newItems.map((item) => {
    const same = isSpoiled(item, after.mistakes) ? undefined : known.get(keyOf(item, after.file.text))?.shift();
    if (same !== undefined) moveTo(same, item.span.start);
    return same ?? item;
  });
}

function keyOf(item: Item, text: string): string {
  return JSON.stringify([('doc' in item ? item.doc : undefined) ?? null, text.slice(item.span.start, item.span.end)]);
}

function moveTo({ span }: Item, start: number): void {
  const anchor = anchorOf(span);
  if (anchor !== undefined) anchor.offset += start - span.start;
}

// ---------------------------------------------------------------- only what changed

/**
 * Reads the declarations around a change, and one more on each side, if neither text has a mistake: what is before them and after them then is read the same as
 * before. Undefined if that is not certain.
 */
function parseChange(file: File, text: string, limits: SyntaxLimits): File | undefined {
  const { path, items } = file;
  const change = changeBetween(file.text, text);
  const touched = items.findLastIndex(({ span }) => span.start <= change.start);
  const first = Math.max(0, touched - 1);
  const last = items.findIndex(({ span }) => span.start >= change.oldEnd);
  const kept = { before: items.slice(0, first), after: last < 0 ? [] : items.slice(last + 1) };
  const lastBefore = last < 0 ? undefined : items[last];
  const region: Region = {
    start: first === 0 ? 0 : (items[first - 1]?.span.end ?? 0),
    end: lastBefore === undefined ? text.length : lastBefore.span.end + change.shift,
  };
  if (text.length > limits.tokens || !startsOnNewLine(text, region.start, items[first])) return undefined;
  const problems = new Report();
  const complaints = new Complaints(path, problems, limits.messages);
  if (!checkText(text, limits, complaints)) return undefined;
  const read = readRegion(path, text, region, complaints, limits);
  if (problems.diagnostics.length > 0) return undefined;
  const end = read.items.at(-1)?.span;
  if (lastBefore !== undefined && (end?.start !== lastBefore.span.start + change.shift || end.end !== region.end)) return undefined;
  const oldEnd = lastBefore?.span.end ?? file.text.length;
  const comments = [
    ...file.comments.filter(({ span }) => span.end <= region.start),
    ...read.comments,
    ...file.comments.filter(({ span }) => span.start >= oldEnd).map((comment) => moved(comment, change.shift)),
  ];
  const next: File = { kind: 'file', path, text, items: [], comments, span: { file: path, start: 0, end: text.length } };
  const between = items.slice(first, last < 0 ? undefined : last + 1);
  const again = keepTrees(between, { file, mistakes: [] }, read.items, { file: next, mistakes: [] });
  for (const item of kept.after) moveTo(item, item.span.start + change.shift);
  return { ...next, items: [...kept.before, ...again, ...kept.after] };
}

function startsOnNewLine(text: string, start: number, item: Item | undefined): boolean {
  return start === 0 || item === undefined || text.slice(start, item.span.start).includes('\n');
}

function moved(comment: Comment, by: number): Comment {
  const { file, start, end } = comment.span;
  return { ...comment, span: { file, start: start + by, end: end + by } };
}
