import type { Edit } from '../../../diagnostics/record.js';
import type { Span } from '../../../diagnostics/span.js';
import type { Cursor } from '../../cursor/cursor.js';
import { type Callable, pipedParameter } from '../../present/callable.js';

export type CompletionKind =
  | 'layer'
  | 'model'
  | 'function'
  | 'operator'
  | 'constant'
  | 'variable'
  | 'parameter'
  | 'option'
  | 'size'
  | 'field'
  | 'label'
  | 'entry'
  | 'weight'
  | 'config'
  | 'type'
  | 'value'
  | 'keyword'
  | 'snippet'
  | 'file'
  | 'text';

/** One suggestion. */
export interface CompletionItem {
  readonly label: string;
  readonly kind: CompletionKind;
  /** Its type or signature, in a line. */
  readonly detail?: string | undefined;
  /** What is inserted in place of `span`. */
  readonly insert: string;
  /** Whether `insert` has places to fill in: `${1:out}`, and `$0` for the cursor. */
  readonly isSnippet: boolean;
  /** Whether there are arguments to fill in, so that it helps to see what the call takes. */
  readonly takesArguments?: true;
  /** What the typed word is compared with. */
  readonly filter: string;
  /** Suggestions are shown in the order of these texts. */
  readonly sort: string;
  /** The text that is replaced: the word around the cursor. */
  readonly span: Span;
  /** Changes elsewhere, such as an import. */
  readonly edits: readonly Edit[];
  readonly deprecated?: true;
  /** Markdown, if it is short; `resolveCompletion` gives that of the others. */
  readonly documentation?: string | undefined;
  /** What it is about, for `resolveCompletion`: plain data. */
  readonly subject?: Subject | undefined;
}

/** What a suggestion is about. */
export type Subject =
  | { readonly of: 'operator' | 'built-in' | 'initializer' | 'optimizer' | 'kind' | 'onnx'; readonly name: string }
  | { readonly of: 'declaration'; readonly file: string; readonly name: string; readonly from: string | undefined };

/** A suggestion before it has its place. */
export interface Suggestion {
  readonly label: string;
  readonly kind: CompletionKind;
  readonly detail?: string | undefined;
  /** The label unless it is given. */
  readonly insert?: string;
  readonly isSnippet?: boolean;
  /** What is inserted, with places in `«»`: those with the same text are one place. */
  readonly snippet?: string | undefined;
  readonly filter?: string;
  readonly edits?: readonly Edit[];
  readonly documentation?: string | undefined;
  readonly subject?: Subject | undefined;
  /** How far down it is, from 0. */
  readonly rank: number;
}

/** The suggestions in the order in which they are shown; of those with the same label, the first. */
export function itemsFor({ path, word }: Pick<Cursor, 'path' | 'word'>, suggestions: readonly Suggestion[]): readonly CompletionItem[] {
  const span: Span = { file: path, start: word.start, end: word.end };
  const found = new Map<string, { readonly item: CompletionItem; readonly rank: number }>();
  for (const { rank, insert, isSnippet = false, snippet, filter, edits = [], ...rest } of suggestions) {
    const sort = `${String(rank).padStart(2, '0')}${rest.label.toLowerCase()}`;
    const known = found.get(rest.label);
    if (known !== undefined && known.rank <= rank) continue;
    const written = snippet === undefined ? (insert ?? rest.label) : numbered(snippet);
    const item = {
      ...rest,
      insert: written,
      isSnippet: isSnippet || snippet !== undefined,
      ...(isSnippet && rest.kind !== 'snippet' && openList.test(written) ? { takesArguments: true as const } : {}),
      filter: filter ?? rest.label,
      sort,
      span,
      edits,
    };
    found.set(rest.label, { item, rank });
  }
  return [...found.values()].map(({ item }) => item).sort((a, b) => (a.sort < b.sort ? -1 : a.sort > b.sort ? 1 : 0));
}

/** A list of arguments with a place. */
const openList = /\([^()]*\$(?:\{\d|0)/;

/** A snippet whose places are written in `«»`, in the form of editors. */
function numbered(snippet: string): string {
  const places: string[] = [];
  return snippet.replaceAll(/«([^»]*)»/g, (_, text: string) => {
    if (!places.includes(text)) places.push(text);
    return `\${${places.indexOf(text) + 1}:${snippetText(text)}}`;
  });
}

/** Text for a place in a snippet. */
export function snippetText(text: string): string {
  return text.replaceAll(/[\\$}]/g, '\\$&');
}

/** Numbers the places of a snippet: each `place` call makes the next one. */
export class Places {
  #count = 0;

  place(text: string): string {
    this.#count++;
    return `\${${this.#count}:${snippetText(text)}}`;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }
}

/** The text of a snippet with the texts of its places. */
export function withoutPlaces(snippet: string): string {
  return snippet
    .replaceAll(/(?<!\\)\$\{\d+:((?:\\.|[^\\}])*)\}/g, '$1')
    .replaceAll(/(?<!\\)\$\d+/g, '')
    .replaceAll(/\\([\\$}])/g, '$1');
}

/** The required parameters of a list, as arguments with places. */
export function argumentsText(callable: Callable, list: number, places: Places, { skipsTensor = false } = {}): string {
  const skipped = skipsTensor ? pipedParameter(callable, list) : undefined;
  const written = (callable.lists[list] ?? []).filter(
    (parameter) => parameter.isRequired && (parameter !== skipped || parameter.isVariadic),
  );
  return written
    .map(({ name, byPosition, accepts }) => {
      const [choice] = accepts?.choices ?? [];
      const value = name === 'pattern' ? 'x' : choice === undefined || accepts?.kind === 'padding' ? name : JSON.stringify(choice);
      return byPosition ? places.place(value) : `${name} = ${places.place(value)}`;
    })
    .join(', ');
}
