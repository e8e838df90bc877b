import { ndArray } from '../nd/array.js';
import { nth } from '../only.js';
import type { NdArray } from '../types.js';
import { type Direction, type DirectionWeights, directionsOf, type RecurrentInputs } from './directions.js';

/** The state of one sequence; `c` is the LSTM's cell and otherwise empty. */
export interface CellState {
  readonly h: Float64Array;
  readonly c: Float64Array;
}

/** One step of one sequence: modifies the state. `fromInput` and `fromState` are the products with the weights, with biases added, gate by gate. */
export type Cell = (fromInput: Float64Array, fromState: Float64Array, state: CellState) => void;

export interface RecurrentRun {
  readonly direction: Direction;
  readonly cell: Cell;
  /** First cell state; `hasCell` says whether there is one at all. */
  readonly c0?: NdArray | undefined;
  readonly hasCell?: boolean;
}

/** Reference evaluation of a recurrent layer: `y`, the last `h` and, with a cell, the last `c`. */
export function runRecurrent(x: RecurrentInputs<NdArray>, { direction, cell, c0, hasCell = false }: RecurrentRun): readonly NdArray[] {
  const { dtype } = x.x;
  const [batch, steps] = [nth(x.x.shape, 0), nth(x.x.shape, 1)];
  const hidden = nth(x.weight_hh.shape, 1);
  const both = directionsOf(x, direction);
  const y = ndArray(dtype, [batch, steps, both.length * hidden]);
  const lastH = ndArray(dtype, [both.length, batch, hidden]);
  const lastC = ndArray(dtype, [both.length, batch, hasCell ? hidden : 0]);
  for (const d of both) {
    for (let n = 0; n < batch; n++) {
      const row = d.index * batch + n;
      const state = { h: stateRow(x.h0, row, hidden), c: stateRow(c0, row, hasCell ? hidden : 0) };
      const length = Math.min(x.lengths?.data[n] ?? steps, steps);
      for (let k = 0; k < length; k++) {
        const t = d.isReverse ? length - 1 - k : k;
        step(x.x, d, n * steps + t, state, cell);
        y.data.set(state.h, ((n * steps + t) * both.length + d.index) * hidden);
      }
      lastH.data.set(state.h, row * hidden);
      lastC.data.set(state.c, row * state.c.length);
    }
  }
  return hasCell ? [y, lastH, lastC] : [y, lastH];
}

function stateRow(first: NdArray | undefined, row: number, size: number): Float64Array {
  return first === undefined ? new Float64Array(size) : first.data.slice(row * size, (row + 1) * size);
}

function step(x: NdArray, d: DirectionWeights<NdArray>, row: number, state: CellState, cell: Cell): void {
  const width = nth(x.shape, 2);
  const input = x.data.subarray(row * width, (row + 1) * width);
  cell(affine(d.weightIh, d.biasIh, input), affine(d.weightHh, d.biasHh, state.h), state);
}

/** `weight @ vector + bias` */
function affine(weight: NdArray, bias: NdArray | undefined, vector: Float64Array): Float64Array {
  const [rows, columns] = [nth(weight.shape, 0), nth(weight.shape, 1)];
  const result = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = bias?.data[i] ?? 0;
    for (let j = 0; j < columns; j++) sum += (weight.data[i * columns + j] as number) * (vector[j] as number);
    result[i] = sum;
  }
  return result;
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
