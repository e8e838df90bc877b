import { bodiesOf, capturesOf, inputValues, type Node, type OpNode, type Region, Value } from '../../3-graph/graph.js';
import { GraphBuilder } from '../../3-graph/graph-builder.js';
import { perChannel, scaleAndShift } from '../../ops/norm/standardize.js';
import { nth } from '../../ops/only.js';
import { product } from '../../ops/sizes.js';

/** How batch norm is written. */
export interface BatchNormForms {
  /** Whether a call keeps its running statistics, and normalizes with them. */
  readonly isEvaluated: (norm: { readonly path: string; readonly weights: readonly string[] }) => boolean;
  /** Called for calls in control flow, where statistics cannot leave the step in which they are computed. */
  readonly onInner: (node: Node) => void;
}

/**
 * Makes batch norm normalize with the statistics of the batch, as `torch.nn.BatchNorm2d` does while it trains. Returns what the running statistics are after the step, by
 * their names: the variance that is kept is the unbiased one, the one that normalizes is not.
 */
export function normalizeByBatch(region: Region, forms: BatchNormForms): ReadonlyMap<string, Value> {
  const statistics = new Map<string, Value>();
  for (const node of region.nodes) {
    if (isTraining(node, forms, outermost)) normalize(region, node, statistics);
    else for (const inner of normsBelow(node, forms, outermost)) forms.onInner(inner);
  }
  return statistics;
}

/** What a value of a body is in the graph, if the body captures it. */
type Outside = (value: Value) => Value;

const outermost: Outside = (value) => value;

/** The calls in the bodies of a node, and in the bodies in them. */
function normsBelow(node: Node, forms: BatchNormForms, outside: Outside): readonly Node[] {
  if (node.kind !== 'cond' && node.kind !== 'scan') return [];
  const { inNode, inBody } = capturesOf(node);
  const captured = inputValues(node).slice(inNode).map(outside);
  return bodiesOf(node).flatMap((body) => {
    const inside = new Map(body.inputs.slice(inBody).map((value, i) => [value, nth(captured, i)]));
    const here: Outside = (value) => inside.get(value) ?? value;
    return [...body.nodes].flatMap((inner) => (isTraining(inner, forms, here) ? [inner] : normsBelow(inner, forms, here)));
  });
}

/** Whether a call normalizes by the batch, which requires that its statistics are stored in the model. If the model computes them, the call uses them. */
function isTraining(node: Node, { isEvaluated }: BatchNormForms, outside: Outside): node is OpNode {
  if (node.kind !== 'op' || node.op.name !== 'batch_norm') return false;
  const [, mean, variance, weight, bias] = node.inputs.map((input) => (input instanceof Value ? nameOf(outside(input)) : undefined));
  const weights = [weight, bias].filter((name) => name !== undefined);
  return mean !== undefined && variance !== undefined && !isEvaluated({ path: node.origin.path.join('.'), weights });
}

/** The name of a stored tensor. */
function nameOf({ source }: Value): string | undefined {
  return source.kind === 'parameter' ? source.parameter.name : undefined;
}

function normalize(region: Region, node: OpNode, statistics: Map<string, Value>): void {
  const [x, mean, variance, weight, bias] = node.inputs as readonly [Value, Value, Value, Value | undefined, Value | undefined];
  const { eps, momentum } = node.attrs as { readonly eps: number; readonly momentum: number };
  const g = new GraphBuilder(region, node.origin, node);
  const rank = g.rank(x);
  const axes = [...Array(rank).keys()].filter((axis) => axis !== 1);
  const batchMean = g.mean(x, axes, true);
  const centred = g.sub(x, batchMean);
  const batchVariance = g.mean(g.mul(centred, centred), axes, true);
  const normal = g.div(centred, g.sqrt(g.shift(batchVariance, eps)));
  const y = scaleAndShift(g, normal, perChannel(g, weight, rank), perChannel(g, bias, rank));

  const count = g.size(product(axes.map((axis) => nth(x.type.shape, axis))), x.type.dtype);
  // One value in each channel has no unbiased variance: PyTorch refuses it, and here the biased one, 0, is taken.
  const others = g.maximum(g.shift(count, -1), g.scalar(1, count));
  const follow = (running: Value, now: Value) => {
    const name = nameOf(running) as string; // isTraining has seen that it has one
    const before = statistics.get(name) ?? running;
    statistics.set(name, g.add(g.scale(before, 1 - momentum), g.scale(g.reshape(now, before.type.shape), momentum)));
  };
  follow(mean, batchMean);
  follow(variance, g.mul(batchVariance, g.div(count, others)));
  region.replaceUses(nth(node.outputs, 0), y);
  region.remove(node);
}
