/// <reference types="node" />
import { emitOnnx, withoutWeights } from '../src/6-emit/emit.js';
import { modelMeta } from '../src/6-emit/model-meta.js';
import { joinChunks } from '../src/6-emit/onnx/encode.js';
import { check, compile } from '../src/compile.js';
import { createNodeHost } from '../src/node/node-host.js';

/** Compiles to the bytes of the ONNX file, without making any weights; returns their number. */
function build(path: string): number {
  const { model, sources, diagnostics } = compile(path, createNodeHost());
  if (model === undefined) throw new Error(`${path}: ${diagnostics[0]?.message}`);
  const meta = modelMeta(sources, (file) => file.slice(file.lastIndexOf('/') + 1));
  const files = model.entries.map(({ onnx }) => joinChunks(emitOnnx(onnx, withoutWeights(onnx, 'weights'), meta).write()));
  return files.reduce((sum, file) => sum + file.length, 0);
}

/** Checks everything in a file; returns the length of its text. */
function checkAll(path: string): number {
  const { failed, diagnostics, sources } = check(path, createNodeHost());
  if (failed) throw new Error(`${path}: ${diagnostics[0]?.message}`);
  return sources.get(path)?.length ?? 0;
}

// node in-process-child.js build|check FILE RUNS: prints the milliseconds of each run, the first of which is the process's first.
const [kind, path = '', runs] = process.argv.slice(2);
const work = kind === 'check' ? checkAll : build;
const ms: number[] = [];
let size = 0;
for (let run = 0; run < Number(runs); run++) {
  const start = performance.now();
  size = work(path);
  ms.push(performance.now() - start);
}
process.stdout.write(JSON.stringify({ ms, size }));
