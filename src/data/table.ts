import type { Batch } from '../api/runtime.js';
import { holds } from '../ops/dtype-range.js';
import { bytesOfElements } from '../ops/types.js';
import { indexOfElement } from '../runtime/pure/index-of-element.js';
import { elementCount, elementsOf } from '../runtime/pure/tensor-data.js';
import { tensorOf } from '../runtime/pure/tensor-numbers.js';
import type { Column } from './column.js';
import { DataError } from './data-error.js';
import type { Dataset } from './dataset.js';
import type { RowInput } from './inputs.js';

/** Rows that are in memory: a column for each input. */
export class Table implements Dataset {
  readonly count: number;
  readonly #columns: readonly Column[];
  readonly #padding: ReadonlyMap<string, number>;

  /**
   * `padding` has the value with which shorter rows of an input are filled up. Throws `DataError` for rows that do not fit the model or each other.
   */
  constructor(columns: readonly Column[], padding: ReadonlyMap<string, number>) {
    this.#columns = columns;
    this.#padding = padding;
    this.count = columns[0]?.count ?? 0;
    for (const [name, value] of padding) checkPadding(columns, name, value);
    for (const column of columns) checkShapes(column, padding.has(column.input.name));
    for (const column of columns) checkValues(column);
    checkSizes(columns);
  }

  async batch(rows: readonly number[]): Promise<Batch> {
    return Object.fromEntries(this.#columns.map((column) => [column.input.name, this.#tensor(column, rows)]));
  }

  #tensor(column: Column, rows: readonly number[]): Batch[string] {
    const { input } = column;
    const pad = this.#padding.get(input.name);
    const shape = largest(
      input,
      rows.map((row) => column.shapeOf(row)),
    );
    const size = elementCount(shape);
    const filled =
      pad === undefined
        ? { dtype: input.dtype, shape: [], bytes: new Uint8Array(bytesOfElements(input.dtype, rows.length * size)) }
        : tensorOf(input.dtype, [], new Float64Array(rows.length * size).fill(pad));
    const data = elementsOf(filled);
    for (const [i, row] of rows.entries()) {
      const own = column.shapeOf(row);
      if (String(own) === String(shape)) column.copy(row, data, i * size);
      else place(column.elementsOf(row), own, data, shape, i * size);
    }
    return { data, shape: [rows.length, ...shape] };
  }
}

/** The sizes that hold every row; those that the model fixes are as they are. */
function largest({ shape: wanted }: RowInput, shapes: readonly (readonly number[])[]): readonly number[] {
  return wanted.map((size, axis) =>
    typeof size === 'number' ? size : shapes.reduce((most, shape) => Math.max(most, shape[axis] ?? 0), 0),
  );
}

/** Copies a row into the corner of a larger one. */
function place(
  from: ArrayLike<number | bigint>,
  shape: readonly number[],
  into: { [index: number]: unknown },
  larger: readonly number[],
  start: number,
): void {
  for (let i = 0; i < from.length; i++) {
    let [rest, at, stride] = [i, start, 1];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis] as number;
      at += (rest % size) * stride;
      rest = Math.floor(rest / size);
      stride *= larger[axis] as number;
    }
    into[at] = from[i];
  }
}

function checkPadding(columns: readonly Column[], name: string, value: number): void {
  const input = columns.find((column) => column.input.name === name)?.input;
  if (input === undefined) return;
  if (input.shape.length === 0) throw new DataError(`\`--pad ${name}\`: a row of \`${name}\` is a single number`);
  if (!holds(input.dtype, value)) throw new DataError(`\`--pad ${name}=${value}\`: \`${name}\` is ${input.dtype}`);
  if (input.allowed?.has(value) === false) throw new DataError(`\`--pad ${name}=${value}\`: \`${name}\` must be ${input.allowed.text}`);
}

/** The model can use each integer: a label is one of its classes. */
function checkValues({ input: { name, allowed }, count, elementsOf, shapeOf, placeOf }: Column): void {
  if (allowed === undefined) return;
  for (let row = 0; row < count; row++) {
    const elements = elementsOf(row);
    const at = elements.findIndex((value: number | bigint) => !allowed.has(Number(value)));
    if (at < 0) continue;
    const shape = shapeOf(row);
    const where = shape.length === 0 ? '' : ` at [${indexOfElement(shape, at).join(', ')}]`;
    throw new DataError(`${placeOf(row)}: \`${name}\` is ${elements[at]}${where}`, `it must be ${allowed.text}`);
  }
}

/** Each row has the sizes that the model fixes, or fewer if it is filled up; and without filling, all rows have the same. */
function checkShapes({ input, count, shapeOf, placeOf }: Column, isPadded: boolean): void {
  const wanted = input.shape;
  const text = `[${wanted.join(', ')}]`;
  const first = count === 0 ? [] : shapeOf(0);
  let before: readonly number[] | undefined;
  for (let row = 0; row < count; row++) {
    const shape = shapeOf(row);
    if (shape === before) continue;
    before = shape;
    const fixed = (size: number | string, axis: number) =>
      typeof size === 'string' || size === shape[axis] || (isPadded && size > (shape[axis] ?? 0));
    if (shape.length !== wanted.length || !wanted.every(fixed))
      throw new DataError(
        `${placeOf(row)}: \`${input.name}\` takes ${shapeWords(wanted)}, and the row has ${shapeWords(shape)}`,
        shape.length === wanted.length &&
          !isPadded &&
          shape.every((size, axis) => fixed(wanted[axis] ?? 0, axis) || size < Number(wanted[axis]))
          ? `\`--pad ${input.name}=0\` fills shorter rows up`
          : undefined,
      );
    if (!isPadded && String(shape) !== String(first))
      throw new DataError(
        `${placeOf(row)}: \`${input.name}\` has ${shapeWords(shape)}, and the rows before have ${shapeWords(first)}`,
        `\`--pad ${input.name}=0\` fills shorter rows up to ${text}`,
      );
  }
}

function shapeWords(shape: readonly (number | string)[]): string {
  return shape.length === 0 ? 'one number' : `[${shape.join(', ')}]`;
}

/** Sizes with one name are equal within a row. */
function checkSizes(columns: readonly Column[]): void {
  const count = columns.some(({ input }) => input.shape.some((size) => typeof size === 'string')) ? (columns[0]?.count ?? 0) : 0;
  for (let row = 0; row < count; row++) {
    const known = new Map<string, { readonly size: number; readonly name: string }>();
    for (const { input, shapeOf, placeOf } of columns) {
      const shape = shapeOf(row);
      for (const [axis, name] of input.shape.entries()) {
        if (typeof name === 'number') continue;
        const size = shape[axis] ?? 0;
        const other = known.get(name);
        if (other !== undefined && other.size !== size)
          throw new DataError(`${placeOf(row)}: ${name} is ${size} in \`${input.name}\`, and ${other.size} in \`${other.name}\``);
        known.set(name, { size, name: input.name });
      }
    }
  }
}
