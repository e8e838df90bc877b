import type { Graph } from '../3-graph/graph.js';
import type { Parameter } from '../3-graph/parameter.js';
import { costOf, type LayerCost } from '../6-emit/cost.js';
import { constantShape } from '../6-emit/onnx/model.js';
import { elementCount } from '../6-emit/parameter-count.js';
import type { LayerSize, PrunedLayer, PrunedWeight } from '../api/prune.js';
import { plainSize } from '../dims/plain-size.js';
import { isFloat } from '../ops/types.js';
import { elementsIn } from './elements.js';

/** A weight before and after pruning. */
export function weightReport(from: Parameter, to: Parameter, zeros: number): PrunedWeight {
  const { name, type } = from;
  return { name, dtype: type.dtype, from: constantShape(type, name), to: constantShape(to.type, name), zeros };
}

/** How many bytes are converted at a time. */
const blockBytes = 1 << 20;

/** How many elements of a tensor are zero. */
export function zerosIn({ type: { dtype } }: Parameter, bytes: Uint8Array): number {
  if (!isFloat(dtype)) return 0;
  let zeros = 0;
  for (let at = 0; at < bytes.length; at += blockBytes)
    for (const value of elementsIn(dtype, bytes.subarray(at, at + blockBytes))) if (value === 0) zeros++;
  return zeros;
}

/** The cost of each layer in both graphs. `parameters` are those of the second graph; `zeros` says how many elements of each are zero. */
export function layerReport(
  from: Graph,
  to: Graph,
  parameters: readonly Parameter[],
  zeros: ReadonlyMap<string, number>,
): readonly PrunedLayer[] {
  const trained = parameters.filter(({ trainable }) => trainable);
  const after = new Map(costOf(to).map((row) => [keyOf(row), row]));
  const rows = costOf(from);
  const inLayers = rows.filter(({ scope }) => scope === 'layer').map(({ path }) => `${path}.`);
  return rows.map((row) => {
    const { scope, path, kind } = row;
    const other = after.get(keyOf(row));
    const own = trained.filter(({ name }) => {
      if (scope === 'layer') return name.startsWith(`${path}.`);
      return scope === 'model' || !inLayers.some((prefix) => name.startsWith(prefix));
    });
    const all = own.reduce((sum, parameter) => sum + elementCount(parameter), 0);
    const zero = own.reduce((sum, { name }) => sum + (zeros.get(name) ?? 0), 0);
    const to = other === undefined ? { parameters: 0, flops: 0 } : sizeOf(other);
    return { scope, path, kind, from: sizeOf(row), to, sparsity: all === 0 ? 0 : zero / all };
  });
}

function keyOf({ scope, path }: LayerCost): string {
  return `${scope} ${path}`;
}

function sizeOf({ parameters, flops }: LayerCost): LayerSize {
  return { parameters, flops: plainSize(flops) };
}
