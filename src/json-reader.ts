/** What is wrong with a text that should be JSON, and between which offsets. */
export class JsonFailure extends Error {
  override readonly name = 'JsonFailure';
  readonly start: number;
  readonly end: number;

  constructor(problem: string, start: number, end: number) {
    super(problem);
    this.start = start;
    this.end = end;
  }
}

/** A member of an object, with the offsets of its key. */
export interface ReadMember<V> {
  readonly start: number;
  readonly end: number;
  readonly value: V;
}

/** Builds the result from the parts of a text; `start` and `end` are offsets. It may throw `JsonFailure` for a part that it does not accept. */
export interface JsonParts<V> {
  object(members: ReadonlyMap<string, ReadMember<V>>, start: number, end: number): V;
  array(items: readonly V[], start: number, end: number): V;
  string(value: string, start: number, end: number): V;
  /** `text` is the number as it is written. */
  number(value: number, text: string, start: number, end: number): V;
  /** `true`, `false` or `null`. */
  word(value: boolean | null, start: number, end: number): V;
}

const words: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/**
 * Reads JSON more strictly than `JSON.parse`: keys must not repeat, since it would be unclear which value to use, and brackets must not be nested more
 * than `maxDepth` deep. Objects keep their order and hold any key, `__proto__` included. Throws `JsonFailure` for the first mistake.
 */
export function readJson<V>(text: string, maxDepth: number, parts: JsonParts<V>): V {
  return new JsonReader(text, maxDepth, parts).document();
}

class JsonReader<V> {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #parts: JsonParts<V>;
  #at = 0;

  constructor(text: string, maxDepth: number, parts: JsonParts<V>) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#parts = parts;
  }

  document(): V {
    const value = this.#value(1);
    this.#space();
    if (this.#at < this.#text.length) throw this.#failure('there is text after the value');
    return value;
  }

  #failure(problem: string, start = this.#at, end = start + 1): JsonFailure {
    return new JsonFailure(problem, Math.min(start, this.#text.length), Math.min(end, this.#text.length));
  }

  #space(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? '-')) this.#at++;
  }

  /** Consumes `symbol` if it comes next. */
  #take(symbol: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== symbol) return false;
    this.#at++;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) throw this.#failure(`a \`${symbol}\` is missing here`);
  }

  #value(depth: number): V {
    this.#space();
    const start = this.#at;
    if (depth > this.#maxDepth && '{['.includes(this.#text[start] ?? '-'))
      throw this.#failure(`brackets are nested more than ${this.#maxDepth} deep here`);
    if (this.#take('{')) {
      const members = this.#members(depth);
      return this.#parts.object(members, start, this.#at);
    }
    if (this.#take('[')) {
      const items = this.#items(depth);
      return this.#parts.array(items, start, this.#at);
    }
    if (this.#text[start] === '"') {
      const value = this.#string();
      return this.#parts.string(value, start, this.#at);
    }
    return this.#scalar(start);
  }

  #members(depth: number): ReadonlyMap<string, ReadMember<V>> {
    const members = new Map<string, ReadMember<V>>();
    if (this.#take('}')) return members;
    do {
      this.#space();
      const start = this.#at;
      if (this.#text[start] === '}') throw this.#failure('there is a comma before this `}`');
      if (this.#text[start] !== '"') throw this.#failure('a key in double quotes is missing here');
      const key = this.#string();
      const end = this.#at;
      if (members.has(key)) throw this.#failure(`the key ${JSON.stringify(key)} appears twice`, start, end);
      this.#expect(':');
      members.set(key, { start, end, value: this.#value(depth + 1) });
    } while (this.#take(','));
    this.#expect('}');
    return members;
  }

  #items(depth: number): readonly V[] {
    const items: V[] = [];
    if (this.#take(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#take(','));
    this.#expect(']');
    return items;
  }

  /** Only the end is found here; `JSON.parse` reads the escapes and refuses control characters. */
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
      // The message of JSON.parse is about this piece alone, and differs between engines.
    }
    throw this.#failure('this string is not valid', start, end + 1);
  }

  #scalar(start: number): V {
    const word = /^[^\s,:[\]{}"]{0,400}/.exec(this.#text.slice(start, start + 400))?.[0] ?? '';
    const end = start + word.length;
    this.#at = end;
    const known = Object.hasOwn(words, word) ? words[word] : undefined;
    if (known !== undefined) return this.#parts.word(known, start, end);
    if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(word)) return this.#parts.number(Number(word), word, start, end);
    this.#at = start;
    if (word === '') throw this.#failure('a value is missing here');
    throw this.#failure(`\`${word.slice(0, 40)}\` is not a value of JSON`, start, end);
  }
}
