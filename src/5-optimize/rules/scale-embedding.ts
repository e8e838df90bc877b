import { type OpNode, Value } from '../../3-graph/graph.js';
import { nth } from '../../ops/only.js';
import { fromStart } from '../../ops/sizes.js';
import { type Affine, affineAt } from '../linear/affine.js';
import { channelsAfter, moved, movesTo } from '../linear/moves.js';
import { rule } from '../rule.js';
import { refuseWeights } from '../stored-weights.js';

interface Match {
  readonly lookup: OpNode;
  readonly table: Value;
  readonly ids: Value;
  readonly affine: Affine;
  readonly path: readonly OpNode[];
}

/**
 * Scales and shifts the table of an embedding instead of the rows that are looked up in it.
 *
 * Before: `y = embedding(table, ids) * sqrt(d)`. After: `y = embedding(table * sqrt(d), ids)`. The same for `/`, `+` and `-` and for one number for each column: each result is computed from the same two
 * numbers. A table that is also read elsewhere, such as that of a tied embedding, stays as it is: the file would have to store it twice. This saves a pass over all activations; ONNX Runtime does not do it.
 */
export const scaleEmbedding = rule<Match>({
  name: 'scale-embedding',
  summary: 'scales and shifts the table of an embedding instead of its results',
  level: 2,
  match: (node, cx) => {
    const affine = affineAt(node, cx);
    if (affine === undefined) return undefined;
    const { from, path } = movesTo(affine.x);
    if (from.source.kind !== 'node' || from.source.node.kind !== 'op') return undefined;
    const lookup = from.source.node;
    const [table, ids] = lookup.inputs;
    if (!isLookup(lookup) || !(table instanceof Value) || !(ids instanceof Value) || !cx.isWeight(table)) return undefined;
    return { lookup, table, ids, affine, path };
  },
  when: ({ lookup, table, affine, path }, cx) => {
    const result = nth(lookup.outputs, 0);
    if (result.users.size > 1) return 'something else reads the rows';
    const channels = channelsAfter({ axis: result.type.shape.length - 1 }, path);
    if (affine.per !== 'scalar' && (typeof channels !== 'object' || channels.axis !== affine.per.axis))
      return 'the numbers do not belong to the columns of the table';
    return refuseWeights(cx, { readers: [lookup, ...path, affine.node], replaced: [table, ...affine.weights], made: [table.type] });
  },
  rewrite: (g, { lookup, table, ids, affine, path }) => {
    const { factor, combine, shift } = affine.numbers(g);
    const scaled = factor === undefined ? table : combine(table, factor);
    const shifted = shift === undefined ? scaled : g.add(scaled, shift);
    return [moved(g, g.op(lookup.op.name, [shifted, ids], lookup.attrs), path)];
  },
});

/** Whether a node looks up rows of a matrix: an embedding, or the gather that it consists of. */
function isLookup({ op, attrs, inputs: [table] }: OpNode): boolean {
  if (!(table instanceof Value) || table.type.shape.length !== 2) return false;
  return op.name === 'embedding' || (op.name === 'gather' && fromStart(attrs.axis as number, 2) === 0);
}
