import { inputValues, type Value } from '../3-graph/graph.js';
import { isComputable, isMoving, isSmallConstant } from './stored-weights.js';
import { refuseUnfoldable, type Unfoldable } from './unfoldable.js';

/** A test for values that are known when the file is written: weights, constants, and what is computed from those alone. It caches its answers, so it is valid only as long as the graph does not change. What is computed from unfoldable weights is not known. */
export function weightTest(unfoldable: Unfoldable = []): (value: Value) => boolean {
  const known = new Map<Value, boolean>();
  const isWeight = (value: Value): boolean => {
    const { source } = value;
    if (source.kind !== 'node') return source.kind !== 'input';
    const before = known.get(value);
    if (before !== undefined) return before;
    const { node } = source;
    const inputs = inputValues(node);
    const is =
      isComputable(node) &&
      inputs.length > 0 &&
      inputs.every((input) => isSmallConstant(input) && isWeight(input)) &&
      (isMoving(node) || node.op.storage === 'packs' || refuseUnfoldable(unfoldable, inputs) === undefined);
    known.set(value, is);
    return is;
  };
  return isWeight;
}
