import type { Node, Region, Value } from '../3-graph/graph.js';
import type { GroupOf } from './recompute.js';

/** Gradients by the values that they belong to, whose types they have. A value without one does not influence the result. */
export type Gradients = ReadonlyMap<Value, Value>;

/** The gradients to write. */
export interface Differentiation {
  /** Where the gradients come from: for the loss of a graph, 1. */
  readonly from: Gradients;
  /** The values whose gradients are wanted. */
  readonly of: readonly Value[];
  /** Which nodes are computed again instead of being kept. None by default. */
  readonly recomputed?: GroupOf | undefined;
  /** Called for nodes without a rule through which a wanted gradient would have to go. */
  readonly onMissing: (node: Node) => void;
}

/** Writes gradients to the end of a region. */
export type Differentiate = (region: Region, differentiation: Differentiation) => Gradients;

/** What the gradient of one node depends on. */
export interface UseOfNode {
  /** The gradient of an output, if it has one. */
  readonly dy: (output: Value) => Value | undefined;
  /** Whether the gradient of an input is wanted. */
  readonly isWanted: (input: Value) => boolean;
  readonly onMissing: Differentiation['onMissing'];
  /** For the bodies of control flow. */
  readonly differentiate: Differentiate;
}

/** What a node contributes to the gradients of its inputs. */
export type Contributions = readonly (readonly [to: Value, gradient: Value])[];

/** The value with its gradient, if it has one. */
export function pairWith(value: Value, gradient: Value | undefined): Contributions {
  return gradient === undefined ? [] : [[value, gradient]];
}
