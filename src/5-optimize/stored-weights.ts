import { inputValues, type Node, type OpNode, type User, Value } from '../3-graph/graph.js';
import { Dim } from '../dims/dim.js';
import { fromStart } from '../ops/sizes.js';
import { bytesOfElements, isFloat, type TensorType } from '../ops/types.js';
import { largestRecipeConstant } from './recipe.js';
import type { RuleContext } from './rule.js';
import { refuseUnfoldable } from './unfoldable.js';

/** How many bytes larger a computed weight may be than what it is computed from, which allows for scalars and vectors that are repeated. */
export const allowance = 1024;

/** The most elements of a weight that is computed in memory, in float64. */
const mostElements = 2 ** 28;

/** Operators that only move elements, whatever their type. */
const moves: ReadonlySet<string> = new Set([
  'concat',
  'expand',
  'flip',
  'reshape',
  'slice',
  'split',
  'squeeze',
  'stack',
  'tile',
  'transpose',
  'unsqueeze',
]);

/** Operators whose results jump: a difference in the last digit of an operand makes another one. */
const steps: ReadonlySet<string> = new Set(['ceil', 'floor', 'floor_div', 'mod', 'round', 'sign', 'topk', 'unique']);

/**
 * Whether archc can compute the results of a node when the file is written: tensors of known size that fit in memory, in which real numbers computed exactly and rounded once are what the program means.
 * Integers are not: they wrap around, and kernels differ in how they convert and divide them.
 */
export function isComputable(node: Node): node is OpNode {
  return (
    node.kind === 'op' &&
    (node.op.effects ?? 'pure') === 'pure' &&
    node.op.storage !== 'unpacks' &&
    (isMoving(node) || node.op.storage === 'packs' || isReal(node)) &&
    !inputValues(node).some(isPacked) &&
    node.outputs.every(
      ({ type }) => type.dtype !== 'string' && elementsOf(type) <= (isCopied(node) ? Number.MAX_SAFE_INTEGER : mostElements),
    ) &&
    Object.values(node.attrs)
      .flat()
      .every((attr) => !(attr instanceof Dim) || attr.constant !== undefined)
  );
}

/** Whether an operator only moves elements. */
export function isMoving({ op }: OpNode): boolean {
  return moves.has(op.name);
}

/** Whether the bytes of the result are copied from those of the operands, or packed, without numbers in float64 in between. */
function isCopied({ op, outputs }: OpNode): boolean {
  const isMatrix = outputs.every(({ type }) => type.shape.length === 2);
  return op.storage === 'packs' || op.name === 'concat' || op.name === 'reshape' || (op.name === 'transpose' && isMatrix);
}

/** Whether an operator computes floats from floats, from constants, or from what it converts. */
function isReal(node: OpNode): boolean {
  const { op, outputs } = node;
  if (steps.has(op.name) || !outputs.every(({ type }) => isFloat(type.dtype))) return false;
  return op.name === 'cast' || takesKnownRows(node) || inputValues(node).every(({ type }) => isFloat(type.dtype) || type.dtype === 'bool');
}

/** Whether a node takes rows that are there, by constants. */
function takesKnownRows({ op, inputs, attrs }: OpNode): boolean {
  const [x, rows] = inputs;
  if (op.name !== 'gather' || !(x instanceof Value) || !(rows instanceof Value) || rows.source.kind !== 'constant') return false;
  const { shape } = x.type;
  const count = shape[fromStart(attrs.axis as number, shape.length)]?.constant ?? 0;
  return rows.source.array.data.every((row) => row >= -count && row < count);
}

/** Whether a value is the stored form of a weight. What is computed from that is never stored: it is larger, or would be stored beside it. */
export function isPacked({ source }: Value): boolean {
  return source.kind === 'node' && source.node.kind === 'op' && source.node.op.storage === 'packs';
}

export function isSmallConstant({ source, type }: Value): boolean {
  return source.kind !== 'constant' || elementsOf(type) <= largestRecipeConstant;
}

/** NaN if a size is open. */
export function elementsOf({ shape }: TensorType): number {
  return shape.reduce((count, { constant }) => count * (constant ?? Number.NaN), 1);
}

/** NaN if a size is open. */
export function storedBytes(type: TensorType): number {
  return bytesOfElements(type.dtype, elementsOf(type));
}

/** What a rewrite does to the weights that nodes read. */
export interface WeightChange {
  /** The nodes that the rewrite removes. */
  readonly readers: readonly Node[];
  /** The weights that they read and that their replacements do not read as they are. */
  readonly replaced: readonly Value[];
  /** The types of the weights that are computed instead. */
  readonly made: readonly TensorType[];
}

/**
 * Why `fold-weights` would not store the weights that a rewrite computes, so that each run would compute them; undefined if it would store them. This refuses a rule whose weights are also read
 * elsewhere, such as the table of a tied embedding. It counts everything that is stored for the parameters that the weights depend on: the three parts of a packed projection replace a single parameter.
 */
export function refuseWeights(
  { isWeight, unfoldable }: Pick<RuleContext, 'isWeight' | 'unfoldable'>,
  { readers, replaced, made }: WeightChange,
): string | undefined {
  const refusal = refuseUnfoldable(unfoldable, [...replaced, ...readers.flatMap(inputValues).filter(isWeight)]);
  if (refusal !== undefined) return refusal;
  if (!replaced.every(isSmallConstant)) return `a constant has more than ${largestRecipeConstant} numbers`;
  const isFolded = (user: User): user is OpNode => user.kind === 'op' && user.outputs.every(isWeight);
  const gone = new Set<User>(readers);
  const weights = new Set(replaced);
  const isStillRead = (value: Value): boolean =>
    [...value.users].some((user) => !isFolded(user) && !(gone.has(user) && weights.has(value)));
  const related = relatedTo(readers.flatMap(inputValues).filter(isWeight), isFolded);
  const stored = related.filter(isStillRead);
  const before = bytesOfAll(related.filter((value) => isParameter(value) && !isStillRead(value)));
  const after = bytesOfAll(stored.filter((value) => !isParameter(value))) + bytesOfTypes(made);
  if (after <= before + allowance * made.length) return undefined;
  const elsewhere = coneOf(stored);
  const shared = [...coneOf(replaced)].find((value) => isParameter(value) && elsewhere.has(value));
  return shared === undefined ? 'it would make the file larger' : `\`${shared.hint}\` is also read elsewhere`;
}

/** Values and everything that they are computed from. */
function coneOf(values: readonly Value[]): ReadonlySet<Value> {
  const all = new Set(values);
  // The set grows while it is walked.
  for (const { source } of all) if (source.kind === 'node') for (const input of inputValues(source.node)) all.add(input);
  return all;
}

/** The parameters that values depend on, everything that is computed from these, everything that this depends on, and so on. */
function relatedTo(values: readonly Value[], isFolded: (user: User) => user is OpNode): readonly Value[] {
  const all = new Set<Value>();
  const add = (value: Value) => value.source.kind !== 'constant' && all.add(value);
  for (const value of values) add(value);
  // The set grows while it is walked.
  for (const { source, users } of all) {
    if (source.kind === 'node') for (const input of inputValues(source.node)) add(input);
    for (const user of users) if (isFolded(user)) for (const output of user.outputs) add(output);
  }
  return [...all];
}

function isParameter({ source }: Value): boolean {
  return source.kind === 'parameter';
}

function bytesOfAll(values: readonly Value[]): number {
  return bytesOfTypes(values.map(({ type }) => type));
}

function bytesOfTypes(types: readonly TensorType[]): number {
  return types.reduce((sum, type) => sum + storedBytes(type), 0);
}
