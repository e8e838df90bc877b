import { JsonFailure, type JsonParts, readJson } from '../../json-reader.js';

/** JSON as the strict parser gives it: objects keep their order and hold any key, `__proto__` included, safely. */
export type Json = string | number | boolean | null | readonly Json[] | ReadonlyMap<string, Json>;

/** What is wrong with a text that should be JSON, with the offset of the place. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

/** The most brackets inside each other that a weight file needs is three; deeper nesting is an attack. */
const maxDepth = 16;

const plain: JsonParts<Json> = {
  object: (members) => new Map([...members].map(([key, { value }]) => [key, value])),
  array: (items) => items,
  string: (value) => value,
  word: (value) => value,
  number(value, text, start, end) {
    if (/^(?:0|-?[1-9]\d*)$/.test(text) && Number.isSafeInteger(value)) return value;
    throw new JsonFailure(`${text.slice(0, 40)} is not an exact integer`, start, end);
  },
};

/**
 * Parses JSON as `JSON.parse` should where a file decides what is read from where: keys must not repeat, numbers must be
 * integers that a float64 holds exactly, and nesting is bounded. Throws `JsonError`.
 */
export function parseStrictJson(text: string): Json {
  try {
    return readJson(text, maxDepth, plain);
  } catch (error) {
    if (error instanceof JsonFailure) throw new JsonError(`${error.message} (at character ${error.start})`);
    throw error;
  }
}
