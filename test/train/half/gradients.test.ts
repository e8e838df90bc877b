import { expect, test } from 'vitest';
import type { Region } from '../../../src/3-graph/graph.js';
import { computeInHalf } from '../../../src/4-train/forms/half-precision.js';
import { openForGradient } from '../../../src/5-optimize/pipeline.js';
import { checkGradients, drawPlain } from '../../kit/gradient-check.js';
import { modelOf } from '../../kit/source.js';
import type { Composition } from '../compositions/composition.js';
import { controlFlow } from '../compositions/control-flow.js';
import { dataSizes } from '../compositions/data-sizes.js';
import { tensors } from '../compositions/tensors.js';

function hasHalf(region: Region): boolean {
  return [...region.nodes].some(
    (node) => node.outputs.some(({ type }) => type.dtype === 'f16') || ('bodies' in node && node.bodies.some(hasHalf)),
  );
}

/** Rounding apart, conversions change nothing: in float64, the gradient is that of the model. */
test('with conversions to f16, gradients are still central differences', () => {
  let converted = 0;
  for (const { name, source, sizes } of [...controlFlow, ...dataSizes, ...tensors] as readonly Composition[])
    for (const numbers of sizes) {
      const { graph } = modelOf(source);
      openForGradient(graph);
      computeInHalf(graph);
      if (!hasHalf(graph)) continue;
      converted++;
      expect(checkGradients(graph, numbers, drawPlain), name).toBeGreaterThan(5);
    }
  expect(converted).toBeGreaterThan(5);
});
