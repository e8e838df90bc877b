import { bodiesIn, type OnnxGraph, type OnnxNode } from './lowering/onnx-graph.js';

/** What a node computes: what ONNX Runtime computes once, when it loads the model; sizes of the model, which are a few numbers; or tensors. */
export type Role = 'constant' | 'size' | 'tensor';

/** The role of each node of a graph and of the bodies in it, in the order in which they are computed. */
export function rolesOf(graph: OnnxGraph): ReadonlyMap<OnnxNode, Role> {
  const roles = new Map<OnnxNode, Role>();
  const all = [graph, ...bodiesIn(graph.nodes)];
  const stored = [...graph.parameters, ...all.flatMap(({ constants }) => constants)];
  const known = new Map<string, Role>(stored.map(({ value }) => [value.name, 'constant']));
  for (const node of all.flatMap(({ nodes }) => nodes)) {
    const role = roleOf(node, known);
    roles.set(node, role);
    for (const output of node.outputs) if (output !== null) known.set(output.name, role);
  }
  return roles;
}

/** The role of a node, derived from the roles of its inputs. An input whose role is unknown counts as a tensor. */
function roleOf(node: OnnxNode, known: ReadonlyMap<string, Role>): Role {
  if (isOfSizes(node)) return 'size';
  const read = node.inputs.flatMap((input) => (input === null ? [] : [known.get(input.name) ?? 'tensor']));
  if (node.bodies !== undefined || read.includes('tensor')) return 'tensor';
  if (!read.includes('size')) return 'constant';
  return node.outputs.every((output) => output === null || output.type.shape.every(({ constant }) => constant === 1)) ? 'size' : 'tensor';
}

/** Whether lowering wrote a node to compute a size. */
function isOfSizes({ path, kinds }: OnnxNode): boolean {
  return path.length === 1 && path[0] === 'sizes' && kinds[1] === 'sizes';
}
