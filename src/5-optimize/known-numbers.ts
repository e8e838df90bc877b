import { type NodeInput, Value } from '../3-graph/graph.js';
import { lowestFinite } from '../ops/float-limits.js';
import { isFloat } from '../ops/types.js';

/** The number that all elements of a constant equal; undefined if they differ, or if the value is not a constant. */
export function numberOf(value: NodeInput): number | undefined {
  if (!(value instanceof Value) || value.source.kind !== 'constant') return undefined;
  const { data } = value.source.array;
  return data.every((number) => Object.is(number, data[0])) ? data[0] : undefined;
}

/** Operators whose results hold elements of their inputs. */
const moves: ReadonlySet<string> = new Set([
  'reshape',
  'transpose',
  'squeeze',
  'unsqueeze',
  'expand',
  'flatten',
  'tile',
  'slice',
  'neg',
  'abs',
]);
const deepest = 16;

/** A number that no element of a value exceeds in magnitude, so that all are finite. Undefined if the operators that compute it do not tell. */
export function boundOf(value: Value, depth = 0): number | undefined {
  const bound = depth > deepest ? undefined : boundBefore(value, depth);
  const { dtype } = value.type;
  return bound !== undefined && (!isFloat(dtype) || bound <= -lowestFinite(dtype)) ? bound : undefined;
}

function boundBefore({ source, type }: Value, depth: number): number | undefined {
  if (type.dtype === 'bool') return 1;
  if (source.kind === 'constant')
    return source.array.data.every(Number.isFinite)
      ? source.array.data.reduce((most, number) => Math.max(most, Math.abs(number)), 0)
      : undefined;
  if (source.kind !== 'node' || source.node.kind !== 'op') return undefined;
  const { op, inputs } = source.node;
  const bounds = (of: readonly NodeInput[]) => of.map((input) => (input instanceof Value ? boundOf(input, depth + 1) : undefined));
  const [a, b] = bounds(op.name === 'where' ? inputs.slice(1) : inputs.slice(0, 2));
  if (op.name === 'cast' || moves.has(op.name)) return a;
  if (a === undefined || b === undefined) return undefined;
  switch (op.name) {
    case 'where':
      return Math.max(a, b);
    case 'mul':
      return a * b;
    case 'add':
    case 'sub':
      return a + b;
    default:
      return undefined;
  }
}
