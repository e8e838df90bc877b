/// <reference types="node" />
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { transformSync } from 'esbuild';
import type { BuildOptions } from '../../src/api/options.js';
import { buildFile } from '../../src/node.js';

export const root = resolve(import.meta.dirname, '../..');

export const lenet = `${readFileSync(join(root, 'examples/lenet/model.arch'), 'utf8')}
## Digits, by AdamW.
train Finetune for LeNet {
  input labels: Tensor<i64>[N]
  loss = cross_entropy(logits, labels)
  metric accuracy = accuracy(logits, labels)
  optimizer adamw(lr = input)
}
`;

/** A recurrent cell: its state begins with zeros. */
export const cell = `## Sums what it has seen.
model Cell(x: Tensor[N, 4]) -> (y: Tensor[N, 3]) {
  state h: Tensor[N, 3] = zeros
  z = tanh((x -> input: Linear(3)) + (h -> back: Linear(3, bias = false)))
  next h = z
  return z -> out: Linear(3)
}
`;

/** Inputs of every kind: several that share sizes, a formula, one for images, and all element types that have more than one array. */
export const kinds = `model Kinds(ids: Tensor<i64>[N, T], mask: Tensor<bool>[N, T], image: Tensor[N, 3, H, W], half: Tensor<f16>[4], scale: Tensor[]) -> (
  y: Tensor[N, T], pooled: Tensor[N, 3, H // 2, W // 2], flags: Tensor<bool>[N, T], halves: Tensor<f16>[4]
) {
  return (cast(ids, f32) * scale, max_pool2d(image, 2), mask, half)
}
`;

/** Names that JavaScript or TypeScript has for something else, and a text that would end a comment. */
export const oddNames = `## Ends here? */ export const no = 1; /*
model default(class = 3) {
  fc = Linear(class)
  entry delete(new: Tensor[N, 4], __proto__: Tensor[N, 3]) -> (function: Tensor[N, class], constructor: Tensor<bool>[N, 3]) {
    return ((new -> fc) + __proto__, __proto__ > 0)
  }
  ## The positions of what is not 0.
  entry new(x: Tensor<i64>[N]) -> (at: Tensor<i64>[K, 1]) { return nonzero(x) }
}
`;

/** A training of several batches a step, with a schedule in the graph, and integers that are narrower in the file. */
export const scheduled = `model class(x: Tensor[N, 8]) -> (logits: Tensor[N, 3]) { return x -> fc: Linear(3) }

train class_ for class {
  input labels: Tensor<i64>[N]
  input pull: Tensor[]
  loss = cross_entropy(logits, labels) + pull * mean(logits ** 2)
  metric top_2 = top_k_accuracy(logits, labels, k = 2)
  optimizer adamw(lr = warmup_cosine(1e-3, warmup = 10, steps = 100))
  accumulate 2
}
`;

const trainOptions = { train: 'Finetune' };
const small = { set: { 'c.vocab': '64', 'c.D': '32' } };

/** The sources of the tests by the names of their files, with the options of their builds. */
export const modules: Readonly<Record<string, readonly [source: string, options: BuildOptions]>> = {
  lenet: [readFileSync(join(root, 'examples/lenet/model.arch'), 'utf8'), {}],
  digits: [lenet, trainOptions],
  cell: [cell, {}],
  kinds: [kinds, {}],
  odd: [oddNames, {}],
  scheduled: [scheduled, { train: 'class_', target: 'webgpu' }],
  llama: [
    readFileSync(join(root, 'examples/llama/model.arch'), 'utf8'),
    { set: { ...small.set, 'c.depth': '2', 'c.heads': '4', 'c.kv_heads': '2', 'c.ff': '64' } },
  ],
  whisper: [
    readFileSync(join(root, 'examples/whisper/model.arch'), 'utf8'),
    {
      set: {
        ...small.set,
        'c.frames': '8',
        'c.encoder_layers': '1',
        'c.encoder_heads': '4',
        'c.encoder_ff': '64',
        'c.decoder_layers': '1',
        'c.decoder_heads': '4',
        'c.decoder_ff': '64',
      },
    },
  ],
};

/** A folder with the built package and the modules of the tests. */
export class ModuleFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'archc-module-'));

  constructor() {
    mkdirSync(join(this.path, 'node_modules'));
    symlinkSync(root, join(this.path, 'node_modules/archc'), 'dir');
    writeFileSync(join(this.path, 'package.json'), '{ "private": true, "type": "module" }\n');
  }

  /** Writes the files of a module into the folder `out`. */
  async build(name: string, options: BuildOptions = {}): Promise<void> {
    const [source, own] = modules[name] ?? ['', {}];
    mkdirSync(join(this.path, 'out'), { recursive: true });
    writeFileSync(join(this.path, `${name}.arch`), source);
    const emit = ['onnx', 'js', 'dts'] as const;
    const result = await buildFile(join(this.path, `${name}.arch`), join(this.path, `out/${name}.onnx`), { ...own, emit, ...options });
    if (result.failed) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text);
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  run(...args: readonly string[]): { readonly code: number | null; readonly said: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: this.path, encoding: 'utf8' });
    return { code: status, said: stdout + stderr };
  }

  /** What a program beside the modules prints as JSON. Fails with what it says otherwise. */
  result(program: string): unknown {
    // Node 20 does not know `await using`.
    this.write('program.js', transformSync(program, { format: 'esm', target: 'es2022' }).code);
    const { code, said } = this.run('program.js');
    if (code !== 0) throw new Error(said);
    return JSON.parse(said);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
