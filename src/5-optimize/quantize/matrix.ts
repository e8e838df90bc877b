import type { Value } from '../../3-graph/graph.js';
import type { GraphBuilder } from '../../3-graph/graph-builder.js';

/** A matrix without the transposes around it, and whether these transpose it. */
export interface Plain {
  readonly value: Value;
  readonly isTransposed: boolean;
}

export function plainMatrix(value: Value): Plain {
  let plain: Plain = { value, isTransposed: false };
  for (;;) {
    const { source } = plain.value;
    if (source.kind !== 'node' || source.node.kind !== 'op' || source.node.op.name !== 'transpose') return plain;
    const [input] = source.node.inputs as readonly [Value];
    const perm = source.node.attrs.perm as readonly number[] | undefined;
    plain = { value: input, isTransposed: plain.isTransposed !== (perm === undefined || perm[0] === 1) };
  }
}

/** Writes the matrix with at most one transpose. */
export function written(g: GraphBuilder, { value, isTransposed }: Plain): Value {
  return isTransposed ? g.transpose(value, [1, 0]) : value;
}

export function transposed({ value, isTransposed }: Plain): Plain {
  return { value, isTransposed: !isTransposed };
}
