import type { Graph, Node, Value } from '../../3-graph/graph.js';
import { GraphBuilder } from '../../3-graph/graph-builder.js';
import { Dim } from '../../dims/dim.js';
import { nth } from '../../ops/only.js';
import type { Target } from '../../ops/targets.js';
import type { DType } from '../../ops/types.js';
import { abilities, formText, type WantedForm } from './form.js';
import { type Plain, plainMatrix, transposed, written } from './matrix.js';

/** Writes the stored forms of weights, each only once, since several operators may read the same one. */
export class StoredMatrices {
  readonly #graph: Graph;
  readonly #target: Target;
  readonly #numbers = new Map<Value, number>();
  readonly #made = new Map<string, readonly Value[]>();
  readonly #halved = new Map<Value, Value>();
  readonly #asTheyAre: (value: Value) => boolean;

  /** `asTheyAre` says which matrices are stored as they are, not transposed, even if something reads their transpose. */
  constructor(graph: Graph, target: Target, asTheyAre: (value: Value) => boolean) {
    this.#graph = graph;
    this.#target = target;
    this.#asTheyAre = asTheyAre;
  }

  /** `x @ matrix` */
  product(g: GraphBuilder, x: Value, matrix: Value, wanted: WantedForm): Value {
    const plain = plainMatrix(matrix);
    if (wanted.form === 'int8-dynamic') {
      const stored = this.#once(this.#key(plain, 0, wanted), () => g.call('quantize_columns', [written(g, plain)]));
      return g.op('matmul_dynamic', [x, ...stored]);
    }
    if (abilities[this.#target].blocks === 'contrib') {
      const { accuracy } = abilities[this.#target];
      return g.op('matmul_n_bits', [x, ...this.#blocks(g, transposed(plain), wanted)], { ...packingOf(wanted), accuracy });
    }
    const { block } = wanted;
    const asRows = this.#made.get(this.#key(transposed(plain), 1, wanted));
    const stored = asRows === undefined ? this.#steps(g, plain, 0, wanted) : asRows.map((value) => g.transpose(value, [1, 0]));
    return g.matmul(x, g.op('dequantize_steps', stored, { axis: 0, block }));
  }

  /** The rows of a matrix that `ids` selects. */
  rows(g: GraphBuilder, matrix: Value, ids: Value, wanted: WantedForm): Value {
    const plain = plainMatrix(matrix);
    const columns = nth(matrix.type.shape, 1);
    const { blocks, hasLookup } = abilities[this.#target];
    if (blocks === 'contrib') {
      const stored = this.#blocks(g, plain, wanted);
      if (hasLookup) return g.op('gather_n_bits', [...stored, ids], { ...packingOf(wanted), columns });
      const [packed, scales, zeros] = stored.map((value) => g.gather(value, ids, 0)) as [Value, Value, Value];
      return unpackedRows(g, { packed, scales, zeros }, packingOf(wanted), columns);
    }
    // Not with DequantizeLinear: where a MatMul reads two of its results, ONNX Runtime 1.30 makes an integer product of them, and then refuses to run it because blocks have more than one zero.
    const [numbers, scales, zeros] = this.#steps(g, plain, 1, wanted).map((value) => g.gather(value, ids, 0)) as [Value, Value, Value];
    const each = (ofBlocks: Value) => inColumns(g, ofBlocks, wanted.block, columns);
    const { dtype } = scales.type;
    return g.mul(g.sub(g.cast(numbers, dtype), each(g.cast(zeros, dtype))), each(scales));
  }

  /** Stores a weight as f16; the result is what readers from `place` on use instead of it. */
  halved(value: Value, place: Node): Value {
    const before = this.#halved.get(value);
    if (before !== undefined) return before;
    const g = new GraphBuilder(this.#graph, place.origin, place);
    const plain = plainMatrix(value);
    const made =
      plain.isTransposed && this.#asTheyAre(plain.value)
        ? g.transpose(this.halved(plain.value, place), [1, 0])
        : g.op('widen', [g.op('narrow', [value], { dtype: 'f16' })], { dtype: value.type.dtype });
    this.#halved.set(value, made);
    return made;
  }

  /** Whether a matrix is stored both by rows and by columns. */
  isStoredTwice(matrix: Value, wanted: WantedForm): boolean {
    const plain = plainMatrix(matrix);
    const keys = [plain, transposed(plain)].flatMap((each) => [0, 1].map((axis) => this.#key(each, axis, wanted)));
    return keys.filter((key) => this.#made.has(key)).length > 1;
  }

  /** The rows of a matrix in blocks. */
  #blocks(g: GraphBuilder, plain: Plain, wanted: WantedForm): readonly Value[] {
    return this.#once(this.#key(plain, 1, wanted), () => g.call('quantize_blocks', [written(g, plain)], packingOf(wanted)));
  }

  #steps(g: GraphBuilder, plain: Plain, axis: 0 | 1, wanted: WantedForm): readonly Value[] {
    return this.#once(this.#key(plain, axis, wanted), () => g.call('quantize_steps', [written(g, plain)], { axis, ...packingOf(wanted) }));
  }

  #once(key: string, make: () => readonly Value[]): readonly Value[] {
    const made = this.#made.get(key) ?? make();
    this.#made.set(key, made);
    return made;
  }

  #key({ value, isTransposed }: Plain, axis: number, wanted: WantedForm): string {
    const number = this.#numbers.get(value) ?? this.#numbers.size;
    this.#numbers.set(value, number);
    return `${number} ${isTransposed} ${axis} ${formText(wanted)}`;
  }
}

/** Rows of `columns` numbers from their blocks, `[.., blocks, bytes]`, with scales `[.., blocks]` and zeros `[.., bytes]`. */
function unpackedRows(
  g: GraphBuilder,
  { packed, scales, zeros }: Readonly<Record<'packed' | 'scales' | 'zeros', Value>>,
  { bits, block }: { readonly bits: number; readonly block: number },
  columns: Dim,
): Value {
  const shape = g.shape(scales);
  const last = shape.length - 1;
  const [rows, blocks] = [shape.slice(0, -1), nth(shape, last)];
  const zero = g.slice(wholeNumbers(g, zeros, bits, scales.type.dtype), last, 0, blocks);
  const numbers = g.sub(wholeNumbers(g, packed, bits, scales.type.dtype), g.unsqueeze(zero, [last + 1]));
  const whole = g.reshape(g.mul(numbers, g.unsqueeze(scales, [last + 1])), [...rows, blocks.mul(block)]);
  return g.slice(whole, last, 0, columns);
}

/** The integers in bytes, as floats: those of 4 bits are two in a byte, the lower half first. */
function wholeNumbers(g: GraphBuilder, bytes: Value, bits: number, dtype: DType): Value {
  const whole = g.cast(bytes, dtype);
  if (bits === 8) return whole;
  const shape = g.shape(whole);
  const high = g.op('floor', [g.scale(whole, 1 / 16)]);
  const halves = [g.sub(whole, g.scale(high, 16)), high].map((half) => g.unsqueeze(half, [shape.length]));
  return g.reshape(g.concat(halves, shape.length), [...shape.slice(0, -1), nth(shape, shape.length - 1).mul(2)]);
}

/** What is stored for each block of a row, for each of the row's columns: `[.., K / block]` to `[.., K]`. */
function inColumns(g: GraphBuilder, ofBlocks: Value, block: number, columns: Dim): Value {
  const shape = g.shape(ofBlocks);
  const [rows, blocks] = [shape.slice(0, -1), nth(shape, shape.length - 1)];
  const repeated = g.expand(g.unsqueeze(ofBlocks, [shape.length]), [...shape, Dim.of(block)]);
  return g.slice(g.reshape(repeated, [...rows, blocks.mul(block)]), shape.length - 1, 0, columns);
}

function packingOf({ form, block }: WantedForm): { readonly bits: number; readonly block: number } {
  return { bits: form === 'int4' ? 4 : 8, block };
}
