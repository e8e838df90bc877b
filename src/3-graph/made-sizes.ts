import type { NewSize } from '../dims/new-size.js';
import { onnxEffects } from '../ops/onnx-effects.js';
import { inputValues, type Node } from './graph.js';

/** The sizes, of those that the data decide, that come into being with the results of a node. */
export function sizesMadeBy(node: Node, sizes: readonly NewSize[]): readonly NewSize[] {
  if (sizes.length === 0 || !makesSizes(node)) return [];
  const given = new Set(inputValues(node).flatMap(({ type }) => type.shape.flatMap((size) => [...size.variables()])));
  const names = new Set(node.outputs.flatMap(({ type }) => type.shape.flatMap(({ variableName: name }) => name ?? [])));
  return sizes.filter(({ name, by }) => by === 'data' && names.has(name) && !given.has(name));
}

function makesSizes(node: Node): boolean {
  if (node.kind === 'op') return node.op.effects === 'new-size';
  return node.kind === 'onnx' && onnxEffects(node.call) === 'new-size';
}
