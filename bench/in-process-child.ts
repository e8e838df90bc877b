/// <reference types="node" />
import { emitOnnx, withoutWeights } from '../src/6-emit/emit.js';
import { modelMeta } from '../src/6-emit/model-meta.js';
import { joinChunks } from '../src/6-emit/onnx/encode.js';
import { check } from '../src/check.js';
import { compile } from '../src/compile.js';
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

/** Checks GPT-2 with 96 layers; returns the length of its text. */
function checkDeep(path: string): number {
  const { failed, diagnostics, sources } = check(path, createNodeHost(), { set: { layers: '96' } });
  if (failed) throw new Error(`${path}: ${diagnostics[0]?.message}`);
  return sources.get(path)?.length ?? 0;
}

/** Returns a function that changes a number in one declaration of a file, in the middle, and continues the previous check. */
function editor(path: string): () => number {
  const host = createNodeHost();
  const text = host.read(path) ?? '';
  let file = check(path, host);
  let edits = 0;
  const at = text.indexOf('return relu(y + skip)', text.length / 2);
  const changed = () => `${text.slice(0, at)}return relu(y + ${++edits} * skip)${text.slice(at + 'return relu(y + skip)'.length)}`;
  return () => {
    file = file.next(changed());
    if (file.failed || file.checkedAgain?.length !== 2) throw new Error(`${path}: ${file.checkedAgain} were checked again`);
    return text.length;
  };
}

/** The bytes that one warm check allocates. For a process that collects no garbage on its own: `--max-semi-space-size=1024 --expose-gc`. */
function allocated(path: string): number {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  checkAll(path);
  return process.memoryUsage().heapUsed - before;
}

const [kind = '', path = '', runs] = process.argv.slice(2);
const kinds: Readonly<Record<string, () => (path: string) => number>> = {
  build: () => build,
  check: () => checkAll,
  deep: () => checkDeep,
  edit: () => editor(path),
  memory: () => allocated,
};

// node in-process-child.js KIND FILE RUNS: prints the milliseconds of each run, the first of which is the process's first, and what the last run returned.
const work = kinds[kind]?.();
if (work === undefined) throw new Error(`unknown kind of measurement: ${kind}`);
const ms: number[] = [];
let size = 0;
for (let run = 0; run < Number(runs); run++) {
  const start = performance.now();
  size = work(path);
  ms.push(performance.now() - start);
}
process.stdout.write(JSON.stringify({ ms, size }));
