import type { Report } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/span.js';

/** JSON with the place of each part, for messages. */
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

/** What is wrong with the text, and where. */
class JsonFailure extends Error {
  readonly start: number;
  readonly end: number;

  constructor(problem: string, start: number, end: number) {
    super(problem);
    this.start = start;
    this.end = end;
  }
}

/** Reads a file of settings; the first mistake is reported and ends the reading. Keys must not stand twice: it would be open which one counts. */
export function parseJson(file: string, text: string, report: Report, maxDepth: number): JsonNode | undefined {
  try {
    return new JsonReader(file, text, maxDepth).document();
  } catch (error) {
    if (!(error instanceof JsonFailure)) throw error;
    report.add('bad-json', { file, start: error.start, end: error.end }, { problem: error.message });
    return undefined;
  }
}

const words = { true: true, false: false, null: null } as const;

class JsonReader {
  readonly #file: string;
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;

  constructor(file: string, text: string, maxDepth: number) {
    this.#file = file;
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  document(): JsonNode {
    const value = this.#value(1);
    this.#space();
    if (this.#at < this.#text.length) throw this.#failure('there is text after the value');
    return value;
  }

  #failure(problem: string, start = this.#at, end = start + 1): JsonFailure {
    return new JsonFailure(problem, Math.min(start, this.#text.length), Math.min(end, this.#text.length));
  }

  #since(start: number): Span {
    return { file: this.#file, start, end: this.#at };
  }

  #space(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? '-')) this.#at++;
  }

  /** Takes `symbol` if it comes next. */
  #take(symbol: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== symbol) return false;
    this.#at++;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) throw this.#failure(`a \`${symbol}\` is missing here`);
  }

  #value(depth: number): JsonNode {
    this.#space();
    const start = this.#at;
    if (depth > this.#maxDepth && '{['.includes(this.#text[start] ?? '-'))
      throw this.#failure(`brackets are nested more than ${this.#maxDepth} deep here`);
    if (this.#take('{')) return { kind: 'object', members: this.#members(depth), span: this.#since(start) };
    if (this.#take('[')) return { kind: 'array', items: this.#items(depth), span: this.#since(start) };
    if (this.#text[start] === '"') return { kind: 'string', value: this.#string(), span: this.#since(start) };
    return this.#scalar(start);
  }

  #members(depth: number): ReadonlyMap<string, JsonMember> {
    const members = new Map<string, JsonMember>();
    if (this.#take('}')) return members;
    do {
      this.#space();
      const start = this.#at;
      if (this.#text[start] === '}') throw this.#failure('there is a comma before this `}`');
      if (this.#text[start] !== '"') throw this.#failure('a key in double quotes is missing here');
      const key = this.#string();
      const keySpan = this.#since(start);
      if (members.has(key)) throw this.#failure(`the key ${JSON.stringify(key)} appears twice`, start, this.#at);
      this.#expect(':');
      members.set(key, { keySpan, value: this.#value(depth + 1) });
    } while (this.#take(','));
    this.#expect('}');
    return members;
  }

  #items(depth: number): readonly JsonNode[] {
    const items: JsonNode[] = [];
    if (this.#take(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#take(','));
    this.#expect(']');
    return items;
  }

  /** The end is found here; `JSON.parse` reads the escapes and refuses control characters. */
  #string(): string {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    if (end >= this.#text.length) throw this.#failure('this string does not end', start);
    try {
      const value: unknown = JSON.parse(this.#text.slice(start, end + 1));
      this.#at = end + 1;
      if (typeof value === 'string') return value;
    } catch {
      // The message of JSON.parse speaks of the piece alone, and differs between engines.
    }
    throw this.#failure('this string is not valid', start, end + 1);
  }

  #scalar(start: number): JsonNode {
    const word = /^[^\s,:[\]{}"]{0,400}/.exec(this.#text.slice(start, start + 400))?.[0] ?? '';
    this.#at = start + word.length;
    const span = this.#since(start);
    if (word === 'true' || word === 'false') return { kind: 'bool', value: words[word], span };
    if (word === 'null') return { kind: 'null', span };
    if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(word)) return { kind: 'number', value: Number(word), text: word, span };
    this.#at = start;
    if (word === '') throw this.#failure('a value is missing here');
    throw this.#failure(`\`${word.slice(0, 40)}\` is not a value of JSON`, start, start + word.length);
  }
}
