import { JsonFailure, type JsonParts, readJson } from '../json-reader.js';
import type { RowValue } from './column.js';
import { DataError } from './data-error.js';

type Value = number | boolean | string | null | readonly Value[] | ReadonlyMap<string, Value>;

const parts: JsonParts<Value> = {
  object: (members) => new Map([...members].map(([key, { value }]) => [key, value])),
  array: (items) => items,
  string: (value) => value,
  word: (value) => value,
  number: (value) => value,
};

/** Rows of data are lists of lists, not documents. */
const maxDepth = 64;

/** The members of the object that a line of JSONL has. Throws `DataError`. */
export function jsonRow(text: string, place: string): ReadonlyMap<string, Value> {
  const value = parsed(text, place);
  if (!(value instanceof Map)) throw new DataError(`${place} is not a JSON object`);
  return value as ReadonlyMap<string, Value>;
}

/** The numbers in a JSON text: one, or nested lists of equal lengths. Throws `DataError`. */
export function jsonValue(text: string, place: string): RowValue {
  return numbersIn(parsed(text, place), place);
}

function parsed(text: string, place: string): Value {
  try {
    return readJson(text, maxDepth, parts);
  } catch (error) {
    if (error instanceof JsonFailure) throw new DataError(`${place}: ${error.message} (at character ${error.start})`);
    throw error;
  }
}

/** The numbers in a value of a JSON row. Throws `DataError`. */
export function numbersIn(value: Value, place: string): RowValue {
  const shape: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  const numbers: (number | boolean)[] = [];
  const collect = (item: Value, depth: number): void => {
    if (Array.isArray(item) && depth < shape.length) {
      if (item.length !== shape[depth]) throw new DataError(`${place}: its lists have different lengths`);
      for (const inner of item) collect(inner, depth + 1);
    } else if (depth === shape.length && (typeof item === 'number' || typeof item === 'boolean')) numbers.push(item);
    else throw new DataError(`${place} is not a number: ${shown(item)}`);
  };
  collect(value, 0);
  return { shape, numbers };
}

function shown(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 30));
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object';
}
