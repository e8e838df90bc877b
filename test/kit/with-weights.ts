import { readFileSync } from 'node:fs';
import { emitOnnx } from '../../src/6-emit/emit.js';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { planStorage, storageOf } from '../../src/6-emit/storage.js';
import { matchWeights } from '../../src/6-emit/weights/match-weights.js';
import { openWeights } from '../../src/6-emit/weights/weight-file.js';
import { Report } from '../../src/diagnostics/report.js';
import { createMemoryHost } from '../../src/memory-host.js';
import type { OneGraph } from './source.js';

/** The ONNX file of a model with the weights of a file, which is given by its path or its bytes. Only weights under `prefix` count. Fails if one of them does not fit. */
export function onnxWithWeights(model: OneGraph, file: string | Uint8Array, prefix = ''): Uint8Array {
  const report = new Report();
  const place = model.checked.span;
  const weights = openWeights(
    'weights',
    createMemoryHost({ weights: typeof file === 'string' ? new Uint8Array(readFileSync(file)) : file }),
    report,
    place,
  );
  if (weights === undefined) throw new Error(JSON.stringify(report.diagnostics));
  const tensors = new Map([...weights.tensors].filter(([name]) => name.startsWith(prefix)));
  const parameters = model.onnx.parameters.map(({ parameter }) => parameter);
  const patterns = tensors.size === 0 ? [] : [{ from: `${prefix}*`, to: '*' }];
  const matched = matchWeights(parameters, { ...weights, tensors }, { patterns: prefix === '' ? [] : patterns }, report, place);
  const [problem] = report.diagnostics;
  if (problem !== undefined) throw new Error(problem.message);
  const encoding = emitOnnx(model.onnx, storageOf(planStorage(matched.sources, { external: 'never' }), ''), { version: 'test' });
  return joinChunks(encoding.write());
}
