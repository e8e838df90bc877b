import { inputValues, type Node, type OpNode, type User, type Value } from '../3-graph/graph.js';
import { Dim } from '../dims/dim.js';
import { bytesOfElements, type TensorType } from '../ops/types.js';
import { largestRecipeConstant } from './recipe.js';

/** A computed weight may be this much larger than what it is computed from: scalars and vectors that are repeated. */
export const allowance = 1024;

/** The most elements of a computed weight: they are computed in float64, in memory. */
const mostElements = 2 ** 28;

/** Whether archc computes the results of a node, and they are tensors of known size that memory holds. */
export function isComputable(node: Node): node is OpNode {
  return (
    node.kind === 'op' &&
    (node.op.effects ?? 'pure') === 'pure' &&
    node.outputs.every(({ type }) => type.dtype !== 'string' && elementsOf(type) <= mostElements) &&
    Object.values(node.attrs)
      .flat()
      .every((attr) => !(attr instanceof Dim) || attr.constant !== undefined)
  );
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
  /** The nodes that go. */
  readonly readers: readonly Node[];
  /** The weights that they read, and that nothing in their place reads as it is. */
  readonly replaced: readonly Value[];
  /** The types of the weights that are computed instead. */
  readonly made: readonly TensorType[];
}

/**
 * Why `fold-weights` would not store the weights that a rewrite computes, so that they would be computed in each run; undefined if it would. A rule whose weights are also read elsewhere, such as the
 * table of a tied embedding, is refused by this.
 */
export function refuseWeights({ readers, replaced, made }: WeightChange): string | undefined {
  const cone = coneOf(replaced);
  if (![...cone].every(isSmallConstant)) return `a constant has more than ${largestRecipeConstant} numbers`;
  const isGone = goneWith(readers, cone);
  const parameters = [...cone].filter(({ source }) => source.kind === 'parameter');
  const kept = parameters.find((value) => !isGone(value));
  const freed = parameters.filter(isGone);
  if (bytesOfAll(made) <= bytesOfAll(freed.map(({ type }) => type)) + allowance * made.length) return undefined;
  return kept === undefined ? 'it would make the file larger' : `\`${kept.hint}\` is also read elsewhere`;
}

/** Values, and all that they are computed from. */
function coneOf(values: readonly Value[]): ReadonlySet<Value> {
  const all = new Set(values);
  // The set grows while it is walked.
  for (const { source } of all) if (source.kind === 'node') for (const input of inputValues(source.node)) all.add(input);
  return all;
}

/** Whether nothing reads a value of a cone any more when some nodes are gone, and with them what only they read. */
function goneWith(readers: readonly Node[], cone: ReadonlySet<Value>): (value: Value) => boolean {
  const gone = new Map<User, boolean>(readers.map((node) => [node, true]));
  const isGone = (value: Value): boolean => [...value.users].every(isUserGone);
  const isUserGone = (user: User): boolean => {
    const before = gone.get(user);
    if (before !== undefined) return before;
    const is = user.kind !== 'output' && user.outputs.every((value) => cone.has(value) && isGone(value));
    gone.set(user, is);
    return is;
  };
  return isGone;
}

function bytesOfAll(types: readonly TensorType[]): number {
  return types.reduce((sum, type) => sum + storedBytes(type), 0);
}
