import type { ModelWeights, WeightsOptions } from '../6-emit/weights/model-weights.js';
import type { NamePattern } from '../6-emit/weights/name-map.js';
import type { BinaryHost } from '../host.js';
import type { ParsedOptions } from './arguments.js';
import { UsageError } from './usage-error.js';
import { counted } from './wording.js';

/** The `--map` options in their order. */
export function namePatterns(options: ParsedOptions): readonly NamePattern[] {
  return [...options.pairs('map')].map(([from, to]) => ({ from, to }));
}

/** The weights that the options request. */
export function weightsOptions(options: ParsedOptions): WeightsOptions {
  return { file: options.value('weights'), patterns: namePatterns(options), seed: options.integer('seed') ?? 0 };
}

/**
 * Refuses options that need `--weights` without it. Throws `HostError` for a weights file that cannot be read, which is not a mistake in the
 * model.
 */
export function checkWeightsOptions(options: ParsedOptions, host: BinaryHost): void {
  const file = options.value('weights');
  if (file !== undefined) {
    host.openBinary(file).close();
    return;
  }
  for (const name of ['map', 'copy-weights'] as const)
    if (options.has(name)) throw new UsageError(`\`--${name}\` is of use with \`--weights\` only`);
}

/** Conversions of weights that nobody asked for; reported on success. */
export function weightsRemarks({ casts, computed }: ModelWeights, options: ParsedOptions): readonly string[] {
  return [
    ...casts.map(({ from, to, count }) => `${count} of the weights converted from ${from} to ${to}`),
    ...computedRemark(computed, options.value('weights') ?? ''),
  ];
}

/** The message about buffers that are missing from a weights file. */
export function computedRemark(names: readonly string[], file: string): readonly string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ', ...' : '');
  return [`${counted(names.length, 'buffer')} not in ${file} and computed: ${shown}`];
}
