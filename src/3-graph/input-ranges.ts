import { bindInputs, mapBound } from '../ops/bind.js';
import { isInt } from '../ops/types.js';
import { commonRange, type ValueRange } from '../ops/value-range.js';
import type { Graph, OpNode, ScanNode, Value } from './graph.js';

/** Operators whose results hold exactly the elements of their inputs, perhaps at other places and several times. */
const moves: ReadonlySet<string> = new Set([
  ...['reshape', 'flatten', 'transpose', 'squeeze', 'unsqueeze', 'expand'],
  ...['concat', 'stack', 'tile', 'repeat_interleave', 'flip', 'roll'],
]);

/**
 * Which integers the inputs of a graph may hold, by name: those that its operators can use as positions, such as the ids of an embedding or the labels of a loss. An input
 * whose elements are computed with, compared, or cut before they are used may hold any. The graph is as the user wrote it: later passes replace operators by others.
 */
export function inputRanges(graph: Graph): ReadonlyMap<string, ValueRange> {
  const ranges = new Map<string, ValueRange>();
  const sizes = new Set(graph.inputs.flatMap(({ type }) => type.shape.flatMap((size) => [...size.variables()])));
  for (const input of graph.inputs) {
    if (!isInt(input.type.dtype) || input.source.kind !== 'input') continue;
    const found = rangesOfUses(input).filter(({ least, most }) =>
      [...least.variables(), ...most.variables()].every((size) => sizes.has(size)),
    );
    const [first, ...others] = found;
    if (first !== undefined) ranges.set(input.source.name, others.reduce(commonRange, first));
  }
  return ranges;
}

/** What all uses of a value demand of its elements. Demands of only one side of a `cond` are not included. */
function rangesOfUses(value: Value): readonly ValueRange[] {
  const found: ValueRange[] = [];
  const seen = new Set([value]);
  for (const same of seen) {
    for (const user of same.users) {
      if (user.kind === 'op') {
        for (const range of rangesIn(user, same)) found.push(range);
        if (holdsTheSame(user)) for (const output of user.outputs) seen.add(output);
      } else if (user.kind === 'scan') for (const inner of valuesInBody(user, same)) seen.add(inner);
    }
  }
  return found;
}

/** What a call demands of one of its inputs. */
function rangesIn({ op, inputs, attrs }: OpNode, value: Value): readonly ValueRange[] {
  if (op.ranges === undefined) return [];
  const bound = bindInputs<Value>(op, inputs);
  const ranges = op.ranges(
    mapBound(bound, ({ type }) => type),
    attrs,
  );
  return Object.entries(ranges).flatMap(([name, range]) => (range !== undefined && bound[name] === value ? [range] : []));
}

function holdsTheSame({ op, outputs }: OpNode): boolean {
  return moves.has(op.name) || (op.name === 'cast' && outputs.every(({ type }) => isInt(type.dtype)));
}

/** The values in the body of a scan for a value that it goes through or captures. The first inputs of both are the carries, which change. */
function valuesInBody({ inputs, bodies: [body], steps }: ScanNode, value: Value): readonly Value[] {
  return inputs.flatMap((input, i) => (i >= steps.carries && input === value ? (body.inputs[i] ?? []) : []));
}
