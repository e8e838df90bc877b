import type { Parameter } from '../3-graph/parameter.js';
import { initializeWeights } from '../6-emit/weights/initialize-weights.js';
import { matchWeights } from '../6-emit/weights/match-weights.js';
import type { NamePattern } from '../6-emit/weights/name-map.js';
import type { TensorSource } from '../6-emit/weights/tensor-source.js';
import { openWeights } from '../6-emit/weights/weight-file.js';
import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import type { BinaryHost } from '../host.js';
import type { ParsedOptions } from './arguments.js';
import { UsageError } from './usage-error.js';
import { counted } from './wording.js';

/** The weights of a build, ready to be written. */
export interface ModelWeights {
  readonly sources: ReadonlyMap<string, TensorSource>;
  /** Reported on success: conversions that nobody asked for. */
  readonly remarks: readonly string[];
  /** The files that they are read from. */
  readonly files: readonly string[];
  close(): void;
}

/** The `--map` options in their order. */
export function namePatterns(options: ParsedOptions): readonly NamePattern[] {
  return [...options.pairs('map')].map(([from, to]) => ({ from, to }));
}

/** The weights that the options request: read from a file, or drawn from the seed. Undefined if something was reported. */
export function modelWeights(
  parameters: readonly Parameter[],
  options: ParsedOptions,
  host: BinaryHost,
  report: Report,
  place: Span,
): ModelWeights | undefined {
  const file = options.value('weights');
  if (file === undefined) {
    for (const name of ['map', 'copy-weights'] as const)
      if (options.has(name)) throw new UsageError(`\`--${name}\` is of use with \`--weights\` only`);
    const sources = initializeWeights(parameters, options.integer('seed') ?? 0, report);
    return report.hasErrors ? undefined : { sources, remarks: [], files: [], close: () => {} };
  }
  // A file that cannot be read is not a mistake in the model.
  host.openBinary(file).close();
  const weights = openWeights(file, host, report, place);
  if (weights === undefined) return undefined;
  const matched = matchWeights(parameters, weights, namePatterns(options), report, place);
  if (report.hasErrors) {
    weights.close();
    return undefined;
  }
  const remarks = [
    ...matched.casts.map(({ from, to, count }) => `${count} of the weights converted from ${from} to ${to}`),
    ...computedRemark(matched.computed, file),
  ];
  const files = new Set([file, ...[...weights.tensors.values()].map((tensor) => tensor.path)]);
  return { sources: matched.sources, remarks, files: [...files], close: () => weights.close() };
}

/** The message about buffers that are missing from a weights file. */
export function computedRemark(names: readonly string[], file: string): readonly string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ', ...' : '');
  return [`${counted(names.length, 'buffer')} not in ${file} and computed: ${shown}`];
}
