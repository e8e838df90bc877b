import type { Report } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/span.js';
import { JsonFailure, type JsonParts, readJson } from '../../json-reader.js';

/** JSON with the location of each part, for messages. */
export type JsonNode = JsonObject | JsonArray | JsonScalar;

export interface JsonObject {
  readonly kind: 'object';
  /** In the order of the file. */
  readonly members: ReadonlyMap<string, JsonMember>;
  readonly span: Span;
}

export interface JsonMember {
  readonly keySpan: Span;
  readonly value: JsonNode;
}

export interface JsonArray {
  readonly kind: 'array';
  readonly items: readonly JsonNode[];
  readonly span: Span;
}

export type JsonScalar =
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly span: Span }
  | { readonly kind: 'bool'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'null'; readonly span: Span };

/** JSON to read: a whole file, or a part of one. */
export interface JsonSource {
  readonly file: string;
  readonly text: string;
  /** The offset in the file at which `text` begins; 0 for a whole file. */
  readonly offset?: number;
  /** What such a file looks like, for messages. */
  readonly example: string;
}

/** What a file of settings looks like. */
export const settingsExample = 'a file of settings is JSON: `{ "hidden_size": 64, "act": "silu" }`';

/** Reads JSON. The first mistake is reported, and nothing after it is read. */
export function parseJson({ file, text, offset = 0, example }: JsonSource, report: Report, maxDepth: number): JsonNode | undefined {
  const spanOf = (start: number, end: number): Span => ({ file, start: start + offset, end: end + offset });
  const parts: JsonParts<JsonNode> = {
    object: (members, start, end) => ({
      kind: 'object',
      members: new Map([...members].map(([key, m]) => [key, { keySpan: spanOf(m.start, m.end), value: m.value }])),
      span: spanOf(start, end),
    }),
    array: (items, start, end) => ({ kind: 'array', items, span: spanOf(start, end) }),
    string: (value, start, end) => ({ kind: 'string', value, span: spanOf(start, end) }),
    number: (value, written, start, end) => ({ kind: 'number', value, text: written, span: spanOf(start, end) }),
    word: (value, start, end) => {
      const span = spanOf(start, end);
      return value === null ? { kind: 'null', span } : { kind: 'bool', value, span };
    },
  };
  try {
    return readJson(text, maxDepth, parts);
  } catch (error) {
    if (!(error instanceof JsonFailure)) throw error;
    report.add('bad-json', spanOf(error.start, error.end), { problem: error.message, example });
    return undefined;
  }
}
