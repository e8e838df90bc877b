import type { Parameter } from '../../3-graph/parameter.js';
import type { Report } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/span.js';
import type { BinaryHost } from '../../host.js';
import { initializeWeights } from './initialize-weights.js';
import { type MatchedWeights, matchWeights } from './match-weights.js';
import type { NamePattern } from './name-map.js';
import { openWeights } from './weight-file.js';

/** Where the weights of a model come from. */
export interface WeightsOptions {
  /** A safetensors file, or the index of a sharded one; without it, weights are drawn from the seed. */
  readonly file: string | undefined;
  /** Names in the file that differ from the model's; the first pattern that matches is used. */
  readonly patterns: readonly NamePattern[];
  readonly seed: number;
}

/** The weights of all parameters, ready to be written. They may be read from files that stay open until `close` is called. */
export interface ModelWeights extends MatchedWeights {
  /** The files that they are read from. */
  readonly files: readonly string[];
  close(): void;
}

/** The weights of the entries that are built, and the names of the weights of the other entries. */
export interface WeightsOfModel {
  readonly parameters: readonly Parameter[];
  readonly elsewhere: ReadonlySet<string>;
}

/**
 * The weights of a model, read from a file or drawn from a seed. Problems are reported at their parameter, or at `place`; the result is then
 * undefined. Throws `TypeError` for a file if the host cannot open any.
 */
export function modelWeights(
  { parameters, elsewhere }: WeightsOfModel,
  { file, patterns, seed }: WeightsOptions,
  host: Pick<BinaryHost, 'resolve'> & Partial<BinaryHost>,
  report: Report,
  place: Span,
): ModelWeights | undefined {
  if (file === undefined) {
    const sources = initializeWeights(parameters, seed, report);
    return report.hasErrors ? undefined : { sources, casts: [], computed: [], files: [], close: () => {} };
  }
  const { openBinary, resolve } = host;
  if (openBinary === undefined) throw new TypeError('this host cannot open weights files');
  const weights = openWeights(file, { openBinary, resolve }, report, place);
  if (weights === undefined) return undefined;
  const matched = matchWeights(parameters, weights, patterns, report, place, elsewhere);
  if (report.hasErrors) {
    weights.close();
    return undefined;
  }
  const files = new Set([file, ...[...weights.tensors.values()].map((tensor) => tensor.path)]);
  return { ...matched, files: [...files], close: () => weights.close() };
}
