/** JSON as the strict parser gives it: objects keep their order and hold any key, `__proto__` included, safely. */
export type Json = string | number | boolean | null | readonly Json[] | ReadonlyMap<string, Json>;

/** What is wrong with a text that should be JSON, with the offset of the place. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

/** Weight files nest three deep; the rest is somebody trying something. */
const maxDepth = 16;

/**
 * Parses JSON as `JSON.parse` should where a file decides what is read from where: keys must not repeat, numbers must be
 * integers that a float64 holds exactly, and nesting is bounded. Throws `JsonError`.
 */
export function parseStrictJson(text: string): Json {
  return new StrictParser(text).document();
}

class StrictParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw this.#error('there is text after the end');
    return value;
  }

  #error(problem: string): JsonError {
    return new JsonError(`${problem} (at character ${this.#at})`);
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
    if (!this.#take(symbol)) throw this.#error(`\`${symbol}\` is missing`);
  }

  #value(depth: number): Json {
    if (depth > maxDepth) throw this.#error(`values are nested more than ${maxDepth} deep`);
    if (this.#take('{')) return this.#object(depth);
    if (this.#take('[')) return this.#array(depth);
    if (this.#text[this.#at] === '"') return this.#string();
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#integer();
  }

  #object(depth: number): ReadonlyMap<string, Json> {
    const object = new Map<string, Json>();
    if (this.#take('}')) return object;
    do {
      this.#space();
      const key = this.#string();
      if (object.has(key)) throw this.#error(`the key ${JSON.stringify(key)} appears twice`);
      this.#expect(':');
      object.set(key, this.#value(depth + 1));
    } while (this.#take(','));
    this.#expect('}');
    return object;
  }

  #array(depth: number): readonly Json[] {
    const array: Json[] = [];
    if (this.#take(']')) return array;
    do array.push(this.#value(depth + 1));
    while (this.#take(','));
    this.#expect(']');
    return array;
  }

  /** The end is found here, and `JSON.parse` reads the escapes and refuses control characters. */
  #string(): string {
    const start = this.#at;
    if (this.#text[start] !== '"') throw this.#error('a string is missing');
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    try {
      const value: unknown = JSON.parse(this.#text.slice(start, end + 1));
      this.#at = end + 1;
      if (typeof value === 'string') return value;
    } catch {
      // The message of JSON.parse speaks of the piece alone, and differs between engines.
    }
    throw this.#error('a string is not valid');
  }

  #integer(): number {
    const start = this.#at;
    while (/[-+.\dEe]/.test(this.#text[this.#at] ?? '')) this.#at++;
    const digits = this.#text.slice(start, this.#at);
    const value = Number(digits);
    if (/^(?:0|-?[1-9]\d*)$/.test(digits) && Number.isSafeInteger(value)) return value;
    this.#at = start;
    throw this.#error(digits === '' ? 'a value is missing' : `${digits.slice(0, 40)} is not an exact integer`);
  }
}
