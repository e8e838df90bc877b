// The files of a block in training.arch, and a batch for it.
import { join } from 'node:path';
import { build } from '../dist/index.js';
import { createNodeHost } from '../dist/node.js';

/** `{ files, manifest, ms }`: the files by name, and how long they took. Throws if the block has mistakes. */
export function builtTraining(train, settings = {}) {
  const start = performance.now();
  const host = createNodeHost(join(import.meta.dirname, '..'));
  const { artifacts, diagnostics } = build('bench/training.arch', host, { train, ...settings });
  const ms = performance.now() - start;
  if (artifacts === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const files = Object.fromEntries(artifacts.map((artifact) => [artifact.name, artifact.bytes]));
  return { files, manifest: files['training.train.json'], ms };
}

/** Numbers without a pattern that matters, and labels of all classes. */
export function batchOf({ input, shape, classes }) {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i * 1.37));
  return { [input]: { data, shape }, labels: Array.from({ length: shape[0] }, (_, i) => i % classes) };
}
