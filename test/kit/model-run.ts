import { build } from '../../src/build.js';
import type { CompileOptions } from '../../src/compile.js';
import type { Dim } from '../../src/dims/dim.js';
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

/** A number for each size that only the states of a model have. */
export function sizesOfStates({ graph }: Pick<OneGraph, 'graph'>): ReadonlyMap<string, number> {
  return new Map(graph.newSizes.flatMap(({ by, name }) => (by === 'state' ? [[name, 2] as const] : [])));
}

/** Inputs of a model whose other sizes are numbers: floats in [0, 1), integers and booleans 0 or 1, which are ids that every table has. */
export function randomInputs(model: OneGraph): Readonly<Record<string, NdArray>> {
  const random = randomNumbers(1);
  return Object.fromEntries(
    model.onnx.inputs.map(({ name, type: { dtype, shape } }) => {
      const sizes = shape.map((d) => d.evaluate(sizesOfStates(model)));
      const length = sizes.reduce((a, b) => a * b, 1);
      const data = Float64Array.from({ length }, () => (isFloat(dtype) ? random() : Math.floor(2 * random())));
      return [name, { dtype, shape: sizes, data }];
    }),
  );
}

/**
 * What is wrong with the shapes of outputs of a run, if the sizes of the inputs are numbers, or given: sizes that the data decide are taken from the axes that consist of such a size alone,
 * must be within their bounds, and must be the same everywhere.
 */
export function wrongShapes(
  { graph, onnx }: OneGraph,
  outputs: Readonly<Record<string, NdArray>>,
  inputSizes: ReadonlyMap<string, number> = new Map(),
): readonly string[] {
  const problems: string[] = [];
  const sizes = new Map(inputSizes);
  for (const { name, type } of onnx.outputs) {
    const shape = outputs[name]?.shape;
    if (shape?.length !== type.shape.length) problems.push(`${name} has the shape [${shape}], not [${type.shape.join(', ')}]`);
    for (const [axis, size] of type.shape.entries())
      if (size.variableName !== undefined && !sizes.has(size.variableName)) sizes.set(size.variableName, shape?.[axis] ?? -1);
  }
  const isKnown = (size: Dim) => [...size.variables()].every((name) => sizes.has(name));
  for (const { name, type } of onnx.outputs)
    for (const [axis, size] of type.shape.entries()) {
      const got = outputs[name]?.shape[axis];
      if (isKnown(size) && size.evaluate(sizes) !== got)
        problems.push(`axis ${axis} of ${name} is ${got}, not ${size} = ${size.evaluate(sizes)}`);
    }
  for (const { name, least, most } of graph.newSizes) {
    const size = sizes.get(name);
    if (size === undefined) continue;
    if (isKnown(least) && size < least.evaluate(sizes)) problems.push(`${name} is ${size}, less than ${least}`);
    if (most !== undefined && isKnown(most) && size > most.evaluate(sizes)) problems.push(`${name} is ${size}, more than ${most}`);
  }
  return problems;
}
