/// <reference types="node" />
// What scripts/onnx-checker.py checks: the examples, and the samples of every operator, for each target, opset and element type. Models go to standard output as
// pairs of chunks, the name and the bytes, each after its length. A model that archc refuses has no bytes, and the codes of its diagnostics in its name.
import { readdirSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { lowerToOnnx } from '../../src/5-optimize/pipeline.js';
import { build } from '../../src/build.js';
import type { CompileOptions } from '../../src/compile.js';
import { createNodeHost } from '../../src/node/node-host.js';
import { ops } from '../../src/ops/index.js';
import { opsets } from '../../src/ops/opsets.js';
import { targets } from '../../src/ops/targets.js';
import { dtypes, isFloat } from '../../src/ops/types.js';
import { bytesOf, graphOf } from './op-graph.js';
import { drawSamples, withDType } from './op-samples.js';

/** What makes the large examples small; their nodes are of the same kinds. */
const small: Readonly<Record<string, CompileOptions>> = {
  gpt2: { set: { layers: '2', D: '128', heads: '4', vocab: '100', positions: '32' } },
  llama: { set: { depth: '2', D: '64', heads: '4', kv_heads: '2', ff: '128', vocab: '100' } },
  mamba: { set: { depth: '2', D: '64', vocab: '100', rank: '4' } },
  resnet: { model: 'ResNet', set: { depths: '[1, 1, 1, 1]' } },
  transformer: { set: { ff: '32' } },
  whisper: { set: { D: '64', encoder_layers: '2', encoder_heads: '4', decoder_layers: '2', decoder_heads: '4', vocab: '100' } },
};

/** The entries of the examples that have several; built one by one, they have their weights inside. */
const entries: Readonly<Record<string, readonly string[]>> = { whisper: ['encode', 'step'] };

const everyOpset = Array.from({ length: opsets.max - opsets.min + 1 }, (_, i) => opsets.min + i);

function writeExamples(): void {
  const host = createNodeHost();
  for (const name of readdirSync('examples')) {
    const path = resolve('examples', name, 'model.arch');
    for (const dtype of ['f32', 'f16', 'bf16'] as const) {
      for (const opset of everyOpset) {
        for (const target of targets) {
          for (const entry of entries[name] ?? [undefined]) {
            const { bytes, diagnostics } = build(path, host, { ...small[name], entry, dtype, opset, target });
            const codes = diagnostics.map(({ code }) => code).join();
            const title = entry === undefined ? name : `${name}.${entry}`;
            write(`${title} ${dtype} ${opset} ${target} ${bytes === undefined ? codes : ''}`, bytes ?? new Uint8Array());
          }
        }
      }
    }
  }
}

function writeOperators(): void {
  for (const op of ops) {
    for (const dtype of dtypes) {
      const samples = drawSamples(op).flatMap((sample) => withDType(sample, dtype));
      if (samples.length === 0) continue;
      const { graph } = graphOf(samples);
      for (const opset of isFloat(dtype) ? everyOpset : [opsets.min, opsets.max]) {
        const seen = new Set<string>();
        for (const target of targets) {
          for (const fused of op.kind === 'composite' ? [true, false] : [true]) {
            const name = `${op.name} ${dtype} ${opset} ${target}${fused ? '' : ' lowered'}`;
            const made = madeOrReason(() => bytesOf(lowerToOnnx(graph, { target, opset, fused })));
            if (typeof made === 'string') write(`${name} ${made}`, new Uint8Array());
            else {
              const key = Buffer.from(made).toString('latin1');
              if (!seen.has(key)) write(name, made);
              seen.add(key);
            }
          }
        }
      }
    }
  }
}

function madeOrReason<T>(make: () => T): T | string {
  try {
    return make();
  } catch (error) {
    return String(error);
  }
}

function write(...[name, bytes]: readonly [string, Uint8Array]): void {
  for (const chunk of [Buffer.from(name.trimEnd()), bytes]) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(chunk.length);
    writeAll(length);
    writeAll(chunk);
  }
}

/** Writes all bytes to a pipe, which takes what fits and says how much that was. */
function writeAll(bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written);
}

writeExamples();
writeOperators();
