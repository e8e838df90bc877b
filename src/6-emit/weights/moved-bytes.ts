import type { Value } from '../../3-graph/graph.js';
import type { Parameter } from '../../3-graph/parameter.js';
import { lanesOf } from '../../ops/nd/lanes.js';
import { nth } from '../../ops/only.js';
import { fromStart } from '../../ops/sizes.js';
import { bytesOf, isPacked } from '../../ops/types.js';
import { constantShape } from '../onnx/model.js';

/**
 * The bytes of a value that only rearranges elements of parameters: a transposed matrix or joined tensors. Undefined for any other value, which must be computed. Most derived weights are of this kind,
 * and moving bytes takes a fraction of the time.
 */
export function movedBytes(value: Value, bytesOfParameter: (parameter: Parameter) => Uint8Array): Uint8Array | undefined {
  const { source, type } = value;
  if (source.kind === 'parameter') return bytesOfParameter(source.parameter);
  if (source.kind !== 'node' || source.node.kind !== 'op' || isPacked(type.dtype)) return undefined;
  const { op, attrs } = source.node;
  const inputs = source.node.inputs.flatMap((input) => input ?? []) as readonly Value[];
  const isMatrix = op.name === 'transpose' && type.shape.length === 2;
  if (!isMatrix && op.name !== 'concat' && op.name !== 'reshape') return undefined;
  const parts: Uint8Array[] = [];
  for (const input of inputs) {
    const bytes = movedBytes(input, bytesOfParameter);
    if (bytes === undefined) return undefined;
    parts.push(bytes);
  }
  const first = nth(parts, 0);
  if (op.name === 'reshape') return first;
  const shape = (of: Value) => constantShape(of.type, of.hint ?? 'weight');
  const size = bytesOf[type.dtype];
  if (isMatrix) {
    const [columns, rows] = shape(value);
    return attrs.perm === undefined || (attrs.perm as readonly number[])[0] !== 0
      ? transposed(first, rows ?? 0, columns ?? 0, size)
      : first;
  }
  const axis = fromStart(attrs.axis as number, type.shape.length);
  return joined(
    parts,
    inputs.map((input) => {
      const { length, inners } = lanesOf(shape(input), axis);
      return length * inners * size;
    }),
  );
}

/** The number of rows and columns of a block that stays in the cache while it is transposed. */
const block = 32;

type Elements = Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

/** A matrix of `rows` times `columns` elements of `size` bytes, transposed. */
function transposed(bytes: Uint8Array, rows: number, columns: number, size: number): Uint8Array {
  const result = new Uint8Array(bytes.length);
  transposeInto(elements(result, size), elements(bytes, size), rows, columns);
  return result;
}

function transposeInto<E extends Elements>(to: E, from: E, rows: number, columns: number): void {
  for (let top = 0; top < rows; top += block) {
    const bottom = Math.min(top + block, rows);
    for (let left = 0; left < columns; left += block) {
      const right = Math.min(left + block, columns);
      for (let column = left; column < right; column++)
        for (let row = top; row < bottom; row++) to[column * rows + row] = from[row * columns + column] as E[number];
    }
  }
}

function elements(bytes: Uint8Array, size: number): Elements {
  // A view needs an aligned offset.
  const { buffer, byteOffset, length } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  switch (size) {
    case 1:
      return bytes;
    case 2:
      return new Uint16Array(buffer, byteOffset, length / 2);
    case 4:
      return new Uint32Array(buffer, byteOffset, length / 4);
    default:
      return new BigUint64Array(buffer, byteOffset, length / 8);
  }
}

/** Tensors joined along an axis. `runs` says how many bytes each of them has for one index of the axes before it. */
function joined(parts: readonly Uint8Array[], runs: readonly number[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  const row = runs.reduce((sum, run) => sum + run, 0);
  let start = 0;
  for (const [i, part] of parts.entries()) {
    const run = runs[i] ?? 0;
    for (let from = 0, to = start; from < part.length; from += run, to += row) result.set(part.subarray(from, from + run), to);
    start += run;
  }
  return result;
}
