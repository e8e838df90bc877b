/// <reference types="node" />

import { initializeWeights } from '../../src/6-emit/weights/initialize-weights.js';
import { matchWeights } from '../../src/6-emit/weights/match-weights.js';
import { openWeights } from '../../src/6-emit/weights/weight-file.js';
import { Report } from '../../src/diagnostics/report.js';
import { HostError } from '../../src/host.js';
import { createNodeHost } from '../../src/node/node-host.js';
import { writeModel } from '../../src/node/write-model.js';
import { wideGraph } from './graphs.js';

/**
 * Writes a model in a process of its own, for tests that kill it or count its memory:
 * `writer-child OUT TENSORS MEGABYTES-EACH SEED [SAFETENSORS]`. Prints `started` and then one line of JSON.
 */
async function main([out = '', tensors = '1', megabytes = '1', seed = '0', file]: readonly string[]): Promise<void> {
  const report = new Report();
  const place = { file: 'm.arch', start: 0, end: 1 };
  const graph = wideGraph(Number(tensors), Number(megabytes) * 2 ** 18, Number(seed));
  const parameters = graph.parameters.map((p) => p.parameter);
  const stored = file === undefined ? undefined : openWeights(file, createNodeHost(), report, place);
  const weights =
    stored === undefined
      ? initializeWeights(parameters, 0, report)
      : matchWeights(parameters, stored, { patterns: [] }, report, place).sources;
  process.stdout.write('started\n');
  try {
    const options = { external: 'always', copyWeights: true, report, place } as const;
    const written = await writeModel(
      out,
      { files: [{ path: out, graph, place: options.place }], weights, meta: { version: '0' } },
      options,
    );
    const peakMiB = process.resourceUsage().maxRSS / 1024;
    process.stdout.write(`${JSON.stringify({ written, peakMiB, problems: report.diagnostics.map((d) => d.message) })}\n`);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    process.stdout.write(`${JSON.stringify({ error: error.message })}\n`);
    process.exitCode = 2;
  } finally {
    stored?.close();
  }
}

await main(process.argv.slice(2));
