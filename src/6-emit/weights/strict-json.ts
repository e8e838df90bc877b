import { JsonFailure, type JsonParts, readJson } from '../../json-reader.js';

/** JSON as the strict parser returns it: objects keep their order and safely hold any key, including `__proto__`. */
export type Json = string | number | boolean | null | readonly Json[] | ReadonlyMap<string, Json>;

/** What is wrong with a text that should be JSON, with the offset of the mistake. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

/** A weight file needs at most three levels of brackets; deeper nesting is an attack. */
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
 * Parses JSON as is appropriate for a file that determines what is read from where: keys must not repeat, numbers must be integers that a
 * float64 represents exactly, and nesting is bounded. Throws `JsonError`.
 */
export function parseStrictJson(text: string): Json {
  try {
    return readJson(text, maxDepth, plain);
  } catch (error) {
    if (error instanceof JsonFailure) throw new JsonError(`${error.message} (at character ${error.start})`);
    throw error;
  }
}
