import type { ElementValue, TypedElements } from '../../api/runtime.js';
import type { Dim } from '../../dims/dim.js';
import { rangeOf } from '../../ops/dtype-range.js';
import { roundNumber } from '../../ops/nd/round.js';
import { bytesOf, type DType, isFloat } from '../../ops/types.js';
import { FeedError } from './feed-error.js';
import { imageTensor, isImage } from './image-tensor.js';
import { indexOfElement } from './index-of-element.js';
import type { DeclaredInput } from './signature.js';
import { elementCount, elementsOf, type TensorData } from './tensor-data.js';
import { tensorOf } from './tensor-numbers.js';

type Elements = TypedElements | readonly unknown[];
type Input = Pick<DeclaredInput, 'name' | 'shape'> & { readonly dtype: DType };

/** The classes whose elements are those of a type as they are. */
const ownArrays: Readonly<Partial<Record<DType, readonly string[]>>> = {
  f32: ['Float32Array'],
  f64: ['Float64Array'],
  f16: ['Uint16Array', 'Float16Array'],
  bf16: ['Uint16Array'],
  i8: ['Int8Array'],
  i16: ['Int16Array'],
  i32: ['Int32Array'],
  i64: ['BigInt64Array'],
  u8: ['Uint8Array', 'Uint8ClampedArray'],
  u16: ['Uint16Array'],
  u32: ['Uint32Array'],
  u64: ['BigUint64Array'],
};

/**
 * The tensor for an input, in its element type. An image becomes its planes, scaled to the input if `resize` allows that. A typed array whose elements are of that type is not copied. Throws `FeedError` for what is not a tensor, and for a value that
 * the type does not have: a fraction or a number out of range for an integer, a finite number that would become infinite.
 */
export function inputTensor(input: Input, value: unknown, { resize = false }: { readonly resize?: boolean | undefined } = {}): TensorData {
  if (isImage(value)) return imageTensor(input, value, resize);
  const { elements, shape } = shaped(input, value);
  const { dtype } = input;
  if (ArrayBuffer.isView(elements) && ownArrays[dtype]?.includes(elements.constructor.name) === true)
    return { dtype, shape, bytes: unshared(new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength)) };
  return converted(input, elements, shape);
}

/** A copy of bytes in shared memory, which ONNX Runtime does not read. */
function unshared(bytes: Uint8Array): Uint8Array {
  const isShared = typeof SharedArrayBuffer !== 'undefined' && bytes.buffer instanceof SharedArrayBuffer;
  return isShared ? Uint8Array.from(bytes) : bytes;
}

function shaped(input: Input, value: unknown): { readonly elements: Elements; readonly shape: readonly number[] } {
  if (isElement(value)) return { elements: [value], shape: [] };
  if (isTyped(value)) return { elements: value, shape: shapeOfFlat(input, value.length) };
  if (Array.isArray(value)) return ofLists(input, value);
  const { data, shape } = Object(value) as { readonly data?: unknown; readonly shape?: unknown };
  if (!(isTyped(data) || Array.isArray(data)) || !Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0))
    return refuse(input, 'it is neither a number nor an array, and has no `data` and `shape`');
  if (elementCount(shape) !== data.length) return refuse(input, `its shape is [${shape.join(', ')}], but it has ${data.length} elements`);
  return { elements: data, shape };
}

function isElement(value: unknown): value is ElementValue {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
}

function isTyped(value: unknown): value is TypedElements {
  return ArrayBuffer.isView(value) && 'length' in value;
}

function ofLists(input: Input, value: readonly unknown[]): { readonly elements: Elements; readonly shape: readonly number[] } {
  const shape: number[] = [];
  let level: unknown = value;
  for (; Array.isArray(level) && shape.length < mostAxes; level = level[0]) shape.push(level.length);
  if (isTyped(level)) shape.push(level.length);
  if (shape.length === 1 && input.shape !== undefined && input.shape.length !== 1)
    return { elements: value, shape: shapeOfFlat(input, value.length) };
  if (shape.length === 1) return { elements: value, shape };
  const elements: unknown[] = [];
  collect(input, value, shape, 0, elements);
  return { elements, shape };
}

/** The most axes of a tensor; numpy's own limit. */
const mostAxes = 64;

function collect(input: Input, value: unknown, shape: readonly number[], depth: number, elements: unknown[]): void {
  if (depth === shape.length) {
    elements.push(value);
    return;
  }
  if (!(Array.isArray(value) || isTyped(value)) || value.length !== shape[depth]) refuse(input, 'its lists have different lengths');
  for (const item of value as Iterable<unknown>) collect(input, item, shape, depth + 1, elements);
}

/** The shape of elements that are given without one: that of the input, if at most one size in it is open. */
function shapeOfFlat(input: Input, length: number): readonly number[] {
  const { shape } = input;
  if (shape === undefined) return refuse(input, 'its shape is not known: give `{ data, shape }`');
  const open = shape.filter((size) => size.constant === undefined);
  if (open.length > 1) return refuse(input, `several sizes of [${shape.join(', ')}] are open: give \`{ data, shape }\``);
  const known = shape.reduce((product, size) => product * (size.constant ?? 1), 1);
  const rest = open.length === 0 ? 1 : length / known;
  if (known * rest !== length || !Number.isInteger(rest))
    return refuse(input, `it is [${shape.join(', ')}], and ${length} elements do not fill that`);
  return shape.map((size: Dim) => size.constant ?? rest);
}

function converted(input: Input, elements: Elements, shape: readonly number[]): TensorData {
  const { dtype } = input;
  if (dtype === 'i64' || dtype === 'u64') {
    const result: TensorData = { dtype, shape, bytes: new Uint8Array(elements.length * bytesOf[dtype]) };
    const into = elementsOf(result) as BigInt64Array;
    for (let i = 0; i < elements.length; i++) into[i] = wholeValue(input, elements, i, shape);
    return result;
  }
  const numbers = new Float64Array(elements.length);
  for (let i = 0; i < elements.length; i++) numbers[i] = plainValue(input, elements, i, shape);
  return tensorOf(dtype, shape, numbers);
}

function wholeValue(input: Input, elements: Elements, at: number, shape: readonly number[]): bigint {
  const value = elements[at];
  const whole = typeof value === 'bigint' ? value : Number.isInteger(value) ? BigInt(value as number) : undefined;
  const fits = whole !== undefined && (input.dtype === 'i64' ? BigInt.asIntN(64, whole) : BigInt.asUintN(64, whole)) === whole;
  return fits ? whole : refuseValue(input, value, at, shape);
}

function plainValue(input: Input, elements: Elements, at: number, shape: readonly number[]): number {
  const value = elements[at];
  const { dtype } = input;
  if (!isElement(value)) return refuseValue(input, value, at, shape);
  const number = Number(value);
  if (dtype === 'bool') return number === 0 || number === 1 ? number : refuseValue(input, value, at, shape);
  if (isFloat(dtype)) {
    const isHeld = !Number.isFinite(number) || Number.isFinite(dtype === 'f32' ? Math.fround(number) : roundNumber(dtype, number));
    return isHeld ? number : refuseValue(input, value, at, shape);
  }
  const range = rangeOf(dtype);
  const isHeld =
    typeof value !== 'boolean' && Number.isInteger(number) && range !== undefined && number >= range.lowest && number <= range.highest;
  return isHeld ? number : refuseValue(input, value, at, shape);
}

function refuseValue(input: Input, value: unknown, at: number, shape: readonly number[]): never {
  const text = typeof value === 'string' ? JSON.stringify(value) : Array.isArray(value) ? 'a list' : String(value);
  throw new FeedError({ kind: 'bad-value', name: input.name, dtype: input.dtype, index: indexOfElement(shape, at), value: text });
}

function refuse({ name }: Input, reason: string): never {
  throw new FeedError({ kind: 'not-a-tensor', name, reason });
}
