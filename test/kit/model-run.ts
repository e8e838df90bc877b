import { build } from '../../src/build.js';
import type { CompileOptions } from '../../src/compile.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { isFloat, type NdArray } from '../../src/ops/types.js';
import { randomNumbers } from './random.js';
import { type OneGraph, onlyGraph, rendered } from './source.js';

/** The ONNX file of a model, with the weights of seed 0 inside; fails with the rendered diagnostics if there is none. */
export function builtModel(
  source: string | Readonly<Record<string, string>>,
  options: CompileOptions = {},
): { readonly model: OneGraph; readonly bytes: Uint8Array } {
  const result = build('main.arch', createMemoryHost(typeof source === 'string' ? { 'main.arch': source } : source), options);
  if (result.model === undefined || result.bytes === undefined) throw new Error(rendered(result));
  return { model: onlyGraph(result.model), bytes: result.bytes };
}

/** Inputs of a model whose sizes are numbers: floats in [0, 1), integers and booleans 0 or 1, which are ids that every table has. */
export function randomInputs(model: OneGraph): Readonly<Record<string, NdArray>> {
  const random = randomNumbers(1);
  return Object.fromEntries(
    model.onnx.inputs.map(({ name, type: { dtype, shape } }) => {
      const sizes = shape.map((d) => d.evaluate(new Map()));
      const length = sizes.reduce((a, b) => a * b, 1);
      const data = Float64Array.from({ length }, () => (isFloat(dtype) ? random() : Math.floor(2 * random())));
      return [name, { dtype, shape: sizes, data }];
    }),
  );
}
