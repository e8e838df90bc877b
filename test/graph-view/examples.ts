/// <reference types="node" />
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Graph } from '../../src/3-graph/graph.js';
import { unfold } from '../../src/compile.js';
import { viewOf } from '../../src/graph-view/view-model.js';
import type { CompileOptions, ModelView, ViewOptions } from '../../src/index.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { createNodeHost } from '../../src/node/node-host.js';

const folder = resolve(import.meta.dirname, '../../examples');

/** Every example; of one with several models, the largest. */
export const examples: readonly (readonly [name: string, options: CompileOptions])[] = readdirSync(folder).map((name) => [
  name,
  name === 'resnet' ? { model: 'ResNet50' } : {},
]);

/** A model with what only small graphs have: control flow in control flow, a layer that is used twice, data-dependent sizes. */
export const special: Readonly<Record<string, string>> = {
  control: `layer Cell(x: Tensor[N, D], h: Tensor[N, D]) -> Tensor[N, D] {
  y = (x -> inp: Linear(D)) + (h -> rec: Linear(D))
  return tanh(y)
}
model Control(xs: Tensor[N, T, 8], deep: Tensor<bool>[]) -> (y: Tensor[N, T, 8], last: Tensor[N, 8]) {
  scan x over xs axis 1 carry h: Tensor[N, 8] = zeros {
    z = x -> cell: Cell(h)
    r = cond deep { z -> wide: Linear(8) } else { z * 2.0 }
    next h = r
    emit out = z + 1.0
  }
  return (y = out, last = h)
}
`,
  shared: `layer Two(x: Tensor[N, 8]) -> Tensor[N, 8] {
  f = Linear(8)
  y = f(x) -> relu
  return f(y) + f(x * 2.0)
}
model Shared(a: Tensor[N, 8], b: Tensor[N, 8]) -> (y: Tensor[N, 8], unused: Tensor[N, 8]) {
  two = Two
  return (y = two(a) + two(b), unused = b)
}
`,
  data: `layer Pick(x: Tensor[N, 4]) -> Tensor[N, 4] {
  at = nonzero(x > 0.0) as [K, 2]
  return x + sum(gather_nd(x, at) * 2.0)
}
model Data(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {
  for i in 0..3 { x = x -> layers[i]: Pick }
  return x
}
`,
  apart: `model Apart(x: Tensor[N, 8]) -> (y: Tensor[N, 8], z: Tensor[N, 8]) {
  a = x -> layers[0]: Linear(8)
  b = a -> layers[1]: Linear(8)
  c = b -> layers[2]: Linear(8)
  for i in 0..4 { c = c -> rest[i]: Linear(8) }
  return (y = c, z = b)
}
`,
};

export interface Viewed {
  readonly view: ModelView;
  readonly graphs: readonly Graph[];
  readonly unmatched: readonly string[];
}

/** An example, or one of the special models. */
export function viewed(name: string, options: CompileOptions & ViewOptions = {}): Viewed {
  const text = special[name];
  const path = text === undefined ? resolve(folder, name, 'model.arch') : `${name}.arch`;
  const host = text === undefined ? createNodeHost() : createMemoryHost({ [path]: text });
  const { program, checked, sources, diagnostics } = unfold(path, host, options);
  if (program === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return { ...viewOf({ ...program, doc: checked?.doc }, { ...options, sources }), graphs: program.entries.map(({ graph }) => graph) };
}
