import type { CompileOptions } from '../../../src/compile.js';
import type { Target } from '../../../src/ops/targets.js';
import { type Entry, library } from '../../stdlib/library.js';
import { programOf } from '../source.js';
import { collect, type Emitted } from './emitted.js';

/** The forms in the examples of the standard library, and in their training graphs. Metrics are not trained. */
export function emittedByLibrary(target: Target): Emitted {
  const all: Emitted = new Map();
  const add = (source: string, options: CompileOptions = {}): void => {
    for (const { onnx } of programOf(source, { target, ...options }).entries) collect(all, onnx);
  };
  for (const entry of library().flatMap(({ entries }) => entries)) {
    add(entry.example);
    if (entry.module !== 'std/metrics') add(trained(entry), { train: 'T' });
  }
  return all;
}

/** The example with a gain for its first tensor of floats, so that there is something to train, and the sum of its first result as the loss. */
function trained({ example }: Entry): string {
  const input = /(\w+): Tensor\[/.exec(example.slice(0, example.indexOf('->')))?.[1];
  const output = /-> \((\w+):/.exec(example)?.[1];
  const scaled = input === undefined ? '' : `  param gain: Tensor[] = ones\n  ${input} = ${input} * gain\n`;
  return `${example.replace('  return', `${scaled}  return`)}train T for Example {\n  loss = sum(${output})\n  optimizer sgd(lr = 0.1)\n}\n`;
}
