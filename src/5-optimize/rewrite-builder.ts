import { mapInputs, type Node, type NodeInput, type Region, type Value } from '../3-graph/graph.js';
import { GraphBuilder } from '../3-graph/graph-builder.js';
import type { Op } from '../ops/define.js';
import { evaluateOp } from '../ops/evaluate.js';
import type { NdArray, TensorType } from '../ops/types.js';
import { largestRecipeConstant } from './recipe.js';
import { elementsOf, isSmallConstant } from './stored-weights.js';

/** Writes the nodes with which a rule replaces another. What they compute from small constants alone becomes a constant, since `fold-weights` only stores what depends on a parameter. */
export class RewriteBuilder extends GraphBuilder {
  constructor(region: Region, node: Node) {
    super(region, node.origin, node);
  }

  protected override write(
    op: Op,
    inputs: readonly NodeInput[],
    attrs: Readonly<Record<string, unknown>>,
    types: readonly TensorType[],
  ): readonly Value[] {
    const read = inputs.flatMap((input) => input ?? []) as readonly Value[];
    const isConstant = read.length > 0 && read.every((value) => value.source.kind === 'constant' && isSmallConstant(value));
    const isSmall = types.every((type) => elementsOf(type) <= largestRecipeConstant);
    if (!isConstant || !isSmall || (op.effects ?? 'pure') !== 'pure') return super.write(op, inputs, attrs, types);
    const arrays = mapInputs(inputs, ({ source }) => (source as Extract<Value['source'], { kind: 'constant' }>).array);
    return evaluateOp(op, arrays as readonly (NdArray | undefined)[], attrs).map((array) => this.constant(array));
  }
}
