import type { OpNode, Value } from '../../3-graph/graph.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import { lowestFinite } from '../../ops/float-limits.js';
import { roundNumber } from '../../ops/nd/round.js';
import { nth } from '../../ops/only.js';
import { inBlocks, type Packing, packedRows } from '../../ops/quantized/blocks.js';
import { inColumns } from '../../ops/quantized/columns.js';
import { type Steps, stepped } from '../../ops/quantized/steps.js';
import type { DType } from '../../ops/types.js';
import { constantShape } from '../onnx/model.js';
import { rawElements } from '../onnx/raw-data.js';

type Floats = Float32Array | Float64Array;

/** The error for a number that a weight cannot have in a form, or, without one, in its element type. */
export type Unusable = (value: number, form?: string) => Error;

/**
 * The bytes of the stored forms of weights. They equal what the operators compute in float64, but take a fraction of the time and memory. The parts of the last weight are kept, because numbers, scales
 * and zeros are requested one after the other.
 */
export class PackedForms {
  #last: OpNode | undefined;
  #parts: readonly Uint8Array[] = [];

  /**
   * The bytes of a value, if it is the result of an operator that packs a weight. `numbersOf` gives the numbers of the weight. Throws the error of `unusable` for a number that the form
   * does not have: an infinite one or NaN in whole numbers, or one that would become infinite.
   */
  bytes({ source }: Value, numbersOf: (weight: Value) => Floats, unusable: Unusable): Uint8Array | undefined {
    if (source.kind !== 'node' || source.node.kind !== 'op' || source.node.op.storage !== 'packs') return undefined;
    const { node } = source;
    if (this.#last !== node) {
      const weight = node.inputs[0] as Value;
      this.#parts = partsOf(node, weight, numbersOf(weight), unusable);
      this.#last = node;
    }
    return nth(this.#parts, source.index);
  }
}

/** The bytes of all results of an operator that packs a weight. */
function partsOf({ op, attrs }: OpNode, { type, hint }: Value, weights: Floats, unusable: Unusable): readonly Uint8Array[] {
  const { dtype } = type;
  const shape = constantShape(type, hint ?? 'weight');
  const matrix = [shape[0] ?? 0, shape[1] ?? 0] as const;
  if (op.name !== 'narrow') demandFinite(weights, (value) => unusable(value, storedAs(op.name, attrs)));
  switch (op.name) {
    case 'quantize_blocks': {
      const { packed, scales, packedZeros } = inBlocks(weights, matrix[1], attrs as unknown as Packing, dtype);
      return [packed(), rawElements(dtype, scales), packedZeros()];
    }
    case 'quantize_steps': {
      const steps = attrs as unknown as Steps;
      const { numbers, scales, zeros } = stepped(weights, matrix, steps, dtype);
      const raw = (whole: Uint8Array) => (steps.bits === 8 ? whole : packedRows(whole, whole.length, Math.ceil(whole.length / 2), 4));
      return [raw(numbers()), rawElements(dtype, scales), raw(zeros)];
    }
    case 'quantize_columns': {
      const { numbers, scales } = inColumns(weights, matrix[1]);
      return [new Uint8Array(numbers().buffer), rawElements(dtype, scales)];
    }
    case 'narrow':
      return [narrowed(weights, attrs.dtype as DType, (value) => unusable(value, attrs.dtype as DType))];
    default:
      throw new InternalError(`archc does not make the stored form of ${op.name}`);
  }
}

/** As in the option `--quantize`. */
function storedAs(operator: string, { bits }: OpNode['attrs']): string {
  return operator === 'quantize_columns' ? 'int8-dynamic' : `int${bits}`;
}

/** The steps of whole numbers go from the smallest to the largest number. */
function demandFinite(weights: Floats, unusable: (value: number) => Error): void {
  for (let i = 0; i < weights.length; i++) if (!Number.isFinite(weights[i])) throw unusable(weights[i] as number);
}

function narrowed(weights: Floats, dtype: DType, tooLarge: (value: number) => Error): Uint8Array {
  const largest = -lowestFinite(dtype);
  for (let i = 0; i < weights.length; i++) {
    const value = weights[i] as number;
    // Most numbers are small. Only those near the limit have to be rounded to see whether they become infinite.
    if (Math.abs(value) > largest && Number.isFinite(value) && !Number.isFinite(roundNumber(dtype, value))) throw tooLarge(value);
  }
  return rawElements(dtype, weights);
}
