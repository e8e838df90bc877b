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

/** Reads a settings file; the first mistake is reported and ends the reading. */
export function parseJson(file: string, text: string, report: Report, maxDepth: number): JsonNode | undefined {
  const parts: JsonParts<JsonNode> = {
    object: (members, start, end) => ({
      kind: 'object',
      members: new Map([...members].map(([key, m]) => [key, { keySpan: { file, start: m.start, end: m.end }, value: m.value }])),
      span: { file, start, end },
    }),
    array: (items, start, end) => ({ kind: 'array', items, span: { file, start, end } }),
    string: (value, start, end) => ({ kind: 'string', value, span: { file, start, end } }),
    number: (value, written, start, end) => ({ kind: 'number', value, text: written, span: { file, start, end } }),
    word: (value, start, end) => {
      const span = { file, start, end };
      return value === null ? { kind: 'null', span } : { kind: 'bool', value, span };
    },
  };
  try {
    return readJson(text, maxDepth, parts);
  } catch (error) {
    if (!(error instanceof JsonFailure)) throw error;
    report.add('bad-json', { file, start: error.start, end: error.end }, { problem: error.message });
    return undefined;
  }
}
