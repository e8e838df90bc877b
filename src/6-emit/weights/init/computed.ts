import { ndArray, sizeOf } from '../../../ops/nd/array.js';
import { broadcastStrides } from '../../../ops/nd/broadcast.js';
import { roundTo } from '../../../ops/nd/round.js';
import { nth } from '../../../ops/only.js';
import type { Program } from '../../../ops/program.js';
import { concrete } from '../../../ops/sizes.js';
import { isInt, type NdArray } from '../../../ops/types.js';
import { type CoreCall, type CoreNode, coreResult, evaluateNode, inputsOf, type Result } from './core-nodes.js';

/** A computation that has no result, for instance because of an index beyond its axis; the message says what is wrong. */
export class ComputationError extends Error {
  override readonly name = 'ComputationError';
}

/** Elements made at a time. */
const elementsPerBlock = 1 << 16;

/**
 * The result of a program, broadcast to `shape`, in blocks in row-major order. The elementwise operations at the end of the program are
 * computed block by block; their inputs, and everything that needs whole arrays, are computed before. A block is valid until the next one
 * is requested.
 */
export function* computedBlocks(program: Program, shape: readonly number[]): Iterable<Float64Array> {
  const count = sizeOf(shape);
  if (count === 0) return;
  const result = coreResult(program);
  const plan = planFor(result, shape);
  const wholes = wholeArrays(plan.wholes);
  for (let first = 0; first < count; first += elementsPerBlock) {
    const range = { first, length: Math.min(elementsPerBlock, count - first) };
    const blocks = new Map<CoreNode, Float64Array>();
    for (const node of plan.steps)
      blocks.set(
        node,
        blockOf(node, range, (input) => blockOfInput(input, nodeShape(node), range, blocks, wholes)),
      );
    yield blockOfInput(result, shape, range, blocks, wholes).data;
  }
}

interface Range {
  readonly first: number;
  readonly length: number;
}

// ---------------------------------------------------------------- ways of computing

/** `elementwise`: each element from those at its position; `ordered`: the elements of the input in their order; `made`: from their index alone. */
type Blockwise = 'elementwise' | 'ordered' | 'made';

function blockwise({ call, outputs }: CoreNode): Blockwise | undefined {
  if ('data' in call || outputs.length !== 1) return undefined;
  const { name, family } = call.op;
  if (name === 'full' || name === 'range') return 'made';
  if (name === 'reshape' || name === 'unsqueeze' || name === 'squeeze') return 'ordered';
  return name === 'expand' || family === 'elementwise' || family === 'logic' ? 'elementwise' : undefined;
}

/** The nodes that are computed block by block, in order, and the results that they need as a whole. */
function planFor(result: Result, shape: readonly number[]): { readonly steps: readonly CoreNode[]; readonly wholes: ReadonlySet<Result> } {
  const steps = new Set<CoreNode>();
  const wholes = new Set<Result>();
  const open: Result[] = [];
  const want = (value: Result, isAtPlace: boolean): void => {
    if (isAtPlace && blockwise(value.node) !== undefined) open.push(value);
    else wholes.add(value);
  };
  want(result, sameShape(result.shape, shape));
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const { node } = value;
    if (steps.has(node)) continue;
    steps.add(node);
    const isOrdered = blockwise(node) === 'ordered';
    for (const input of inputsOf(node)) want(input, isOrdered || sameShape(input.shape, value.shape));
  }
  return { steps: [...steps].sort((a, b) => a.id - b.id), wholes };
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

function nodeShape({ outputs }: CoreNode): readonly number[] {
  return nth(outputs, 0).shape;
}

// ---------------------------------------------------------------- whole arrays

/** Computes results as a whole, each node once; what is no longer needed is released. */
function wholeArrays(wanted: ReadonlySet<Result>): ReadonlyMap<Result, NdArray> {
  const uses = new Map<Result, number>();
  const nodes = new Set<CoreNode>();
  const open = [...wanted];
  for (const result of wanted) uses.set(result, 1);
  for (let result = open.pop(); result !== undefined; result = open.pop()) {
    if (nodes.has(result.node)) continue;
    nodes.add(result.node);
    for (const input of inputsOf(result.node)) {
      uses.set(input, (uses.get(input) ?? 0) + 1);
      open.push(input);
    }
  }
  const arrays = new Map<Result, NdArray>();
  for (const node of [...nodes].sort((a, b) => a.id - b.id)) {
    const values = evaluated(node, (input) => arrays.get(input) ?? ndArray(input.dtype, input.shape));
    for (const [i, output] of node.outputs.entries()) if (uses.has(output)) arrays.set(output, nth(values, i));
    for (const input of inputsOf(node)) {
      const left = (uses.get(input) ?? 0) - 1;
      uses.set(input, left);
      if (left === 0) arrays.delete(input);
    }
  }
  return arrays;
}

/** The values of a node; integers are stored as their type holds them. */
function evaluated(node: CoreNode, arrayOf: (input: Result) => NdArray): readonly NdArray[] {
  try {
    return evaluateNode(node, arrayOf).map(held);
  } catch (error) {
    // The operators report when data do not fit, such as an index beyond its axis.
    if (error instanceof RangeError) throw new ComputationError(error.message);
    throw error;
  }
}

function held(array: NdArray): NdArray {
  if (!isInt(array.dtype)) return array;
  if (!array.data.every(Number.isFinite)) throw new ComputationError('an integer is divided by 0, or is too large for its type');
  return roundTo(array.dtype, array);
}

// ---------------------------------------------------------------- blocks

function blockOf(node: CoreNode, { first, length }: Range, blockOfInput: (input: Result) => NdArray): Float64Array {
  const call = node.call as CoreCall; // constants are whole
  const { attrs, op } = call;
  if (op.name === 'full') return new Float64Array(length).fill(Number(attrs.value));
  if (op.name === 'range') {
    const start = concrete(attrs.start as Parameters<typeof concrete>[0]);
    return Float64Array.from({ length }, (_, i) => start + (first + i) * Number(attrs.step));
  }
  const inputs = inputsOf(node);
  if (blockwise(node) === 'ordered' || op.name === 'expand') return blockOfInput(nth(inputs, 0)).data;
  return nth(evaluated(node, blockOfInput), 0).data;
}

/** The elements of an input at a range of positions of `shape`, as a list; a scalar stays a scalar. */
function blockOfInput(
  input: Result,
  shape: readonly number[],
  { first, length }: Range,
  blocks: ReadonlyMap<CoreNode, Float64Array>,
  wholes: ReadonlyMap<Result, NdArray>,
): NdArray {
  const { dtype } = input;
  const block = blocks.get(input.node);
  if (block !== undefined) return { dtype, shape: [block.length], data: block };
  const whole = wholes.get(input) ?? ndArray(dtype, input.shape);
  const { data } = whole;
  if (data.length === sizeOf(shape)) return { dtype, shape: [length], data: data.subarray(first, first + length) };
  return { dtype, shape: [length], data: broadcastBlock(whole, shape, first, length) };
}

/** Elements from `first` on of an array that is read as if it had the shape `shape`. */
function broadcastBlock(source: NdArray, shape: readonly number[], first: number, length: number): Float64Array {
  const strides = broadcastStrides(source.shape, shape);
  const block = new Float64Array(length);
  const index = indexOf(first, shape);
  const last = shape.length - 1;
  const inner = shape[last] ?? 1;
  const step = strides[last] ?? 0;
  for (let at = 0; at < length; ) {
    const start = index.reduce((sum, position, axis) => sum + position * nth(strides, axis), 0);
    const run = Math.min(inner - (index[last] ?? 0), length - at);
    for (let i = 0; i < run; i++) block[at + i] = source.data[start + i * step] as number;
    at += run;
    advance(index, shape);
  }
  return block;
}

function indexOf(place: number, shape: readonly number[]): number[] {
  const index: number[] = new Array(shape.length).fill(0);
  let rest = place;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = nth(shape, axis);
    index[axis] = rest % size;
    rest = Math.floor(rest / size);
  }
  return index;
}

/** To the beginning of the next row. */
function advance(index: number[], shape: readonly number[]): void {
  const last = shape.length - 1;
  index[last] = 0;
  for (let axis = last - 1; axis >= 0; axis--) {
    index[axis] = nth(index, axis) + 1;
    if (nth(index, axis) < nth(shape, axis)) return;
    index[axis] = 0;
  }
}
