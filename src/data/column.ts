import { holds } from '../ops/dtype-range.js';
import { type DType, isFloat, isInt } from '../ops/types.js';
import { indexOfElement } from '../runtime/pure/index-of-element.js';
import { elementCount, elementsOf, type TensorData } from '../runtime/pure/tensor-data.js';
import { numbersOf, tensorOf } from '../runtime/pure/tensor-numbers.js';
import { DataError, notFinite } from './data-error.js';
import type { RowInput } from './inputs.js';

type Elements = ReturnType<typeof elementsOf>;

/** The rows of one input, in its element type. */
export interface Column {
  readonly input: RowInput;
  readonly count: number;
  shapeOf(row: number): readonly number[];
  /** Copies the elements of a row to `into`, which is an array of the same class. */
  copy(row: number, into: Elements, at: number): void;
  elementsOf(row: number): Elements;
  /** Where the row is, in words: `digits.csv:5`. */
  placeOf(row: number): string;
}

/** What a file has for a row of an input: its numbers, row-major. */
export interface RowValue {
  readonly shape: readonly number[];
  readonly numbers: readonly (number | boolean)[];
}

/** What the columns of an input have for a row: that of the only one, or a list of the numbers of all. */
export function joinedValues(values: readonly RowValue[]): RowValue {
  const [only, ...others] = values;
  if (only !== undefined && others.length === 0) return only;
  return { shape: [values.length], numbers: values.flatMap(({ numbers }) => numbers) };
}

/** Elements that are collected before they are converted. */
const pieceSize = 65_536;

/** Makes a column from rows as they are read. */
export class ColumnBuilder {
  readonly #input: RowInput;
  readonly #shapes: (readonly number[])[] = [];
  readonly #places: string[] = [];
  readonly #pieces: TensorData[] = [];
  #pending: number[] = [];

  constructor(input: RowInput) {
    this.#input = input;
  }

  /** Throws `DataError` for a value that the element type of the input does not have. */
  add({ shape, numbers }: RowValue, place: string): void {
    const { name, dtype } = this.#input;
    for (let i = 0; i < numbers.length; i++) {
      const value = numbers[i] as number | boolean;
      if (isFloat(dtype) && !Number.isFinite(Number(value)))
        throw notFinite(`${place}: \`${name}\` must be finite, but ${elementText(shape, i)} is ${value}`);
      if (!fits(dtype, value)) throw new DataError(`${place}: \`${name}\` is ${dtype}, but ${elementText(shape, i)} is ${value}`);
      this.#pending.push(Number(value));
    }
    if (this.#pending.length >= pieceSize) this.#flush();
    const known = this.#shapes.at(-1);
    const own = shapeIn(this.#input, shape);
    this.#shapes.push(known !== undefined && String(known) === String(own) ? known : own);
    this.#places.push(place);
  }

  build(): Column {
    this.#flush();
    return columnOf(this.#input, joined(this.#input.dtype, this.#pieces), this.#shapes, (row) => this.#places[row] ?? '');
  }

  #flush(): void {
    if (this.#pending.length > 0) this.#pieces.push(tensorOf(this.#input.dtype, [this.#pending.length], this.#pending));
    this.#pending = [];
  }
}

/** Whether an element type has this value. JSON and CSV have no exact integers beyond 2^53. */
function fits(dtype: DType, value: number | boolean): boolean {
  const number = Number(value);
  if (dtype === 'bool') return number === 0 || number === 1;
  if (typeof value === 'boolean') return isFloat(dtype);
  return holds(dtype, number) && (isFloat(dtype) || Number.isSafeInteger(number));
}

function elementText(shape: readonly number[], at: number): string {
  return shape.length === 0 ? 'it' : `its element [${indexOfElement(shape, at).join(', ')}]`;
}

/** The shape of a row as the input has it, if the row has the same elements in a list, or with other axes of size 1; otherwise its own. */
function shapeIn({ shape: wanted }: RowInput, shape: readonly number[]): readonly number[] {
  if (shape.length === wanted.length || !wanted.every((size) => typeof size === 'number')) return shape;
  const isList = shape.length === 1 && shape[0] === elementCount(wanted);
  const plain = (sizes: readonly number[]) => String(sizes.filter((size) => size !== 1));
  return isList || plain(shape) === plain(wanted) ? wanted : shape;
}

/**
 * A stored array, whose first axis is the rows, as a column. `name` is what messages call the array, `digits.npz: labels`. Floats are converted to floats, and whole
 * numbers to integers that have them. Throws `DataError` for any other value.
 */
export function columnOfArray(input: RowInput, tensor: TensorData, name: string): Column {
  const [count, ...shape] = tensor.shape;
  if (count === undefined) throw new DataError(`${name} is a single number, and has no rows`);
  const place = (row: number) => `${name}[${row}]`;
  const own = shapeIn(input, shape);
  const shapes = Array.from({ length: count }, () => own);
  return columnOf(input, convertedElements(input, tensor, shape, place), shapes, place);
}

function convertedElements(
  { name, dtype }: RowInput,
  tensor: TensorData,
  shape: readonly number[],
  place: (row: number) => string,
): Elements {
  const elements = elementsOf(tensor);
  if (tensor.dtype === dtype && !isFloat(dtype)) return elements;
  // Elements of f16 and bf16 are bit patterns.
  const numbers =
    tensor.dtype === 'f16' || tensor.dtype === 'bf16' ? elementsOf(tensorOf('f64', tensor.shape, numbersOf(tensor))) : elements;
  const placeOf = (i: number): string => {
    const size = Math.max(1, elementCount(shape));
    const at = shape.length === 0 ? '' : `[${indexOfElement(shape, i % size).join('][')}]`;
    return `${place(Math.floor(i / size))}${at}`;
  };
  if (isFloat(dtype) && isFloat(tensor.dtype)) {
    const at = (numbers as Float64Array).findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw notFinite(`${placeOf(at)} is ${numbers[at]}, but \`${name}\` must be finite`);
    if (tensor.dtype === dtype) return elements;
    if (dtype === 'f64') return new Float64Array(numbers as Float64Array);
    if (dtype === 'f32' && tensor.dtype !== 'f64') return new Float32Array(numbers as Float64Array);
  }
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] as number | bigint;
    if (!isHeld(dtype, value)) throw new DataError(`${placeOf(i)} is ${value}, but \`${name}\` is ${dtype}`);
  }
  if (dtype === 'i64' || dtype === 'u64') {
    const into = dtype === 'i64' ? new BigInt64Array(numbers.length) : new BigUint64Array(numbers.length);
    for (let i = 0; i < into.length; i++) into[i] = BigInt(numbers[i] as number | bigint);
    return into;
  }
  return elementsOf(tensorOf(dtype, [numbers.length], Float64Array.from(numbers as Float64Array, Number)));
}

function isHeld(dtype: DType, value: number | bigint): boolean {
  if (typeof value === 'number') return dtype === 'bool' ? value === 0 || value === 1 : holds(dtype, value);
  if (dtype === 'i64') return BigInt.asIntN(64, value) === value;
  if (dtype === 'u64') return BigInt.asUintN(64, value) === value;
  return dtype === 'bool' ? value === 0n || value === 1n : isFloat(dtype) || (isInt(dtype) && holds(dtype, Number(value)));
}

function columnOf(input: RowInput, elements: Elements, shapes: readonly (readonly number[])[], placeOf: (row: number) => string): Column {
  const starts = new Float64Array(shapes.length + 1);
  for (const [row, shape] of shapes.entries()) starts[row + 1] = (starts[row] ?? 0) + elementCount(shape);
  const part = (row: number) => elements.subarray(starts[row], starts[row + 1]);
  return {
    input,
    count: shapes.length,
    shapeOf: (row) => shapes[row] ?? [],
    copy: (row, into, at) => into.set(part(row) as never, at),
    elementsOf: part,
    placeOf,
  };
}

function joined(dtype: DType, pieces: readonly TensorData[]): Elements {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.bytes.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece.bytes, at);
    at += piece.bytes.length;
  }
  return elementsOf({ dtype, shape: [], bytes });
}

/** The rows of several files as one column. */
export function joinedColumns(columns: readonly Column[]): Column {
  const [first, ...others] = columns;
  if (first === undefined) throw new DataError('there are no files');
  if (others.length === 0) return first;
  const where: { readonly column: Column; readonly row: number }[] = [];
  for (const column of columns) for (let row = 0; row < column.count; row++) where.push({ column, row });
  const at = (row: number) => where[row] ?? { column: first, row: 0 };
  return {
    input: first.input,
    count: where.length,
    shapeOf: (row) => at(row).column.shapeOf(at(row).row),
    copy: (row, into, start) => at(row).column.copy(at(row).row, into, start),
    elementsOf: (row) => at(row).column.elementsOf(at(row).row),
    placeOf: (row) => at(row).column.placeOf(at(row).row),
  };
}
