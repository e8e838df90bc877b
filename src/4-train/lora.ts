import type { LoraSetting } from '../2-check/train/checked-training.js';
import { type Graph, type Node, type OpNode, type User, Value } from '../3-graph/graph.js';
import { GraphBuilder } from '../3-graph/graph-builder.js';
import type { AdapterLayout } from '../api/training.js';
import { Dim } from '../dims/dim.js';
import { nth } from '../ops/only.js';
import { matcherOfAll } from './trained-weights.js';

/**
 * Adds low-rank adapters (Hu et al. 2021) to the matrices that a clause matches: the product of a matrix with `x` gets `alpha / rank * B @ A` times `x` added, where A is
 * random and B begins with zeros. A matrix that is read in another way is itself replaced by the sum. The names are those of Hugging Face PEFT, below the layer of the matrix. If several
 * clauses match a matrix, the last one counts. Dropout is applied to `x`; `onWithoutProduct` is called for a matrix with dropout that is read in another way. Composites must not have been
 * opened.
 */
export function addAdapters(
  graph: Graph,
  settings: readonly LoraSetting[],
  onWithoutProduct: (matrix: string, setting: LoraSetting) => void = () => {},
): readonly AdapterLayout[] {
  const adapters: AdapterLayout[] = [];
  const matchers = settings.map((setting) => ({ setting, matches: matcherOfAll(setting.patterns) }));
  for (const weight of [...graph.parameters]) {
    if (weight.source.kind !== 'parameter' || !weight.source.parameter.trainable) continue;
    const { name } = weight.source.parameter;
    const chosen = matchers.findLast(({ matches }) => matches(name));
    const isMatrix = weight.type.shape.length === 2;
    if (chosen !== undefined && isMatrix && weight.users.size > 0)
      adapters.push(addAdapter(graph, weight, name, chosen.setting, onWithoutProduct));
  }
  return adapters;
}

/** A product of `x` and the matrix, as it is read there. */
interface Product {
  readonly node: OpNode;
  readonly x: Value;
  readonly matrix: Value;
}

function addAdapter(
  graph: Graph,
  weight: Value,
  name: string,
  setting: LoraSetting,
  onWithoutProduct: (matrix: string, setting: LoraSetting) => void,
): AdapterLayout {
  const { rank, alpha, dropout, span } = setting;
  const transposed = [...weight.users].every(isTranspose);
  const readers = transposed ? [...weight.users].flatMap((user) => nth((user as Node).outputs, 0)) : [weight];
  const products = readers.map((value) => [...value.users].map((user) => productWith(user, value)));
  // In `x @ W.T`, and in what does not multiply with the matrix, it is [out, in]; in `x @ W` it is [in, out].
  const inputsFirst = !transposed && products.flat().every((product) => product !== undefined);
  const [first, second] = [nth(weight.type.shape, 0), nth(weight.type.shape, 1)];
  const [inputs, outputs] = inputsFirst ? [first, second] : [second, first];
  const layer = name.endsWith('.weight') ? name.slice(0, -'.weight'.length) : name;
  const make = (part: 'A' | 'B', shape: readonly [Dim, Dim]): Value =>
    graph.parameter({
      name: `${layer}.lora_${part}.weight`,
      type: { dtype: weight.type.dtype, shape },
      init: part === 'A' ? { kind: 'kaiming_uniform', a: Math.sqrt(5), mode: 'fan_in', nonlinearity: 'leaky_relu' } : { kind: 'zeros' },
      trainable: true,
      span,
    });
  const a = make('A', [Dim.of(rank), inputs]);
  const b = make('B', [outputs, Dim.of(rank)]);
  const scale = alpha / rank;
  const all = products.flat();
  if (all.every((product) => product !== undefined)) for (const product of all) addToProduct(graph, product, { a, b, scale, dropout });
  else {
    if (dropout !== 0) onWithoutProduct(name, setting);
    addToMatrix(graph, weight, { a, b, scale });
  }
  return { weight: name, a: a.hint ?? '', b: b.hint ?? '', scale, inputsFirst };
}

function isTranspose(user: User): boolean {
  return user.kind === 'op' && user.op.name === 'transpose';
}

/** `x @ value` at the top of the graph: a body of control flow reads the matrix by another name. */
function productWith(user: User, value: Value): Product | undefined {
  if (user.kind !== 'op' || user.op.name !== 'matmul') return undefined;
  const [x, matrix] = user.inputs as readonly [Value, Value];
  return matrix === value && x !== value ? { node: user, x, matrix } : undefined;
}

interface Adapter {
  readonly a: Value;
  readonly b: Value;
  readonly scale: number;
}

/** Writes the product again before the node, with the adapter's part added. */
function addToProduct(graph: Graph, { node, x, matrix }: Product, { a, b, scale, dropout }: Adapter & { readonly dropout: number }): void {
  const g = new GraphBuilder(graph, node.origin, node);
  const seen = dropout === 0 ? x : g.op('dropout', [x], { p: dropout });
  const change = g.scale(g.matmul(g.matmul(seen, g.swap(a)), g.swap(b)), scale);
  graph.replaceUses(nth(node.outputs, 0), g.add(g.matmul(x, matrix), change));
  graph.remove(node);
}

function addToMatrix(graph: Graph, weight: Value, { a, b, scale }: Adapter): void {
  // Whatever reads the matrix now reads the sum, except for the sum itself.
  const readers = new Value(weight.type, weight.source, weight.hint);
  graph.replaceUses(weight, readers);
  const [first] = graph.nodes;
  const g = new GraphBuilder(graph, { path: [], kinds: [graph.name], span: undefined }, first);
  graph.replaceUses(readers, g.add(weight, g.scale(g.matmul(b, a), scale)));
}
