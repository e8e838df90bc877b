import { inputValues, type Node, type OpNode, type Region, Value } from '../3-graph/graph.js';
import { GraphBuilder } from '../3-graph/graph-builder.js';
import { bindInputs } from '../ops/bind.js';
import { isFloat } from '../ops/types.js';
import { condGradient } from './cond-gradient.js';
import { type Contributions, type Differentiation, type Gradients, pairWith, type UseOfNode } from './gradients.js';
import { Recomputation } from './recompute.js';
import { scanGradient } from './scan-gradient.js';
import { GradientSums } from './sum-gradients.js';

/**
 * Writes reverse-mode gradients to the end of a region of core operators and control flow: by the gradient rules of the operators, from the last node to the first. A
 * value with several users gets the sum of what they contribute. Scans are replaced by others that also keep what their gradient reads.
 */
export function differentiate(region: Region, { from, of, recomputed, onMissing }: Differentiation): Gradients {
  const dependent = dependentsOf(region, of);
  const isWanted = (value: Value) => dependent.has(value);
  const gradients = new GradientSums(region, from);
  const recomputation = recomputed && new Recomputation(region, recomputed);
  const finished = () => of.flatMap((value) => gradients.get(value) ?? []);
  const nodes = [...region.nodes].reverse();
  for (const known of nodes) {
    const incoming = known.outputs.find((value) => gradients.has(value) && isWanted(value));
    const gradient = incoming && gradients.get(incoming);
    if (gradient === undefined) continue;
    const { node, original } = recomputation?.copyOf(known, gradient, finished) ?? { node: known, original: (value: Value) => value };
    const g = new GraphBuilder(region, node.origin);
    const use: UseOfNode = {
      dy: (output) => gradients.get(original(output)),
      isWanted: (input) => isWanted(original(input)),
      onMissing,
      differentiate,
    };
    for (const [copy, part] of contributions(region, g, node, use)) if (isWanted(original(copy))) gradients.add(original(copy), part, node);
  }
  return new Map(of.flatMap((value) => pairWith(value, gradients.get(value))));
}

function contributions(region: Region, g: GraphBuilder, node: Node, use: UseOfNode): Contributions {
  switch (node.kind) {
    case 'op':
      return byRule(g, node, use);
    case 'cond':
      return condGradient(region, node, use);
    case 'scan':
      return scanGradient(region, node, use);
    case 'onnx':
      use.onMissing(node);
      return [];
  }
}

/** The contributions by the rule of an operator. Composites without a rule have been opened. An operator that is constant almost everywhere (`floor`, `sign`) has none, and contributes nothing. */
function byRule(g: GraphBuilder, node: OpNode, { dy, onMissing }: UseOfNode): Contributions {
  const { op, inputs, outputs, attrs } = node;
  if (op.grad === 'by-lowering') {
    onMissing(node);
    return [];
  }
  if (op.grad === 'none') return [];
  const call = { x: bindInputs<Value>(op, inputs), y: outputs, dy: outputs.map((value) => dy(value) ?? g.zerosLike(value)), attrs };
  const found: Readonly<Record<string, Value | readonly Value[] | undefined>> = op.grad(g, call);
  return op.lists().inputs.flatMap(([name], i) => {
    const given = listOf(found[name]);
    return listOf(inputs[i]).flatMap((value, k) => pairWith(value, given[k]));
  });
}

function listOf(values: Value | readonly Value[] | undefined): readonly Value[] {
  return values === undefined ? [] : values instanceof Value ? [values] : values;
}

/** The float values that depend on any of these, including them. */
function dependentsOf(region: Region, values: readonly Value[]): ReadonlySet<Value> {
  const found = new Set(values.filter(({ type }) => isFloat(type.dtype)));
  for (const node of region.nodes) {
    if (!inputValues(node).some((input) => found.has(input))) continue;
    for (const output of node.outputs) if (isFloat(output.type.dtype)) found.add(output);
  }
  return found;
}
