import { mapInputs, operatorName, type Value } from '../3-graph/graph.js';
import type { Parameter } from '../3-graph/parameter.js';
import { Dim } from '../dims/dim.js';

/** The most numbers that a constant in a recipe may have, since they are part of its text. */
export const largestRecipeConstant = 1024;

/** A computation as text; two texts are equal exactly if the computations are: `transpose(fc.weight, perm = [1, 0])`. */
export function recipeText(value: Value): string {
  const { source } = value;
  switch (source.kind) {
    case 'parameter':
      return source.parameter.name;
    case 'constant': {
      const { dtype, shape, data } = source.array;
      return shape.length === 0 ? `${dtype} ${data[0]}` : `${dtype}[${shape}] ${data.join(' ')}`;
    }
    case 'input':
      return source.name;
    case 'node': {
      const { node, index } = source;
      const inputs = mapInputs(node.inputs, recipeText).map((input) => (Array.isArray(input) ? `[${input.join(', ')}]` : (input ?? '-')));
      const attrs = node.kind === 'op' ? Object.entries(node.attrs) : [];
      const given = attrs.flatMap(([name, attr]) => (attr === undefined ? [] : [`${name} = ${attrText(attr)}`]));
      return `${operatorName(node)}(${[...inputs, ...given].join(', ')})${node.outputs.length === 1 ? '' : `.${index}`}`;
    }
  }
}

function attrText(value: unknown): string {
  if (value instanceof Dim) return String(value);
  return Array.isArray(value) ? `[${value.map(attrText).join(', ')}]` : String(value);
}

/** The name of a tensor that is computed from others: `fc.weight.T` for a transposed matrix, `fc.weight.scales`, `conv.weight.folded`, `attn.q.weight+k.weight`. */
export function derivedName(from: readonly Parameter[], value: Value): string {
  const stored = storedForm(value);
  const suffix = stored ?? (from.length > 1 ? undefined : isTransposed(value) ? 'T' : 'folded');
  return [joinedName(from), ...(suffix === undefined ? [] : [suffix])].join('.');
}

/** What the result of an operator that packs weights is called; undefined for other values. */
function storedForm({ source, type }: Value): string | undefined {
  if (source.kind !== 'node' || source.node.kind !== 'op' || source.node.op.storage !== 'packs') return undefined;
  const { outputs } = source.node.op;
  return outputs.length === 1 ? type.dtype : outputs[source.index];
}

function joinedName(from: readonly Parameter[]): string {
  const [first, ...others] = from.map(({ name }) => name);
  if (first === undefined) return 'derived';
  if (others.length === 0) return first;
  const shared = sharedFolder([first, ...others]);
  const [head, ...tails] = [first, ...others].map((name) => name.slice(shared.length));
  return `${shared}${[head, ...tails.slice(0, 3), ...(tails.length > 3 ? ['...'] : [])].join('+')}`;
}

function isTransposed({ source }: Value): boolean {
  if (source.kind !== 'node' || source.node.kind !== 'op' || source.node.op.name !== 'transpose') return false;
  const [x] = source.node.inputs;
  return x !== undefined && 'source' in x && x.source.kind === 'parameter' && x.type.shape.length === 2;
}

/** The labels that all names begin with, including the last dot: `attn.` of `attn.q.weight` and `attn.k.weight`. */
function sharedFolder(names: readonly string[]): string {
  const [first = '', ...others] = names;
  let shared = first.slice(0, first.lastIndexOf('.') + 1);
  while (shared !== '' && !others.every((name) => name.startsWith(shared)))
    shared = shared.slice(0, shared.slice(0, -1).lastIndexOf('.') + 1);
  return shared;
}
