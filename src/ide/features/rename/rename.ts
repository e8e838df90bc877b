import { hardKeywords } from '../../../../grammar/tokens.js';
import type { Edit } from '../../../diagnostics/record.js';
import { plainSpan, type Span } from '../../../diagnostics/span.js';
import type { Named } from '../../names/named.js';
import type { Workspace } from '../../workspace.js';
import { whyFixed, whyUnfit } from './new-name.js';
import { renamedInPatterns } from './patterns.js';
import { namedResults } from './returns.js';
import { homeOf, usesOf } from './uses.js';
import { whyDifferent } from './verify.js';
import { warningsFor } from './warnings.js';

/** Something that an editor asked for and that is not done, with the reason for people. */
export interface Refusal {
  readonly refused: string;
}

/** The name that a rename would change. */
export interface RenamePlace {
  readonly span: Span;
  readonly text: string;
}

export interface RenameEdits {
  readonly edits: readonly Edit[];
  /** What changes besides the text, such as the names of weights in checkpoints. */
  readonly warnings: readonly string[];
}

/** The name around an offset, or why it cannot be renamed. */
export function prepareRename(workspace: Workspace, path: string, offset: number): RenamePlace | Refusal {
  const found = renamedAt(workspace, path, offset);
  return 'refused' in found ? found : found.place;
}

/**
 * Gives another name to what is named at an offset, in all files of the workspace. Refused if the new name is not one, or if something would then be a mistake or
 * mean something else.
 */
export function rename(workspace: Workspace, path: string, offset: number, newName: string): RenameEdits | Refusal {
  const found = renamedAt(workspace, path, offset);
  if ('refused' in found) return found;
  const { named } = found;
  const unfit = whyUnfit(newName, named);
  if (unfit !== undefined) return { refused: unfit };
  if (newName === named.name) return { edits: [], warnings: [] };
  const uses = usesOf(workspace, named);
  const places = uses.flatMap(({ occurrences }) => occurrences.map(({ span }) => plainSpan(span)));
  const patterns = renamedInPatterns(workspace, named, newName);
  const edits = [...resultEdits(workspace, named, newName, places), ...places.map((span) => ({ span, text: newName })), ...patterns.edits];
  const different = whyDifferent(workspace, edits, newName);
  if (different !== undefined) return { refused: different };
  return { edits, warnings: [...warningsFor(workspace, named, newName, uses), ...patterns.warnings] };
}

interface Found {
  readonly named: Named;
  readonly place: RenamePlace;
}

function renamedAt(workspace: Workspace, path: string, offset: number): Found | Refusal {
  const view = workspace.view(path);
  if (view === undefined) return { refused: 'the file cannot be read' };
  const occurrence = view.occurrenceAt(offset);
  if (occurrence === undefined) {
    const word = wordAt(view.text, offset);
    return { refused: hardKeywords.includes(word) ? `\`${word}\` is a keyword` : 'nothing here can be renamed' };
  }
  const { named, span } = occurrence;
  const text = view.text.slice(span.start, span.end);
  const reason = whyFixed(named, text);
  return reason === undefined ? { named, place: { span: plainSpan(span), text } } : { refused: reason };
}

function wordAt(text: string, offset: number): string {
  const before = /\w*$/.exec(text.slice(Math.max(0, offset - 100), offset))?.[0] ?? '';
  return before + (/^\w*/.exec(text.slice(offset, offset + 100))?.[0] ?? '');
}

function resultEdits(workspace: Workspace, named: Named, newName: string, places: readonly Span[]): readonly Edit[] {
  const home = homeOf(workspace, named);
  if (home === undefined) return [];
  const starts = new Set(places.filter(({ file }) => file === home.view.path).map(({ start }) => start));
  return namedResults(home.item, (name, at) => (starts.has(at) ? newName : name)).map(({ span, text }) => ({
    span: plainSpan(span),
    text,
  }));
}
